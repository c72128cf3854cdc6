// JUnit XML: what continuous integration shows as tests.
#include "reports/junit.h"

#include <doctest/doctest.h>

#include "reports/policy.h"
#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

const SourcePaths kPaths("/here", "/here");

std::string junit_of(const ModelReport& model) { return junit({&model, 1}, kPaths); }

ModelReport lost_update_report() {
  ModelReport model;
  model.result = tests::lost_update_result();
  model.witnesses.emplace_back(tests::lost_update());
  return model;
}

bool contains(const std::string& text, const std::string& part) {
  INFO("in ", text);
  INFO("there should be ", part);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a model is a test case, and errors are its failure with the trace") {
  const std::string text = junit_of(lost_update_report());
  CHECK(contains(
      text,
      "<testsuites name=\"raddle\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"0.001\">"));
  CHECK(
      contains(text,
               "<testcase classname=\"models.tutorial.lost_update\" name=\"models/tutorial/lost_update.py\" "
               "file=\"models/tutorial/lost_update.py\" time=\"0.001\">"));
  CHECK(contains(text,
                 "<failure type=\"lost-update\" message=\"database_value: t2 overwrote t1's write without"));
  CHECK(contains(text, "write database_value = 1   :16"));
  CHECK(contains(text, "replay: raddle replay .raddle/lost_update-1.json"));
  CHECK(contains(text, "<system-out>4 of 4 executions explored (complete), 2 lose an update\n</system-out>"));
}

TEST_CASE("passed, failed, in error and skipped are counted") {
  ModelReport fine, cut, bad, skipped, expected = lost_update_report();
  fine.result.model = "fine.py";
  fine.result.findings.push_back(tests::lost_update_result().findings[0]);
  fine.result.findings[0].severity = "warning";
  cut.result.model = "cut.py";
  cut.result.verdict = "inconclusive";
  cut.result.coverage.kind = "cut";
  cut.result.coverage.reason = "time";
  cut.result.seconds = 2.5;
  bad.result.model = "bad.py";
  bad.status = kExitBadInput;
  bad.problem = "there is no such file";
  skipped.result.model = "s.py";
  skipped.skipped = "it needs a network";
  expected.status = kExitClean;
  const std::vector<ModelReport> all = {fine, cut, bad, skipped, expected, lost_update_report()};
  const std::string text = junit(all, kPaths);
  CHECK(contains(
      text,
      "<testsuite name=\"raddle\" tests=\"6\" failures=\"1\" errors=\"2\" skipped=\"1\" time=\"2.502\">"));
  CHECK(contains(text, "<error type=\"inconclusive\" message=\"cut: the time budget ran out\">"));
  CHECK(contains(text, "<error type=\"not-checked\" message=\"there is no such file\">"));
  CHECK(contains(text, "<skipped message=\"it needs a network\"/>"));
  CHECK(contains(text, "warning  models/tutorial/lost_update.py:16  database_value: t2 overwrote"));
}

TEST_CASE("what was expected instead is said by the failure") {
  ModelReport model;
  model.result.model = "m.py";
  model.status = kExitFindings;
  model.problem = "expected a deadlock, found none";
  CHECK(
      contains(junit_of(model), "<failure type=\"unexpected\" message=\"expected a deadlock, found none\">"));
}

TEST_CASE("of many findings a few are told, and the others counted") {
  ModelReport model = lost_update_report();
  while (model.result.findings.size() < 9) model.result.findings.push_back(model.result.findings[0]);
  const std::string text = junit_of(model);
  CHECK(contains(text, " (and 8 more)\">"));
  CHECK(contains(text, "\nand 4 more\n</failure>"));
}

TEST_CASE("tests are called as they are elsewhere") {
  ModelReport model;
  model.result.model = "tests/test_shop.py";
  model.result.options = {{"test", "TestShop::test_sell"}};
  CHECK(contains(junit_of(model), "classname=\"tests.test_shop.TestShop\" name=\"test_sell\""));
  model.result.options = {{"test", "test_sell"}};
  CHECK(contains(junit_of(model), "classname=\"tests.test_shop\" name=\"test_sell\""));
}

TEST_CASE("XML whatever the texts are") {
  ModelReport model;
  model.result.model = "m.py";
  model.result.verdict = "findings";
  const engine::Trace trace = tests::strange_texts();
  model.result.findings.push_back(summarize(trace, trace.findings[0], 1, "a\x01<&>\"\xEF\xBF\xBF.json"));
  model.result.findings[0].message = "<b> & \x1b[31m \xFF ]]> \xEF\xBF\xBE";
  model.result.findings[0].severity = "error";
  model.witnesses.emplace_back(trace);
  model.result.warnings = {std::string("nul \0 \x7F", 7)};
  const std::string text = junit_of(model);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    CHECK((byte >= 0x20 || c == '\n' || c == '\t'));
  }
  CHECK(contains(text, "&lt;b&gt; &amp; "));
  CHECK(text.find("\xEF\xBF\xBE") == std::string::npos);
  CHECK(text.find("\xEF\xBF\xBF") == std::string::npos);
  CHECK(text.find("]]>") == std::string::npos);
}
