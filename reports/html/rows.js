// Which rows the lanes show: events, gaps where some are left out, and what is the matter at the end.

/// { kind: "event" | "gap" | "blocked" | "failure", step, y, height, ... }; a gap has `from`, `to` and `count`.
export const kHeights = { event: 30, gap: 22, blocked: 30, failure: 30 };

/// The steps that the view shows, ascending. `view`: { all, threads, objects }, of which the latter two may be null: all of
/// them. `pinned`: a step to be shown in any case.
export function shownSteps(run, view, pinned) {
  const steps = new Set();
  const passes = filterOf(run, view);
  if (view.all || view.threads || view.objects) {
    for (let step = 1; step <= run.count; ++step) if (passes(step)) steps.add(step);
  } else {
    for (const step of run.key) steps.add(step);
    const roles = [];
    for (let step = 1; step <= run.count; ++step) if (run.role(step)) roles.push(step);
    // Where very many are marked, they say little.
    if (roles.length <= 24) roles.forEach((step) => steps.add(step));
    for (const step of [run.critical.first, run.critical.second]) if (step > 0) steps.add(step);
  }
  if (pinned > 0 && pinned <= run.count) steps.add(pinned);
  return [...steps].sort((a, b) => a - b);
}

function filterOf(run, view) {
  return (step) =>
    (!view.threads || view.threads.has(run.number("thread", step)) || view.threads.has(run.number("other", step))) &&
    (!view.objects || view.objects.has(run.number("object", step)) || view.objects.has(run.number("object2", step)));
}

export function makeRows(run, steps, view) {
  const rows = [];
  let y = 8, before = 0;
  const add = (row) => {
    row.y = y;
    row.height = kHeights[row.kind];
    y += row.height;
    rows.push(row);
  };
  const gap = (from, to) => {
    if (to >= from) add({ kind: "gap", from, to, count: to - from + 1, step: from });
  };
  for (const step of steps) {
    gap(before + 1, step - 1);
    add({ kind: "event", step });
    before = step;
  }
  gap(before + 1, run.count);
  if (run.failureAtEnd) add({ kind: "failure", step: run.count + 1, thread: run.failureAtEnd.thread });
  for (const blocked of run.blocked)
    if (!view.threads || view.threads.has(blocked.thread)) add({ kind: "blocked", step: run.count + 1, thread: blocked.thread, blocked });
  return { rows, height: y + 12 };
}

/// The threads that need a lane for these rows, in the order in which they were started.
export function lanesFor(run, rows, view) {
  if (view.all && !view.threads && !view.objects) return run.threads.map((_, t) => t);
  const wanted = new Set();
  for (const row of rows) {
    if (row.kind === "event") {
      wanted.add(run.number("thread", row.step));
      if (run.number("other", row.step) >= 0 && run.text("op", row.step) !== "join") wanted.add(run.number("other", row.step));
    } else if (row.thread !== undefined) wanted.add(row.thread);
  }
  const lanes = run.threads.map((_, t) => t).filter((t) => wanted.has(t));
  return lanes.length ? lanes : [0];
}
