#include "checker/cli/test_suite.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "checker/cli/aside_process.h"
#include "checker/cli/model_check.h"
#include "checker/cli/terminal.h"
#include "checker/engine/error.h"
#include "reports/policy.h"

namespace raddle::cli {
namespace {

using engine::UserError;

std::string counted(std::size_t n, const char* what) { return std::to_string(n) + " " + what; }

int check_all(const CheckRequest& request, const std::vector<Test>& tests) {
  std::size_t clean = 0, failed = 0, inconclusive = 0, unusable = 0, skipped = 0;
  bool interrupted = false;
  const auto models = static_cast<std::size_t>(
      std::count_if(tests.begin(), tests.end(), [](const Test& t) { return t.why_not.empty(); }));
  std::size_t number = 0;
  for (const Test& test : tests) {
    const std::string name = test.name.empty() ? test.file : test.file + "::" + test.name;
    if (!test.why_not.empty()) {
      print(name + ": " + (test.name.empty() ? "" : "skipped: ") + test.why_not + '\n');
      ++(test.name.empty() ? unusable : skipped);
      continue;
    }
    CheckRequest one = request;
    one.model.model = test.file;
    one.model.test = test.name;
    one.heading = name;
    one.progress_of = {name, number++, models};
    const pid_t here = ::getpid();
    CheckOutcome outcome;
    try {
      outcome = check_model(one);
    } catch (const UserError& e) {
      print_error("raddle: " + std::string(e.what()) + '\n');
      outcome.status = reports::kExitBadInput;
    }
    if (::getpid() != here) ::_exit(outcome.status);  // the process of this one test
    switch (outcome.status) {
      case reports::kExitClean: ++clean; break;
      case reports::kExitFindings: ++failed; break;
      case reports::kExitInconclusive: ++inconclusive; break;
      default: ++unusable;
    }
    if ((interrupted = outcome.interrupted)) break;
  }
  std::string summary = counted(clean + failed + inconclusive,
                                clean + failed + inconclusive == 1 ? "test checked: " : "tests checked: ") +
                        counted(clean, "clean");
  if (failed) summary += ", " + counted(failed, "with errors");
  if (inconclusive) summary += ", " + counted(inconclusive, "inconclusive");
  if (unusable) summary += ", " + counted(unusable, "that could not be run");
  if (skipped) summary += ", " + counted(skipped, "skipped");
  print(summary + (interrupted ? "; interrupted" : "") + '\n');
  if (failed) return reports::kExitFindings;
  if (unusable) return reports::kExitBadInput;
  return inconclusive || interrupted ? reports::kExitInconclusive : reports::kExitClean;
}

/// What is about a single search is not for many tests.
void require_one(const CheckRequest& request, const std::string& tests) {
  for (const auto& [option, value] :
       {std::pair("--checkpoint", &request.checkpoint), std::pair("--graph", &request.graph)})
    if (!value->empty())
      throw UserError(std::string(option) + ": " + tests +
                      " has as many searches as tests. Name one of them: FILE::TEST");
}

}  // namespace

std::vector<Test> collect_tests(const CheckRequest& request) {
  using nlohmann::json;
  const double seconds = request.search.limits.seconds;
  const std::chrono::nanoseconds budget(std::isfinite(seconds) ? std::llround(seconds * 1e9) : 0);
  const json list = json::parse(from_child(
      [&] {
        json all = json::array();
        for (const Test& t : tests_in(request.model.model, {.standstill = request.watchdog}, budget))
          all.push_back({t.file, t.name, t.why_not});
        return all.dump(-1, ' ', false, json::error_handler_t::replace);
      },
      "the tests could not be collected"));
  std::vector<Test> tests;
  for (const json& t : list) tests.push_back({t.at(0), t.at(1), t.at(2)});
  return tests;
}

int check_tests(const CheckRequest& request) {
  require_one(request, "a folder");
  const std::vector<Test> tests = collect_tests(request);
  if (tests.empty())
    throw UserError(
        request.model.model +
        ": there are no tests in this folder: functions test_* in files test_*.py or *_test.py. To check "
        "a program, name its file");
  return check_all(request, tests);
}

std::optional<int> check_tests_of_file(const CheckRequest& request) {
  const ModelSpec& model = request.model;
  std::error_code error;
  if (model.as_module || !model.test.empty() || !is_test_file(model.model) ||
      !std::filesystem::is_regular_file(model.model, error))
    return std::nullopt;
  const std::vector<Test> tests = collect_tests(request);
  if (tests.empty()) return std::nullopt;
  require_one(request, model.model);
  return check_all(request, tests);
}

}  // namespace raddle::cli
