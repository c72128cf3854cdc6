#include "checker/cli/baseline.h"

#include <algorithm>
#include <filesystem>

#include "checker/engine/error.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;
using engine::UserError;

fs::path folder_of(const std::string& file) { return fs::absolute(file).lexically_normal().parent_path(); }

std::string name_from(const fs::path& folder, const ModelSpec& model) {
  return name_of(model, fs::absolute(model.model).lexically_normal().lexically_relative(folder).string());
}

reports::Baseline before(const CheckRequest& r) {
  if (r.accepted) return *r.accepted;
  std::error_code error;
  return fs::exists(r.write_baseline, error) ? reports::read_baseline(r.write_baseline) : reports::Baseline();
}

}  // namespace

void load_baseline(CheckRequest& r) {
  const std::string& file = r.baseline.empty() ? r.write_baseline : r.baseline;
  if (file.empty()) return;
  const fs::path folder = folder_of(file);
  if (!r.write_baseline.empty()) {
    if (folder_of(r.write_baseline) != folder)
      throw UserError("--write-baseline: " + r.write_baseline + " is not in the folder of " + r.baseline +
                      ", from which models are named in both");
    if (fs::is_directory(r.write_baseline))
      throw UserError("--write-baseline: " + r.write_baseline + " is a folder");
    if (!fs::is_directory(folder))
      throw UserError("--write-baseline: there is no folder " + folder.string() + " for " +
                      fs::path(r.write_baseline).filename().string());
    before(r);  // a bad one is refused now
  }
  if (!r.baseline.empty())
    r.accepted = std::make_shared<const reports::Baseline>(reports::read_baseline(r.baseline));
  name_in_baseline(r);
}

void name_in_baseline(CheckRequest& r) {
  const std::string& file = r.baseline.empty() ? r.write_baseline : r.baseline;
  if (!file.empty()) r.baseline_model = name_from(folder_of(file), r.model);
}

std::string conclude_baseline(const CheckRequest& r, std::span<const reports::BaselineModel> models,
                              bool whole) {
  std::string text;
  if (r.accepted && r.write_baseline.empty()) {
    for (const reports::Missing& m : reports::missing_findings(*r.accepted, models))
      text += (m.fixed ? "fixed, remove from " : "not seen, but not everything was explored, in ") +
              r.baseline + ": " + m.finding.model + ": " + m.finding.kind +
              (m.finding.place.empty() ? "" : " at " + m.finding.place) + '\n';
    if (whole)
      for (const reports::AcceptedFinding& f : r.accepted->findings)
        if (std::none_of(models.begin(), models.end(), [&](const auto& m) { return m.name == f.model; }))
          text += "not of this project, remove from " + r.baseline + ": " + f.model + ": " + f.kind + '\n';
  }
  if (!r.write_baseline.empty())
    reports::write_baseline(r.write_baseline, reports::renewed(before(r), models, !whole));
  return text;
}

}  // namespace raddle::cli
