#include "checker/explore/reads_from.h"

#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "checker/explore/sampling.h"
#include "raddle/raddle.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::explore;
using engine::Engine;

namespace {

/// A random walk that looks at what is read, and notes which pairs of kind and line were possible.
struct Looking : RandomWalk {
  void begin(const Profile& p, Rng& rng) override {
    RandomWalk::begin(p, rng);
    reads_from.begin_run();
  }
  engine::Decision choose(const Engine& e, std::span<const engine::Decision> enabled, Rng& rng) override {
    const engine::Decision d = RandomWalk::choose(e, enabled, rng);
    const engine::Operation& op = e.thread(d.tid).op;
    const ReadsFrom::Id id = reads_from.pending(e, d.tid);
    names[id] = std::string(engine::name(op.kind)) + " " + std::to_string(op.site.line);
    reads_from.execute(e, d);
    return d;
  }
  void end() override {
    combinations.insert(reads_from.combination());
    fresh += reads_from.found_new();
  }
  std::set<std::string> possible_pairs() const {
    std::set<std::string> pairs;
    for (const ReadsFrom::Reader& r : reads_from.readers())
      for (const ReadsFrom::Id source : reads_from.sources(r))
        pairs.insert((source ? names.at(source) : "start") + " -> " + names.at(r.event));
    return pairs;
  }

  ReadsFrom reads_from;
  std::map<ReadsFrom::Id, std::string> names;
  std::set<std::uint64_t> combinations;
  int fresh = 0;
};

template <class F>
void run(Looking& looking, const F& program, std::uint64_t runs) {
  Engine e;
  Inspector i;
  i.set_limits({.executions = runs + 1});  // the first one is another sampler's
  Sampling sampling(i, looking, 1);
  test::Model<F> model(program);
  e.run(sampling, model);
}

}  // namespace

TEST_CASE("readers, what they may read, and how many combinations there are") {
  Looking looking;
  run(
      looking,
      [] {
        atomic<int> x, own;
        auto write = [&] { x.store(1, std::memory_order_seq_cst, {"f", "f", 10, 0}); };
        thread a(write), b(write), reader([&] {
          own.store(1, std::memory_order_seq_cst, {"f", "f", 20, 0});
          own.load(std::memory_order_seq_cst, {"f", "f", 21, 0});
          x.load(std::memory_order_seq_cst, {"f", "f", 22, 0});
        });
        a.join();
        b.join();
        reader.join();
      },
      100);
  // What a thread has written itself is no choice, and it does not matter which thread has written.
  CHECK(looking.possible_pairs() == std::set<std::string>{"start -> read 22", "write 10 -> read 22"});
  CHECK(looking.combinations.size() == 2);
  CHECK(looking.fresh == 2);
}

TEST_CASE("a lock reads from who has unlocked, and never from who has locked") {
  Looking looking;
  run(
      looking,
      [] {
        mutex m;
        auto use = [&](int line) {
          return [&m, line] {
            m.lock({"f", "f", line, 0});
            m.unlock({"f", "f", line + 1, 0});
          };
        };
        thread a(use(10)), b(use(20));
        a.join();
        b.join();
      },
      100);
  CHECK(looking.possible_pairs() == std::set<std::string>{"start -> lock 10", "start -> lock 20",
                                                          "unlock 11 -> lock 10", "unlock 11 -> lock 20",
                                                          "unlock 21 -> lock 10", "unlock 21 -> lock 20"});
  CHECK(looking.combinations.size() == 2);
}

TEST_CASE("what is forgotten is new again") {
  const auto program = [] {
    atomic<int> x;
    thread a([&] { x.store(1); });
    x.load();
    a.join();
  };
  Looking looking;
  run(looking, program, 50);
  CHECK(looking.fresh == 2);
  run(looking, program, 50);
  CHECK(looking.fresh == 2);
  looking.reads_from.clear();
  CHECK(looking.reads_from.readers().empty());
  run(looking, program, 50);
  CHECK(looking.fresh == 4);
}
