// The source beside the lanes: the line of the current step, and where the other threads are.

import { h, replace } from "./dom.js";
import { highlight } from "./highlight.js";
import { threadStatus } from "./threads.js";

const PROBLEMS = {
  changed: "This file has changed since the trace was recorded. What is there now could show the wrong lines, so it is left out.",
  missing: "This file was not found when the page was made.",
  unverified: "The trace does not say what this file was like when it was recorded. These lines may have changed since.",
};

const kMostChips = 3;

export class SourcePane {
  constructor(sources, element) {
    this.sources = sources;
    this.title = h("h2", { id: "source-title" }, "Source");
    this.chooser = h("select", { "aria-label": "Source file", onchange: () => this.open(Number(this.chooser.value), 0) });
    this.note = h("p.note", { role: "note", hidden: true });
    this.code = h("div.code", { tabindex: "0", role: "group", "aria-labelledby": "source-title" });
    replace(element, h("header", {}, this.title, this.chooser), this.note, this.code);
    replace(this.chooser, sources.map((s, i) => h("option", { value: i }, s.name)));
    this.chooser.hidden = sources.length < 2;
    this.file = -1;
    this.lines = new Map();
    if (!sources.length) this.say("The trace names no source file.");
  }

  say(text) {
    this.note.hidden = !text;
    this.note.textContent = text;
  }

  open(file, line) {
    if (file !== this.file) {
      this.file = file;
      this.lines.clear();
      const source = this.sources[file];
      this.title.textContent = source ? source.name : "Source";
      this.chooser.value = String(file);
      this.say(source ? PROBLEMS[source.problem] || "" : "");
      const elements = [];
      (source ? source.parts : []).forEach(([first, ...texts], i) => {
        if (i > 0 || first > 1) elements.push(h("div.skipped", {}, "\u22ef"));
        highlight(texts, source.name).forEach((parts, n) => {
          const text = h("span.text", {}, parts.map(([piece, kind]) => (kind ? h("span." + kind, {}, piece) : piece)));
          const markers = h("span.markers", {});
          const element = h("div.line", {}, h("span.number", {}, String(first + n)), text, markers);
          this.lines.set(first + n, { element, markers });
          elements.push(element);
        });
      });
      replace(this.code, elements);
    }
    const at = this.lines.get(line);
    if (at) {
      const { offsetTop, offsetHeight } = at.element, top = this.code.scrollTop, room = this.code.clientHeight;
      if (offsetTop < top + 30 || offsetTop + offsetHeight > top + room - 30) this.code.scrollTop = offsetTop - room / 2.5;
    }
  }

  /// Shows where everybody is after the step.
  show(run, state, step) {
    const places = run.threads.map((thread, t) => this.placeOf(run, state, step, t));
    const current = run.isEnd(step) ? run.blocked.length ? run.blocked[run.blocked.length - 1].thread : run.failureAtEnd ? run.failureAtEnd.thread : 0 : run.number("thread", step);
    const here = places[current];
    if (here && here.source >= 0) this.open(here.source, here.line);
    for (const element of this.code.querySelectorAll(".line.current, .line.there")) element.classList.remove("current", "there");
    for (const { markers } of this.marked || []) markers.replaceChildren();
    this.marked = [];
    const others = new Map(); // line: how many more are there
    places.forEach((place, t) => {
      const line = place && place.source === this.file ? this.lines.get(place.line) : null;
      if (!line) return;
      const mine = t === current && !run.isEnd(step);
      line.element.classList.add(mine ? "current" : "there");
      if (!mine && line.markers.childElementCount >= kMostChips) {
        others.set(line, [...(others.get(line) || []), run.threadName(t)]);
        return;
      }
      const chip = h(`span.chip${mine ? ".mine" : ""}${place.waits ? ".waits" : ""}`, { title: place.waits ? place.text : `${run.threadName(t)} is here` }, run.threadName(t));
      if (mine) line.markers.prepend(chip);
      else line.markers.append(chip);
      this.marked.push(line);
    });
    if (run.isEnd(step) && here && here.source === this.file) this.lines.get(here.line)?.element.classList.add("current");
    for (const [line, names] of others) line.markers.append(h("span.chip", { title: names.join(", ") }, `+${names.length}`));
  }

  placeOf(run, state, step, thread) {
    const status = threadStatus(run, state, step, thread);
    if (status.kind === "new" || status.kind === "ended") {
      if (status.kind === "ended" && !run.isEnd(step) && run.number("thread", step) === thread && run.number("line", step)) return this.placeAt(run, step);
      return null;
    }
    if (status.kind === "waits" && (run.isEnd(step) || run.number("thread", step) !== thread) && status.goal.line)
      return { source: status.goal.source, line: status.goal.line, waits: true, text: `${run.threadName(thread)} ${status.text}` };
    let at = run.latestOf(thread, Math.min(step, run.count));
    while (at && !run.number("line", at)) at = run.latestOf(thread, at - 1);
    return at ? this.placeAt(run, at) : null;
  }
  placeAt(run, step) { return { source: run.number("source", step), line: run.number("line", step), waits: false, text: "" }; }
}
