// The shards of a search have every class among them, each once, and together they are the search.
#include "checker/explore/sharded_search.h"

#include <algorithm>
#include <tuple>

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "checker/explore/checker.h"
#include "raddle/raddle.h"
#include "tests/support/fuzz_rows.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace raddle;
using explore::CheckOptions;
using explore::CheckReport;
using explore::Shard;
using explore::StopReason;

namespace {

CheckOptions options(bool notify_any = true) {
  CheckOptions o;
  o.notify_any = notify_any;
  return o;
}

template <class F>
CheckReport search(const F& program, CheckOptions o, const Shard& shard = {}) {
  engine::Engine e;
  test::Model<F> model(program);
  o.shard = shard;
  return explore::check(e, model, o);
}

template <class F>
CheckReport merged(const F& program, const CheckOptions& o, const std::vector<CheckReport>& parts) {
  engine::Engine e;
  test::Model<F> model(program);
  std::vector<explore::ShardState> states;
  for (const CheckReport& part : parts)
    states.push_back({"shard " + std::to_string(states.size() + 1), part.state});
  return explore::merge(e, model, o, states);
}

template <class F>
std::vector<CheckReport> shards(const F& program, const CheckOptions& o, std::uint64_t n) {
  std::vector<CheckReport> parts;
  for (std::uint64_t i = 1; i <= n; ++i) parts.push_back(search(program, o, {i, n}));
  return parts;
}

using Known = std::tuple<std::string, std::string, std::uint64_t, std::size_t>;

std::vector<Known> sorted(const std::vector<explore::CheckedFinding>& findings) {
  std::vector<Known> all;
  for (const auto& f : findings)
    all.emplace_back(f.finding.fingerprint, f.finding.severity, f.count, f.trace.events.size());
  std::sort(all.begin(), all.end());
  return all;
}

void check_same(const CheckReport& together, const CheckReport& whole) {
  CHECK(together.statistics.stop == whole.statistics.stop);
  CHECK(together.statistics.executions == whole.statistics.executions);
  CHECK(together.statistics.classes == whole.statistics.classes);
  CHECK(together.statistics.checksum == whole.statistics.checksum);
  CHECK(together.statistics.deadlocks == whole.statistics.deadlocks);
  CHECK(together.statistics.truncated == whole.statistics.truncated);
  CHECK(together.statistics.events == whole.statistics.events);
  CHECK(together.statistics.longest == whole.statistics.longest);
  CHECK(together.loops == whole.loops);
  CHECK(sorted(together.findings) == sorted(whole.findings));
}

template <class F>
void check_shards(const F& program, const CheckOptions& o = options()) {
  const CheckReport whole = search(program, o);
  for (const std::uint64_t n : {1u, 2u, 3u, 7u}) {
    CAPTURE(n);
    const auto parts = shards(program, o, n);
    check_same(merged(program, o, parts), whole);
  }
}

}  // namespace

TEST_CASE("all shards together are the whole search") {
  check_shards(programs::counter(2, 3));
  check_shards(programs::locked_counter(3, 2));
  check_shards(programs::philosophers(5, false));
  check_shards(programs::condition_buffer(2, 2, 1, true));
  check_shards(programs::choice_race());
  check_shards(programs::timed_waits(2, true));
  check_shards(programs::thread_tree());
}

TEST_CASE("each does its share") {
  for (const CheckReport& part : shards(programs::counter(3, 2), options(), 4)) {
    CHECK(part.statistics.executions > 7134 / 8);
    CHECK(part.statistics.executions < 7134 / 2);
  }
}

TEST_CASE("loops without end") {
  check_shards([] {
    atomic<bool> flag(false);
    std::vector<thread> threads;
    for (int i = 0; i < 2; ++i)
      threads.emplace_back([&] {
        while (!flag.load()) {
        }
      });
    flag.store(true);
    for (thread& t : threads) t.join();
  });
}

TEST_CASE("what one shard has not finished, all together have not") {
  const auto program = programs::counter(2, 3);
  auto parts = shards(program, options(), 3);
  CheckOptions few = options();
  few.limits.executions = 5;
  parts[1] = search(program, few, {2, 3});
  const CheckReport together = merged(program, options(), parts);
  CHECK(together.statistics.stop == StopReason::Executions);
  CHECK(together.statistics.executions < 328);
}

TEST_CASE("shards that know different things do not fit together") {
  const auto program = programs::counter(2, 3);
  auto parts = shards(program, options(), 2);
  engine::Engine e;
  test::Model model(program);
  e.set_revealed(1);
  CheckOptions o = options();
  o.shard = {2, 2};
  parts[1] = explore::check(e, model, o);
  CHECK_THROWS_AS(merged(program, options(), parts), engine::UserError);
}

TEST_CASE("random programs in shards") {
  const std::uint64_t programs = test::from_environment("RADDLE_FUZZ_PROGRAMS", 4);
  programs::Generator generate(test::from_environment("RADDLE_FUZZ_SEED", 1));
  for (const test::FuzzRow& row : test::kFuzzRows) {
    CAPTURE(row.name);
    for (std::uint64_t k = 0; k < programs;) {
      const programs::RandomProgram p = generate(row.features);
      CheckOptions o = options(p.notify_any);
      o.minimise = false;
      const auto executions = search(model(p), o).statistics.executions;
      if (executions > 3000 || executions < 8) continue;
      ++k;
      CAPTURE(p.text());
      check_shards(model(p), o);
    }
  }
}
