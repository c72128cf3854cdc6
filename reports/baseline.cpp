#include "reports/baseline.h"

#include <algorithm>
#include <tuple>

#include "reports/atomic_file.h"
#include "reports/json_document.h"
#include "reports/policy.h"

namespace raddle::reports {
namespace {

constexpr DocumentType kBaseline = {"baseline", "raddle-baseline/1",
                                    "`raddle check MODEL --write-baseline FILE` writes one"};
constexpr const char* kSuppressed = "baseline";

Json to_json(const AcceptedFinding& f) {
  Json json = {{"model", f.model}, {"kind", f.kind}};
  set_if_any(json, "title", f.title);
  set_if_any(json, "place", f.place);
  json["fingerprint"] = f.fingerprint;
  return json;
}

bool is_same(const AcceptedFinding& accepted, const std::string& model, const ResultFinding& f) {
  return accepted.fingerprint == f.content_fingerprint && accepted.model == model && accepted.kind == f.kind;
}

bool was_found(const AcceptedFinding& accepted, const BaselineModel& model) {
  return std::any_of(model.results.begin(), model.results.end(), [&](const Result* r) {
    return std::any_of(r->findings.begin(), r->findings.end(),
                       [&](const ResultFinding& f) { return is_same(accepted, model.name, f); });
  });
}

bool is_all_explored(const BaselineModel& model) {
  return !model.results.empty() &&
         std::all_of(model.results.begin(), model.results.end(), [](const Result* r) {
           return r->coverage.kind == "complete" && r->inconclusive_reason.empty();
         });
}

const BaselineModel* find(std::span<const BaselineModel> models, const std::string& name) {
  const auto at =
      std::find_if(models.begin(), models.end(), [&](const BaselineModel& m) { return m.name == name; });
  return at == models.end() ? nullptr : &*at;
}

/// The texts for people do not make two of one.
auto identity(const AcceptedFinding& f) { return std::tie(f.model, f.kind, f.fingerprint); }

}  // namespace

std::string baseline_to_json(Baseline baseline) {
  auto& all = baseline.findings;
  std::sort(all.begin(), all.end());
  std::vector<AcceptedFinding> once;
  for (AcceptedFinding& f : all)
    if (std::none_of(once.begin(), once.end(), [&](const auto& o) { return identity(o) == identity(f); }))
      once.push_back(std::move(f));
  Json json = {{"format", kBaseline.format}, {"findings", Json::array()}};
  for (const AcceptedFinding& f : once) json["findings"].push_back(to_json(f));
  return layout(json);
}

Baseline baseline_from_json(std::string_view text, const std::string& path) {
  const Json document = parse_document(text, path, kBaseline);
  const JsonValue json(document, path, kBaseline);
  Baseline baseline;
  json.each("findings", [&](const JsonValue& f) {
    baseline.findings.push_back({f.text("model"), f.text("kind"), f.text_or_empty("title"),
                                 f.text_or_empty("place"), f.text("fingerprint")});
    if (baseline.findings.back().fingerprint.empty()) f.fail("its fingerprint is empty");
  });
  return baseline;
}

void write_baseline(const std::string& path, const Baseline& baseline) {
  write_file(path, baseline_to_json(baseline));
}

Baseline read_baseline(const std::string& path) {
  return baseline_from_json(load_text(path, kBaseline), path);
}

void apply_baseline(Result& result, const std::string& model, const Baseline& baseline) {
  for (ResultFinding& f : result.findings)
    if (f.suppressed.empty() && std::any_of(baseline.findings.begin(), baseline.findings.end(),
                                            [&](const auto& a) { return is_same(a, model, f); }))
      f.suppressed = kSuppressed;
}

void accept_errors(Result& result) {
  for (ResultFinding& f : result.findings)
    if (f.suppressed.empty() && f.severity == "error") f.suppressed = kSuppressed;
  result.verdict = verdict_of(result);
}

std::vector<Missing> missing_findings(const Baseline& baseline, std::span<const BaselineModel> models) {
  std::vector<Missing> missing;
  for (const AcceptedFinding& f : baseline.findings) {
    const BaselineModel* model = find(models, f.model);
    if (model && !model->results.empty() && !was_found(f, *model))
      missing.push_back({f, is_all_explored(*model)});
  }
  std::sort(missing.begin(), missing.end(),
            [](const Missing& a, const Missing& b) { return a.finding < b.finding; });
  return missing;
}

Baseline renewed(const Baseline& before, std::span<const BaselineModel> models, bool keep_others) {
  Baseline after;
  for (const AcceptedFinding& f : before.findings) {
    const BaselineModel* model = find(models, f.model);
    if (model ? !was_found(f, *model) && !is_all_explored(*model) : keep_others) after.findings.push_back(f);
  }
  for (const BaselineModel& model : models)
    for (const Result* result : model.results)
      for (const ResultFinding& f : result->findings)
        if (f.suppressed == kSuppressed || (f.suppressed.empty() && f.severity == "error"))
          after.findings.push_back({model.name, f.kind, f.title, f.context, f.content_fingerprint});
  return after;
}

}  // namespace raddle::reports
