// The search that begins with executions unlike each other against depth-first search, which is tested against brute
// force, on random programs: the same classes, each once, and as many races, however long it begins so, and from
// whatever state it is resumed; and it keeps no more of the tree than it may.
//
// RADDLE_FUZZ_PROGRAMS sets the number of programs per row (default: a quick run); RADDLE_FUZZ_SEED the seed.
#include <doctest/doctest.h>

#include "checker/explore/diverse_search.h"
#include "tests/support/fuzz_rows.h"
#include "tests/support/random_program.h"
#include "tests/support/search.h"

using namespace programs;
using raddle::explore::DiverseSearch;
using raddle::explore::StopReason;
using raddle::test::from_environment;
using raddle::test::FuzzRow;
using raddle::test::kFuzzRows;
using raddle::test::search;
using raddle::test::Searched;
using raddle::test::SearchOptions;

namespace {

/// Takes its tree away now and then, and goes on with it, as a search does that is kept and resumed.
class Interrupted : public raddle::engine::Strategy {
 public:
  Interrupted(DiverseSearch& search, Generator& generate, std::size_t every)
      : search_(search), generate_(generate), every_(every) {}
  bool begin(raddle::engine::Engine& e) override {
    if (every_ && executed_ && generate_.below(static_cast<int>(every_)) == 0) {
      raddle::explore::ExplorationTree tree = search_.left();
      search_.go_on_with(std::move(tree));
    }
    return search_.begin(e);
  }
  raddle::engine::Decision pick(raddle::engine::Engine& e, raddle::engine::Tid current) override {
    return search_.pick(e, current);
  }
  void end(raddle::engine::Engine& e, raddle::engine::Outcome o) override {
    search_.end(e, o);
    ++executed_;
  }
  void restart(raddle::engine::Engine& e) override {
    executed_ = 0;
    search_.restart(e);
  }
  bool unordered_access(const raddle::engine::Engine& e, raddle::engine::ObjectId o) const override {
    return search_.unordered_access(e, o);
  }

 private:
  DiverseSearch& search_;
  Generator& generate_;
  std::size_t every_;
  std::uint64_t executed_ = 0;
};

struct DiverselySearched : Searched {
  std::size_t peak = 0;
};

template <class F>
DiverselySearched diverse_search(const F& program, const SearchOptions& o, const DiverseSearch::Options& d,
                                 Generator& generate, std::size_t every) {
  raddle::engine::Engine e;
  e.set_notify_any(o.notify_any);
  e.set_revealed(o.revealed);
  raddle::explore::Inspector inspector;
  inspector.set_limits({.executions = o.limit});
  inspector.count_each_class(true);
  DiverseSearch search(inspector, d);
  Interrupted strategy(search, generate, every);
  raddle::test::Model<F> model(program);
  e.run(strategy, model);
  return {{inspector.statistics(), search.dpor().counters(), inspector.class_counts(), e.revealed()},
          search.peak()};
}

}  // namespace

TEST_CASE("every class exactly once, beginning with executions unlike each other") {
  const std::uint64_t programs = from_environment("RADDLE_FUZZ_PROGRAMS", 40);
  Generator generate(from_environment("RADDLE_FUZZ_SEED", 1));
  std::uint64_t total = 0, early = 0;
  for (const FuzzRow& row : kFuzzRows) {
    CAPTURE(row.name);
    std::uint64_t classes = 0, bad = 0;
    for (std::uint64_t k = 0; k < programs;) {
      const RandomProgram p = generate(row.features);
      SearchOptions o;
      o.notify_any = p.notify_any;
      o.limit = 4000;
      const auto expected = search(model(p), o);
      if (expected.statistics.stop != StopReason::Exhausted) continue;
      ++k;
      o.limit = 20 * expected.classes.size() + 200;
      classes += expected.classes.size();
      for (unsigned mode = 0; mode < 3; ++mode) {
        DiverseSearch::Options d;
        if (mode == 0) d.executions = 1 + static_cast<std::uint64_t>(generate.below(100));
        if (mode == 1) d.most_nodes = static_cast<std::size_t>(generate.below(300));
        if (mode == 2) d.executions = UINT64_MAX;
        if (generate.below(2) == 0) d.depth_first = static_cast<std::uint64_t>(generate.below(30));
        const auto s = diverse_search(model(p), o, d, generate, mode == 1 ? 0 : 5);
        if (s.statistics.executions > d.depth_first)
          early += std::min(d.executions, s.statistics.executions - d.depth_first);
        const std::size_t room = d.most_nodes + 8 * static_cast<std::size_t>(expected.statistics.longest + 1);
        const bool wrong = s.classes != expected.classes || s.statistics.stop != StopReason::Exhausted ||
                           s.statistics.blocked != 0 || s.counters.races != expected.counters.races ||
                           s.revealed != expected.revealed || s.peak > room;
        if (wrong && bad == 0)
          MESSAGE(row.name, " mode ", mode, ": ", s.classes.size(), " of ", expected.classes.size(),
                  " classes, ", s.duplicates(), " duplicates, blocked ", s.statistics.blocked, ", races ",
                  s.counters.races, " / ", expected.counters.races, ", nodes ", s.peak, " / ", room, "\n",
                  p.text());
        bad += wrong;
      }
    }
    MESSAGE(row.name, ": ", programs, " programs, ", classes, " classes, wrong ", bad);
    CHECK(bad == 0);
    total += programs;
  }
  MESSAGE(total, " programs, ", early, " executions in all that could be anywhere in the tree");
  CHECK(early > 2 * total);
}
