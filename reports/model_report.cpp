#include "reports/model_report.h"

#include "reports/policy.h"
#include "reports/source_paths.h"

namespace raddle::reports {

ModelReport report_of(const engine::Trace& trace, const std::string& path) {
  ModelReport report;
  Result& r = report.result;
  r.model = trace.model;
  r.arguments = trace.arguments;
  r.program_hash = trace.program_hash;
  r.raddle_version = trace.raddle_version;
  r.options = trace.options;
  r.seed = trace.seed;
  r.executions = r.executions_total = r.classes = 1;
  r.coverage = {.kind = "cut", .reason = "replay", .detail = "one execution, that of a trace"};
  for (const engine::TraceFinding& f : trace.findings) {
    r.findings.push_back(summarize(trace, f, 1, path));
    report.witnesses.emplace_back(trace);
  }
  apply_policy(r, {});
  // Nobody has asked for more than this execution.
  report.status = r.verdict == "findings" ? kExitFindings : kExitClean;
  return report;
}

std::string name_of(const ModelReport& model) {
  if (!model.name.empty()) return model.name;
  std::string name = model.result.model;
  for (const auto& [option, value] : model.result.options)
    if (option == "test") name += "::" + value;
  for (const std::string& argument : model.result.arguments) name += ' ' + argument;
  return name;
}

int status_of(const ModelReport& model) { return model.status ? *model.status : exit_code(model.result); }

const engine::Trace* witness_of(const ModelReport& model, std::size_t i) {
  return i < model.witnesses.size() && model.witnesses[i] ? &*model.witnesses[i] : nullptr;
}

std::string sentence_of(const ResultFinding& finding) {
  const bool says = finding.title.empty() || finding.message.find(finding.title) != std::string::npos;
  return says ? finding.message : finding.title + ": " + finding.message;
}

engine::TraceSite own_site_of(const ResultFinding& finding) {
  auto is_own = [](const engine::TraceSite& site) {
    return site.line > 0 && !site.file.empty() && !is_library_file(site.file);
  };
  if (is_own(finding.site)) return finding.site;
  for (const ResultPlace& place : finding.places)
    if (is_own(place.site)) return place.site;
  return {};
}

}  // namespace raddle::reports
