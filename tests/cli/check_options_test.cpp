// The options of `raddle check`.
#include "checker/cli/check_options.h"

#include <algorithm>
#include <limits>

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>

#include "checker/engine/error.h"

using namespace raddle;
using namespace raddle::cli;
using namespace std::chrono_literals;

namespace {

CheckRequest parsed(std::vector<std::string> arguments) {
  CheckOptionTexts texts;
  CLI::App app;
  texts.declare(app);
  std::reverse(arguments.begin(), arguments.end());
  app.parse(std::move(arguments));
  return texts.parse();
}

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("defaults") {
  const CheckRequest r = parsed({"model.py"});
  CHECK(r.model.model == "model.py");
  CHECK_FALSE(r.model.as_module);
  CHECK(r.search.strategy == explore::StrategyKind::Exhaustive);
  CHECK(r.search.limits.seconds == 60);
  CHECK(r.search.limits.executions == UINT64_MAX);
  CHECK(r.search.limits.first_finding);
  CHECK(r.search.seed == 0);
  CHECK(r.search.timeouts);
  CHECK_FALSE(r.search.virtual_clock);
  CHECK(r.search.max_steps == 20000);
  CHECK(r.given.empty());
  CHECK(r.trace_folder == ".raddle");
  CHECK_FALSE(r.trace_folder_given);
  CHECK(r.report.empty());
  CHECK(r.watchdog == 5s);
  CHECK_FALSE(r.quiet);
}

TEST_CASE("bounds of preemptions and delays") {
  const CheckRequest p = parsed({"m.py", "--preemptions", "0"});
  CHECK(p.search.strategy == explore::StrategyKind::Preemptions);
  CHECK(p.search.bound == 0);
  CHECK(p.given == Options{{"preemptions", "0"}});
  const CheckRequest d = parsed({"m.py", "--delays", "7", "--strategy", "delays"});
  CHECK(d.search.strategy == explore::StrategyKind::Delays);
  CHECK(d.search.bound == 7);
  CHECK(parsed({"m.py", "--strategy", "preemptions"}).search.bound == -1);
  CHECK_THROWS_AS(parsed({"m.py", "--preemptions", "1", "--delays", "1"}), engine::UserError);
  CHECK_THROWS_AS(parsed({"m.py", "--preemptions", "1", "--strategy", "delays"}), engine::UserError);
}

TEST_CASE("budgets") {
  CHECK(parsed({"m.py", "--runs", "5"}).search.limits.seconds == kNoLimit);
  CHECK(parsed({"m.py", "--runs", "5"}).search.limits.executions == 5);
  CHECK(parsed({"m.py", "--time", "2m"}).search.limits.seconds == 120);
  const CheckRequest both = parsed({"m.py", "--time", "1.5s", "--runs", "7"});
  CHECK(both.search.limits.seconds == 1.5);
  CHECK(both.search.limits.executions == 7);
  CHECK(both.given == Options{{"runs", "7"}, {"time", "1.5s"}});
}

TEST_CASE("everything") {
  const CheckRequest r = parsed({"-m",
                                 "a.b",
                                 "--strategy=random",
                                 "--runs=3",
                                 "--seed",
                                 "18446744073709551615",
                                 "--all",
                                 "--clock",
                                 "virtual",
                                 "--timeouts",
                                 "never",
                                 "--max-steps",
                                 "99",
                                 "--accept",
                                 "bounded,sampled",
                                 "--accept",
                                 "partial",
                                 "--strict",
                                 "--stdin",
                                 "in.txt",
                                 "--report",
                                 "r.json",
                                 "--trace-dir",
                                 "t",
                                 "--fail-on",
                                 "data-race,hang",
                                 "--ignore",
                                 "deadlock",
                                 "--ignore",
                                 "*:x.py:3",
                                 "--instrument",
                                 "a,b",
                                 "--instrument",
                                 "c",
                                 "--quiet",
                                 "--watchdog",
                                 "off",
                                 "--colour",
                                 "never"});
  CHECK(r.model.model == "a.b");
  CHECK(r.model.as_module);
  CHECK(r.model.stdin_file == "in.txt");
  CHECK(r.model.instrument == std::vector<std::string>{"a", "b", "c"});
  CHECK(r.search.strategy == explore::StrategyKind::Random);
  CHECK(r.search.seed == UINT64_MAX);
  CHECK_FALSE(r.search.limits.first_finding);
  CHECK(r.search.virtual_clock);
  CHECK_FALSE(r.search.timeouts);
  CHECK(r.search.max_steps == 99);
  CHECK(r.accept.bounded);
  CHECK(r.accept.sampled);
  CHECK(r.accept.partial);
  CHECK(r.policy.strict);
  CHECK(r.policy.fail_on == std::vector<std::string>{"data-race", "hang"});
  REQUIRE(r.policy.ignore.size() == 2);
  CHECK(r.policy.ignore[1].kind == "*");
  CHECK(r.policy.ignore[1].place == "x.py:3");
  CHECK(r.report == "r.json");
  CHECK(r.trace_folder == "t");
  CHECK(r.trace_folder_given);
  CHECK(r.quiet);
  CHECK(r.watchdog == 0s);
  CHECK(r.colour == Colour::Never);
  CHECK(r.given ==
        Options{
            {"runs", "3"}, {"all", "yes"}, {"clock", "virtual"}, {"timeouts", "never"}, {"max-steps", "99"}});
}

TEST_CASE("what is ignored does not end the search") {
  CHECK_FALSE(parsed({"m.py", "--ignore", "deadlock"}).search.limits.first_finding);
}

TEST_CASE("options with several values do not swallow the model") {
  CHECK(parsed({"--accept", "bounded", "m.py"}).model.model == "m.py");
  CHECK(parsed({"--ignore", "hang", "--fail-on", "hang", "m.py"}).model.model == "m.py");
}

TEST_CASE("the last value counts") { CHECK(parsed({"m.py", "--seed", "1", "--seed", "2"}).search.seed == 2); }

TEST_CASE("models") {
  CHECK_THROWS_AS(parsed({}), engine::UserError);
  CHECK_THROWS_AS(parsed({"m.py", "-m", "m"}), engine::UserError);
}

TEST_CASE("a trace remembers what it takes to load its model") {
  ModelSpec spec;
  spec.model = "a.b";
  spec.as_module = true;
  spec.arguments = {"x", ""};
  spec.stdin_file = "in.txt";
  spec.instrument = {"p", "q"};
  spec.gil = true;
  engine::Trace trace;
  trace.model = spec.model;
  trace.arguments = spec.arguments;
  trace.options = spec.options("content");
  CHECK(option_of(trace.options, "stdin-hash") == content_hash("content"));
  CHECK(content_hash("content") != content_hash("Content"));
  const ModelSpec again = ModelSpec::from_trace(trace);
  CHECK(again.model == spec.model);
  CHECK(again.as_module);
  CHECK(again.arguments == spec.arguments);
  CHECK(again.stdin_file == spec.stdin_file);
  CHECK(again.instrument == spec.instrument);
  CHECK(again.gil);
  CHECK(ModelSpec{}.options("").empty());
  CHECK(option_of({}, "stdin").empty());
}
