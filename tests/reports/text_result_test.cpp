// What `raddle check` prints.
#include "reports/text_result.h"

#include <map>
#include <regex>

#include <doctest/doctest.h>

#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

Result explored(std::uint64_t executions) {
  Result result;
  result.model = "m.py";
  result.executions = result.executions_total = result.classes = executions;
  return result;
}

ResultFinding finding(const char* kind, const char* severity, std::uint64_t count = 1) {
  ResultFinding f;
  f.kind = kind;
  f.severity = severity;
  f.message = std::string("Something about a ") + kind + ".";
  f.title = "thing";
  f.site = {"src/m.py", 7, 0, ""};
  f.count = count;
  return f;
}

std::string text_of(const Result& result, const ResultTextOptions& options = {}) {
  std::map<std::string, engine::Trace> traces = {{".raddle/lost_update-1.json", tests::lost_update()},
                                                 {".raddle/philosophers-1.json", tests::philosophers()}};
  std::string text = text_result(
      result,
      [&](const ResultFinding& f) {
        auto it = traces.find(f.trace);
        return it == traces.end() ? nullptr : &it->second;
      },
      options);
  std::string summary = summary_line(result) + "\n";
  std::size_t at = text.find(summary);
  REQUIRE(at != std::string::npos);
  tests::check_width(text.substr(0, at) + text.substr(at + summary.size()), options.trace.width);
  return text;
}

}  // namespace

TEST_CASE("one finding") { tests::check_golden("result_lost_update", text_of(tests::lost_update_result())); }

TEST_CASE("what does not count is not nothing") {
  Result result = explored(4);
  result.findings.resize(3);
  for (ResultFinding& f : result.findings) f.suppressed = "--ignore deadlock";
  CHECK(summary_line(result) == "4 of 4 executions explored (complete), 3 findings ignored, 0.00 s");
  result.findings.resize(1);
  CHECK(summary_line(result) == "4 of 4 executions explored (complete), 1 finding ignored, 0.00 s");
}

TEST_CASE("where nothing is known, nothing is said to be found") {
  Result result = explored(4);
  result.inconclusive_reason = "the model crashed";
  result.coverage = {.kind = "cut", .reason = "crash"};
  CHECK(summary_line(result) == "4 executions explored (cut: crash), 0.00 s");
}

TEST_CASE("nothing found") {
  CHECK(text_of(explored(4)) == "4 of 4 executions explored (complete), nothing found, 0.00 s\n");
  CHECK(text_of(explored(1)) == "1 of 1 execution explored (complete), nothing found, 0.00 s\n");
  CHECK(summary_line(explored(1234567)) ==
        "1,234,567 of 1,234,567 executions explored (complete), nothing found, 0.00 s");
}

TEST_CASE("many findings") {
  Result result = tests::lost_update_result();
  result.findings.push_back(finding("deadlock", "error", 7));
  result.findings.back().trace = ".raddle/philosophers-1.json";
  for (int i = 0; i < 16; ++i) result.findings.push_back(finding("exception", "error", 3));
  for (int i = 0; i < 12; ++i) {
    result.findings.push_back(finding("lock-order", "warning"));
    result.findings.back().site.line = 20 + i;
  }
  result.findings.push_back(finding("atomicity", "note"));
  result.findings.back().trace = ".raddle/m-31.json";
  result.findings.push_back(finding("misuse", "error"));
  result.findings.back().suppressed = "--ignore misuse";
  result.warnings = {"The folder .raddle cannot be written, so traces are not kept."};
  result.findings[2].places = {{"t1", "write x = 1", {"src/m.py", 7, 0, ""}}, {"t2", "read x -> 0", {}}};
  tests::check_golden("result_many", text_of(result));
}

TEST_CASE("phrases") {
  Result result = explored(36);
  result.findings = {finding("deadlock", "error", 1), finding("lost-update", "error", 27)};
  CHECK(summary_line(result) ==
        "36 of 36 executions explored (complete), 1 ends in a deadlock, 27 lose an update, 0.00 s");
  result.findings.push_back(finding("lost-update", "error", 5));
  result.findings.push_back(finding("lock-order", "warning"));
  result.findings.push_back(finding("telepathy", "error", 2));
  result.findings.push_back(finding("leak", "note"));
  result.findings.push_back(finding("leak", "note"));
  result.findings.back().site.line = 8;
  CHECK(summary_line(result) ==
        "36 of 36 executions explored (complete), 1 ends in a deadlock, 2 different lost updates, 2 with "
        "telepathy, 1 "
        "warning, "
        "2 notes, 0.00 s");
}

TEST_CASE("coverage") {
  Coverage c;
  CHECK(coverage_text(c) == "complete");
  c.partial = {"ctypes at m.py:3", "signals"};
  CHECK(coverage_text(c) == "complete; partial control: ctypes at m.py:3, signals");

  c = {.kind = "bounded", .reason = "loop-bound", .bound = 8};
  CHECK(coverage_text(c) == "bounded(8): loops cut after 8 rounds");
  c.loops = {{{"src/m.py", 20, 0, ""}, "t2", 8}};
  CHECK(coverage_text(c) == "bounded(8): loop at m.py:20 in t2 cut after 8 rounds");
  for (int i = 0; i < 4; ++i) c.loops.push_back({{}, "", 1});
  CHECK(coverage_text(c) ==
        "bounded(8): loop at m.py:20 in t2 cut after 8 rounds, loop cut after 1 round, loop cut "
        "after 1 round and 2 more");
  c = {.kind = "bounded", .reason = "preemptions", .bound = 1};
  CHECK(coverage_text(c) == "bounded(1): at most 1 preemption");
  c = {.kind = "bounded", .reason = "delays", .bound = 2};
  CHECK(coverage_text(c) == "bounded(2): at most 2 delays");
  c = {.kind = "bounded", .reason = "preemptions", .bound = 0, .requested = true};
  c.detail = "no violation in any schedule with at most 0 preemptions";  // has a sentence of its own
  CHECK(coverage_text(c) == "bounded(0): at most 0 preemptions");
  c = {.kind = "bounded", .reason = "preemptions", .detail = "the time budget ran out", .bound = 3};
  c.loops = {{{"src/m.py", 20, 0, ""}, "t2", 8}};
  CHECK(
      coverage_text(c) ==
      "bounded(3): at most 3 preemptions; loop at m.py:20 in t2 cut after 8 rounds; the time budget ran out");

  c = {.kind = "sampled", .reason = "runs", .runs = 10000, .requested = true};
  CHECK(coverage_text(c) == "sampled(10000)");
  c = {.kind = "sampled", .reason = "time", .runs = 37};
  CHECK(coverage_text(c) == "sampled(37): the time budget ran out");
  c.detail = "exhaustive search cut after 60 s and 12,000 executions";
  CHECK(coverage_text(c) == "sampled(37): exhaustive search cut after 60 s and 12,000 executions");

  for (auto [reason, words] : {std::pair{"first-finding", "stopped at the first finding; --all goes on"},
                               {"time", "the time budget ran out"},
                               {"runs", "all runs are used up"},
                               {"steps", "an execution was too long"},
                               {"threads", "too many threads"},
                               {"memory", "the memory budget ran out"},
                               {"interrupted", "interrupted"}}) {
    c = {.kind = "cut", .reason = reason};
    CHECK(coverage_text(c) == std::string("cut: ") + words);
  }
}

TEST_CASE("numbers that differ") {
  Result result = explored(34);
  result.coverage = {.kind = "bounded", .reason = "loop-bound", .bound = 8, .requested = true};
  result.executions_total = 61;
  result.truncated = 2;
  CHECK(summary_line(result) ==
        "34 executions explored (bounded(8): loops cut after 8 rounds), 61 in all rounds, 2 "
        "truncated, nothing found, 0.00 s");
  result = explored(1000);
  result.coverage = {.kind = "sampled", .reason = "runs", .runs = 1000, .requested = true};
  result.classes = 36;
  result.seconds = 1.239;
  CHECK(summary_line(result) ==
        "1,000 executions sampled (sampled(1000)), 36 distinct, nothing found, 1.24 s");
  result = explored(40);
  result.blocked = 4;
  result.classes = 36;
  CHECK(summary_line(result) ==
        "40 of 40 executions explored (complete), 36 distinct, 4 redundant, nothing found, 0.00 s");
}

TEST_CASE("inconclusive says why and what to do, unless it is accepted") {
  Result result = explored(10);
  result.coverage = {.kind = "cut", .reason = "time"};
  CHECK(text_of(result) ==
        "10 executions explored (cut: the time budget ran out), nothing found, 0.00 s\n"
        "INCONCLUSIVE  What was not explored may still fail. Try a longer --time, a smaller model, or\n"
        "samples: --strategy sample --runs N.\n");
  for (const auto& [reason, advice] :
       {std::pair("interrupted", ""), std::pair("first-finding", " Try --all."),
        std::pair("runs", " Try more --runs, or none.")}) {
    result.coverage = {.kind = "cut", .reason = reason};
    CHECK(text_of(result).ends_with("\nINCONCLUSIVE  What was not explored may still fail." +
                                    std::string(advice) + "\n"));
  }
  result.coverage = {.kind = "bounded", .reason = "loop-bound", .bound = 2};
  CHECK(text_of(result) ==
        "10 executions explored (bounded(2): loops cut after 2 rounds), nothing found, 0.00 s\n"
        "INCONCLUSIVE  What lies beyond the bound may still fail. --accept bounded is content with this "
        "much.\n");
  CHECK(text_of(result, {.accept = {.bounded = true}}) ==
        "10 executions explored (bounded(2): loops cut after 2 rounds), nothing found, 0.00 s\n");
  result.coverage = {.kind = "sampled", .reason = "time", .runs = 10, .partial = {"ctypes"}};
  CHECK(text_of(result, {.accept = {.sampled = true}}) ==
        "10 executions sampled (sampled(10): the time budget ran out; partial control: ctypes), nothing "
        "found, 0.00 s\n"
        "INCONCLUSIVE  Raddle does not control all that the model does. --accept partial is content with\n"
        "that.\n");
  result = explored(0);
  result.inconclusive_reason = "The model starts more than 1,024 threads.";
  CHECK(text_of(result).find("\nINCONCLUSIVE  The model starts more than 1,024 threads. Nothing is known") !=
        std::string::npos);
  result.findings.push_back(finding("deadlock", "error"));
  CHECK(text_of(result).find("INCONCLUSIVE") == std::string::npos);
}

TEST_CASE("one cause in several threads is said once") {
  auto race = [](const char* one, const char* other, int line) {
    ResultFinding f = finding("data-race", "warning");
    f.message = std::string(one) + " writes x at :7 and " + other + " reads it; nothing orders the two.";
    f.objects = {"x"};
    f.site.line = line;
    f.places = {{one, "write x = 1", {"src/m.py", 7, 0, ""}},
                {other, "read x -> 0", {"src/m.py", line, 0, ""}}};
    return f;
  };
  Result result = explored(4);
  result.findings = {race("t1", "t2", 8), race("t2", "t1", 8), race("t1", "t3", 8), race("t1", "t2", 9)};
  std::string text = text_of(result);
  CHECK(text.find("t1 writes x at :7 and t2 reads it; nothing") != std::string::npos);
  CHECK(std::regex_search(text, std::regex("\\[data-race\\]\\s+3\\s+times, in\\s+different\\s+threads")));
  CHECK(text.find("t3") == std::string::npos);
  CHECK(text.find("m.py:9  thing: t1 writes x at :7 and t2 reads it") != std::string::npos);
  CHECK(summary_line(result) == "4 of 4 executions explored (complete), 2 warnings, 0.00 s");
  result.findings[1].objects = {"y"};
  result.findings[2].suppressed = "--ignore data-race";
  CHECK(summary_line(result) ==
        "4 of 4 executions explored (complete), 3 warnings, 1 finding ignored, 0.00 s");
}

TEST_CASE("outcomes") {
  Result result = explored(20);
  for (int i = 0; i < 22; ++i)
    result.outcomes.push_back({"counter is " + std::to_string(i) + "\n", 1234, ""});
  result.outcomes[0].output = std::string(200, 'x') + "\x1b[0m";
  result.outcomes[1].output.clear();
  tests::check_golden("result_outcomes", text_of(result));
}

TEST_CASE("narrow and coloured") {
  ResultTextOptions options;
  options.trace.width = 60;
  Result result = tests::lost_update_result();
  result.findings.push_back(finding("lock-order", "warning"));
  tests::check_golden("result_60", text_of(result, options));
  options.trace.colour = true;
  std::string text = text_result(result, nullptr, options);
  CHECK(text.find("\x1b[1;31mLOST UPDATE\x1b[0m") != std::string::npos);
  CHECK(text.find("\x1b[1;33mwarning\x1b[0m") != std::string::npos);
}

TEST_CASE("what a sample says of the rest") {
  Result result = explored(1000);
  result.classes = 400;
  result.coverage = {.kind = "sampled", .reason = "runs", .runs = 1000, .requested = true};
  const std::string summary = summary_line(result) + '\n';
  CHECK(text_of(result) == summary);
  result.sample = SampleSummary{.draws = 700, .classes = 300, .once = 40, .twice = 9};
  CHECK(text_of(result) == summary);  // nothing to say
  result.sample->new_class_probability = 0.0314;
  result.sample->least_classes = 2468.1;
  CHECK(text_of(result) == "about 3.1 % of further runs are new, at least 2,468 in all\n" + summary);
  result.sample->new_class_probability = 0.9961;
  CHECK(text_of(result).starts_with("about 100 % of further runs are new, "));
  result.sample->new_class_probability = 0.00000123;
  CHECK(text_of(result).starts_with("about 0.00012 % of further runs are new, "));
  result.sample->new_class_probability = 0;
  result.sample->least_classes = 300;  // others have shown more
  result.sample->ordered_pairs = 7;
  result.sample->in_both_orders = 2;
  CHECK(text_of(result) ==
        "less than 0.14 % of further runs are new, at least 400 in all; 7 ordered pairs of accesses, 2 both\n"
        "ways\n" +
            summary);
  result.coverage = {.kind = "cut", .reason = "first-finding"};
  CHECK(text_of(result).find("further") == std::string::npos);
}
