// raddle::symmetric_threads and Options::symmetric: what is left out, what is not, and what tells threads apart.
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "raddle/raddle.h"

using namespace raddle;  // NOLINT: as a model would

namespace {

Options all(bool symmetric) {
  Options o;
  o.all = true;
  o.symmetric = symmetric;
  return o;
}

// Executions of a full search, and of one up to exchanging threads.
struct Executions {
  std::uint64_t full, reduced;
  friend bool operator==(const Executions&, const Executions&) = default;
};
doctest::String toString(const Executions& e) {
  return (std::to_string(e.full) + ", " + std::to_string(e.reduced)).c_str();
}

template <class F>
Executions executions(const F& f) {
  const Result full = check(f, all(false)), reduced = check(f, all(true));
  CHECK(full.complete());
  CHECK(reduced.complete());
  CHECK(reduced.blocked == 0);
  CHECK(reduced.classes == reduced.executions);
  return {full.executions, reduced.executions};
}

bool says(const Result& r, const std::string& text) { return r.text.find(text) != std::string::npos; }

auto counter(std::size_t threads) {
  return [threads] {
    variable<int> x;
    symmetric_threads workers(threads, [&] { x.store(x.load() + 1); });
    workers.join();
  };
}

auto readers(std::size_t threads) {
  return [threads] {
    atomic<int> x;
    thread writer([&] { x.store(1); });
    symmetric_threads all(threads, [&] { (void)x.load(); });
    all.join();
    writer.join();
  };
}

}  // namespace

TEST_CASE("threads that take turns have one order instead of n!") {
  CHECK(executions([] {
          mutex m;
          variable<int> x;
          symmetric_threads workers(4, [&] {
            std::lock_guard guard(m);
            x.store(x.load() + 1);
          });
          workers.join();
        }) == Executions{24, 1});
}

TEST_CASE("readers before and behind a write are counted, not told apart") {
  CHECK(executions(readers(3)) == Executions{8, 4});
  CHECK(executions(readers(6)) == Executions{64, 7});
}

TEST_CASE("reads and writes: one of each orbit") {
  CHECK(executions(counter(2)) == Executions{4, 2});
  const Executions three = executions(counter(3));
  CHECK(three.full == 6 * three.reduced);
}

TEST_CASE("what is found is the same, and proven") {
  const Result full = check(counter(3), all(false)), reduced = check(counter(3), all(true));
  REQUIRE(full.find("lost-update"));
  REQUIRE(reduced.find("lost-update"));
  CHECK(reduced.find("lost-update")->severity == "error");
  CHECK(reduced.findings.size() == full.findings.size());
  CHECK(reduced.coverage == "complete");
  CHECK(says(reduced, "up to exchanging t1, t2 and t3"));
  CHECK_FALSE(says(full, "exchanging"));
}

TEST_CASE("reads that nothing orders are no synchronization for those behind them") {
  // A thread that waits for its turn must not count as one that has waited for the other.
  auto model = [] {
    atomic<int> flag;
    variable<int> x;
    symmetric_threads workers(2, [&] {
      (void)flag.load();
      x.store(1);
    });
    workers.join();
  };
  for (const bool symmetric : {false, true}) {
    Options o = all(symmetric);
    o.data_races = DataRaces::error;
    CHECK(check(model, o).find("data-race"));
  }
}

TEST_CASE("a deadlock of threads of which one waits for its turn is one of all of them") {
  auto model = [] {
    counting_semaphore<> s(2);
    symmetric_threads workers(3, [&] {
      s.acquire();
      s.acquire();
      s.release();
      s.release();
    });
    workers.join();
  };
  const Result full = check(model, all(false)), reduced = check(model, all(true));
  CHECK(full.deadlocks > reduced.deadlocks);
  CHECK(reduced.deadlocks > 0);
  CHECK(full.findings.size() == reduced.findings.size());

  const Result none = check(
      [] {
        counting_semaphore<> s(0);
        symmetric_threads workers(3, [&] { s.acquire(); });
        workers.join();
      },
      all(true));
  CHECK(none.executions == 1);
  CHECK(none.deadlocks == 1);
  REQUIRE(none.find("deadlock"));
  CHECK(none.find("deadlock")->trace.blocked.size() == 4);
}

TEST_CASE("who asks which thread it is gets all executions") {
  auto model = [](bool asks) {
    return [asks] {
      mutex m;
      symmetric_threads workers(3, [&] {
        std::lock_guard guard(m);
        if (asks) (void)this_thread::get_id();
      });
      workers.join();
    };
  };
  CHECK(check(model(false), all(true)).executions == 1);
  const Result r = check(model(true), all(true));
  CHECK(r.executions == 6);
  CHECK(r.complete());
  CHECK(says(r, "told apart: one of them asks which it is"));
  CHECK_FALSE(says(r, "exchanging"));
}

TEST_CASE("threads that are joined one after the other, with something in between, are told apart") {
  auto model = [](bool between) {
    return [between] {
      atomic<int> x;
      thread other([&] { x.store(1); });
      auto f = [&] { x.fetch_add(1); };
      thread a(f), b(f);
      engine::Engine::current()->alike(a.get_id(), b.get_id());
      a.join();
      if (between) (void)x.load();
      b.join();
      other.join();
    };
  };
  const Executions at_once = executions(model(false)), apart = executions(model(true));
  CHECK(at_once.full == 2 * at_once.reduced);
  CHECK(apart.full == apart.reduced);
  CHECK(says(check(model(true), all(true)), "they are not all waited for at once"));
}

TEST_CASE("one that is joined alone is told apart") {
  const auto model = [] {
    const auto x = std::make_shared<atomic<int>>();  // b may outlive this thread
    auto f = [x] { x->fetch_add(1); };
    thread a(f), b(f);
    engine::Engine::current()->alike(a.get_id(), b.get_id());
    a.join();
    b.detach();
    (void)x->load();
  };
  const Executions n = executions(model);
  CHECK(n.full == n.reduced);
}

TEST_CASE("threads that do not do the same are noticed") {
  const auto model = [] {
    atomic<int> x;
    thread a([&] { (void)x.load(); }), b([&] { x.store(2); });
    engine::Engine::current()->alike(a.get_id(), b.get_id());
    a.join();
    b.join();
  };
  const Executions n = executions(model);
  CHECK(n.full == n.reduced);
  CHECK(says(check(model, all(true)), "they do not do the same"));
}

TEST_CASE("threads between whose starts something happens are not alike") {
  const auto model = [] {
    atomic<int> x;
    auto f = [&] { x.fetch_add(1); };
    thread a(f);
    x.fetch_add(1);
    thread b(f);
    engine::Engine::current()->alike(a.get_id(), b.get_id());
    a.join();
    b.join();
  };
  const Executions n = executions(model);
  CHECK(n.full == n.reduced);
  CHECK(says(check(model, all(true)), "no threads are alike"));
}

TEST_CASE("they pass a barrier together") {
  const Executions n = executions([] {
    barrier<> gate(3);
    variable<int> x;
    symmetric_threads workers(3, [&] {
      gate.arrive_and_wait();
      x.store(x.load() + 1);
    });
    workers.join();
  });
  CHECK(n.full == 6 * n.reduced);
}

TEST_CASE("an object that one of them destroys may be in use by another") {
  const auto model = [] {
    alignas(atomic<int>) std::byte place[sizeof(atomic<int>)];  // stays, for what uses it too late
    auto* x = new (place) atomic<int>(0);
    atomic<int> users(2);
    symmetric_threads workers(2, [&] {
      (void)users.load();
      if (x->load() == 0) x->store(1);
      if (users.fetch_sub(1) == 2) std::destroy_at(x);  // the first one, not the last
    });
    workers.join();
  };
  const Result full = check(model, all(false)), reduced = check(model, all(true));
  CHECK(full.find("misuse"));
  CHECK(reduced.find("misuse"));
}

TEST_CASE("only exhaustive searches leave out executions") {
  for (const Strategy s : {Strategy::preemptions, Strategy::delays, Strategy::sample, Strategy::pct}) {
    Options o = all(true);
    o.strategy = s;
    o.runs = 10;
    CHECK_THROWS_AS(check(counter(2), o), engine::UserError);
  }
  for (const Strategy s : {Strategy::source, Strategy::brute}) {
    Options o = all(true);
    o.strategy = s;
    CHECK(check(counter(2), o).classes == 2);
  }
}

TEST_CASE("without the option, and under every strategy, they are ordinary threads") {
  CHECK(check(counter(2), all(false)).executions == 4);
  const Result r = check([] { symmetric_threads left(2, [] {}); }, all(false));
  CHECK(r.find("misuse"));
}
