// The lanes of one run: a column for each thread, time runs downwards. Only the rows in sight exist as elements.
//
// With few threads an event is written into its thread's lane; with many, lanes become narrow tracks and what happens is
// written to their right, with the thread's name.

import { h, marked, plural, replace, svg } from "./dom.js";
import { lanesFor, makeRows, shownSteps } from "./rows.js";
import { statusesOf } from "./lifelines.js";
import { drawArrows } from "./arrows.js";

const kGutter = 46, kLeastLane = 84, kLastLane = 330, kNode = 16, kSpare = 6;

export class Lanes {
  /// `select(step)` and `open(from, to)` are called when a row or a gap is chosen.
  constructor(run, states, arrows, { select, open, label, id }) {
    Object.assign(this, { run, states, arrows, select, open, id });
    this.view = { all: false, threads: null, objects: null };
    this.step = 0;
    this.needle = "";
    this.extra = new Set(); // steps of gaps that were opened
    this.header = h("div.lane-names", { "aria-hidden": "true" });
    this.drawing = svg("svg", { class: "drawing", "aria-hidden": "true" });
    this.layer = h("div.rows", { role: "presentation" });
    this.list = h("div.list", {
      role: "listbox", tabindex: "0", id, "aria-label": label,
      onclick: (event) => this.clicked(event),
    }, this.drawing, this.layer);
    this.scroller = h("div.scroller", { onscroll: () => this.draw() }, this.header, this.list);
    this.element = h("section.run", { "aria-label": label }, this.scroller);
    new ResizeObserver(() => { if (this.scroller.clientWidth !== this.width) this.layout(); }).observe(this.scroller);
  }

  /// What is shown changes. Keeps the current step where it is.
  show(view, step, needle) {
    const same = this.view === view && this.needle === needle && this.rows && (step === this.step || this.rowOf(step));
    this.view = view;
    this.needle = needle;
    this.step = step;
    if (same) return this.mark();
    this.layout();
  }

  layout() {
    this.width = this.scroller.clientWidth;
    let steps = shownSteps(this.run, this.view, this.step);
    if (this.extra.size && !this.view.all) steps = [...new Set([...steps, ...this.extra])].sort((a, b) => a - b);
    const { rows, height } = makeRows(this.run, steps, this.view);
    this.rows = rows;
    this.steps = rows.filter((r) => r.kind !== "gap").map((r) => r.step).filter((s, i, all) => s !== all[i - 1]);
    this.position = new Map(this.steps.map((s, i) => [s, i]));
    this.byStep = new Map();
    rows.forEach((row, i) => { if (row.kind !== "gap" && !this.byStep.has(row.step)) this.byStep.set(row.step, i); });
    this.lanes = lanesFor(this.run, rows, this.view);
    this.laneOf = new Map(this.lanes.map((t, i) => [t, i]));
    const room = Math.max(this.width - kGutter - 12, 100);
    // What is said in a lane may go on over those to its right; the last one needs room for it.
    const others = this.lanes.length - 1, last = Math.min(kLastLane, room * 0.6);
    this.wide = others === 0 || (room - last) / others >= kLeastLane;
    this.lane = this.wide ? Math.min(others ? (room - last) / others : room, 300) : Math.max(9, Math.min(22, (room * 0.42) / this.lanes.length));
    this.textAt = kGutter + this.lane * this.lanes.length + 12;
    this.height = height;
    this.list.style.height = `${height}px`;
    this.drawing.setAttribute("height", height);
    this.drawing.setAttribute("width", Math.max(this.width, 10));
    this.drawNames();
    this.drawn = "";
    this.draw();
    this.reveal();
  }

  x(thread) { return kGutter + this.lane * (this.laneOf.get(thread) ?? 0) + (this.wide ? kNode : this.lane / 2); }
  rowOf(step) { const i = this.byStep.get(step); return i === undefined ? null : this.rows[i]; }
  /// Of a thread that waits at the end.
  middleOfEnd(thread) {
    const row = this.rows.find((r) => r.kind === "blocked" && r.thread === thread);
    return row ? row.y + row.height / 2 : null;
  }
  middle(step) { const row = this.rowOf(step); return row ? row.y + row.height / 2 : null; }

  drawNames() {
    this.header.className = this.wide ? "lane-names" : "lane-names narrow";
    const longest = Math.min(Math.max(...this.lanes.map((t) => this.run.threadName(t).length)), 12);
    this.header.style.height = this.wide ? "34px" : `${longest * 6.9 + 20}px`;
    this.list.style.setProperty("--who", `${Math.ceil(longest * 7.2) + 6}px`);
    replace(this.header, this.lanes.map((t, i) => {
      const thread = this.run.threads[t];
      const left = this.wide ? this.x(t) - 7 : this.x(t) - 8;
      return h("span.lane-name", { title: thread.daemon ? `${thread.name} (daemon)` : thread.name, style: { left: `${left}px` } }, this.wide ? shortened(thread.name, (i + 1 < this.lanes.length ? this.lane : kLastLane) - 14) : shortened(thread.name, 84));
    }));
  }

  /// Makes the rows in sight.
  draw() {
    if (!this.rows) return;
    const top = this.scroller.scrollTop, bottom = top + this.scroller.clientHeight;
    let first = lowerBound(this.rows, top) - kSpare, last = lowerBound(this.rows, bottom) + kSpare;
    first = Math.max(first, 0);
    last = Math.min(last, this.rows.length - 1);
    const drawn = `${first} ${last} ${this.step} ${this.needle}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.first = first;
    this.lastRow = last;
    const rows = [];
    for (let i = first; i <= last; ++i) rows.push(this.makeRow(this.rows[i], i));
    // What has focus by activedescendant has to exist wherever it is.
    replace(this.layer, rows);
    this.drawLines(first, last);
    this.list.setAttribute("aria-activedescendant", `${this.id}-${this.step}`);
  }

  makeRow(row, index) {
    const style = { top: `${row.y}px`, height: `${row.height}px` };
    if (row.kind === "gap")
      return h("div.gap", { "aria-hidden": "true", style, "data-row": index, title: "Show them" },
        h("span", {}, `${plural(row.count, "event", "events")} not shown`));
    const current = row.step === this.step;
    const run = this.run, event = row.kind === "event";
    const e = event ? run.event(row.step) : null;
    const thread = event ? e.thread : row.thread;
    const role = run.role(row.step), words = event ? run.words(row.step) : run.failing && row.thread === run.critical.waiter ? "too late" : "";
    const text = event ? e.text : row.kind === "failure" ? run.failureAtEnd.words : row.blocked.text;
    const why = row.kind === "blocked" ? waitWords(run, row.blocked) : "";
    const place = event ? (e.line ? `:${e.line}` : "") : row.blocked && row.blocked.place[1] ? `:${row.blocked.place[1]}` : "";
    const left = this.wide ? this.x(thread) + 12 : this.textAt;
    const first = this.byStep.get(row.step) === index;
    return h(`div.row.${row.kind}${current ? ".current" : ""}${role ? "." + role : ""}`, {
      style, role: "option", id: first ? `${this.id}-${row.step}` : null, "data-row": index, "aria-selected": current ? "true" : "false",
      "aria-setsize": this.steps.length, "aria-posinset": this.position.get(row.step) + 1,
      "aria-label": `${event ? `step ${row.step}` : "at the end"}, ${run.threadName(thread)}: ${text}${why ? `, ${why}` : ""}${words ? `, ${words}` : ""}${place ? `, line ${place.slice(1)}` : ""}`,
    },
      h("span.number", {}, event ? String(row.step) : "end"),
      h("span.what", { style: { left: `${left}px` }, title: text },
        this.wide ? null : h("span.who", {}, run.threadName(thread)),
        h("span.text", {}, ...emphasised(text, this.needle)),
        why ? h("span.why", {}, why) : null,
        words ? h("span.badge", {}, words) : null,
        place ? h("span.place", {}, place) : null));
  }

  drawLines(first, last) {
    const run = this.run, parts = [];
    const rows = this.rows.slice(first, last + 1);
    const statuses = statusesOf(run, this.states, rows);
    const shapes = new Map();
    const line = (kind, x, y1, y2) => shapes.set(kind, `${shapes.get(kind) || ""}M${x} ${y1}V${y2}`);
    for (const t of this.lanes) {
      const x = this.x(t);
      for (let i = 0; i < rows.length; ++i) {
        const row = rows[i], kind = statuses[i][t];
        if (kind === "none") continue;
        const next = rows[i + 1], middle = row.y + row.height / 2;
        const begins = row.kind === "event" && run.number("other", row.step) === t && run.text("op", row.step) === "start";
        line(kind, x, begins ? row.y + row.height : middle, next ? next.y + next.height / 2 : row.y + row.height);
        if (i === 0 && first > 0) line(kind, x, row.y - 4, middle);
      }
    }
    for (const row of rows) {
      // A thread branches off below the step that starts it.
      if (row.kind !== "event" || run.text("op", row.step) !== "start" || !this.laneOf.has(run.number("other", row.step))) continue;
      const x1 = this.x(run.number("thread", row.step)), x2 = this.x(run.number("other", row.step)), y = row.y + row.height;
      const side = Math.sign(x2 - x1);
      parts.push(svg("path", { class: "life branch", d: `M${x1} ${y - 10}Q${x1} ${y - 1} ${x1 + side * 9} ${y - 1}H${x2 - side * 8}Q${x2} ${y - 1} ${x2} ${y + 6}` }));
    }
    for (const [kind, d] of shapes) parts.push(svg("path", { class: `life ${kind}`, d }));
    parts.push(...drawArrows(this, rows));
    for (const row of rows) if (row.kind !== "gap") parts.push(this.node(row));
    this.drawing.replaceChildren(...parts);
  }

  node(row) {
    const thread = row.kind === "event" ? this.run.number("thread", row.step) : row.thread;
    const x = this.x(thread), y = row.y + row.height / 2, role = this.run.role(row.step);
    const current = row.step === this.step ? " current" : "";
    const size = this.lane < 14 ? 3.5 : 5;
    if (row.kind === "blocked") return svg("path", { class: `node blocked${current}`, d: `M${x - size} ${y - size}h3v${2 * size}h-3zM${x + size - 3} ${y - size}h3v${2 * size}h-3z` });
    if (role === "failure" || row.kind === "failure")
      return svg("g", { class: `node failure${current}` }, svg("rect", { x: x - size - 2, y: y - size - 2, width: 2 * size + 4, height: 2 * size + 4, rx: 3 }),
        svg("path", { class: "cross", d: `M${x - size + 2} ${y - size + 2}L${x + size - 2} ${y + size - 2}M${x + size - 2} ${y - size + 2}L${x - size + 2} ${y + size - 2}` }));
    if (role === "critical") return svg("path", { class: `node critical${current}`, d: `M${x} ${y - size - 2.5}L${x + size + 2.5} ${y}L${x} ${y + size + 2.5}L${x - size - 2.5} ${y}Z` });
    return svg("circle", { class: `node ${role}${current}`, cx: x, cy: y, r: size });
  }

  /// The current row has changed, and nothing else.
  mark() {
    this.drawn = "";
    this.reveal();
    this.draw();
  }

  reveal() {
    const row = this.rowOf(this.step);
    if (!row) return;
    const top = this.scroller.scrollTop, room = this.scroller.clientHeight - this.header.offsetHeight;
    const block = row.step > this.run.count ? this.height - row.y : row.height; // the end is several rows
    if (row.y < top + 40) this.scroller.scrollTop = Math.max(row.y - room / 3, 0);
    else if (row.y + block > top + room - 20) this.scroller.scrollTop = Math.min(row.y - 40, row.y + block - (room * 2) / 3);
  }

  clicked(event) {
    const at = event.target.closest("[data-row]");
    if (!at) return;
    const row = this.rows[Number(at.dataset.row)];
    if (row.kind === "gap") this.open(row.from, row.to);
    else this.select(row.step);
  }

  /// Shows the events of a gap, of a long one those at its ends.
  openGap(from, to) {
    const kMost = 200;
    for (let s = from; s <= to; ++s) if (to - from < kMost || s - from < kMost / 2 || to - s < kMost / 2) this.extra.add(s);
    this.layout();
  }

  /// The step `by` rows away from this one.
  neighbour(step, by) {
    let at = this.position.get(step);
    if (at === undefined) {
      at = this.steps.findIndex((s) => s > step);
      if (at < 0) at = this.steps.length;
      if (by > 0) at -= 1;
    }
    return this.steps[Math.max(0, Math.min(this.steps.length - 1, at + by))];
  }
}

function lowerBound(rows, y) {
  let low = 0, high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].y + rows[middle].height <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}

/// With the cut in the middle: what tells names apart is often at their end.
function shortened(name, pixels) {
  const most = Math.max(Math.floor(pixels / 7.2), 4);
  if (name.length <= most) return name;
  const tail = Math.floor((most - 1) / 2);
  return `${name.slice(0, most - 1 - tail)}\u2026${name.slice(-tail)}`;
}

/// The operation, and then what it is about.
function emphasised(text, needle) {
  const at = text.indexOf(" ");
  if (at < 0) return [h("b", {}, ...[marked(text, needle)].flat())];
  return [h("b", {}, ...[marked(text.slice(0, at), needle)].flat()), ...[marked(text.slice(at), needle)].flat()];
}

function waitWords(run, b) {
  if (b.holder >= 0) return b.holder === b.thread ? "held by itself" : `held by ${run.threadName(b.holder)}`;
  if (b.mark === "lost-wakeup") return "was notified too early";
  return "waits for ever";
}
