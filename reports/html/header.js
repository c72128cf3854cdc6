// What is wrong, in words, above everything else; and which finding of several is shown.

import { $, h, plural, replace } from "./dom.js";

const SIGNS = { error: "\u2715", warning: "!", note: "i" };

export function showVerdict(trace, runs, go) {
  const finding = trace.findings[0];
  const severity = finding ? finding.severity : "none";
  document.title = finding ? `${finding.heading} ${finding.title} \u2013 raddle` : `${trace.model} \u2013 raddle`;
  $("verdict").className = severity;
  replace($("heading"), h("span.sign", { "aria-hidden": "true" }, SIGNS[severity] || "\u2713"), h("span.kind", {}, finding ? finding.heading : "NO FINDING"), finding && finding.title ? h("span.title", {}, finding.title) : null);
  replace($("model"), trace.model, finding && finding.place ? h("span.place", {}, finding.place) : null);
  $("message").textContent = finding ? finding.message : "Nothing is wrong with this run.";
  replace($("explanation"), withSteps(trace.explanation, runs.failing, go));
  $("explanation").hidden = !trace.explanation;
  const detail = finding && finding.detail && finding.detail !== finding.message ? finding.detail : "";
  $("detail").hidden = !detail;
  $("detail-text").textContent = detail;
  $("detail-title").textContent = detail.includes("Traceback") ? "Traceback" : "Details";
  $("output").hidden = !trace.output;
  $("output-text").textContent = trace.output;
  $("replay").hidden = !trace.replay;
  $("replay-command").textContent = trace.replay;
  const others = trace.findings.slice(1);
  $("others").hidden = !others.length;
  replace($("others-list"), others.map((f) => h("li", {}, h("b", {}, f.heading), ` ${f.title} ${f.place}: ${f.message}`)));
  $("compare").hidden = !runs.passing;
}

/// "(step 11)" becomes a link.
function withSteps(text, run, go) {
  return text.split(/(step \d+)/).map((part) => {
    const found = /^step (\d+)$/.exec(part), step = found ? Number(found[1]) : 0;
    return step > 0 && step <= run.last ? h("button.link", { type: "button", onclick: () => go(step) }, part) : part;
  });
}

/// The chooser; nothing where there is nothing to choose.
export function makeChooser(data, choose) {
  const select = $("finding");
  if (!data.models.length) {
    $("chooser").hidden = true;
    return;
  }
  const groups = data.models.map((model) => {
    const options = model.findings.map((f) => {
      const words = `${f.kind} ${f.title}${f.count > 1 ? ` (${plural(f.count, "execution", "executions")})` : ""}${f.suppressed ? " \u2013 ignored" : ""}`;
      return h("option", { value: f.trace, disabled: f.trace < 0 }, words);
    });
    if (!options.length) options.push(h("option", { value: -1, disabled: true }, model.skipped || model.problem || model.summary));
    return h("optgroup", { label: `${model.name} \u2013 ${model.verdict}` }, options);
  });
  replace(select, groups);
  select.addEventListener("change", () => choose(Number(select.value)));
  const clean = data.models.filter((m) => !m.findings.length).length;
  $("summary").textContent = data.models.length > 1 ? `${plural(data.models.length, "model", "models")}, ${plural(data.traces.length, "finding", "findings")} to look at, ${clean} without` : data.models[0].summary;
}

/// Where there is no trace at all.
export function showNothing(data) {
  document.body.classList.add("nothing");
  document.title = "raddle";
  replace($("heading"), h("span.sign", { "aria-hidden": "true" }, "\u2713"), h("span.kind", {}, "NO TRACE"));
  $("message").textContent = "There is no finding with a trace to look at.";
  replace($("models"), data.models.map((m) => h("li", {}, h("b", {}, m.name), ` ${m.verdict}: ${m.skipped || m.problem || m.summary}`)));
}
