// What each thread does after a step: runs, waits (for what, and who could help), has ended. Who waits is no event: it is
// known from what the thread does next, and whether that was possible then.

// What has to be the case before an operation can happen.
const CONDITIONS = { "lock": "lock", "try-lock": "lock", "acquire": "semaphore", "get": "item", "put": "room", "event-wait": "event", "wake": "wake", "join": "join", "timed-join": "join", "queue-join": "tasks", "pass": "barrier", "barrier": "barrier" };

/// { kind: "new" | "ready" | "waits" | "ended" | "stopped", next, text, object, holder, since, thread }
export function threadStatus(run, state, step, thread) {
  if (!state.started.has(thread) && thread !== 0) return { kind: "new" };
  if (state.ended.has(thread)) return { kind: "ended" };
  const next = run.nextOf(thread, Math.min(step, run.count));
  const now = run.latestOf(thread, Math.min(step, run.count));
  let goal = null;
  if (next) goal = run.event(next);
  else {
    const blocked = run.blockedAtEnd(thread);
    if (blocked)
      goal = { op: blocked.operation, object: blocked.object, other: blocked.waitsFor, thread, atEnd: true, blocked, source: blocked.place[0], line: blocked.place[1] };
  }
  if (!goal) return { kind: run.failing && step >= run.count ? "stopped" : "ready", next: 0 };
  const wait = waitFor(run, state, thread, goal);
  if (!wait) return goal.atEnd && run.isEnd(step) ? { kind: "waits", text: goal.blocked.reason, object: goal.object, holder: goal.blocked.holder, thread: goal.blocked.waitsFor, goal } : { kind: "ready", next, goal };
  return { kind: "waits", next, now, goal, ...wait };
}

function waitFor(run, state, thread, goal) {
  const entry = goal.object >= 0 ? state.objects.get(goal.object) : null;
  const name = run.objectName(goal.object);
  switch (CONDITIONS[goal.op]) {
    case "lock":
      if (goal.op === "try-lock" && goal.result !== "timeout") return null;
      if (!entry || entry.type !== "lock" || entry.holder < 0) return null;
      if (entry.holder === thread && goal.op === "lock" && !goal.atEnd) return null;
      return { what: "lock", text: `waits for ${name}, which ${holderWords(run, thread, entry.holder)}`, object: goal.object, holder: entry.holder, since: entry.since };
    case "wake": {
      for (const [index, c] of state.objects)
        if (c.type === "condition" && c.waiters.includes(thread))
          return { what: "notification", text: `waits on ${run.objectName(index)} to be notified`, object: index, holder: -1, since: c.step };
      if (!entry || entry.type !== "lock" || entry.holder < 0 || entry.holder === thread) return null;
      return { what: "lock", text: `has been notified and waits for ${name}, which ${holderWords(run, thread, entry.holder)}`, object: goal.object, holder: entry.holder, since: entry.since };
    }
    case "semaphore":
      if (!entry || entry.value !== 0) return null;
      return { what: "unit", text: `waits for a unit of ${name}, which has none left`, object: goal.object, holder: -1, since: entry.step };
    case "item":
      if (!goal.atEnd && (!entry || entry.count > 0)) return null;
      if (entry && entry.count > 0) return null;
      return { what: "item", text: `waits for an item in ${name}, which is empty`, object: goal.object, holder: -1, since: entry ? entry.step : 0 };
    case "room": {
      const capacity = goal.object >= 0 ? run.objects[goal.object].capacity : 0;
      if (!capacity || !entry || entry.count < capacity) return null;
      return { what: "room", text: `waits for room in ${name}, which is full`, object: goal.object, holder: -1, since: entry.step };
    }
    case "event":
      if (entry && entry.set) return null;
      return { what: "event", text: `waits until ${name} is set`, object: goal.object, holder: -1, since: entry ? entry.step : 0 };
    case "join":
      if (goal.other < 0 || state.ended.has(goal.other)) return null;
      return { what: "end", text: `waits for ${run.threadName(goal.other)} to end`, object: -1, holder: -1, since: 0, thread: goal.other };
    case "barrier":
      return goal.atEnd ? { what: "barrier", text: goal.blocked.reason || `waits at ${name}`, object: goal.object, holder: -1, since: 0 } : null;
    default: return null;
  }
}

function holderWords(run, thread, holder) {
  return holder === thread ? "it holds itself" : `${run.threadName(holder)} holds`;
}

/// Why the thread does not go on: its wait, the wait of whom it waits for, and so on. The last one runs, has ended, waits for
/// nobody in particular, or closes a cycle.
export function whyBlocked(run, state, step, thread) {
  const chain = [];
  for (const met = new Set(); ;) {
    const status = threadStatus(run, state, step, thread);
    chain.push({ thread, status, cycle: met.has(thread) });
    if (status.kind !== "waits" || met.has(thread)) return chain;
    met.add(thread);
    const on = status.holder >= 0 ? status.holder : status.thread !== undefined && status.thread >= 0 ? status.thread : -1;
    if (on < 0) return chain;
    thread = on;
  }
}

/// Who waits for this object.
export function waitersFor(run, state, step, object) {
  return run.threads.map((_, t) => t).filter((t) => {
    const status = threadStatus(run, state, step, t);
    return status.kind === "waits" && status.object === object;
  });
}
