// A search whose state was kept goes on in another process as if nothing had happened.
#include "checker/explore/checkpoint.h"

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "checker/explore/checker.h"
#include "checker/explore/parallel_search.h"
#include "raddle/raddle.h"
#include "tests/support/fuzz_rows.h"
#include "tests/support/programs.h"
#include "tests/support/same_search.h"
#include "tests/support/search.h"

using namespace raddle;
using explore::CheckOptions;
using explore::CheckReport;
using explore::StopReason;
using test::check_same;
using test::States;

namespace {

struct Setting {
  int every = 1;
  std::size_t jobs = 1;
  std::uint64_t executions = Limits().executions;
  double seconds = Limits().seconds;
  std::uint8_t revealed = 0;
  bool notify_any = true;
  using Limits = explore::Limits;
};

/// In an engine of its own, as in another process.
template <class F>
CheckReport search(const F& program, const Setting& s, explore::Keeper* keeper,
                   const std::string& state = {}) {
  engine::Engine e;
  explore::Processes processes;
  test::Model<F> model(program);
  CheckOptions o;
  e.set_revealed(s.revealed);
  o.notify_any = s.notify_any;
  o.jobs = s.jobs;
  o.alone = 0;
  o.limits.executions = s.executions;
  o.limits.seconds = s.seconds;
  o.processes = &processes;
  o.keeper = keeper;
  o.resume = state;
  return explore::check(e, model, o);
}

/// From each of up to `most` of the states that were kept the search goes on to the same end.
template <class F>
void check_states(const F& program, const Setting& s, std::size_t most) {
  const CheckReport whole = search(program, s, nullptr);
  States states(s.every);
  check_same(search(program, s, &states), whole);
  REQUIRE(!states.all.empty());
  const std::size_t step = states.all.size() / most + 1;
  for (std::size_t i = 0; i < states.all.size(); i += step) {
    CAPTURE(i);
    check_same(search(program, s, nullptr, states.all[i]), whole);
  }
  check_same(search(program, s, nullptr, states.all.back()), whole);
}

}  // namespace

TEST_CASE("a search goes on from any state that was kept") {
  check_states(programs::counter(2, 3), {}, 400);
  check_states(programs::locked_counter(3, 2), {.every = 3}, 40);
  check_states(programs::philosophers(5, false), {}, 40);
  check_states(programs::condition_buffer(2, 2, 1, true), {}, 100);
}

TEST_CASE("and so it does in several processes, from states of one and of several") {
  const auto program = programs::counter(3, 2);
  const CheckReport whole = search(program, {}, nullptr);
  CHECK(whole.statistics.executions == 7134);
  for (const std::size_t jobs : {1u, 2u, 4u}) {
    CAPTURE(jobs);
    States states(jobs == 1 ? 500 : 1);  // the others are asked between messages
    search(program, {.jobs = jobs}, &states);
    CHECK(states.all.size() > 2);
    for (const std::string& state : states.all)
      for (const std::size_t others : {1u, 3u})
        check_same(search(program, {.jobs = others}, nullptr, state), whole);
  }
}

TEST_CASE("a search that stops at its limit keeps its last state") {
  const CheckReport whole = search(programs::counter(2, 3), {}, nullptr);
  States states(INT_MAX);
  std::string state;
  for (std::uint64_t limit = 50; limit < 400; limit += 50) {
    const CheckReport part = search(programs::counter(2, 3), {.executions = limit}, &states, state);
    state = states.all.back();
    CHECK(part.statistics.executions == std::min<std::uint64_t>(limit, 328));
  }
  CHECK(states.all.size() == 7);
  check_same(search(programs::counter(2, 3), {}, nullptr, state), whole);
}

TEST_CASE("rounds with higher bounds for loops") {
  const auto poll = programs::polling(2);
  const CheckReport whole = search(poll, {}, nullptr);
  CHECK(whole.loop_bound > 1);
  check_states(poll, {.every = 2}, 30);
  // Without time for the last round, what is known is what the one before has found.
  States states(2);
  search(poll, {}, &states);
  const CheckReport cut = search(poll, {.seconds = 0}, nullptr, states.all[states.all.size() - 2]);
  CHECK(cut.deepening_cut);
  CHECK(cut.loop_bound == whole.loop_bound / 2);
  CHECK(cut.statistics.stop == StopReason::Exhausted);
  CHECK(cut.statistics.executions > 1);
  CHECK(cut.statistics.executions < whole.statistics.executions);
}

TEST_CASE("a damaged state is an error") {
  States states(50);
  search(programs::counter(2, 3), {}, &states);
  const std::string state = states.all.front();
  CHECK_THROWS_AS(search(programs::counter(2, 3), {}, nullptr, state.substr(0, state.size() / 2)),
                  engine::WireError);
  CHECK_THROWS_AS(search(programs::counter(2, 3), {}, nullptr, state + 'x'), engine::WireError);
}

TEST_CASE("random programs: from states in the middle") {
  const std::uint64_t programs = test::from_environment("RADDLE_FUZZ_PROGRAMS", 4);
  programs::Generator generate(test::from_environment("RADDLE_FUZZ_SEED", 1));
  for (const test::FuzzRow& row : test::kFuzzRows) {
    CAPTURE(row.name);
    for (std::uint64_t k = 0; k < programs;) {
      const programs::RandomProgram p = generate(row.features);
      const Setting s{.every = 5, .notify_any = p.notify_any};
      const auto executions = search(model(p), s, nullptr).statistics.executions;
      if (executions > 1000 || executions < 8) continue;
      ++k;
      CAPTURE(p.text());
      check_states(model(p), s, 6);
    }
  }
}
