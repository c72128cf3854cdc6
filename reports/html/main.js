// Puts the page together: what is chosen, and what changes when something else is.

import { $, h, plural, replace } from "./dom.js";
import { correspondence, makeRuns, translated } from "./trace.js";
import { States } from "./state.js";
import { Arrows } from "./order.js";
import { Lanes } from "./lanes.js";
import { SourcePane } from "./source.js";
import { Panel } from "./panel.js";
import { Search } from "./search.js";
import { Filter } from "./filter.js";
import { makeChooser, showNothing, showVerdict } from "./header.js";
import { KEYS, listen } from "./keys.js";
import { place, readPlace, writePlace } from "./place.js";
import { threadStatus } from "./threads.js";

const data = JSON.parse($("data").textContent);

class Viewer {
  constructor() {
    this.view = { all: false, threads: null, objects: null, arrows: true };
    this.sides = [];
    this.active = 0;
    this.source = new SourcePane(data.sources, $("source"));
    this.panel = new Panel({ go: (step) => this.go(step), only: (object) => this.filter.only(object) });
    this.filter = new Filter((chosen) => this.changeView(chosen));
    makeChooser(data, (trace) => this.open(trace, 0));
    this.connect();
    const at = readPlace();
    this.open(at.trace < data.traces.length ? at.trace : 0, at.step, at);
  }

  connect() {
    const on = (id, event, act) => $(id).addEventListener(event, act);
    on("first", "click", () => this.toEdge(-1));
    on("back", "click", () => this.stepBy(-1));
    on("forward", "click", () => this.stepBy(1));
    on("last", "click", () => this.toEdge(1));
    on("slider", "input", () => this.go(this.side.lanes.steps[Number($("slider").value)]));
    on("all", "change", () => this.changeView({ all: $("all").checked }));
    on("arrows", "change", () => this.changeView({ arrows: $("arrows").checked }));
    on("compare-on", "change", () => this.compare($("compare-on").checked));
    on("theme", "click", () => this.nextTheme());
    on("help-open", "click", () => this.help());
    on("help-close", "click", () => $("help").close());
    on("search", "input", () => this.search());
    on("search", "keydown", (event) => { if (event.key === "Enter") this.searchBy(event.shiftKey ? -1 : 1); });
    on("copy", "click", () => this.copy());
    window.addEventListener("hashchange", () => {
      const at = readPlace();
      if (at.trace !== this.trace && at.trace < data.traces.length) this.open(at.trace, at.step, at);
      else if (at.step) this.go(at.step);
    });
    replace($("keys"), KEYS.filter((k) => k.text).map((k) => h("tr", {}, h("td", {}, k.keys.map((x) => h("kbd", {}, x))), h("td", {}, k.text))));
    listen(this);
  }

  /// Another trace.
  open(number, step, at = {}) {
    this.trace = number;
    const trace = data.traces[number];
    this.runs = makeRuns(trace);
    showVerdict(trace, this.runs, (s) => { this.activate(0); this.go(s); });
    $("finding").value = String(number);
    this.made = new Map();
    this.viewOf = null;
    const few = this.runs.failing.count - this.runs.failing.key.length <= 3;
    this.view = { all: at.all ?? few, threads: null, objects: null, arrows: this.view.arrows };
    $("all").checked = this.view.all;
    $("search").value = "";
    this.needle = "";
    this.filter.for(this.runs.failing);
    this.sides = [this.makeSide(this.runs.failing)];
    this.active = 0;
    replace($("runs"), this.sides[0].lanes.element);
    $("compare-on").checked = false;
    if (at.compare && this.runs.passing) {
      $("compare-on").checked = true;
      this.compare(true);
    }
    this.go(step || this.startingStep());
  }

  makeSide(run) {
    if (this.made.has(run)) return this.made.get(run);
    const states = new States(run), arrows = new Arrows(run);
    const side = { run, states, arrows, search: new Search(run), step: 0 };
    const failing = run === this.runs.failing;
    side.lanes = new Lanes(run, states, arrows, {
      id: failing ? "events" : "passing-events", label: failing ? "Events of this run" : "Events of the nearest passing run",
      select: (step) => { this.activate(this.sides.indexOf(side)); this.go(step); },
      open: (from, to) => side.lanes.openGap(from, to),
    });
    side.lanes.element.addEventListener("focusin", () => this.activate(this.sides.indexOf(side)));
    this.made.set(run, side);
    return side;
  }

  get side() { return this.sides[this.active]; }

  startingStep() {
    const { critical } = this.runs.failing;
    return critical.first || this.runs.failing.key[0] || 1;
  }

  activate(index) {
    if (index < 0 || index === this.active) return;
    this.active = index;
    this.showActive();
    this.refresh();
  }
  showActive() { this.sides.forEach((s, i) => s.lanes.element.classList.toggle("active", this.sides.length > 1 && i === this.active)); }

  /// Another step of the active run; where two are shown, the other one goes to the event that corresponds to it.
  go(step) {
    const side = this.side;
    side.step = Math.max(1, Math.min(step, side.run.last));
    if (this.sides.length > 1) {
      const other = this.sides[1 - this.active];
      const from = this.active === 0 ? this.there : this.back;
      let s = side.run.isEnd(side.step) ? 0 : side.step;
      if (s && from[s]) other.step = from[s];
      else if (!s) other.step = other.run.last;
    }
    this.refresh();
  }

  refresh() {
    for (const side of this.sides) side.lanes.show(side.run === this.runs.failing ? this.view : this.passingView(), side.step, this.needle);
    const { run, states, arrows, step, lanes } = this.side;
    this.source.show(run, states.at(step), step);
    this.panel.show(run, states, arrows, step);
    const at = lanes.position.get(step) ?? 0, slider = $("slider");
    slider.max = String(lanes.steps.length - 1);
    slider.value = String(at);
    const words = this.words();
    slider.setAttribute("aria-valuetext", words);
    $("position").textContent = run.isEnd(step) ? "end" : `${step} / ${run.count}`;
    $("back").disabled = $("first").disabled = at === 0;
    $("forward").disabled = $("last").disabled = at === lanes.steps.length - 1;
    this.announce(words);
    writePlace({ trace: this.trace, step, end: run.isEnd(step), all: this.view.all, compare: this.sides.length > 1, run: this.active });
  }

  /// The same threads and objects, as the other run numbers them.
  passingView() {
    if (this.viewOf !== this.view) {
      this.viewOf = this.view;
      const { failing, passing } = this.runs;
      this.translated = { ...this.view, threads: translated(this.view.threads, failing.threads, passing.threads), objects: translated(this.view.objects, failing.objects, passing.objects) };
    }
    return this.translated;
  }

  words() {
    const { run, step, states } = this.side;
    if (run.isEnd(step)) return `The end. ${run.blocked.map((b) => b.reason || `${run.threadName(b.thread)}: ${b.text}`).join(". ")}${run.failure}`;
    const e = run.event(step), said = run.words(step), waits = run.threads.filter((_, t) => threadStatus(run, states.at(step), step, t).kind === "waits").length;
    return `Step ${step} of ${run.count}, ${run.threadName(e.thread)}: ${e.text}${said ? `, ${said}` : ""}${e.line ? `, line ${e.line}` : ""}${waits ? `. ${plural(waits, "thread waits", "threads wait")}` : ""}`;
  }

  announce(words) {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => { $("live").textContent = words; }, 150);
  }

  changeView(change) {
    this.view = { ...this.view, ...change };
    this.refresh();
  }

  compare(on) {
    if (!this.runs.passing) return;
    this.active = 0;
    this.sides = on ? [this.makeSide(this.runs.failing), this.makeSide(this.runs.passing)] : [this.makeSide(this.runs.failing)];
    if (on) {
      this.there = correspondence(this.runs.failing, this.runs.passing);
      this.back = correspondence(this.runs.passing, this.runs.failing);
      const passing = this.sides[1];
      passing.step = passing.step || passing.run.critical.second || passing.run.key[0] || 1;
    }
    document.body.classList.toggle("comparing", on);
    replace($("runs"), this.sides.map((s) => [on ? h("div.column", {}, h("h2", {}, s.run === this.runs.failing ? [h("span.sign.fail", { "aria-hidden": "true" }, "\u2715"), "This run fails"] : [h("span.sign.pass", { "aria-hidden": "true" }, "\u2713"), "The nearest run that passes"]), s.lanes.element) : s.lanes.element]));
    this.showActive();
    if (this.sides[0].step) this.go(this.sides[0].step);
  }

  search() {
    this.needle = $("search").value.trim().toLowerCase();
    const found = this.side.search.look(this.needle);
    $("found").textContent = this.needle ? plural(found.length, "event", "events") : "";
    this.refresh();
  }
  searchBy(by) {
    const { search } = this.side;
    if (search.needle !== this.needle) search.look(this.needle);
    const step = search.next(this.side.step, by);
    if (!step) return;
    this.go(step);
    $("found").textContent = `${search.found.indexOf(step) + 1} of ${search.found.length}`;
  }
  focusSearch() {
    $("search").focus();
    $("search").select();
  }

  // --- keys

  stepBy(by) { this.go(this.side.lanes.neighbour(this.side.step, by)); }
  toEdge(side) {
    const { steps } = this.side.lanes;
    this.go(side < 0 ? steps[0] : steps[steps.length - 1]);
  }
  sameThread(by) {
    const { run, step } = this.side;
    const thread = run.isEnd(step) ? (run.blocked[0] || run.failureAtEnd).thread : run.number("thread", step);
    const next = by > 0 ? run.nextOf(thread, step) : run.latestOf(thread, step - 1);
    if (next) this.go(next);
  }
  toFailure() {
    const { run } = this.side;
    for (let step = run.last; step > 0; --step) if (run.role(step) === "failure") return this.go(step);
    this.go(run.last);
  }
  toCritical() {
    const { critical } = this.side.run, { step } = this.side;
    const ends = [critical.first, critical.second || (critical.waiter >= 0 ? this.side.run.last : 0)].filter((s) => s > 0);
    if (ends.length) this.go(step === ends[0] && ends.length > 1 ? ends[1] : ends[0]);
  }
  whoWrote() {
    const { run, step } = this.side;
    if (!run.isEnd(step) && run.number("from", step) > 0) this.go(run.number("from", step));
    else this.announce("This step reads no value that another one has written.");
  }
  whyBlocked() {
    const { run, states, step } = this.side;
    run.threads.forEach((_, t) => { if (threadStatus(run, states.at(step), step, t).kind === "waits") this.panel.asked.add(t); });
    this.refresh();
    const first = document.querySelector("#threads .chain");
    if (first) first.scrollIntoView({ block: "nearest" });
    else this.announce("No thread is blocked here.");
  }
  toggleAll() {
    $("all").checked = !this.view.all;
    this.changeView({ all: !this.view.all });
  }
  toggleCompare() {
    if (!this.runs.passing) return this.announce("No passing run is known.");
    $("compare-on").checked = this.sides.length === 1;
    this.compare(this.sides.length === 1);
  }
  otherRun() {
    if (this.sides.length < 2) return;
    this.activate(1 - this.active);
    this.side.lanes.list.focus();
  }
  nextTheme() {
    const order = ["auto", "light", "dark"], now = document.documentElement.dataset.theme || "auto";
    setTheme(order[(order.indexOf(now) + 1) % 3]);
  }
  help() { $("help").showModal(); }
  escape() {
    if ($("filter").open) $("filter").open = false;
    if (this.needle) {
      $("search").value = "";
      this.search();
    }
  }
  async copy() {
    const button = $("copy");
    try {
      await navigator.clipboard.writeText($("replay-command").textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren($("replay-command"));
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  $("theme").textContent = { auto: "\u25d0", light: "\u2600", dark: "\u263e" }[theme];
  $("theme").setAttribute("aria-label", `Theme: ${{ auto: "as the system has it", light: "light", dark: "dark" }[theme]}`);
  try {
    localStorage.setItem("raddle-theme", theme);
  } catch { /* not kept where pages may keep nothing */ }
}

let theme = null;
try {
  theme = localStorage.getItem("raddle-theme");
} catch { /* as above */ }
setTheme(theme || "auto");
$("version").textContent = `raddle ${data.version}`;
if (data.traces.length) {
  const viewer = new Viewer();
  document.documentElement.dataset.ready = place(viewer.side.step);
} else {
  makeChooser(data, () => {});
  showNothing(data);
  document.documentElement.dataset.ready = "none";
}
