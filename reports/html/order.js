// Which event comes before which, across threads: what the arrows show.
//
// { from, to, kind: "order" | "value", label }: a release and the acquisition that follows it, a put and the get of its item,
// a notification and who wakes by it, a start, a join, an event that was set; and for values the write that a read reads.

import { firstAbove } from "./trace.js";

export function arrowsOf(run) {
  const arrows = [];
  const add = (from, to, kind, label) => {
    if (from > 0 && from < to && run.number("thread", from) !== run.number("thread", to)) arrows.push({ from, to, kind, label });
  };
  const released = new Map(), sets = new Map(), units = new Map(), notified = new Map(), started = new Map(), ended = new Map(), begun = new Set(), waits = new Map();
  const list = (map, key) => map.get(key) || map.set(key, []).get(key);
  for (let step = 1; step <= run.count; ++step) {
    const e = run.event(step);
    if (!begun.has(e.thread)) {
      begun.add(e.thread);
      add(started.get(e.thread) || 0, step, "order", "started by");
    }
    switch (e.op) {
      case "lock": case "try-lock":
        if (!e.failed) add(released.get(e.object) || 0, step, "order", "released by");
        break;
      case "wake":
        add(notified.get(e.thread) || 0, step, "order", "notified by");
        notified.delete(e.thread);
        break;
      case "unlock": released.set(e.object, step); break;
      case "wait":
        released.set(e.object, step);
        list(waits, e.object2 < 0 ? e.object : e.object2).push(e.thread);
        break;
      case "notify-one":
        if (e.other >= 0) notified.set(e.other, step);
        break;
      case "notify-all":
        for (const t of list(waits, e.object)) notified.set(t, step);
        waits.set(e.object, []);
        break;
      case "release": list(units, e.object).push(step); break;
      case "acquire": case "try-acquire":
        if (!e.failed) add(list(units, e.object).shift() || 0, step, "order", "released by");
        break;
      case "event-set": sets.set(e.object, step); break;
      case "event-clear": sets.delete(e.object); break;
      case "event-wait": case "event-test":
        if (!e.failed) add(sets.get(e.object) || 0, step, "order", "set by");
        break;
      case "get": case "try-get":
        if (!e.failed) add(e.from, step, "order", "put by");
        break;
      case "start": started.set(e.other, step); break;
      case "end": ended.set(e.thread, step); break;
      case "join": case "timed-join":
        if (!e.failed) add(ended.get(e.other) || 0, step, "order", "ended in");
        break;
      case "read": case "read-modify-write": add(e.from, step, "value", "written by"); break;
      default: break;
    }
  }
  return arrows;
}

export class Arrows {
  constructor(run) {
    this.all = arrowsOf(run);
    this.into = new Map();
    this.outOf = new Map();
    for (const a of this.all) {
      (this.into.get(a.to) || this.into.set(a.to, []).get(a.to)).push(a);
      (this.outOf.get(a.from) || this.outOf.set(a.from, []).get(a.from)).push(a);
    }
    this.ends = this.all.map((a) => a.to); // ascending
  }
  /// Those with an end between two steps.
  between(first, last) {
    const found = this.all.slice(firstAbove(this.ends, first - 1), firstAbove(this.ends, last));
    const known = new Set(found);
    for (let step = first; step <= last; ++step)
      for (const a of this.outOf.get(step) || []) if (!known.has(a)) found.push(a);
    return found;
  }
  of(step) { return [...(this.into.get(step) || []), ...(this.outOf.get(step) || [])]; }
}
