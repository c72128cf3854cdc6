// A run that fails beside one that passes.
#include "reports/text_diff.h"

#include <algorithm>
#include <sstream>

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

/// lost_update() as it would have passed: t2 begins when t1 has ended.
engine::Trace one_after_the_other() {
  engine::Trace trace = tests::passing();
  auto& events = trace.events;
  std::rotate(events.begin() + 3, events.begin() + 4, events.begin() + 6);  // t2's read, behind t1's end
  for (std::size_t i = 0; i < events.size(); ++i) events[i].step = static_cast<int>(i) + 1;
  events[3].switched.clear();
  events[5].result = "1";
  events[5].reads_from = 4;
  events[5].switched = "ended";
  events[6].before = "1", events[6].after = "2", events[6].reads_from = 4, events[6].switched.clear();
  events[10].result = "2";
  events[11].text = "database_value is 2\n";
  trace.output = events[11].text;
  return trace;
}

std::string diff(const engine::Trace& left, const engine::Trace& right, TextOptions options = {}) {
  return text_diff(left, right, options);
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// How many lines have the sign between the sides.
std::ptrdiff_t signs(const std::string& text, char sign) {
  std::istringstream lines(text);
  std::ptrdiff_t count = 0;
  for (std::string line; std::getline(lines, line);) count += line.size() > 49 && line[49] == sign;
  return count;
}

std::ptrdiff_t lines_with(const std::string& text, const std::string& part) {
  std::ptrdiff_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

}  // namespace

TEST_CASE("each view is as it was") {
  tests::check_golden("diff_lost_update", diff(tests::lost_update(), one_after_the_other()));
  TextOptions narrow;
  narrow.width = 60;
  tests::check_golden("diff_lost_update.60", diff(tests::lost_update(), one_after_the_other(), narrow));
  tests::check_golden("diff_same", diff(tests::lost_update(), tests::lost_update()));
}

TEST_CASE("the first difference is marked once, and what decides") {
  const std::string text = diff(tests::lost_update(), one_after_the_other());
  CHECK(lines_with(text, "first difference:") == 1);
  CHECK(has(text, "* what decides:"));
  CHECK(has(text, "If step 7 had come before step 3"));
  CHECK_FALSE(has(text, "no difference"));
}

TEST_CASE("equal runs have no difference") {
  const std::string text = diff(tests::passing(), tests::passing());
  CHECK(has(text, "no difference: both runs do the same"));
  CHECK(has(text, "NO FINDING"));
  CHECK_FALSE(has(text, "* what decides"));
  CHECK_FALSE(has(text, "first difference"));
}

TEST_CASE("only one run does it: < and >; other values: ~") {
  engine::Trace shorter = tests::passing();
  shorter.events.resize(10);
  const std::string less = diff(shorter, tests::passing());
  CHECK(signs(less, '>') == 2);
  CHECK(signs(less, '<') == 0);
  const std::string more = diff(tests::passing(), shorter);
  CHECK(signs(more, '<') == 2);
  engine::Trace other = tests::passing();
  other.events[10].result = "7";
  CHECK(signs(diff(tests::passing(), other), '~') == 1);
}

TEST_CASE("what both do is folded before the difference and behind it, and not with full") {
  engine::Trace left = tests::long_run(), right = tests::long_run();
  right.findings.clear();
  right.events[100].result = "other";
  const std::string folded = diff(left, right);
  CHECK(has(folded, "... 97 steps that are the same in both"));
  CHECK(has(folded, "steps that both do"));
  TextOptions options;
  options.full = true;
  const std::string full = diff(left, right, options);
  CHECK_FALSE(has(full, "..."));
  CHECK(std::count(full.begin(), full.end(), '\n') >= static_cast<std::ptrdiff_t>(left.events.size()));
}

TEST_CASE("it keeps to the width, whatever the texts are") {
  engine::Trace strange = tests::strange_texts();
  strange.events[2].after = "another";
  for (const std::size_t width : {50u, 80u, 100u, 200u}) {
    TextOptions options;
    options.width = width;
    tests::check_width(diff(tests::lost_update(), one_after_the_other(), options), width);
    tests::check_width(diff(tests::strange_texts(), strange, options), width);
    tests::check_width(diff(tests::philosophers(), tests::philosophers(), options), width);
  }
}

TEST_CASE("who waits at the end") {
  engine::Trace passing = tests::philosophers();
  passing.findings.clear();
  passing.blocked.clear();
  passing.outcome = "complete";
  const std::string text = diff(tests::philosophers(), passing);
  CHECK(has(text, "DEADLOCK: t1 t2 t3 main wait"));
  CHECK(has(text, "complete"));
}

TEST_CASE("an empty run has no steps") {
  engine::Trace empty = tests::passing();
  empty.events.clear();
  CHECK(has(diff(empty, empty), "no difference"));
  CHECK(signs(diff(tests::lost_update(), empty), '<') == 12);
}

TEST_CASE("traces of different models are refused; a model may have moved") {
  engine::Trace moved = tests::passing();
  moved.model = "elsewhere/lost_update.py";
  CHECK_NOTHROW(diff(tests::lost_update(), moved));
  CHECK_THROWS_WITH_AS(diff(tests::lost_update(), tests::philosophers()),
                       "--diff: the traces are of different models, models/tutorial/lost_update.py and "
                       "models/classic/philosophers.py",
                       engine::UserError);
  engine::Trace library = tests::passing();
  library.front_end = "library";
  CHECK_THROWS_AS(diff(tests::lost_update(), library), engine::UserError);
}
