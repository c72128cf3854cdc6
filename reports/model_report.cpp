#include "reports/model_report.h"

#include "reports/policy.h"
#include "reports/source_paths.h"

namespace raddle::reports {

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
