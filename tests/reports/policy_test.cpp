// Kinds of findings, --fail-on, --ignore, --strict, --accept, verdicts and exit codes.
#include "reports/policy.h"

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "reports/kinds.h"
#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

Result with(std::string_view coverage, bool requested, std::string_view severity = "") {
  Result result;
  result.coverage.kind = coverage;
  result.coverage.requested = requested;
  if (!severity.empty()) {
    result.findings.push_back({});
    result.findings.back().kind = "data-race";
    result.findings.back().severity = severity;
  }
  return result;
}

ResultFinding race() {
  ResultFinding f;
  f.kind = "data-race";
  f.severity = "warning";
  f.title = "stop_flag";
  f.site = {"src/pkg/worker.py", 12, 3, "run"};
  f.threads = {"t1", "t2"};
  f.objects = {"stop_flag", "C:colon"};
  f.places.push_back({"t2", "write", {"src/main.py", 40, 0, ""}});
  return f;
}

Result racy(const Policy& policy) {
  Result result;
  result.findings = {race()};
  apply_policy(result, policy);
  return result;
}

}  // namespace

TEST_CASE("exit codes") {
  struct Row {
    const char* coverage;
    bool requested;
    const char* severity;
    const char* verdict;
    int code, bounded, sampled, partial;  // without --accept, and with each of its values
  };
  const Row rows[] = {
      {"complete", false, "", "clean", 0, 0, 0, 0},
      {"complete", false, "note", "clean", 0, 0, 0, 0},
      {"complete", false, "warning", "clean", 0, 0, 0, 0},
      {"complete", false, "error", "findings", 1, 1, 1, 1},
      {"bounded", false, "", "inconclusive", 3, 0, 3, 3},
      {"bounded", true, "", "clean", 0, 0, 0, 0},
      {"bounded", false, "error", "findings", 1, 1, 1, 1},
      {"bounded", true, "warning", "clean", 0, 0, 0, 0},
      {"sampled", false, "", "inconclusive", 3, 3, 0, 3},
      {"sampled", true, "", "clean", 0, 0, 0, 0},
      {"sampled", true, "error", "findings", 1, 1, 1, 1},
      {"cut", false, "", "inconclusive", 3, 3, 3, 3},
      {"cut", true, "", "inconclusive", 3, 3, 3, 3},
      {"cut", false, "error", "findings", 1, 1, 1, 1},
      {"cut", false, "warning", "inconclusive", 3, 3, 3, 3},
      {"of a later raddle", true, "", "inconclusive", 3, 3, 3, 3},
  };
  for (const Row& row : rows) {
    CAPTURE(row.coverage);
    CAPTURE(row.requested);
    CAPTURE(row.severity);
    Result result = with(row.coverage, row.requested, row.severity);
    CHECK(verdict_of(result) == row.verdict);
    CHECK(exit_code(result) == row.code);
    CHECK(exit_code(result, {.bounded = true}) == row.bounded);
    CHECK(exit_code(result, {.sampled = true}) == row.sampled);
    CHECK(exit_code(result, {.partial = true}) == row.partial);
  }
}

TEST_CASE("every reason for inconclusive has to be accepted") {
  Result result = with("bounded", false);
  result.coverage.partial = {"ctypes"};
  CHECK(exit_code(result, {.bounded = true}) == kExitInconclusive);
  CHECK(exit_code(result, {.partial = true}) == kExitInconclusive);
  CHECK(exit_code(result, {.bounded = true, .partial = true}) == kExitClean);

  Result complete = with("complete", false);
  complete.coverage.partial = {"ctypes"};
  CHECK(verdict_of(complete) == "inconclusive");
  CHECK(exit_code(complete) == kExitInconclusive);
  CHECK(exit_code(complete, {.partial = true}) == kExitClean);
}

TEST_CASE("a failed search is inconclusive whatever is accepted, but a finding is a finding") {
  Result result = with("complete", false);
  result.inconclusive_reason = "The model is nondeterministic.";
  CHECK(verdict_of(result) == "inconclusive");
  CHECK(exit_code(result, {true, true, true}) == kExitInconclusive);
  result.findings.push_back(race());
  result.findings.back().severity = "error";
  CHECK(verdict_of(result) == "findings");
  CHECK(exit_code(result) == kExitFindings);
}

TEST_CASE("replay") {
  CHECK(replay_exit_code(tests::lost_update(), false) == kExitFindings);
  CHECK(replay_exit_code(tests::passing(), false) == kExitClean);
  CHECK(replay_exit_code(tests::lost_update(), true) == kExitInconclusive);
  CHECK(replay_exit_code(tests::passing(), true) == kExitInconclusive);
}

TEST_CASE("--accept") {
  Accept accept = parse_accept({"bounded", "partial"});
  CHECK(accept.bounded);
  CHECK_FALSE(accept.sampled);
  CHECK(accept.partial);
  CHECK_THROWS_WITH_AS(parse_accept({"cut"}),
                       "--accept: there is no 'cut'. It takes bounded, sampled or partial.",
                       engine::UserError);
}

TEST_CASE("--strict and --fail-on") {
  CHECK(racy({}).verdict == "clean");
  CHECK(racy({.strict = true}).verdict == "findings");
  CHECK(racy({.strict = true}).findings[0].severity == "error");
  CHECK(racy({.fail_on = {"data-race"}}).verdict == "findings");
  CHECK(racy({.fail_on = {"deadlock"}}).verdict == "clean");

  Result note;
  note.findings = {race()};
  note.findings[0].severity = "note";
  apply_policy(note, {.strict = true});
  CHECK(note.findings[0].severity == "note");
  apply_policy(note, {.fail_on = {"data-race"}});
  CHECK(note.findings[0].severity == "error");
}

TEST_CASE("--ignore is stronger than the others and leaves the finding visible") {
  Result result = racy({.fail_on = {"data-race"}, .ignore = {{"data-race", "worker.py:12"}}, .strict = true});
  CHECK(result.verdict == "clean");
  CHECK(result.findings.size() == 1);
  CHECK(result.findings[0].suppressed == "--ignore data-race:worker.py:12");
  CHECK(exit_code(result) == kExitClean);
  CHECK(racy({.fail_on = {"data-race"}, .ignore = {{"deadlock", ""}}}).verdict == "findings");
}

TEST_CASE("an ignored finding that stopped the search leaves it unfinished") {
  Result result = with("cut", false, "error");
  result.coverage.reason = "first-finding";
  apply_policy(result, {.ignore = {{"data-race", ""}}});
  CHECK(result.verdict == "inconclusive");
}

TEST_CASE("places of --ignore") {
  auto ignored = [](const char* value) { return matches(parse_ignore(value), race()); };
  for (const char* value :
       {"data-race", "*", "*:worker.py", "data-race:worker.py", "data-race:pkg/worker.py",
        "data-race:src/pkg/worker.py", "data-race:worker.py:12", "data-race:main.py", "data-race:main.py:40",
        "data-race:stop_flag", "data-race:C:colon", "data-race:t1"}) {
    CAPTURE(value);
    CHECK(ignored(value));
  }
  for (const char* value : {"deadlock", "deadlock:worker.py", "data-race:er.py", "data-race:worker.py:1",
                            "data-race:worker.py:0", "data-race:worker.py:", "data-race:main.py:12",
                            "data-race:flag", "data-race:x/src/pkg/worker.py", "data-race::12"}) {
    CAPTURE(value);
    CHECK_FALSE(ignored(value));
  }
}

TEST_CASE("--ignore and --fail-on name known kinds") {
  CHECK(parse_fail_on("lost-update") == "lost-update");
  CHECK_THROWS_WITH_AS(
      parse_fail_on("lostupdate"),
      "--fail-on: there is no kind of finding 'lostupdate'. The kinds are assertion, exception, exit-status, "
      "deadlock, hang, lost-update, data-race, misuse, lock-order, atomicity, daemon-killed, outcome, leak, "
      "crash, "
      "divergence and nondeterminism.",
      engine::UserError);
  CHECK_THROWS_AS(parse_ignore("dead:lock"), engine::UserError);
  CHECK_THROWS_AS(parse_ignore(""), engine::UserError);
  CHECK_THROWS_WITH_AS(
      parse_ignore("deadlock:"),
      "--ignore: there is no place after the colon in 'deadlock:'. Write KIND:FILE, KIND:FILE:LINE, "
      "KIND:OBJECT, or just KIND.",
      engine::UserError);
}

TEST_CASE("kinds") {
  for (const Kind& kind : kinds()) {
    CAPTURE(kind.name);
    CHECK(find_kind(kind.name) == &kind);
    bool known = kind.severity == "error" || kind.severity == "warning" || kind.severity == "note";
    CHECK(known);
    for (std::string_view words : {kind.one, kind.many, kind.plural}) CHECK_FALSE(words.empty());
  }
  CHECK(find_kind("telepathy") == nullptr);
  CHECK(heading_of("lost-update") == "LOST UPDATE");
}
