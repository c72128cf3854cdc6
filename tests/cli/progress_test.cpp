// The line that says how far a search has come.
#include "checker/cli/progress.h"

#include <limits>

#include <doctest/doctest.h>

#include "checker/cli/models_progress.h"

using namespace raddle::cli;

namespace {
constexpr double kForEver = std::numeric_limits<double>::infinity();
}

TEST_CASE("progress in words") {
  CHECK(progress_text({.executions = 1, .seconds = 1.02, .limit = 60}) == "1 execution, 0/s, 1 s of 60 s");
  CHECK(progress_text({.executions = 1234567, .seconds = 61.7, .limit = kForEver}) ==
        "1,234,567 executions, 20,009/s, 62 s");
  CHECK(progress_text({.executions = 1234, .pending = 4444, .seconds = 2, .limit = kForEver}) ==
        "1,234 of at least 5,678 executions, 617/s, 2 s");
  CHECK(progress_text({.executions = 7, .seconds = 1, .limit = 60}, {"a.py::test_it", 2, 12}) ==
        "3 of 12, a.py::test_it: 7 executions, 7/s, 1 s of 60 s");
}

TEST_CASE("progress of several models in words") {
  const ProgressState all{.executions = 1500, .seconds = 3, .limit = kForEver};
  const std::vector<RunningModel> running = {{"a.py", {.executions = 500, .seconds = 2, .limit = 60}},
                                             {"b\x1b.py", {}}};
  CHECK(models_progress_text(3, 12, all, running) ==
        "3 of 12 models, 1,500 executions, 500/s, 3 s; a.py: 500 executions, 250/s, 2 s of 60 s; b\\x1b.py");
}

TEST_CASE("the verdict for programs") {
  raddle::reports::ModelReport model;
  model.result.model = "m.py";
  model.result.verdict = "findings";
  model.result.executions = model.result.classes = 4;
  model.result.seconds = 0.0125;
  model.result.findings.resize(3);
  for (auto& f : model.result.findings) f.severity = "error";
  model.result.findings[1].severity = "note";
  model.result.findings[2].suppressed = "baseline";
  CHECK(verdict_json(model) ==
        R"({"model":"m.py","verdict":"findings","status":1,"coverage":"complete","executions":4,"classes":4,)"
        R"("errors":1,"warnings":0,"notes":1,"seconds":0.013})");
}

TEST_CASE("progress for programs") {
  CHECK(progress_json({.executions = 1234, .pending = 4444, .seconds = 2.0006, .limit = 60}) ==
        R"({"executions":1234,"at_least":5678,"per_second":616,"seconds":2.001,"limit":60.0})");
  CHECK(progress_json({.executions = 0, .seconds = 0, .limit = kForEver}) ==
        R"({"executions":0,"per_second":0,"seconds":0.0})");
  CHECK(progress_json({.executions = 7, .seconds = 1, .limit = kForEver}, {"a.py", 0, 2}) ==
        R"({"model":"a.py","done":0,"models":2,"executions":7,"per_second":7,"seconds":1.0})");
}
