// The keyboard: one table, which is also the help.

export const KEYS = [
  { keys: ["\u2192", "\u2193", "j"], codes: ["ArrowRight", "ArrowDown", "j"], text: "one step forward", act: (a) => a.stepBy(1) },
  { keys: ["\u2190", "\u2191", "k"], codes: ["ArrowLeft", "ArrowUp", "k"], text: "one step back", act: (a) => a.stepBy(-1) },
  { keys: ["Page Down", "Page Up"], codes: ["PageDown"], text: "ten steps forward, back", act: (a) => a.stepBy(10) },
  { codes: ["PageUp"], act: (a) => a.stepBy(-10) },
  { keys: ["Home", "End"], codes: ["Home"], text: "the first step, the last", act: (a) => a.toEdge(-1) },
  { codes: ["End"], act: (a) => a.toEdge(1) },
  { keys: ["]", "["], codes: ["]"], text: "the same thread's next step, or the one before", act: (a) => a.sameThread(1) },
  { codes: ["["], act: (a) => a.sameThread(-1) },
  { keys: ["f"], codes: ["f"], text: "the step that fails", act: (a) => a.toFailure() },
  { keys: ["c"], codes: ["c"], text: "the two steps whose order decides it", act: (a) => a.toCritical() },
  { keys: ["w"], codes: ["w"], text: "who wrote the value that this step reads", act: (a) => a.whoWrote() },
  { keys: ["b"], codes: ["b"], text: "why threads are blocked", act: (a) => a.whyBlocked() },
  { keys: ["a"], codes: ["a"], text: "all events, or those that matter", act: (a) => a.toggleAll() },
  { keys: ["p"], codes: ["p"], text: "the nearest passing run beside this one", act: (a) => a.toggleCompare() },
  { keys: ["x"], codes: ["x"], text: "the other run, where two are shown", act: (a) => a.otherRun() },
  { keys: ["/"], codes: ["/"], text: "search; Enter and Shift+Enter: next, previous", act: (a) => a.focusSearch() },
  { keys: ["n", "N"], codes: ["n"], text: "the next event found, the previous one", act: (a) => a.searchBy(1) },
  { codes: ["N"], act: (a) => a.searchBy(-1) },
  { keys: ["t"], codes: ["t"], text: "light, dark, or as the system has it", act: (a) => a.nextTheme() },
  { keys: ["?"], codes: ["?"], text: "this help", act: (a) => a.help() },
  { keys: ["Esc"], codes: [], text: "closes help and filter, empties the search" },
];

const byCode = new Map(KEYS.flatMap((k) => k.codes.map((c) => [c, k])));

/// Calls the action of a key, unless the key belongs to what has the focus.
export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return actions.escape();
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = event.target;
    if (at.matches("input[type=search], input[type=text], select, textarea") || document.querySelector("dialog[open]")) return;
    const arrows = event.key.startsWith("Arrow") || ["Home", "End", "PageUp", "PageDown"].includes(event.key);
    if (arrows && (at.matches("input[type=range]") || at.closest(".code, .side"))) return;
    const key = byCode.get(event.key);
    if (!key) return;
    event.preventDefault();
    key.act(actions);
  });
}
