// What every lock, queue, variable, ... and every thread is like after a step: derived from the events before it.

export class State {
  constructor(run) {
    this.objects = new Map(); // index: entry
    this.ended = new Set();
    this.started = new Set([0]);
    this.exited = false;
    this.run = run;
  }

  clone() {
    const copy = new State(this.run);
    for (const [key, entry] of this.objects) copy.objects.set(key, copyOf(entry));
    copy.ended = new Set(this.ended);
    copy.started = new Set(this.started);
    copy.exited = this.exited;
    return copy;
  }

  entry(object, type) {
    let e = this.objects.get(object);
    if (!e) this.objects.set(object, (e = fresh(type)));
    else if (e.type !== type && e.type === "unknown") Object.assign(e, fresh(type));
    return e;
  }

  apply(e) {
    this.started.add(e.thread);
    const change = APPLY[e.op];
    if (change) change(this, e);
  }
}

function fresh(type) {
  switch (type) {
    case "lock": return { type, holder: -1, depth: 0, since: 0, released: 0 };
    case "semaphore": return { type, value: null, step: 0, releases: [] };
    case "event": return { type, set: null, step: 0 };
    case "queue": return { type, count: 0, items: [], known: true, step: 0 };
    case "condition": return { type, waiters: [], notified: [], step: 0 };
    case "barrier": return { type, waiting: [], step: 0 };
    case "variable": return { type, parts: new Map() };
    default: return { type, step: 0 };
  }
}

function copyOf(e) {
  const copy = { ...e };
  if (e.items) copy.items = e.items.slice();
  if (e.releases) copy.releases = e.releases.slice();
  if (e.waiters) copy.waiters = e.waiters.slice();
  if (e.notified) copy.notified = e.notified.slice();
  if (e.waiting) copy.waiting = e.waiting.slice();
  if (e.parts) copy.parts = new Map(e.parts);
  return copy;
}

const truth = (text) => text === "True" || text === "true" || text === "1";

function take(state, e) {
  if (e.failed) return void state.entry(e.object, "lock");
  const lock = state.entry(e.object, "lock");
  if (lock.holder === e.thread) lock.depth += 1;
  else Object.assign(lock, { holder: e.thread, depth: 1, since: e.step });
}
function give(state, object, step) {
  const lock = state.entry(object, "lock");
  if (lock.depth > 1) lock.depth -= 1;
  else Object.assign(lock, { holder: -1, depth: 0, since: step, released: step });
}
function access(state, e, writes) {
  if (e.object < 0) return;
  const variable = state.entry(e.object, "variable");
  const old = variable.parts.get(e.part);
  const deed = e.op !== "read" && e.op !== "write" && e.after && !e.before;
  if (writes) {
    const value = deed ? null : e.after || e.result || null;
    variable.parts.set(e.part, { value, deed: deed ? e.after : "", writer: e.step, seen: e.step });
  } else {
    const value = e.result || (old ? old.value : null);
    variable.parts.set(e.part, { value, deed: old && !e.result ? old.deed : "", writer: e.from || (old ? old.writer : 0), seen: e.step });
  }
}
function units(state, e, delta) {
  const semaphore = state.entry(e.object, "semaphore");
  const before = semaphore.value ?? (e.before !== "" ? Number(e.before) : 0);
  const value = e.after !== "" ? Number(e.after) : e.items >= 0 ? e.items : e.failed ? before : before + delta;
  if (!e.failed && delta < 0) semaphore.releases.shift();
  if (delta > 0) semaphore.releases.push(e.step);
  Object.assign(semaphore, { value: Number.isNaN(value) ? e.after : value, step: e.step });
}
function put(state, e) {
  const queue = state.entry(e.object, "queue");
  if (!e.failed) {
    if (e.items >= 0 && e.items - 1 !== queue.count) forget(queue, e.items - 1);
    queue.items.push({ value: e.after, step: e.step });
    queue.count += 1;
  }
  seen(queue, e);
}
function get(state, e) {
  const queue = state.entry(e.object, "queue");
  if (!e.failed) {
    if (e.items >= 0 && e.items + 1 !== queue.count) forget(queue, e.items + 1);
    // One that nobody has put in this run stands before all others.
    queue.items.splice(Math.max(queue.items.findIndex((x) => x.step === e.from), 0), 1);
    queue.count = Math.max(queue.count - 1, 0);
  }
  seen(queue, e);
}
// Items that came without an event: there before the first one, or changed from outside.
function forget(queue, count) {
  queue.count = count;
  while (queue.items.length > count) queue.items.shift();
  while (queue.items.length < count) queue.items.unshift({ value: null, step: 0 });
}
function seen(queue, e) {
  if (e.items >= 0 && e.items !== queue.count) forget(queue, e.items);
  queue.step = e.step;
}
function woken(state, thread, step) {
  for (const entry of state.objects.values())
    if (entry.type === "condition") {
      const before = entry.waiters.length + entry.notified.length;
      entry.waiters = entry.waiters.filter((t) => t !== thread);
      entry.notified = entry.notified.filter((t) => t !== thread);
      if (entry.waiters.length + entry.notified.length !== before) entry.step = step;
    }
}
function set(value) {
  return (state, e) => Object.assign(state.entry(e.object, "event"), { set: value, step: e.step });
}
function tested(state, e) {
  const event = state.entry(e.object, "event");
  if (event.set === null) event.set = truth(e.result) || (e.op === "event-wait" && !e.failed);
}

const APPLY = {
  "lock": take, "try-lock": take,
  "locked": (s, e) => s.entry(e.object, "lock"),
  "unlock": (s, e) => give(s, e.object, e.step),
  "wait": (s, e) => {
    const lone = e.object2 < 0;
    const condition = s.entry(lone ? e.object : e.object2, "condition");
    if (!condition.waiters) return;
    condition.waiters.push(e.thread);
    condition.step = e.step;
    if (lone) return;
    const lock = s.entry(e.object, "lock");
    Object.assign(lock, { holder: -1, depth: 0, since: e.step, released: e.step });
  },
  "wake": (s, e) => { woken(s, e.thread, e.step); if (e.result !== "timeout") take(s, e); },
  "notify-one": (s, e) => {
    const condition = s.entry(e.object, "condition");
    if (e.other >= 0) {
      condition.waiters = condition.waiters.filter((t) => t !== e.other);
      condition.notified.push(e.other);
    }
    condition.step = e.step;
  },
  "notify-all": (s, e) => {
    const condition = s.entry(e.object, "condition");
    condition.notified.push(...condition.waiters);
    condition.waiters = [];
    condition.step = e.step;
  },
  "acquire": (s, e) => units(s, e, -1), "try-acquire": (s, e) => units(s, e, -1), "release": (s, e) => units(s, e, +1),
  "event-set": set(true), "event-clear": set(false), "event-test": tested, "event-wait": tested,
  "put": put, "try-put": put, "get": get, "try-get": get,
  "queue-test": (s, e) => seen(s.entry(e.object, "queue"), e),
  "queue-update": (s, e) => seen(s.entry(e.object, "queue"), e),
  "queue-join": (s, e) => seen(s.entry(e.object, "queue"), e),
  "read": (s, e) => access(s, e, false),
  "write": (s, e) => access(s, e, true), "read-modify-write": (s, e) => access(s, e, true), "add": (s, e) => access(s, e, true),
  "arrive": (s, e) => { const b = s.entry(e.object, "barrier"); b.waiting.push(e.thread); b.step = e.step; },
  "pass": (s, e) => {
    for (const b of s.objects.values()) if (b.type === "barrier") b.waiting = b.waiting.filter((t) => t !== e.thread);
  },
  "start": (s, e) => s.started.add(e.other),
  "end": (s, e) => s.ended.add(e.thread),
  "exit": (s) => { s.exited = true; },
};

// Objects that nothing happens to, but somebody waits for.
const WAITED_FOR = { "get": "queue", "acquire": "semaphore", "event-wait": "event", "lock": "lock", "barrier": "barrier" };

/// The states of a run, at any step.
export class States {
  static every = 200;
  constructor(run) {
    this.run = run;
    this.kept = [this.first()];
    this.latest = null;
  }

  // What was there before anything happened is known from the first that is said about it.
  first() {
    const state = new State(this.run);
    const met = new Set();
    for (let step = 1; step <= this.run.count; ++step) {
      const object = this.run.number("object", step);
      if (object < 0 || met.has(object)) continue;
      met.add(object);
      const e = this.run.event(step);
      if (["acquire", "try-acquire", "release"].includes(e.op)) {
        const change = e.failed ? 0 : e.op === "release" ? 1 : -1;
        state.entry(object, "semaphore").value = e.before !== "" ? Number(e.before) : e.items >= 0 ? e.items - change : null;
      }
      else if (e.op.startsWith("event-")) {
        const was = e.before !== "" ? truth(e.before) : e.op === "event-test" ? truth(e.result) : false;
        state.entry(object, "event").set = was;
      } else if (e.items >= 0) {
        const change = e.failed ? 0 : e.op.endsWith("put") ? 1 : e.op.endsWith("get") ? -1 : 0;
        forget(state.entry(object, "queue"), e.items - change);
      } else if (["lock", "try-lock", "unlock"].includes(e.op)) state.entry(object, "lock");
    }
    for (const { object, operation } of this.run.blocked)
      if (object >= 0 && !met.has(object) && WAITED_FOR[operation]) state.entry(object, WAITED_FOR[operation]);
    return state;
  }

  /// After this step (0: before anything). Not to be changed.
  at(step) {
    step = Math.min(step, this.run.count);
    if (this.latest && this.latest.step === step) return this.latest.state;
    const every = States.every;
    while (this.kept.length <= Math.floor(step / every)) {
      const state = this.kept[this.kept.length - 1].clone();
      const from = (this.kept.length - 1) * every;
      for (let s = from + 1; s <= from + every; ++s) state.apply(this.run.event(s));
      this.kept.push(state);
    }
    const base = Math.floor(step / every);
    const state = this.kept[base].clone();
    for (let s = base * every + 1; s <= step; ++s) state.apply(this.run.event(s));
    this.latest = { step, state };
    return state;
  }
}
