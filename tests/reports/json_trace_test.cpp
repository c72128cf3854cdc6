#include "reports/json_trace.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

const std::string kRemedy =
    ". Make it anew: `raddle check MODEL` writes traces to .raddle/, or to the folder given by --trace-dir.";
const std::string kCheckName =
    ". Check the name: `raddle check MODEL` writes traces to .raddle/, or to the folder given by "
    "--trace-dir.";

/// What the user is told about this document.
std::string complaint(const std::string& json) {
  try {
    trace_from_json(json, "t.json");
  } catch (const engine::UserError& e) {
    return e.what();
  }
  return "accepted";
}

std::string complaint_about_file(const std::string& path) {
  try {
    read_trace(path);
  } catch (const engine::UserError& e) {
    return e.what();
  }
  return "accepted";
}

/// A good document with one thing changed.
std::string changed(const std::string& from, const std::string& to) {
  std::string json = trace_to_json(tests::lost_update());
  std::size_t at = json.find(from);
  REQUIRE(at != std::string::npos);
  return json.replace(at, from.size(), to);
}

std::string damaged(const std::string& from, const std::string& to) {
  std::string text = complaint(changed(from, to));
  std::string start = "t.json: is damaged: ";
  REQUIRE(text.starts_with(start));
  REQUIRE(text.ends_with(kRemedy));
  return text.substr(start.size(), text.size() - start.size() - kRemedy.size());
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("what is written is what is read, and the same bytes again") {
  for (const engine::Trace& trace :
       {tests::lost_update(), tests::philosophers(), tests::lost_wakeup(), tests::holder_gone(),
        tests::self_deadlock(), tests::assertion(), tests::twenty_threads(), tests::long_run(),
        tests::everything(), tests::passing()}) {
    CAPTURE(trace.model);
    std::string json = trace_to_json(trace);
    engine::Trace copy = trace_from_json(json, "t.json");
    CHECK(copy == trace);
    CHECK(trace_to_json(copy) == json);
  }
}

TEST_CASE("bytes that are not UTF-8 become replacement characters") {
  engine::Trace copy = trace_from_json(trace_to_json(tests::strange_texts()), "t.json");
  CHECK(copy.findings[0].title == "UnicodeError: \uFFFD");
  CHECK(copy.events[4].result == tests::strange_texts().events[4].result);  // escape sequences stay
  CHECK(trace_from_json(trace_to_json(copy), "t.json") == copy);
}

TEST_CASE("the layout") { tests::check_golden("lost_update.json", trace_to_json(tests::lost_update())); }

TEST_CASE("members that are not known are ignored, and the layout does not matter") {
  CHECK(complaint(changed("\"seed\": 0", "\"seed\":0,\"later\":{\"x\":[1]}")) == "accepted");
  CHECK(complaint(changed("{\"step\":1,", "{\"colour\":\"red\",\n\n\"step\" : 1,")) == "accepted");
}

TEST_CASE("files") {
  std::string folder = tests::scratch_folder();
  std::string path = folder + "/a.json";
  write_trace(path, tests::everything());
  CHECK(read_trace(path) == tests::everything());

  std::string missing = folder + "/missing.json";
  CHECK(complaint_about_file(missing) == missing + ": there is no such file" + kCheckName);
  CHECK(complaint_about_file(path + "/b.json") ==
        path + "/b.json: cannot be read: Not a directory" + kCheckName);
  write(folder + "/b.json", "");
  CHECK(complaint_about_file(folder) ==
        folder + ": is a folder. Name one trace in it, for example " + folder + "/a.json.");
  CHECK(complaint_about_file(tests::scratch_folder()).ends_with(": is a folder. Name one trace in it."));
  CHECK(complaint_about_file(folder + "/b.json") == folder + "/b.json: is empty" + kRemedy);
}

TEST_CASE("not JSON") {
  CHECK(complaint("") == "t.json: is empty" + kRemedy);
  CHECK(complaint(" \n\t") == "t.json: is empty" + kRemedy);
  CHECK(complaint("import threading\n") ==
        "t.json: is not a trace: what is at byte 1 (line 1, column 1) is not valid JSON" + kRemedy);
  CHECK(complaint("{\n\"format\": oops}") ==
        "t.json: is not a trace: what is at byte 13 (line 2, column 11) is not valid JSON" + kRemedy);
  CHECK(complaint(std::string("\x7F"
                              "ELF\0\0\0",
                              7)) ==
        "t.json: is not a trace: what is at byte 1 (line 1, column 1) is not valid JSON" + kRemedy);
  CHECK(complaint("{\"seed\": 1e999}").starts_with("t.json: is not a trace: "));
  CHECK(complaint("{} {}").starts_with("t.json: is not a trace: what is at byte 4 (line 1, column 4)"));
}

TEST_CASE("truncated anywhere") {
  std::string json = trace_to_json(tests::lost_update());
  for (std::size_t length = 1; length + 2 < json.size(); length += 5) {
    std::string text = complaint(json.substr(0, length));
    CAPTURE(length);
    CHECK(text == "t.json: the trace ends in the middle, after " + std::to_string(length) +
                      " bytes: the file is truncated" + kRemedy);
  }
  CHECK(complaint(json.substr(0, json.size() - 1)) == "accepted");  // only the last line break is missing
}

TEST_CASE("damaged anywhere: accepted or refused, never anything else") {
  std::string json = trace_to_json(tests::everything());
  for (std::size_t i = 0; i < json.size(); i += 7) {
    for (char c : {'0', '"', '}'}) {
      std::string copy = json;
      copy[i] = c;
      std::string text = complaint(copy);
      CAPTURE(text);
      bool told = text == "accepted" || text.starts_with("t.json: ");
      REQUIRE(told);
    }
  }
}

TEST_CASE("another document") {
  CHECK(complaint("[]") == "t.json: is not a trace: it has no \"format\": \"raddle-trace/1\"" + kCheckName);
  CHECK(complaint("17").starts_with("t.json: is not a trace: it has no"));
  CHECK(complaint("{\"format\": 1}").starts_with("t.json: is not a trace: it has no"));
  CHECK(complaint("{\"format\": \"sarif\"}").starts_with("t.json: is not a trace: it has no"));
  CHECK(complaint("{\"format\": \"raddle-result/1\"}") ==
        "t.json: is a result, not a trace: its format is raddle-result/1. Name a trace: `raddle check MODEL` "
        "writes "
        "traces to .raddle/, or to the folder given by --trace-dir.");
}

TEST_CASE("another version") {
  CHECK(complaint("{\"format\": \"raddle-trace/2\", \"raddle_version\": \"2.1.0\"}") ==
        "t.json: has the format raddle-trace/2; raddle " RADDLE_VERSION
        " reads raddle-trace/1 only. Use the raddle that wrote it (it was written by raddle 2.1.0), or make "
        "it anew "
        "with this one.");
  CHECK(
      complaint("{\"format\": \"raddle-trace/11\"}").starts_with("t.json: has the format raddle-trace/11; "));
}

TEST_CASE("members that are missing or of the wrong type") {
  CHECK(damaged("\"model\"", "\"modell\"") == "it has no \"model\"");
  CHECK(damaged("{\"step\":1,\"thread\":0,", "{\"step\":1,") == "events[0] has no \"thread\"");
  CHECK(damaged("\"arguments\": []", "\"arguments\": [1]") == "arguments[0] is 1 instead of a text");
  CHECK(damaged("\"arguments\": []", "\"arguments\": null") ==
        "arguments is null instead of a list of texts");
  CHECK(damaged("\"seed\": 0", "\"seed\": -1") == "seed is -1 instead of an integer from 0");
  CHECK(damaged("\"seed\": 0", "\"seed\": 1.5") == "seed is 1.5 instead of an integer from 0");
  CHECK(damaged("\"seed\": 0", "\"seed\": 18446744073709551616") ==
        "seed is 1.8446744073709552e+19 instead of an integer from 0");
  CHECK(damaged("\"options\": {\"clock\":\"free\"", "\"options\": {\"clock\":7") ==
        "options.clock is 7 instead of a text");
  CHECK(damaged("\"options\": {\"clock\":\"free\"", "\"options\": {\"clock\":[\"a\",7]") ==
        "options.clock[1] is 7 instead of a text");
  CHECK(damaged("\"outcome\": \"complete\"", "\"outcome\": \"fine\"") ==
        "outcome is \"fine\" instead of one of \"complete\", \"deadlock\", \"exited\", \"truncated\", "
        "\"aborted\", \"stopped\"");
  CHECK(damaged("\"severity\":\"error\"", "\"severity\":\"fatal\"") ==
        "findings[0].severity is \"fatal\" instead of one of \"error\", \"warning\", \"note\"");
  CHECK(damaged("\"blocked\": []", "\"blocked\": {}") == "blocked is {} instead of a list");
  CHECK(damaged("\"blocked\": []", "\"blocked\": [3]") == "blocked[0] is 3 instead of an object");
  CHECK(damaged("\"blocked\": []", "\"blocked\": [[\"" + std::string(50, 'x') + "\"]]") ==
        "blocked[0] is a list instead of an object");
  CHECK(damaged("\"visible\":false", "\"visible\":0") == "events[0].visible is 0 instead of true or false");
  CHECK(damaged("\"line\":21", "\"line\":-21") ==
        "threads[1].location.line is -21 instead of an integer from 0 to 1000000000");
  CHECK(damaged("\"location\":{", "\"location\":7,\"x\":{") ==
        "findings[0].location is 7 instead of an object");
}

TEST_CASE("indices and steps out of range") {
  CHECK(damaged("{\"thread\":1}", "{\"thread\":3}") ==
        "schedule[0].thread is 3, but there are only 3 threads, counted from 0");
  CHECK(damaged("{\"thread\":1}", "{\"thread\":-1}") ==
        "schedule[0].thread is -1 instead of an index of threads");
  CHECK(damaged("{\"thread\":1}", "{\"thread\":18446744073709551615}") ==
        "schedule[0].thread is 18446744073709551615, but there are only 3 threads, counted from 0");
  CHECK(damaged("\"object\":0", "\"object\":1") ==
        "events[2].object is 1, but there are only 1 objects, counted from 0");
  CHECK(damaged("\"other\":1", "\"other\":7") ==
        "events[0].other is 7, but there are only 3 threads, counted from 0");
  CHECK(damaged("\"parent\":0", "\"parent\":1") ==
        "threads[1].parent is 1, but there are only 1 threads before it, counted from 0");
  CHECK(damaged("{\"step\":3,", "{\"step\":4,") == "events[2] is not step 3, which comes here");
  CHECK(damaged("\"reads_from\":5", "\"reads_from\":7") ==
        "events[6] reads from a step that is not before it");
  CHECK(damaged("\"steps\":[4,5,7]", "\"steps\":[4,5,13]") ==
        "findings[0].steps[2] is 13 instead of an integer from 1 to 12");
  CHECK(damaged("\"objects\":[0]", "\"objects\":[1]") ==
        "findings[0].objects[0] is 1 instead of an integer from 0 to 0");
  CHECK(damaged("\"threads\":[1,2]", "\"threads\":[1,\"t2\"]") ==
        "findings[0].threads[1] is \"t2\" instead of an integer from 0 to 2");
}
