// Baselines, and the fingerprints that findings are recognised by.
#include "reports/baseline.h"

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "reports/content_fingerprint.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

using Lines = std::vector<std::string>;

const Lines kProgram = {"import threading", "def add():",  "    n += 1",
                        "    n += 1",       "def take():", "    n += 1"};

ResultFinding finding(const std::string& function, int line) {
  ResultFinding f;
  f.kind = "lost-update";
  f.severity = "error";
  f.objects = {"n"};
  f.site = {"m.py", line, 1, function};
  f.places = {{"t1", "write n = 1", f.site}};
  return f;
}

std::string print_of(const ResultFinding& f, const Lines& program) {
  return content_fingerprint(f, [&](const std::string&, int line) {
    return line >= 1 && static_cast<std::size_t>(line) <= program.size()
               ? program[static_cast<std::size_t>(line) - 1]
               : std::string();
  });
}

Result result_with(std::vector<ResultFinding> findings) {
  Result result;
  result.findings = std::move(findings);
  for (ResultFinding& f : result.findings) f.content_fingerprint = print_of(f, kProgram);
  return result;
}

}  // namespace

TEST_CASE("a content fingerprint does not know line numbers") {
  Lines moved = kProgram;
  moved.insert(moved.begin(), "");
  moved.insert(moved.begin(), "import queue");
  CHECK(print_of(finding("add", 3), kProgram) == print_of(finding("add", 5), moved));
  CHECK(print_of(finding("take", 6), kProgram) == print_of(finding("take", 8), moved));
  Lines indented = kProgram;
  indented[2] = "        n += 1";
  CHECK(print_of(finding("add", 3), kProgram) == print_of(finding("add", 3), indented));
}

TEST_CASE("a content fingerprint tells findings apart") {
  const std::string print = print_of(finding("add", 3), kProgram);
  CHECK(print.size() == 16);
  CHECK(print != print_of(finding("take", 6), kProgram));  // the same text in another function
  CHECK(print != print_of(finding("add", 4), kProgram));   // and for a second time in the same one
  ResultFinding other = finding("add", 3);
  other.kind = "data-race";
  CHECK(print != print_of(other, kProgram));
  other = finding("add", 3);
  other.objects = {"m"};
  CHECK(print != print_of(other, kProgram));
  for (const char* kind : {"exception", "exit-status", "crash"}) {
    ResultFinding one = finding("add", 3);
    one.kind = kind;
    one.title = "one";
    other = one;
    other.title = "another";
    CHECK(print_of(one, kProgram) != print_of(other, kProgram));
  }
  Lines changed = kProgram;
  changed[2] = "    n += 2";
  CHECK(print != print_of(finding("add", 3), changed));
}

TEST_CASE("what is accepted does not count") {
  Result result = result_with({finding("add", 3), finding("take", 6)});
  const Baseline baseline{{{"m.py", "lost-update", "", "", result.findings[0].content_fingerprint}}};
  Result other = result;
  apply_baseline(result, "m.py", baseline);
  CHECK(result.findings[0].suppressed == "baseline");
  CHECK(result.findings[1].suppressed.empty());
  apply_baseline(other, "other.py", baseline);
  CHECK(other.findings[0].suppressed.empty());
}

TEST_CASE("what is gone is fixed only if everything was explored") {
  const Result result = result_with({finding("add", 3)});
  const std::string print = result.findings[0].content_fingerprint;
  const Baseline baseline{{{"m.py", "lost-update", "", "", print},
                           {"m.py", "hang", "", "", "0123456789abcdef"},
                           {"x.py", "hang", "", "", "0123456789abcdef"}}};
  BaselineModel model{"m.py", {&result}};
  auto missing = missing_findings(baseline, std::span(&model, 1));
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].finding.kind == "hang");
  CHECK(missing[0].fixed);
  Result cut = result;
  cut.coverage.kind = "cut";
  model.results.push_back(&cut);
  missing = missing_findings(baseline, std::span(&model, 1));
  REQUIRE(missing.size() == 1);
  CHECK_FALSE(missing[0].fixed);
}

TEST_CASE("a new baseline has what was found, and what may still be there") {
  Result result = result_with({finding("add", 3), finding("take", 6)});
  result.findings[1].severity = "warning";
  const Baseline before{
      {{"m.py", "hang", "", "", "0000000000000000"}, {"x.py", "hang", "", "", "1111111111111111"}}};
  const BaselineModel model{"m.py", {&result}};
  auto kinds = [](const Baseline& b) {
    std::vector<std::string> all;
    for (const AcceptedFinding& f : b.findings) all.push_back(f.model + ' ' + f.kind);
    return all;
  };
  using Words = std::vector<std::string>;
  CHECK(kinds(renewed(before, std::span(&model, 1), true)) == Words{"x.py hang", "m.py lost-update"});
  CHECK(kinds(renewed(before, std::span(&model, 1), false)) == Words{"m.py lost-update"});
  result.coverage.kind = "sampled";
  CHECK(kinds(renewed(before, std::span(&model, 1), false)) == Words{"m.py hang", "m.py lost-update"});
}

TEST_CASE("the file is sorted, has each finding once and a line for each") {
  const AcceptedFinding a{"a.py", "hang", "t", "p", "0000000000000001"},
      b{"b.py", "deadlock", "", "", "0000000000000000"};
  AcceptedFinding again = a;
  again.place = "other words";
  const std::string text = baseline_to_json({{b, again, a}});
  CHECK(text == baseline_to_json({{a, b, again}}));
  CHECK(
      text ==
      "{\n\"format\": \"raddle-baseline/1\",\n\"findings\": [\n"
      R"({"model":"a.py","kind":"hang","title":"t","place":"other words","fingerprint":"0000000000000001"},)"
      "\n"
      R"({"model":"b.py","kind":"deadlock","fingerprint":"0000000000000000"})"
      "\n]\n}\n");
  CHECK(baseline_to_json(baseline_from_json(text, "b.json")) == text);
}

TEST_CASE("bad baselines are refused with the reason") {
  for (
      const char* text :
      {"", "{", "[]", R"({"format": "raddle-result/1", "findings": []})",
       R"({"format": "raddle-baseline/2", "findings": []})", R"({"format": "raddle-baseline/1"})",
       R"({"format": "raddle-baseline/1", "findings": [{"model": "m.py", "kind": "hang"}]})",
       R"({"format": "raddle-baseline/1", "findings": [{"model": "m.py", "kind": "hang", "fingerprint": ""}]})",
       R"({"format": "raddle-baseline/1", "findings": ["hang"]})"}) {
    CAPTURE(text);
    try {
      baseline_from_json(text, "b.json");
      CHECK(false);
    } catch (const engine::UserError& e) {
      CHECK(std::string(e.what()).starts_with("b.json: "));
    }
  }
}
