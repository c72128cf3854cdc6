// The schemas and docs/formats.md describe what is really written.
#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "reports/json_result.h"
#include "reports/json_trace.h"
#include "reports/kinds.h"
#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;
using nlohmann::json;

namespace {

const std::string kTraceSchema = "docs/schemas/raddle-trace-1.schema.json";
const std::string kResultSchema = "docs/schemas/raddle-result-1.schema.json";

struct Validation {
  int status = 0;    // 0 valid, 1 not, 77 the validator is not installed (then the test fails)
  std::string said;  // "/tmp/.../3.json: $.seed: ..." for the mistakes in document 3
};

/// Runs tests/e2e/validate_schema.py.
Validation validate(const std::string& schema, const std::vector<std::string>& documents) {
  std::string folder = tests::scratch_folder();
  std::string command =
      "/usr/bin/python3 " RADDLE_SOURCE_DIR "/tests/e2e/validate_schema.py " RADDLE_SOURCE_DIR "/" + schema;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    std::string path = folder + "/" + std::to_string(i) + ".json";
    std::ofstream(path, std::ios::binary) << documents[i];
    command += " " + path;
  }
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe);
  Validation validation;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) validation.said += static_cast<char>(c);
  int status = ::pclose(pipe);
  REQUIRE(WIFEXITED(status));
  validation.status = WEXITSTATUS(status);
  return validation;
}

json schema(const std::string& path) { return json::parse(tests::source_file(path)); }

/// All member names in a document, but not those of options, which are the user's.
void collect_names(const json& value, std::set<std::string>& names) {
  if (value.is_array()) {
    for (const json& element : value) collect_names(element, names);
  }
  if (!value.is_object()) return;
  for (const auto& [name, member] : value.items()) {
    names.insert(name);
    if (name != "options") collect_names(member, names);
  }
}

/// All names of properties in a schema.
void collect_properties(const json& value, std::set<std::string>& names) {
  if (value.is_array()) {
    for (const json& element : value) collect_properties(element, names);
  }
  if (!value.is_object()) return;
  for (const auto& [name, member] : value.items()) {
    if (name == "properties") {
      for (const auto& [property, ignored] : member.items()) names.insert(property);
    }
    collect_properties(member, names);
  }
}

}  // namespace

TEST_CASE("what is written is valid") {
  std::vector<std::string> traces;
  for (const engine::Trace& trace : {tests::lost_update(), tests::philosophers(), tests::lost_wakeup(),
                                     tests::holder_gone(), tests::assertion(), tests::twenty_threads(),
                                     tests::strange_texts(), tests::everything(), tests::passing()}) {
    traces.push_back(trace_to_json(trace));
  }
  Validation validation = validate(kTraceSchema, traces);
  CHECK(validation.said.empty());
  CHECK(validation.status == 0);
  validation = validate(kResultSchema,
                        {result_to_json(tests::lost_update_result()), result_to_json(tests::full_result())});
  CHECK(validation.said.empty());
  CHECK(validation.status == 0);
}

TEST_CASE("the schemas are strict") {
  auto bad = [](json document, const char* pointer, const json& value) {
    json::json_pointer place(pointer);
    if (value.is_discarded()) {
      document[place.parent_pointer()].erase(place.back());
    } else {
      document[place] = value;
    }
    return document.dump();
  };
  const json absent = json::parse("", nullptr, false);
  json trace = json::parse(trace_to_json(tests::everything()));
  json result = json::parse(result_to_json(tests::full_result()));

  std::vector<std::string> traces = {trace.dump()};  // number 0 is valid
  for (auto& [pointer, value] :
       std::vector<std::pair<const char*, json>>{{"/extra", 1},
                                                 {"/format", "raddle-trace/2"},
                                                 {"/seed", absent},
                                                 {"/events/0/extra", 1},
                                                 {"/events/0/step", 0},
                                                 {"/events/0/operation", "Read It"},
                                                 {"/events/0/before", ""},
                                                 {"/threads/0/id", "1"},
                                                 {"/threads/2/location/line", 0},
                                                 {"/findings/0/kind", "telepathy"},
                                                 {"/findings/0/severity", "fatal"},
                                                 {"/schedule/1/alternative", "maybe"},
                                                 {"/blocked/0/mark", "sad"},
                                                 {"/outcome", "fine"}}) {
    traces.push_back(bad(trace, pointer, value));
  }
  std::vector<std::string> results = {result.dump()};
  for (auto& [pointer, value] :
       std::vector<std::pair<const char*, json>>{{"/extra", 1},
                                                 {"/verdict", "perfect"},
                                                 {"/coverage/kind", "complete"},  // and yet it has a bound
                                                 {"/coverage/reason", absent},
                                                 {"/findings/0/count", 0},
                                                 {"/findings/0/places/0/step", 1},
                                                 {"/class_checksum", "0xABC"},
                                                 {"/executions", -1},
                                                 {"/warnings/0", ""},
                                                 {"/seconds", "fast"}}) {
    results.push_back(bad(result, pointer, value));
  }
  for (const auto& [path, list] : {std::pair{kTraceSchema, traces}, std::pair{kResultSchema, results}}) {
    const std::vector<std::string>& documents = list;  // clang 14 cannot capture a binding
    Validation validation = validate(path, documents);
    CHECK(validation.status == 1);
    for (std::size_t i = 0; i < documents.size(); ++i) {
      CAPTURE(documents[i]);
      bool refused = validation.said.find("/" + std::to_string(i) + ".json: $") != std::string::npos;
      CHECK(refused == (i > 0));
    }
  }
}

TEST_CASE("the samples have every member that the schemas know") {
  for (const auto& [path, document] : {std::pair{kTraceSchema, trace_to_json(tests::everything())},
                                       std::pair{kResultSchema, result_to_json(tests::full_result())}}) {
    std::set<std::string> written;
    collect_names(json::parse(document), written);
    std::set<std::string> known;
    collect_properties(schema(path), known);
    for (const std::string& name : known) {
      CAPTURE(name);
      CHECK(written.contains(name));
    }
  }
}

TEST_CASE("members are required exactly if they are always written") {
  engine::Trace trace;
  trace.threads.resize(1);
  trace.objects.resize(1);
  trace.events.resize(1);
  trace.blocked.resize(1);
  trace.findings.resize(1);
  trace.schedule.resize(1);
  json document = json::parse(trace_to_json(trace));
  json s = schema(kTraceSchema);
  auto names = [](const json& object) {
    std::set<std::string> all;
    for (const auto& [name, value] : object.items()) all.insert(name);
    return all;
  };
  auto required = [](const json& part) { return part["required"].get<std::set<std::string>>(); };
  CHECK(names(document) == required(s));
  for (auto [list, part] : {std::pair{"threads", "thread"},
                            {"objects", "object"},
                            {"events", "event"},
                            {"blocked", "blocked"},
                            {"findings", "finding"},
                            {"schedule", "choice"}}) {
    CHECK(names(document[list][0]) == required(s["$defs"][part]));
  }

  Result result;
  result.findings.resize(1);
  result.findings[0].places.resize(1);
  result.outcomes.resize(1);
  result.coverage.loops.resize(1);
  document = json::parse(result_to_json(result));
  s = schema(kResultSchema);
  CHECK(names(document) == required(s));
  CHECK(names(document["findings"][0]) == required(s["$defs"]["finding"]));
  CHECK(names(document["findings"][0]["places"][0]) == required(s["$defs"]["place"]));
  CHECK(names(document["outcomes"][0]) == required(s["$defs"]["outcome"]));
  CHECK(names(document["coverage"]["loops"][0]) == required(s["$defs"]["loop"]));
}

TEST_CASE("kinds are the same in the code, the schemas and the document") {
  std::vector<std::string> names;
  std::string document = tests::source_file("docs/formats.md");
  for (const Kind& kind : kinds()) {
    names.emplace_back(kind.name);
    std::string row = "| `" + std::string(kind.name) + "` | " + std::string(kind.severity) + " | ";
    CAPTURE(row);
    CHECK(document.find(row) != std::string::npos);
  }
  for (const std::string& path : {kTraceSchema, kResultSchema}) {
    CHECK(schema(path)["$defs"]["finding"]["properties"]["kind"]["enum"] == json(names));
  }
}

TEST_CASE("every member is in the document") {
  std::string document = tests::source_file("docs/formats.md");
  for (const std::string& path : {kTraceSchema, kResultSchema}) {
    std::set<std::string> known;
    collect_properties(schema(path), known);
    for (const std::string& name : known) {
      CAPTURE(name);
      CHECK(document.find("`" + name + "`") != std::string::npos);
    }
  }
}
