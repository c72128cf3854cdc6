#include "reports/html_page.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "reports/source_files.h"
#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

const SourceLookup kNothing = [](const std::string&) { return std::nullopt; };

/// What the page is told.
nlohmann::json data_of(const std::string& page) {
  const std::string start = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = page.find(start);
  REQUIRE(from != std::string::npos);
  const std::size_t end = page.find("</script>", from);
  return nlohmann::json::parse(page.substr(from + start.size(), end - from - start.size()));
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::string text_of(const nlohmann::json& run, const char* column, std::size_t step) {
  return run["texts"][run["columns"][column][step - 1].get<std::size_t>()];
}

}  // namespace

TEST_CASE("the page needs nothing else") {
  const std::string page = html_page(tests::lost_update(), ".raddle/lost_update-1.json", kNothing);
  CHECK(page.starts_with("<!DOCTYPE html>"));
  CHECK(count(page, "http://www.w3.org/2000/svg") ==
        count(page, "://"));  // the name of a language, not a place
  for (const char* place :
       {"src=\"", "@import", "url(", "<link", "fetch(", "import(", "WebSocket", "\nimport "})
    CHECK_MESSAGE(count(page, place) == 0, place);
  CHECK(count(page, "default-src 'none'") == 1);
  CHECK(count(page, "<!--styles-->") + count(page, "<!--script-->") + count(page, "<!--data-->") == 0);
}

TEST_CASE("nothing in a model ends the script or the style that it stands in") {
  engine::Trace trace = tests::lost_update();
  const std::string evil = "</script><script>alert(1)</script><!-- <style> & \u2028 <!--script-->";
  trace.objects[0].label = evil;
  trace.events[2].result = evil;
  trace.findings[0].message = evil;
  trace.model = evil;
  const std::string page =
      html_page(trace, evil, [&](const std::string&) { return std::optional(evil + "\n" + evil); });
  CHECK(count(page, "<script") == 2);
  CHECK(count(page, "</script") == 2);
  CHECK(count(page, "<style") == 1);
  CHECK(count(page, "alert(1)<") == 0);
  const nlohmann::json data = data_of(page);
  CHECK(data["traces"][0]["findings"][0]["message"] == evil);
  CHECK(data["sources"][0]["parts"][0] == nlohmann::json({1, evil, evil}));
}

TEST_CASE("bytes that are not UTF-8, and the same trace twice") {
  for (const engine::Trace& trace :
       {tests::strange_texts(), tests::everything(), tests::philosophers(), tests::twenty_threads(),
        tests::long_run(), tests::passing(), tests::assertion()}) {
    const std::string page = html_page(trace, "t.json", kNothing);
    CHECK(page == html_page(trace, "t.json", kNothing));
    const nlohmann::json run = data_of(page)["traces"][0]["run"];
    CHECK(run["columns"]["thread"].size() == trace.events.size());
    CHECK(run["threads"].size() == trace.threads.size());
    for (const nlohmann::json& key : run["key"]) CHECK(key.get<std::size_t>() < trace.events.size());
  }
}

TEST_CASE("events have the words of the text reports") {
  const nlohmann::json trace = data_of(html_page(tests::lost_update(), "t.json", kNothing))["traces"][0];
  CHECK(text_of(trace["run"], "text", 3) == "read database_value -> 0");
  CHECK(text_of(trace["run"], "words", 7) == "loses t1's update");
  CHECK(trace["replay"] == "raddle replay t.json");
  CHECK(trace["findings"][0]["heading"] == "LOST UPDATE");
}

TEST_CASE("a source is shown if it is what it was, and else the page says why not") {
  engine::Trace trace = tests::lost_update();
  const std::string file = trace.events[2].site.file, text = "one\ntwo\r\nthree";
  const SourceLookup found = [&](const std::string& name) {
    return name == file ? std::optional(text) : std::nullopt;
  };
  auto source = [&](const SourceLookup& lookup) {
    return data_of(html_page(trace, "", lookup))["sources"][0];
  };
  CHECK(source(found)["problem"] == "unverified");
  trace.sources = {{file, content_digest(text)}};
  CHECK(source(found)["problem"] == "");
  CHECK(source(found)["parts"] == nlohmann::json({{1, "one", "two", "three"}}));
  CHECK(source(kNothing)["problem"] == "missing");
  trace.sources = {{file, content_digest(text + "\n")}};
  CHECK(source(found)["problem"] == "changed");
  CHECK(source(found)["parts"].empty());
}

TEST_CASE("of a very long file the lines around the events") {
  engine::Trace trace = tests::lost_update();
  std::string text;
  for (int i = 1; i <= 100000; ++i) text += "line " + std::to_string(i) + "\n";
  for (engine::TraceEvent& e : trace.events) e.site.line = 50000;
  for (engine::TraceThread& t : trace.threads) t.start.line = 50000;
  trace.sources = {{trace.events[2].site.file, content_digest(text)}};
  const nlohmann::json source =
      data_of(html_page(trace, "", [&](const std::string&) { return std::optional(text); }))["sources"][0];
  REQUIRE(source["parts"].size() == 1);
  const nlohmann::json& part = source["parts"][0];
  CHECK(part.size() < 1000);
  const auto first = part[0].get<std::size_t>();
  CHECK(part[50000 - first + 1] == "line 50000");
}

TEST_CASE("the run that passes, with the order that decides it") {
  engine::Trace trace = tests::lost_update();
  trace.critical = {3, 5, -1};
  trace.passing_run = {trace.threads, trace.objects, trace.events};
  std::swap(trace.passing_run.events[2], trace.passing_run.events[4]);
  std::swap(trace.passing_run.events[2].step, trace.passing_run.events[4].step);
  const nlohmann::json data = data_of(html_page(trace, "", kNothing))["traces"][0];
  CHECK(data["critical"]["first"] == 3);
  CHECK(data["passing"]["columns"]["thread"].size() == trace.events.size());
  CHECK(data["passing"]["critical"]["first"].get<int>() > 0);
  CHECK(data["passing"]["critical"]["second"].get<int>() > 0);
  CHECK_FALSE(data_of(html_page(tests::lost_update(), "", kNothing))["traces"][0].contains("passing"));
}

TEST_CASE("several models: a trace for each finding that has a witness, and a line for those without") {
  ModelReport found{.result = tests::lost_update_result(), .witnesses = {tests::lost_update()}};
  ModelReport clean;
  clean.result.model = "clean.py";
  clean.result.verdict = "clean";
  ModelReport lost = found;
  lost.result.model = "lost.py";
  lost.witnesses = {std::nullopt};
  const std::vector<ModelReport> models = {clean, found, lost};
  const nlohmann::json data = data_of(html_page(models, kNothing));
  CHECK(data["traces"].size() == 1);
  REQUIRE(data["models"].size() == 3);
  CHECK(data["models"][0]["findings"].empty());
  CHECK(data["models"][1]["findings"][0]["trace"] == 0);
  CHECK(data["models"][2]["findings"][0]["trace"] == -1);
  CHECK(data["traces"][0]["path"] == found.result.findings[0].trace);
}
