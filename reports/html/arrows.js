// Draws the arrows between events in sight.

import { svg } from "./dom.js";

const kMost = 400;

/// `lanes`: where things are. Those of the current step are strong, others faint.
export function drawArrows(lanes, rows) {
  const parts = [];
  const steps = rows.filter((r) => r.kind === "event").map((r) => r.step);
  if (!steps.length) return parts;
  const within = lanes.view.arrows === false ? lanes.arrows.of(lanes.step) : lanes.arrows.between(steps[0], steps[steps.length - 1]);
  let count = 0;
  for (const arrow of within) {
    if (arrow.label === "started by") continue; // a branch of the lines
    const strong = arrow.from === lanes.step || arrow.to === lanes.step;
    if (!strong && count >= kMost) continue;
    const part = path(lanes, arrow.from, arrow.to, `arrow ${arrow.kind}${strong ? " strong" : ""}`);
    if (!part) continue;
    parts.push(part);
    count += 1;
  }
  const { first, second, waiter } = lanes.run.critical;
  const early = lanes.run.failing ? first : second, late = lanes.run.failing ? second : first;
  if (early > 0 && late > 0) parts.push(path(lanes, early, late, "arrow critical"));
  else if (early > 0 && waiter >= 0) parts.push(curve(lanes.x(lanes.run.number("thread", early)), lanes.middle(early), lanes.x(waiter), lanes.middleOfEnd(waiter), "arrow critical"));
  return parts.filter((part) => part);
}

function path(lanes, from, to, className) {
  return curve(lanes.x(lanes.run.number("thread", from)), lanes.middle(from), lanes.x(lanes.run.number("thread", to)), lanes.middle(to), className);
}

function curve(x1, y1, x2, y2, className) {
  if (y1 === null || y2 === null) return null;
  // Leaves downwards and arrives from above: what is said stands to the right of its place.
  const tip = y2 - 8, bend = Math.max((y2 - y1) * 0.55, 10);
  const d = `M${x1} ${y1 + 6}C${x1} ${y1 + 6 + bend} ${x2} ${tip - bend} ${x2} ${tip}`;
  const head = `M${x2 - 4} ${tip - 6}L${x2} ${tip}L${x2 + 4} ${tip - 6}`;
  return svg("g", { class: className }, svg("path", { d }), svg("path", { class: "head", d: head }));
}
