// Sequence diagrams.
#include "reports/mermaid.h"

#include <algorithm>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

TEST_CASE("threads and the finding's object exchange messages") {
  tests::check_golden("lost_update_mermaid", mermaid(tests::lost_update()));
}

TEST_CASE("who is blocked at the end has an arrow that does not arrive") {
  const std::string text = mermaid(tests::philosophers());
  CHECK(text.find("T1-xO1: acquire forks[1] (never)") != std::string::npos);
  CHECK(text.find("T0-xT1: join t1 (never)") != std::string::npos);
}

TEST_CASE("no text ends a line, a comment or an entity") {
  engine::Trace trace = tests::strange_texts();
  trace.events[0].after = "a;b#c %%{init: {}}%% <script> & \"q\"\nend\n";
  trace.threads[1].label = "x; participant evil";
  trace.findings[0].message = "loop #1; end";
  std::istringstream lines(mermaid(trace, true));
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    for (std::size_t at = 0; (at = line.find(';', at)) != std::string::npos; ++at) {
      const std::size_t start = line.rfind('#', at);
      REQUIRE(start != std::string::npos);
      CHECK(line.find_first_not_of("0123456789", start + 1) == at);
    }
    CHECK(line.find("%%") == std::string::npos);
    CHECK(line.find("<script") == std::string::npos);
  }
}

TEST_CASE("long traces show what matters and count the rest; --full shows all") {
  const engine::Trace trace = tests::long_run();
  const std::string few = mermaid(trace);
  CHECK(few.find(" steps left out") != std::string::npos);
  CHECK(std::count(few.begin(), few.end(), '\n') < 100);
  const std::string all = mermaid(trace, true);
  CHECK(all.find(" left out") == std::string::npos);
  for (const engine::TraceEvent& e : trace.events)
    CHECK(all.find(": " + std::to_string(e.step) + ": ") != std::string::npos);
}
