// The tree of what was explored.
#include "reports/graphviz.h"

#include <doctest/doctest.h>

#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

explore::RecordedExecution execution(engine::Trace trace) {
  explore::RecordedExecution x;
  x.trace = std::move(trace);
  return x;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}

}  // namespace

TEST_CASE("executions share what they begin with, and end in leaves that say what was found") {
  explore::RecordedExecutions all;
  all.all.push_back(execution(tests::lost_update()));
  all.all.back().found = {{detect::Kind::LostUpdate, detect::Severity::Error}};
  engine::Trace other = tests::lost_update();  // t1's write and then another end
  other.events.resize(5);
  all.all.push_back(execution(other));
  all.all.push_back(execution(other));
  all.all.back().counts = false;
  const std::string text = graphviz(tests::lost_update_result(), all);
  // read, read, write, write, read by main
  CHECK(count(text, " [label=\"t1: read database_value -> 0\"") == 1);
  CHECK(count(text, " -> n") == 5);
  CHECK(text.find("label=\"1: lost-update\"") != std::string::npos);
  CHECK(text.find("label=\"2: ok\"") != std::string::npos);
  CHECK(text.find("label=\"redundant\"") != std::string::npos);
  CHECK(text.find("4 of 4 executions explored (complete), 2 lose an update\", labelloc") !=
        std::string::npos);
}

TEST_CASE("texts cannot end a string") {
  explore::RecordedExecutions all;
  engine::Trace trace = tests::strange_texts();
  trace.events[0].after = "a\" ]; evil [\"\\";
  all.all.push_back(execution(trace));
  const std::string text = graphviz(tests::lost_update_result(), all);
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      inside = !inside;
    } else if (text[i] == ';') {
      CHECK(inside);
    }
  }
  CHECK_FALSE(inside);
}
