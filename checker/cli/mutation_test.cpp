#include "checker/cli/mutation_test.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include <nlohmann/json.hpp>

#include "checker/cli/aside_process.h"
#include "checker/cli/model_process.h"
#include "checker/cli/terminal.h"
#include "checker/engine/error.h"
#include "reports/policy.h"
#include "reports/text_result.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;
using engine::UserError;

struct Mutant {
  std::string file;  // absolute
  int number = 0;
  Mutation mutation;
  std::string fate;  // empty: killed, or not checked
  std::string killed_by;
  bool checked = false;
};

struct TestedModel {
  std::string why_not;  // not empty: there are no mutants of it, and why
  int status = reports::kExitClean;
  std::vector<Mutant> mutants;
};

std::vector<Mutation> mutations_in(const std::string& file) {
  using nlohmann::json;
  const json list = json::parse(from_child(
      [&] {
        json all = json::array();
        for (const Mutation& m : mutations_of(file)) all.push_back({m.kind, m.line, m.function, m.words});
        return all.dump(-1, ' ', false, json::error_handler_t::replace);
      },
      "the mutants could not be listed"));
  std::vector<Mutation> all;
  for (const json& m : list) all.push_back({m.at(0), m.at(1), m.at(2), m.at(3)});
  return all;
}

std::string as_typed(const std::string& file) {
  std::error_code error;
  const fs::path relative = fs::path(file).lexically_relative(fs::current_path(error));
  return relative.empty() || *relative.begin() == ".." ? file : relative.string();
}

std::string counted(std::size_t n, const char* one, const char* many) {
  return std::to_string(n) + ' ' + (n == 1 ? one : many);
}

class MutationTest {
 public:
  MutationTest(ModelList list, const MutationTestOptions& options)
      : list_(std::move(list)), options_(options) {}

  int run() {
    tested_.resize(list_.models.size());
    interrupted_ = check_originals() || check_mutants();
    for (std::size_t i = 0; i < tested_.size(); ++i) tell(i);
    return conclude();
  }

 private:
  CheckRequest hurried(CheckRequest request) const {
    request.search.limits.seconds = std::min(request.search.limits.seconds, options_.seconds);
    if (request.policy.ignore.empty() && !request.accepted) request.search.limits.first_finding = true;
    request.write_baseline.clear();
    request.checkpoint.clear();
    request.keep_traces = false;
    return request;
  }

  /// Do they pass, and what files are they?
  bool check_originals() {
    std::vector<CheckRequest> requests;
    std::vector<std::size_t> of_request;
    for (std::size_t i = 0; i < list_.models.size(); ++i) {
      const ListedModel& m = list_.models[i];
      TestedModel& t = tested_[i];
      if (!m.problem.empty())
        t = {"bad input: " + m.problem, reports::kExitBadInput, {}};
      else if (!m.skipped.empty())
        t.why_not = "skipped: " + m.skipped;
      else if (m.request.expected.any() && m.request.expected.verdict != "clean")
        t.why_not = "is expected to have " + m.request.expected.words();
      else
        requests.push_back(hurried(m.request)), of_request.push_back(i);
    }
    return check_models(requests, list_.common.search.jobs, [&](std::size_t r, const ModelOutcome& outcome) {
      TestedModel& t = tested_[of_request[r]];
      if (!outcome.checked)
        t = {outcome.interrupted ? "not tested: interrupted" : "bad input: " + outcome.error,
             outcome.interrupted ? int{reports::kExitInconclusive} : outcome.status,
             {}};
      else if (outcome.status == reports::kExitFindings)
        t = {"not tested: it has errors itself", reports::kExitInconclusive, {}};
      else if (const auto& reason = outcome.checked->report.result.coverage.reason;
               reason == "crash" || reason == "standstill")
        t = {"not tested: its process is lost, or it cannot be stopped", reports::kExitInconclusive, {}};
      else
        list_mutants(outcome.checked->source_files, t);
    });
  }

  /// Of the files in turn, so that each has some.
  void list_mutants(const std::vector<std::string>& files, TestedModel& tested) {
    std::vector<std::vector<Mutation>> all;
    for (const std::string& file : files) {
      auto at = known_.find(file);
      if (at == known_.end()) at = known_.emplace(file, mutations_in(file)).first;
      all.push_back(at->second);
    }
    for (std::size_t n = 0; tested.mutants.size() < options_.most; ++n) {
      bool any = false;
      for (std::size_t f = 0; f < files.size(); ++f)
        if (n < all[f].size() && tested.mutants.size() < options_.most) {
          tested.mutants.push_back({.file = files[f], .number = static_cast<int>(n), .mutation = all[f][n]});
          any = true;
        }
      if (!any) break;
    }
    if (tested.mutants.empty()) tested.why_not = "no mutants: nothing in it synchronises threads";
  }

  bool check_mutants() {
    std::vector<CheckRequest> requests;
    std::vector<Mutant*> of_request;
    for (std::size_t i = 0; i < tested_.size(); ++i)
      for (Mutant& m : tested_[i].mutants) {
        CheckRequest r = hurried(list_.models[i].request);
        r.model.mutated_file = m.file;
        r.model.mutation = m.number;
        requests.push_back(std::move(r));
        of_request.push_back(&m);
      }
    return check_models(requests, list_.common.search.jobs, [&](std::size_t r, const ModelOutcome& outcome) {
      Mutant& m = *of_request[r];
      m.checked = outcome.checked.has_value();
      if (!outcome.checked) {
        m.fate = outcome.interrupted ? "not checked: interrupted"
                                     : "not checked: " + outcome.error.substr(0, outcome.error.find('\n'));
      } else if (outcome.status == reports::kExitFindings) {
        for (const auto& f : outcome.checked->report.result.findings)
          if (m.killed_by.empty() && f.severity == "error" && f.suppressed.empty()) m.killed_by = f.kind;
      } else {
        m.fate = "survived: " + reports::coverage_text(outcome.checked->report.result.coverage);
      }
    });
  }

  void tell(std::size_t i) {
    const TestedModel& t = tested_[i];
    std::string text = list_.models[i].name + ": ";
    if (!t.why_not.empty()) return print(text + t.why_not + '\n');
    std::map<std::string, std::size_t> killed_by;
    std::size_t killed = 0, survived = 0;
    for (const Mutant& m : t.mutants) {
      if (!m.killed_by.empty()) ++killed, ++killed_by[m.killed_by];
      survived += m.checked && m.killed_by.empty();
    }
    text += counted(t.mutants.size(), "mutant, ", "mutants, ") + std::to_string(killed) + " killed";
    std::string kinds;
    for (const auto& [kind, n] : killed_by)
      kinds += (kinds.empty() ? "" : ", ") + std::to_string(n) + ' ' + kind;
    if (!kinds.empty()) text += " (" + kinds + ')';
    if (survived) text += ", " + std::to_string(survived) + " survived";
    if (const std::size_t rest = t.mutants.size() - killed - survived)
      text += ", " + std::to_string(rest) + " not checked";
    text += '\n';
    if (!list_.common.quiet)
      for (const Mutant& m : t.mutants)
        if (!m.fate.empty())
          text += "  " + as_typed(m.file) + ':' + std::to_string(m.mutation.line) +
                  (m.mutation.function.empty() ? "" : ", " + m.mutation.function) + ": " + m.mutation.words +
                  " (" + m.mutation.kind + ")  " + m.fate + '\n';
    if (is_toothless(killed, survived))
      text += "  FAILED  " +
              std::string(options_.all && killed ? "not every mutant was noticed"
                                                 : "no mutant was noticed: can this check fail?") +
              '\n';
    print(text);
    mutants_ += t.mutants.size();
    killed_ += killed;
    survived_ += survived;
    tested_models_ += killed + survived > 0;
    toothless_ += is_toothless(killed, survived);
    untested_ += killed + survived == 0 && !t.mutants.empty();
  }

  bool is_toothless(std::size_t killed, std::size_t survived) const {
    return survived > 0 && (killed == 0 || options_.all);
  }

  int conclude() const {
    print(counted(tested_models_, "model tested, ", "models tested, ") +
          counted(mutants_, "mutant: ", "mutants: ") + std::to_string(killed_) + " killed, " +
          std::to_string(survived_) + " survived" +
          (toothless_ ? "; " + counted(toothless_, "model", "models") + " failed" : std::string()) +
          (interrupted_ ? "; interrupted" : "") + '\n');
    auto any = [&](int status) {
      return std::any_of(tested_.begin(), tested_.end(),
                         [&](const TestedModel& t) { return t.status == status; });
    };
    if (any(reports::kExitBadInput)) return reports::kExitBadInput;
    if (toothless_) return reports::kExitFindings;
    return interrupted_ || untested_ || tested_models_ == 0 || any(reports::kExitInconclusive)
               ? reports::kExitInconclusive
               : reports::kExitClean;
  }

  ModelList list_;
  const MutationTestOptions options_;
  std::vector<TestedModel> tested_;
  std::map<std::string, std::vector<Mutation>> known_;  // by file
  bool interrupted_ = false;
  std::size_t mutants_ = 0, killed_ = 0, survived_ = 0, tested_models_ = 0, toothless_ = 0;
  std::size_t untested_ = 0;  // models of whose mutants none could be checked
};

}  // namespace

int test_by_mutation(ModelList list, const MutationTestOptions& options) {
  return MutationTest(std::move(list), options).run();
}

}  // namespace raddle::cli
