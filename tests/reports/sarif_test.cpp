// SARIF: what code scanning and editors get. That it is valid, tests/e2e/exports_test.py checks with the schema.
#include "reports/sarif.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "reports/kinds.h"
#include "reports/policy.h"
#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;
using nlohmann::json;

namespace {

const SourcePaths kPaths("/here", "/here");

ModelReport report_of(const engine::Trace& trace) {
  ModelReport report;
  report.result.model = trace.model;
  report.result.arguments = trace.arguments;
  report.result.verdict = "findings";
  report.result.executions = report.result.classes = 4;
  for (const auto& f : trace.findings) {
    report.result.findings.push_back(summarize(trace, f, 2, ".raddle/x-1.json"));
    report.witnesses.emplace_back(trace);
  }
  return report;
}

json run_of(const std::vector<ModelReport>& models, const SourceLookup& source = {},
            const SourcePaths& paths = kPaths) {
  const json document = json::parse(sarif(models, source, paths));
  CHECK(document["version"] == "2.1.0");
  REQUIRE(document["runs"].size() == 1);
  return document["runs"][0];
}

json first_result(const engine::Trace& trace) { return run_of({report_of(trace)})["results"].at(0); }

std::string uri(const json& location) { return location["physicalLocation"]["artifactLocation"]["uri"]; }

/// All steps of a result's flow, in the order of execution.
std::vector<json> steps_of(const json& result) {
  std::vector<json> steps;
  for (const json& thread : result["codeFlows"][0]["threadFlows"])
    for (const json& step : thread["locations"]) steps.push_back(step);
  std::sort(steps.begin(), steps.end(),
            [](const json& a, const json& b) { return a["executionOrder"] < b["executionOrder"]; });
  return steps;
}

}  // namespace

TEST_CASE("each kind of finding is a rule that says what it is and what to do") {
  const json rules = run_of({})["tool"]["driver"]["rules"];
  REQUIRE(rules.size() == kinds().size());
  std::set<std::string> names;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    CAPTURE(rules[i]);
    CHECK(rules[i]["id"] == kinds()[i].name);
    CHECK(rules[i]["defaultConfiguration"]["level"] == kinds()[i].severity);
    CHECK(rules[i]["help"]["text"].get<std::string>().size() > 60);
    names.insert(rules[i]["name"]);
  }
  CHECK(names.size() == rules.size());
  CHECK(names.contains("LostUpdate"));
}

TEST_CASE("a finding is a result at its line, with its accesses and a flow for each thread") {
  const json result = first_result(tests::lost_update());
  CHECK(result["ruleId"] == "lost-update");
  CHECK(result["level"] == "error");
  const std::string message = result["message"]["text"];
  CHECK(message.starts_with("database_value: t2 overwrote t1's write"));
  CHECK(message.ends_with("this run would have passed."));
  CHECK(uri(result["locations"][0]) == "models/tutorial/models/tutorial/lost_update.py");
  CHECK(result["locations"][0]["physicalLocation"]["region"]["startLine"] == 16);
  REQUIRE(result["relatedLocations"].size() == 3);
  CHECK(result["relatedLocations"][2]["message"]["text"] == "t2: write database_value = 1");
  CHECK(result["partialFingerprints"] == json{{"raddleFinding/v1", "lost-update:database_value"}});
  CHECK(result["occurrenceCount"] == 2);

  const json flows = result["codeFlows"][0]["threadFlows"];
  REQUIRE(flows.size() == 3);
  CHECK(flows[0]["message"]["text"] == "main");
  CHECK(flows[2]["id"] == "0.1");
  for (const json& step : flows[1]["locations"])
    CHECK(step["location"]["message"]["text"].get<std::string>().starts_with("t1: "));
}

TEST_CASE("findings are recognised by what their lines say, where that is known") {
  ModelReport report = report_of(tests::lost_update());
  report.result.findings[0].content_fingerprint = "0123456789abcdef";
  const json result = run_of({report})["results"].at(0);
  CHECK(result["partialFingerprints"] == json{{"raddleContent/v1", "0123456789abcdef"}});
}

TEST_CASE("the interleaving can be put together from the order of the steps") {
  const engine::Trace trace = tests::lost_update();
  const std::vector<json> steps = steps_of(first_result(trace));
  REQUIRE(steps.size() == trace.events.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    CHECK(steps[i]["executionOrder"] == trace.events[i].step);
    const bool decisive = !trace.events[i].mark.empty();
    CHECK((steps[i]["importance"] == "essential") == decisive);
  }
}

TEST_CASE("who is blocked at the end waits in the last step") {
  const json result = first_result(tests::philosophers());
  const std::vector<json> steps = steps_of(result);
  const auto last = tests::philosophers().events.size() + 1;
  CHECK(std::count_if(steps.begin(), steps.end(),
                      [&](const json& s) { return s["executionOrder"] == last; }) == 4);
  CHECK(steps.back()["importance"] == "essential");
}

TEST_CASE("a finding in a library is shown where the program calls it; there is always a line") {
  engine::Trace trace = tests::assertion();
  trace.findings[0].site = {"python3.11/queue.py", 100, 1, "get"};
  CHECK(uri(first_result(trace)["locations"][0]) == "app/app/checks.py");
  trace.findings[0].steps.clear();
  const json location = first_result(trace)["locations"][0];
  CHECK(uri(location) == "app/main.py");
  CHECK(location["physicalLocation"]["region"]["startLine"] == 1);
}

TEST_CASE("files are relative to the root, and URIs whatever they are called") {
  ModelReport report = report_of(tests::strange_texts());
  const json run = run_of({report}, {}, SourcePaths("/work/a b", "/work"));
  const json location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
  CHECK(location["uri"].get<std::string>().starts_with("a%20b/%E3%83%A2"));
  CHECK(location["uriBaseId"] == "%SRCROOT%");
  report.result.model = "/else/where.py";
  report.result.findings[0].site.file = "where.py";
  const json outside = run_of({report})["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
  CHECK(outside["uri"] == "file:///else/where.py");
  CHECK_FALSE(outside.contains("uriBaseId"));
}

TEST_CASE("columns are characters where the source is known") {
  engine::Trace trace = tests::lost_update();
  trace.findings[0].site.column = 7;
  const SourceLookup source = [](const std::string&) {
    std::string text;
    for (int i = 0; i < 30; ++i) text += "ä = 'ü'\r\n";
    return text;
  };
  const json region =
      run_of({report_of(trace)}, source)["results"][0]["locations"][0]["physicalLocation"]["region"];
  CHECK(region["startColumn"] == 6);
  CHECK(region["snippet"]["text"] == "ä = 'ü'");
}

TEST_CASE("what does not count is suppressed, and says why") {
  ModelReport report = report_of(tests::lost_update());
  report.result.findings[0].suppressed = "--ignore lost-update";
  CHECK(run_of({report})["results"][0]["suppressions"][0] ==
        json{{"kind", "external"}, {"justification", "--ignore lost-update"}});
  report.result.findings[0].suppressed = "the comment at x.py:3";
  CHECK(run_of({report})["results"][0]["suppressions"][0]["kind"] == "inSource");
}

TEST_CASE("each model is an invocation with its status and what it explored") {
  ModelReport fine, cut, bad;
  fine.result.model = "fine.py";
  cut.result.model = "cut.py";
  cut.result.verdict = "inconclusive";
  cut.result.coverage.kind = "cut";
  cut.result.coverage.reason = "time";
  bad.result.model = "bad.py";
  bad.status = kExitBadInput;
  bad.problem = "bad.py: there is no such file";
  const json run = run_of({fine, report_of(tests::lost_update()), cut, bad});
  const json invocations = run["invocations"];
  REQUIRE(invocations.size() == 4);
  CHECK(invocations[0]["exitCode"] == 0);
  CHECK_FALSE(invocations[0].contains("toolExecutionNotifications"));
  CHECK(invocations[0]["properties"]["coverage"] == "complete");
  CHECK(invocations[1]["exitCode"] == 1);
  CHECK(run["results"][0]["provenance"]["invocationIndex"] == 1);
  CHECK(invocations[2]["exitCode"] == 3);
  CHECK(invocations[2]["executionSuccessful"] == true);
  CHECK(invocations[2]["toolExecutionNotifications"][0]["descriptor"]["id"] == "inconclusive");
  CHECK(invocations[3]["executionSuccessful"] == false);
  CHECK(invocations[3]["toolExecutionNotifications"][0]["message"]["text"] == bad.problem);
  cut.status = kExitClean;  // --accept
  CHECK_FALSE(run_of({cut})["invocations"][0].contains("toolExecutionNotifications"));
}

TEST_CASE("long flows are cut to what matters, within what services accept") {
  engine::Trace trace = tests::long_run();
  for (int i = 0; i < 12'000; ++i) {
    engine::TraceEvent event = trace.events[1];
    event.step = static_cast<int>(trace.events.size()) + 1;
    event.mark.clear();
    trace.events.push_back(event);
  }
  const json result = first_result(trace);
  const std::vector<json> steps = steps_of(result);
  CHECK(steps.size() <= 1000);
  CHECK(result["properties"]["stepsLeftOut"] == trace.events.size() - steps.size());
  CHECK(std::count_if(steps.begin(), steps.end(),
                      [](const json& s) { return s["importance"] == "essential"; }) == 3);
}

TEST_CASE("many findings have short flows, and no more are written than are accepted") {
  ModelReport report = report_of(tests::lost_update());
  ResultFinding note = report.result.findings[0];
  note.severity = "note";
  report.result.findings.insert(report.result.findings.begin(), 25'000, note);
  report.witnesses.insert(report.witnesses.begin(), 25'000, std::nullopt);
  report.witnesses[0] = tests::long_run();
  const json run = run_of({report});
  CHECK(run["results"].size() == 25'000);
  CHECK(run["results"][0]["level"] == "error");
  CHECK(run["properties"]["findingsLeftOut"] == 1);
  CHECK(steps_of(run["results"][1]).size() <= 15);
}

TEST_CASE("kinds of a later raddle are rules, too; texts that are not UTF-8 do no harm") {
  ModelReport report = report_of(tests::strange_texts());
  report.result.findings[0].kind = "new-kind";
  const json run = run_of({report});
  const json result = run["results"][0];
  CHECK(result["ruleIndex"] == kinds().size());
  CHECK(run["tool"]["driver"]["rules"].back()["id"] == "new-kind");
  CHECK(result["message"]["text"].get<std::string>().find("\xEF\xBF\xBD") != std::string::npos);
}
