// How each thread's line looks below a row: "none" (not started, or ended), "ready", "holds" (it has a lock), "waits".

import { threadStatus } from "./threads.js";

export function statusesOf(run, states, rows) {
  let walking = null, at = -1;
  return rows.map((row) => {
    const step = row.kind === "gap" ? row.to : Math.min(row.step, run.count);
    if (walking && step >= at && step - at < 400) {
      for (; at < step; ++at) walking.apply(run.event(at + 1));
    } else {
      walking = states.at(step).clone();
      at = step;
    }
    const holders = new Set();
    for (const entry of walking.objects.values()) if (entry.type === "lock" && entry.holder >= 0) holders.add(entry.holder);
    const end = row.kind === "blocked" || row.kind === "failure";
    return run.threads.map((_, t) => {
      const { kind } = threadStatus(run, walking, end ? run.count + 1 : step, t);
      if (kind === "new" || kind === "ended") return "none";
      if (kind === "waits") return "waits";
      return holders.has(t) ? "holds" : "ready";
    });
  });
}
