// What the program is like after the current step: the event itself, every thread, every object, with what has just changed.

import { $, h, replace } from "./dom.js";
import { threadStatus, waitersFor, whyBlocked } from "./threads.js";

const GROUPS = [
  ["lock", "Locks"], ["condition", "Conditions"], ["queue", "Queues"], ["semaphore", "Semaphores"], ["event", "Events"], ["barrier", "Barriers"], ["variable", "Variables"], ["unknown", "Other"],
];
const kMostRows = 60, kMostItems = 6, kMostThreads = 8;

export class Panel {
  /// `go(step)` selects a step; `only(object)` filters by an object.
  constructor({ go, only }) {
    this.go = go;
    this.only = only;
    this.asked = new Set(); // threads whose wait is explained
    this.all = false; // threads are listed, however many
  }

  show(run, states, arrows, step) {
    this.run = run;
    this.step = step;
    const changes = !run.isEnd(step);
    this.before = changes ? states.at(step - 1) : null;
    this.state = states.at(step);
    if (!changes) this.before = this.state;
    const event = run.isEnd(step) ? null : run.event(step);
    replace($("event"), event ? this.eventCard(event, arrows) : this.endCard());
    replace($("threads"), this.threads());
    replace($("objects"), this.objects(event));
  }

  link(step, text) {
    const where = this.run.isEnd(step) ? "the end" : `step ${step}`;
    return h("button.link", { type: "button", onclick: () => this.go(step), title: this.run.isEnd(step) ? "" : `${this.run.threadName(this.run.number("thread", step))}: ${this.run.text("text", step)}` }, text || where);
  }

  eventCard(e, arrows) {
    const run = this.run, role = run.role(e.step), words = run.words(e.step);
    const facts = [];
    const fact = (name, ...value) => facts.push(h("dt", {}, name), h("dd", {}, ...value));
    if (e.words && e.words !== words) fact("In the finding", e.words);
    if (e.before && e.after) fact("Value", h("code.old", {}, e.before), " \u2192 ", h("code.new", {}, e.after));
    else if (e.after) fact(e.op.endsWith("put") ? "Item" : "Value", h("code.new", {}, e.after));
    if (e.result && e.result !== e.after) fact(e.op === "read" ? "Value" : "Result", h("code", {}, e.result));
    if (e.said && e.op !== "sleep") fact("Text", h("code.said", {}, e.said));
    if (e.op === "read" || e.op === "read-modify-write")
      fact("Written", e.from ? [h("button.action", { type: "button", id: "who-wrote", onclick: () => this.go(e.from) }, "Who wrote this value?"), " ", this.link(e.from), ` by ${run.threadName(run.number("thread", e.from))}`] : "before the first step, or never");
    for (const a of arrows.of(e.step)) {
      if (a.kind === "order" && a.to === e.step) fact("After", `${a.label} ${run.threadName(run.number("thread", a.from))} in `, this.link(a.from));
      if (a.kind === "order" && a.from === e.step) fact("Lets", `${run.threadName(run.number("thread", a.to))} go on in `, this.link(a.to));
      if (a.kind === "value" && a.from === e.step) fact("Read by", `${run.threadName(run.number("thread", a.to))} in `, this.link(a.to));
    }
    if (e.switched && e.step > 1) {
      const other = run.threadName(run.number("thread", e.step - 1));
      fact("Before this", e.switched === "preempted" ? `${other} could have gone on (preempted)` : e.switched.startsWith("waits") ? `${other} ${e.switched}` : `${other}: ${e.switched}`);
    }
    return [
      h("h2", {}, h("span.at", {}, `Step ${e.step}`), h("span.of", {}, ` of ${run.count}`), h("span.who", {}, run.threadName(e.thread)), words ? h(`span.badge.${role || "decisive"}`, {}, words) : null),
      h("p.deed", {}, h("code", {}, e.text), e.line ? h("span.place", {}, `  line ${e.line}${e.func && e.func !== "<module>" ? ` in ${e.func}` : ""}`) : null),
      facts.length ? h("dl.facts", {}, facts) : null,
    ];
  }

  endCard() {
    const run = this.run;
    const items = run.blocked.map((b) => h("li", {}, h("b", {}, run.threadName(b.thread)), " ", trimmed(b.reason, run.threadName(b.thread)) || b.text));
    if (run.failureAtEnd) items.push(h("li", {}, h("b", {}, run.threadName(run.failureAtEnd.thread)), " ", run.failureAtEnd.words));
    return [h("h2", {}, h("span.at", {}, "The end"), h("span.of", {}, ` after ${run.count} steps`)), h("ul.ends", {}, items)];
  }

  threads() {
    const run = this.run;
    const rows = [], quiet = { new: 0, ready: 0, ended: 0, stopped: 0 };
    run.threads.forEach((thread, t) => {
      const status = threadStatus(run, this.state, this.step, t);
      const was = this.step > 1 && !run.isEnd(this.step) ? threadStatus(run, this.before, this.step - 1, t) : status;
      const current = !run.isEnd(this.step) && run.number("thread", this.step) === t;
      // Of very many threads those at first that do something, or cannot.
      if (run.threads.length > kMostThreads && !this.all && !current && status.kind !== "waits" && was.kind === status.kind) {
        quiet[status.kind] += 1;
        return;
      }
      const words = { new: "not started", ready: current ? "runs" : "can run", ended: "has ended", stopped: "stopped", waits: status.text }[status.kind];
      const latest = run.latestOf(t, Math.min(this.step, run.count));
      const asked = this.asked.has(t);
      const cells = [
        h("th", { scope: "row" }, thread.name),
        h("td", {}, h(`span.status.${status.kind}`, {}, status.kind === "waits" ? "waits" : words), status.kind === "waits" ? h("span.reason", {}, " " + words.replace(/^waits /, "")) : null,
          status.kind === "waits" ? [" ", h("button.action.why", { type: "button", "data-thread": t, "aria-expanded": asked ? "true" : "false", "aria-label": `Why is ${thread.name} blocked?`, onclick: () => this.ask(t) }, asked ? "Why? \u2013" : "Why?")] : null,
          status.kind === "waits" && asked ? this.chain(t) : null),
        h("td.step", {}, latest ? this.link(latest, String(latest)) : ""),
      ];
      rows.push(h(`tr${was.kind !== status.kind ? ".changed" : ""}${current ? ".current" : ""}`, {}, cells));
    });
    const others = [[quiet.ready, "can run"], [quiet.new, "not started"], [quiet.ended, "ended"], [quiet.stopped, "stopped"]].filter(([n]) => n).map(([n, words]) => `${n} ${words}`);
    if (others.length || this.all) {
      const button = h("button.action", { type: "button", id: "all-threads", onclick: () => { this.all = !this.all; replace($("threads"), this.threads()); $("all-threads").focus(); } }, this.all ? "Show fewer" : "Show all");
      rows.push(h("tr", {}, h("th", { scope: "row" }, this.all ? "" : "others"), h("td", {}, h("span.free", {}, others.join(", "))), h("td.step", {}, button)));
    }
    return h("table", {}, h("caption", {}, "Threads"), h("thead.visually-hidden", {}, h("tr", {}, ["Thread", "What it does", "Last step"].map((x) => h("th", { scope: "col" }, x)))), h("tbody", {}, rows));
  }

  ask(thread) {
    if (!this.asked.delete(thread)) this.asked.add(thread);
    replace($("threads"), this.threads());
    const button = document.querySelector(`#threads [data-thread="${thread}"]`);
    if (button) button.focus();
  }

  chain(thread) {
    const run = this.run;
    const links = whyBlocked(run, this.state, this.step, thread).map(({ thread: t, status, cycle }) => {
      const name = h("b", {}, run.threadName(t));
      if (cycle) return h("li.cycle", {}, name, " again: they wait for one another in a circle");
      if (status.kind === "ended") return h("li", {}, name, " has ended, and will never let go of it");
      if (status.kind !== "waits") return h("li", {}, name, status.kind === "stopped" ? " does not go on" : " can still run");
      const details = [];
      if (status.since && status.holder >= 0) details.push(", since ", this.link(status.since));
      else if (status.since) details.push(". It changed last in ", this.link(status.since));
      return h("li", {}, name, " ", status.text, details, status.goal && status.goal.line ? `, at line ${status.goal.line}` : "");
    });
    return h("ol.chain", {}, links);
  }

  objects(event) {
    const run = this.run, finding = new Set(run.finding ? run.finding.objects : []);
    const groups = new Map(GROUPS.map(([type]) => [type, []]));
    const inner = (index) => run.objectName(index).includes("._"); // of the language's library
    [...this.state.objects.keys()].sort((a, b) => finding.has(b) - finding.has(a) || inner(a) - inner(b) || a - b).forEach((index) => {
      const entry = this.state.objects.get(index);
      groups.get(groups.has(entry.type) ? entry.type : "unknown").push([index, entry]);
    });
    const touched = new Set(event ? [event.object, event.object2] : []);
    const matters = (type) => groups.get(type).some(([index]) => finding.has(index));
    const internal = (type) => groups.get(type).every(([index]) => inner(index));
    const order = [...GROUPS].sort(([a], [b]) => matters(b) - matters(a) || internal(a) - internal(b));
    return order.map(([type, title]) => {
      const entries = groups.get(type);
      if (!entries.length) return null;
      const rows = entries.flatMap(([index, entry]) => this.object(index, entry, touched.has(index), finding.has(index)));
      const most = rows.length > kMostRows ? h("tr", {}, h("td", { colspan: "3" }, `and ${rows.length - kMostRows} more`)) : null;
      return h("table", {}, h("caption", {}, title), h("tbody", {}, rows.slice(0, kMostRows), most));
    });
  }

  name(index, important) {
    const name = this.run.objectName(index);
    return h("th", { scope: "row" }, h(`button.name${important ? ".important" : ""}`, { type: "button", title: `Show only the events of ${name}`, onclick: () => this.only(index) }, name));
  }

  object(index, entry, touched, important) {
    const run = this.run, before = this.before.objects.get(index);
    const by = (step) => (step ? [`${run.threadName(run.number("thread", step))} \u00b7 `, this.link(step, String(step))] : "");
    const waiting = () => {
      const waiters = waitersFor(run, this.state, this.step, index);
      return waiters.length ? h("span.waiters", {}, ` waiting: ${waiters.map((t) => run.threadName(t)).join(", ")}`) : null;
    };
    const row = (changed, value, step) => [h(`tr${changed ? ".changed" : ""}${touched ? ".touched" : ""}`, {}, this.name(index, important), h("td", {}, value), h("td.step", {}, step))];
    switch (entry.type) {
      case "lock": {
        const depth = entry.depth > 1 ? ` (${entry.depth} times)` : "";
        const changed = !before || before.holder !== entry.holder || before.depth !== entry.depth;
        return row(changed && touched, [entry.holder >= 0 ? ["held by ", h("b", {}, run.threadName(entry.holder)), depth] : h("span.free", {}, "free"), waiting()], entry.since ? this.link(entry.since, String(entry.since)) : "");
      }
      case "semaphore": return row(touched && (!before || before.value !== entry.value), [h("code", {}, String(entry.value ?? "?")), entry.value === 1 ? " unit" : " units", waiting()], by(entry.step));
      case "event": return row(touched && (!before || before.set !== entry.set), [h("code", {}, entry.set ? "set" : "not set"), waiting()], by(entry.step));
      case "queue": {
        const capacity = run.objects[index].capacity;
        const items = entry.items.slice(0, kMostItems).map((x) => h("code.item", { title: x.step ? `put in step ${x.step}` : "" }, x.value === null ? "\u2026" : x.value));
        const count = `${entry.count}${capacity ? ` of ${capacity}` : ""} ${entry.count === 1 && !capacity ? "item" : "items"}`;
        return row(touched && (!before || before.count !== entry.count), [entry.count === 0 ? h("span.free", {}, capacity ? `empty (holds ${capacity})` : "empty") : [count, " ", items, entry.items.length > kMostItems ? " \u2026" : ""], waiting()], by(entry.step));
      }
      case "condition": {
        const names = (threads) => threads.map((t) => run.threadName(t)).join(", ");
        const same = before && before.waiters.join() === entry.waiters.join() && before.notified.join() === entry.notified.join();
        return row(touched && !same, [entry.waiters.length ? [h("b", {}, names(entry.waiters)), " waiting"] : h("span.free", {}, "nobody waits"), entry.notified.length ? `; notified: ${names(entry.notified)}` : ""], by(entry.step));
      }
      case "barrier": return row(touched, entry.waiting.length ? `${entry.waiting.length} waiting` : h("span.free", {}, "nobody waits"), by(entry.step));
      case "variable":
        return [...entry.parts].map(([part, v]) => {
          const old = before && before.parts ? before.parts.get(part) : null;
          const written = v.writer === this.step, changed = touched && (written || (old && old.value !== v.value));
          const value = v.value !== null ? h("code", {}, v.value) : v.deed ? h("span.deed", {}, v.deed) : h("span.free", {}, v.writer ? "changed" : "?");
          const was = changed && old && old.value !== null && old.value !== v.value ? [h("code.old", {}, old.value), " \u2192 "] : null;
          const name = part && part !== run.objectName(index) ? h("th", { scope: "row" }, h(`button.name${important ? ".important" : ""}`, { type: "button", title: "Show only its events", onclick: () => this.only(index) }, part)) : this.name(index, important);
          const who = v.writer ? [`${run.threadName(run.number("thread", v.writer))} \u00b7 `, h("button.link.writer", { type: "button", "aria-label": `Who wrote ${part || run.objectName(index)}? Step ${v.writer}`, title: "Who wrote this?", onclick: () => this.go(v.writer) }, String(v.writer))] : h("span.free", {}, "initial");
          return h(`tr${changed ? ".changed" : ""}${touched && v.seen === this.step ? ".touched" : ""}`, {}, name, h("td", {}, was, value), h("td.step", {}, who));
        });
      default: return row(touched, run.objects[index].kind, "");
    }
  }
}

function trimmed(reason, name) { return reason.startsWith(name + " ") ? reason.slice(name.length + 1) : reason; }
