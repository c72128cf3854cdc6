// Traces in the Trace Event Format.
#include "reports/perfetto.h"

#include <map>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;
using nlohmann::json;

namespace {

std::vector<json> events_of(const engine::Trace& trace, const char* phase) {
  std::vector<json> events;
  const json document = json::parse(perfetto(trace));
  for (const json& e : document["traceEvents"])
    if (e["ph"] == phase) events.push_back(e);
  return events;
}

/// Slices of one track, by their beginnings.
std::map<std::pair<int, int>, std::map<int, int>> tracks_of(const engine::Trace& trace) {
  std::map<std::pair<int, int>, std::map<int, int>> tracks;
  for (const json& e : events_of(trace, "X")) {
    auto& track = tracks[{e["pid"], e["tid"]}];
    CHECK(e["dur"] > 0);
    CHECK_MESSAGE(track.emplace(e["ts"], e["dur"]).second, e.dump());
  }
  return tracks;
}

std::vector<engine::Trace> all_samples() {
  return {tests::lost_update(),   tests::philosophers(), tests::lost_wakeup(),    tests::holder_gone(),
          tests::self_deadlock(), tests::assertion(),    tests::twenty_threads(), tests::long_run(),
          tests::strange_texts(), tests::everything(),   tests::passing()};
}

}  // namespace

TEST_CASE("each event is a slice of its thread at its step") {
  const engine::Trace trace = tests::lost_update();
  std::size_t n = 0;
  for (const json& e : events_of(trace, "X")) {
    if (e["cat"] != "event" && e["cat"] != "decisive") continue;
    const engine::TraceEvent& event = trace.events[n++];
    CHECK(e["ts"] == event.step);
    CHECK(e["tid"] == event.thread + 1);
    CHECK((e["cat"] == "decisive") == !event.mark.empty());
  }
  CHECK(n == trace.events.size());
}

TEST_CASE("slices of a track never overlap") {
  for (const engine::Trace& trace : all_samples())
    for (const auto& [name, slices] : tracks_of(trace)) {
      int end = 0;
      for (const auto& [ts, duration] : slices) {
        CHECK(ts >= end);
        end = ts + duration;
      }
    }
}

TEST_CASE("threads and locks have names, and a lock's track says who holds it") {
  std::map<int, std::string> names;
  for (const json& e : events_of(tests::philosophers(), "M"))
    if (e["name"] == "thread_name") names[e["tid"]] = e["args"]["name"];
  CHECK(names[1] == "main");
  CHECK(names[5] == "held: forks[0]");
  int held = 0;
  for (const json& e : events_of(tests::philosophers(), "X")) {
    if (e["cat"] != "held") continue;
    ++held;
    CHECK(e["name"] == "t" + std::to_string(e["tid"].get<int>() - 4));
  }
  CHECK(held == 3);
}

TEST_CASE("who waits, and who is blocked for ever, says why") {
  std::set<std::string> said;
  for (const json& e : events_of(tests::philosophers(), "X")) said.insert(e["name"]);
  CHECK(said.contains("blocked for ever: acquire forks[1]"));
  CHECK(said.contains("blocked for ever: join t1"));
  said.clear();
  for (const json& e : events_of(tests::lost_update(), "X")) said.insert(e["name"]);
  CHECK(said.contains("preempted"));
}

TEST_CASE("an arrow begins and ends in slices") {
  const engine::Trace trace = tests::lost_update();
  const auto tracks = tracks_of(trace);
  std::map<std::string, int> ends;
  for (const char* phase : {"s", "f"})
    for (const json& e : events_of(trace, phase)) {
      ++ends[e["id"]];
      CHECK(tracks.at({e["pid"], e["tid"]}).contains(e["ts"]));
      CHECK((phase[0] == 's') != e.contains("bp"));
    }
  CHECK(ends.size() == 5);
  for (const auto& [id, n] : ends) CHECK(n == 2);
}

TEST_CASE("each witness is a process of its own") {
  ModelReport model;
  model.result = tests::lost_update_result();
  model.result.findings.resize(3, model.result.findings[0]);
  model.witnesses = {tests::lost_update(), std::nullopt, tests::philosophers()};
  std::vector<std::string> names;
  const json document = json::parse(perfetto({&model, 1}));
  for (const json& e : document["traceEvents"])
    if (e["name"] == "process_name") names.push_back(e["args"]["name"]);
  CHECK(names == std::vector<std::string>{"models/tutorial/lost_update.py: LOST UPDATE  database_value",
                                          "models/tutorial/lost_update.py: DEADLOCK  forks[0]"});
  CHECK(json::parse(perfetto(std::span<const ModelReport>()))["traceEvents"].empty());
}
