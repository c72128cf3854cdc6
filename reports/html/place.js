// The current step in the page's address, so that it can be sent to somebody: #step=12

export function place(step) { return `step=${step}`; }

export function readPlace() {
  const at = new URLSearchParams(location.hash.slice(1));
  const number = (name) => Math.max(0, parseInt(at.get(name) || "0", 10) || 0);
  return {
    trace: Math.max(number("finding") - 1, 0),
    step: at.get("step") === "end" ? Number.MAX_SAFE_INTEGER : number("step"),
    all: at.has("all") ? at.get("all") !== "no" : undefined,
    compare: at.has("compare"),
  };
}

let soon = 0;

/// Browsers refuse too many changes in a short time.
export function writePlace({ trace, step, end, all, compare, run }) {
  clearTimeout(soon);
  if (run) return;
  soon = setTimeout(() => {
    const parts = [end ? "step=end" : place(step)];
    if (trace) parts.unshift(`finding=${trace + 1}`);
    parts.push(`all=${all ? "yes" : "no"}`);
    if (compare) parts.push("compare");
    const hash = `#${parts.join("&")}`;
    if (hash !== location.hash) history.replaceState(null, "", hash);
  }, 200);
}
