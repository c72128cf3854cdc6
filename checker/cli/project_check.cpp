#include "checker/cli/project_check.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

#include "checker/cli/baseline.h"
#include "checker/cli/model_process.h"
#include "checker/cli/models_progress.h"
#include "checker/cli/outputs.h"
#include "checker/cli/terminal.h"
#include "checker/engine/error.h"
#include "reports/atomic_file.h"
#include "reports/baseline.h"
#include "reports/json_results.h"
#include "reports/policy.h"
#include "reports/text_result.h"

namespace raddle::cli {
namespace {

using engine::UserError;
using reports::ModelReport;

constexpr std::size_t kWidestVerdict = 12;  // "inconclusive"
constexpr std::size_t kWidestName = 60;

std::string counted(std::size_t n, const std::string& one, const std::string& many) {
  return reports::grouped(n) + ' ' + (n == 1 ? one : many);
}

class ProjectCheck {
 public:
  explicit ProjectCheck(const ModelList& list) : list_(list), common_(list.common) {
    for (const ListedModel& m : list.models)
      name_width_ = std::max(name_width_, std::min(m.name.size(), kWidestName));
  }

  int run() {
    require_places();
    std::vector<CheckRequest> requests;
    std::vector<std::size_t> of_request;
    for (std::size_t i = 0; i < list_.models.size(); ++i)
      if (list_.models[i].problem.empty() && list_.models[i].skipped.empty()) {
        requests.push_back(list_.models[i].request);
        of_request.push_back(i);
      }
    outcomes_.resize(list_.models.size());
    const bool json = common_.progress == ProgressKind::Json;
    std::vector<std::string> names;
    for (const std::size_t i : of_request) names.push_back(list_.models[i].name);
    progress_.emplace(common_.quiet && !json ? ProgressKind::Never : common_.progress, names);
    const bool interrupted = check_models(
        requests, common_.search.jobs,
        [&](std::size_t i, ModelOutcome outcome) {
          tell_up_to(of_request[i]);
          outcomes_[of_request[i]] = std::move(outcome);
          tell(of_request[i]);
        },
        &*progress_);
    tell_up_to(list_.models.size());
    return conclude(interrupted);
  }

 private:
  struct Told {
    std::string verdict, text;  // of its line
    int status = 0;
    std::string block;  // below it
  };

  void require_places() const {
    std::vector<std::string> inputs;
    NamedFiles others = {{"--project", list_.heading},
                         {"--baseline", common_.baseline},
                         {"--write-baseline", common_.write_baseline},
                         {"--report", common_.report}};
    for (const ListedModel& m : list_.models) {
      const CheckRequest& r = m.request;
      inputs.push_back(r.model.model);
      inputs.push_back(r.model.stdin_file);
      inputs.insert(inputs.end(), r.also_read.begin(), r.also_read.end());
      others.emplace_back("--checkpoint of " + m.name, r.checkpoint);
    }
    // A project's outputs are among what is built, of which a fresh checkout has nothing.
    for (const std::string& folder : list_.output_folders)
      if (!folder.empty()) reports::make_folder(folder);
    require_writable(common_.outputs, inputs, others);
  }

  /// Those in between are not checked.
  void tell_up_to(std::size_t end) {
    for (; next_ < end; ++next_) print_model(next_, told_of_unchecked(list_.models[next_]));
  }

  void tell(std::size_t i) {
    print_model(i, told_of(list_.models[i].request, *outcomes_[i]));
    next_ = i + 1;
  }

  static Told told_of_unchecked(const ListedModel& m) {
    if (!m.skipped.empty()) return {"skipped", m.skipped, reports::kExitClean, {}};
    return {"bad input", "", reports::kExitBadInput, m.name + ": " + m.problem};
  }

  Told told_of(const CheckRequest& request, const ModelOutcome& outcome) const {
    if (!outcome.checked) {
      if (outcome.interrupted) return {"not checked", "interrupted", reports::kExitInconclusive, {}};
      const bool bad = outcome.status == reports::kExitBadInput;
      return {bad ? "bad input" : "lost", "", outcome.status, outcome.error};
    }
    const reports::Result& result = outcome.checked->report.result;
    const Judgement judgement = judge(request.expected, result, request.accept);
    Told told{"clean", reports::summary_line(result), judgement.status, {}};
    if (request.expected.any() && judgement.met)
      told.verdict = "expected";
    else if (request.expected.any() && judgement.status == reports::kExitFindings)
      told.verdict = "unexpected";
    else if (judgement.status == reports::kExitFindings)
      told.verdict = "findings";
    else if (judgement.status == reports::kExitInconclusive)
      told.verdict = "inconclusive";
    if (judgement.status != reports::kExitClean) told.block = block(request, *outcome.checked, judgement);
    if (!outcome.error.empty()) {
      told.block += (told.block.empty() ? "" : "\n") + outcome.error + '\n';
      told.status = reports::kExitBadInput;
    }
    return told;
  }

  /// What `raddle check` would print of it alone, without the line that is there already.
  std::string block(const CheckRequest& request, const CheckedModel& checked,
                    const Judgement& judgement) const {
    reports::ResultTextOptions options;
    options.trace.width = output_width();
    options.trace.colour = use_colour(common_.colour);
    options.accept = request.accept;
    const ModelReport& report = checked.report;
    std::string text = reports::text_result(
        report.result,
        [&](const reports::ResultFinding& f) -> const engine::Trace* {
          const auto i = static_cast<std::size_t>(&f - report.result.findings.data());
          return i < report.witnesses.size() && report.witnesses[i] ? &*report.witnesses[i] : nullptr;
        },
        options);
    const std::string summary = reports::summary_line(report.result) + '\n';
    if (const std::size_t at = text.find(summary); at != std::string::npos) text.erase(at, summary.size());
    while (text.ends_with("\n\n")) text.pop_back();
    if (!judgement.message.empty()) text += judgement.message + '\n';
    return text;
  }

  void print_model(std::size_t i, const Told& told) {
    const std::string& name = list_.models[i].name;
    std::string line = told.verdict + std::string(kWidestVerdict - told.verdict.size() + 2, ' ') + name;
    if (!told.text.empty())
      line += std::string(name.size() < name_width_ ? name_width_ - name.size() + 2 : 2, ' ') + told.text;
    line += '\n';
    if (!told.block.empty() && !common_.quiet)
      line += '\n' + told.block + (told.block.ends_with('\n') ? "\n" : "\n\n");
    progress_->hide();
    print(line);
    all_.push_back(told);
    if (common_.progress == ProgressKind::Json) print_error(verdict_json(report_of(i)) + '\n');
  }

  reports::ModelSummary summary_of(std::size_t i) const {
    const ListedModel& m = list_.models[i];
    reports::ModelSummary summary{.name = m.name,
                                  .exit_code = all_[i].status,
                                  .expected = m.request.expected.words(),
                                  .error = m.problem};
    if (const auto& outcome = outcomes_[i]) {
      summary.error = outcome->error.empty() && outcome->interrupted && !outcome->checked ? "interrupted"
                                                                                          : outcome->error;
      if (outcome->checked) summary.result = &outcome->checked->report.result;
    } else if (!m.skipped.empty()) {
      summary.error = "skipped: " + m.skipped;
    }
    return summary;
  }

  /// By their names in the baseline: one model may be checked several times.
  std::deque<reports::BaselineModel> baseline_models() const {
    std::deque<reports::BaselineModel> models;
    for (std::size_t i = 0; i < list_.models.size(); ++i) {
      const std::string& name = list_.models[i].request.baseline_model;
      auto at = std::find_if(models.begin(), models.end(), [&](const auto& m) { return m.name == name; });
      if (at == models.end()) at = models.insert(models.end(), {name, {}});
      if (outcomes_[i] && outcomes_[i]->checked && !list_.models[i].request.expected.wants_errors())
        at->results.push_back(&outcomes_[i]->checked->report.result);
    }
    return models;
  }

  int conclude(bool interrupted) {
    int status = reports::kExitClean;
    for (const int worst : {reports::kExitInconclusive, reports::kExitFindings, reports::kExitBadInput})
      if (std::any_of(all_.begin(), all_.end(), [&](const Told& t) { return t.status == worst; }))
        status = worst;
    for (const Told& t : all_)
      if (t.status > reports::kExitInconclusive) status = t.status;  // an error in raddle itself
    const bool nothing = std::all_of(list_.models.begin(), list_.models.end(),
                                     [](const ListedModel& m) { return !m.skipped.empty(); });
    if (status == reports::kExitClean && (interrupted || nothing)) status = reports::kExitInconclusive;
    std::optional<UserError> unwritten;
    auto try_to = [&](auto&& write) {
      try {
        write();
      } catch (const UserError& e) {
        if (!unwritten) unwritten = e;
      }
    };
    try_to([&] { write_report(status); });
    try_to([&] {
      write_outputs();
      if (!common_.outputs.html.empty() && !common_.quiet) print("html: " + common_.outputs.html + '\n');
    });
    try_to([&] {
      if (common_.baseline.empty() && common_.write_baseline.empty()) return;
      const auto models = baseline_models();
      const std::vector<reports::BaselineModel> all(models.begin(), models.end());
      const std::string text = conclude_baseline(common_, all, list_.whole && !interrupted);
      if (!common_.quiet) print(text);
    });
    print(summary(interrupted) + '\n');
    if (unwritten) throw *unwritten;
    return status;
  }

  void write_report(int status) const {
    if (common_.report.empty()) return;
    std::vector<reports::ModelSummary> summaries;
    for (std::size_t i = 0; i < list_.models.size(); ++i) summaries.push_back(summary_of(i));
    reports::write_file(common_.report, reports::results_to_json(status, summaries));
  }

  void write_outputs() const {
    if (!common_.outputs.any()) return;
    std::vector<ModelReport> reports;
    for (std::size_t i = 0; i < list_.models.size(); ++i) reports.push_back(report_of(i));
    write(common_.outputs, reports, [this](const std::string& file) { return source_of(file); });
  }

  ModelReport report_of(std::size_t i) const {
    const ListedModel& m = list_.models[i];
    ModelReport report;
    if (outcomes_[i] && outcomes_[i]->checked) {
      report = outcomes_[i]->checked->report;
      const Judgement judgement = judge(m.request.expected, report.result, m.request.accept);
      if (!judgement.met) report.problem = judgement.message;
    } else {
      report.result.model = m.request.model.model;
      report.result.raddle_version = RADDLE_VERSION;
      report.result.verdict = "inconclusive";
      report.skipped = m.skipped;
      report.problem = summary_of(i).error;
    }
    if (outcomes_[i] && !outcomes_[i]->error.empty()) report.problem = outcomes_[i]->error;
    if (!report.problem.empty() && !(outcomes_[i] && outcomes_[i]->checked)) {  // nothing of it is known
      report.result.coverage.kind = "cut";
      report.result.coverage.detail = report.result.inconclusive_reason = report.problem;
    }
    report.name = m.name;
    report.status = all_[i].status;
    return report;
  }

  /// What models in different folders call alike is none of them.
  std::optional<std::string> source_of(const std::string& file) const {
    std::set<std::string> found;
    for (const auto& outcome : outcomes_) {
      if (!outcome || !outcome->checked) continue;
      for (const std::string& path : outcome->checked->source_files)
        if (path == file || path.ends_with('/' + file)) found.insert(path);
    }
    if (found.size() != 1) return std::nullopt;
    std::ifstream stream(*found.begin(), std::ios::binary);
    if (!stream) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }

  std::string summary(bool interrupted) const {
    std::size_t checked = 0;
    std::uint64_t executions = 0;
    for (const auto& outcome : outcomes_)
      if (outcome && outcome->checked) ++checked, executions += outcome->checked->report.result.executions;
    std::string text = counted(checked, "model", "models") + " checked";
    std::string separator = ": ";
    for (const auto& [verdict, words] :
         {std::pair("clean", "clean"), std::pair("expected", "as expected"),
          std::pair("findings", "with errors"), std::pair("unexpected", "not as expected"),
          std::pair("inconclusive", "inconclusive"), std::pair("bad input", "that could not be run"),
          std::pair("lost", "lost"), std::pair("skipped", "skipped"),
          std::pair("not checked", "not checked")}) {
      const auto n = static_cast<std::size_t>(
          std::count_if(all_.begin(), all_.end(), [&](const Told& t) { return t.verdict == verdict; }));
      if (n == 0) continue;
      text += separator + reports::grouped(n) + ' ' + words;
      separator = ", ";
    }
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, ", %.2f s",
                  std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count());
    return text + "; " + counted(executions, "execution", "executions") +
           (interrupted ? "; interrupted" : "") + seconds;
  }

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const ModelList& list_;
  const CheckRequest& common_;
  std::vector<std::optional<ModelOutcome>> outcomes_;  // by model; none: it was not to be checked
  std::vector<Told> all_;
  std::optional<ModelsProgress> progress_;
  std::size_t next_ = 0, name_width_ = 0;
};

}  // namespace

int check_project(const ModelList& list) { return ProjectCheck(list).run(); }

}  // namespace raddle::cli
