// Which pairs of accesses are lost updates, and which of them are proven. More in tests/api/detection_test.cpp.
#include "checker/detect/lost_update.h"

#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "raddle/raddle.h"

using namespace raddle;  // NOLINT: as a model would

namespace {

/// "none", "note" or "error".
template <class F>
std::string lost_update(const F& program, Options o = {}) {
  o.all = true;
  const Result r = check(program, o);
  REQUIRE(r.verdict != Verdict::inconclusive);
  if (r.find("lost-update")) return r.find("lost-update")->severity;
  return r.find("atomicity") ? r.find("atomicity")->severity : "none";
}

/// Runs the bodies in threads of their own and joins them.
void run(const std::vector<std::function<void()>>& bodies) {
  std::vector<thread> threads;
  for (const auto& body : bodies) threads.emplace_back(body);
  for (thread& t : threads) t.join();
}

}  // namespace

TEST_CASE("read, then write something computed from it") {
  CHECK(lost_update([] {
          variable<int> x;
          auto f = [&] { x.store(x.load() * 2 + 1); };
          run({f, f});
        }) == "error");
}

TEST_CASE("one side alone can lose the other's update") {
  CHECK(lost_update([] {
          variable<int> x;
          run({[&] { x.store(x.load() + 1); }, [&] { x.store(10); }});
        }) == "error");
}

TEST_CASE("a stale read that is followed by a fresh one loses nothing") {
  CHECK(lost_update([] {
          variable<int> x;
          mutex m;
          auto f = [&] {
            x.load();
            lock_guard guard(m);
            x.store(x.load() + 1);
          };
          run({f, f});
        }) == "none");
}

TEST_CASE("a thread's own write in between starts anew") {
  CHECK(lost_update([] {
          variable<int> x;
          run({[&] {
                 const int seen = x.load();
                 x.store(5);
                 x.store(seen + 1);
               },
               [&] {
                 x.load();
                 x.load();
               }});
        }) == "none");
}

TEST_CASE("blind writes read nothing that could be stale") {
  CHECK(lost_update([] {
          variable<int> x;
          run({[&] { x.store(1); }, [&] { x.store(2); }});
        }) == "none");
}

TEST_CASE("a write of the value that had been read is not lost") {
  auto program = [](int back) {
    return [back] {
      variable<int> x(1);
      run({[&] { x.store(x.load() + 1); }, [&, back] { x.store(back); }});
    };
  };
  CHECK(lost_update(program(1)) == "none");
  CHECK(lost_update(program(3)) == "error");
}

TEST_CASE("the write that loses another may write what is there already") {
  // Both read 0 and write 1: the second one changes nothing, and loses an update.
  int seen = 0;
  const Result r = check(
      [&] {
        variable<int> x;
        auto f = [&] { x.store(x.load() + 1); };
        run({f, f});
        seen = x.load();
      },
      Options{.all = true});
  const Finding* f = r.find("lost-update");
  REQUIRE(f);
  CHECK(f->count == 2);
  CHECK(f->severity == "error");
}

TEST_CASE("locations are kept apart") {
  CHECK(lost_update([] {
          variable<int> x, y;
          run({[&] { y.store(x.load() + 1); }, [&] { y.store(5); }});
        }) == "none");
  const Result r = check(
      [] {
        variable<int> x(0, "x"), y(0, "y");
        auto f = [](variable<int>& v) { v.store(v.load() + 1); };
        run({[&] { f(x); }, [&] { f(y); }, [&] { f(x); }, [&] { f(y); }});
      },
      Options{.all = true});
  REQUIRE(r.findings.size() == 2);
  CHECK(r.findings[0].message != r.findings[1].message);
}

TEST_CASE("increments that are one step lose nothing, also over a plain write") {
  CHECK(lost_update([] {
          atomic<int> x;
          run({[&] { x.fetch_add(1); }, [&] { x.store(5); }});
        }) == "none");
  CHECK(lost_update([] {
          atomic<int> x;
          auto f = [&] {
            int seen = x.load();
            while (!x.compare_exchange_strong(seen, seen + 1)) {
            }
          };
          run({f, f});
        }) == "none");
}

TEST_CASE("a write that a read-modify-write lost is found") {
  // The value that the atomic operation left is not known to the search: it counts as another one.
  CHECK(lost_update([] {
          atomic<int> x;
          run({[&] { x.store(x.load() + 1); }, [&] { x.fetch_add(1); }});
        }) == "error");
}

TEST_CASE("an addition can be lost, and loses nothing") {
  CHECK(lost_update([] {
          atomic<int> x;
          run({[&] { x.store(x.load() + 1); }, [&] { x.add(1); }});
        }) == "error");
  CHECK(lost_update([] {
          atomic<int> x;
          run({[&] { x.add(1), x.load(); }, [&] { x.add(1); }});
        }) == "none");
}

TEST_CASE("a value that comes from elsewhere proves nothing") {
  CHECK(lost_update([] {
          variable<int> x, other;
          run({[&] {
                 const int mine = other.load();
                 x.load();
                 x.store(10 + mine);
               },
               [&] {
                 other.store(1);
                 x.store(7);
               }});
        }) == "note");
  CHECK(lost_update([] {
          variable<int> x;
          run({[&] {
                 const int mine = choose(2);
                 x.load();
                 x.store(10 + mine);
               },
               [&] { x.store(7); }});
        }) == "note");
}

TEST_CASE("a value that the parent has read proves nothing") {
  CHECK(lost_update([] {
          variable<int> x, config;
          thread writer([&] {
            config.store(1);
            x.store(7);
          });
          const int mine = config.load();
          thread t([&x, mine] {
            x.load();
            x.store(10 + mine);
          });
          writer.join();
          t.join();
        }) == "note");
}

TEST_CASE("a value that a joined thread has read proves nothing") {
  CHECK(lost_update([] {
          variable<int> x, config;
          int mine = 0;
          thread writer([&] {
            config.store(1);
            x.store(7);
          });
          thread reader([&] { mine = config.load(); });
          reader.join();
          x.load();
          x.store(10 + mine);
          writer.join();
        }) == "note");
}

TEST_CASE("a value that another thread brought to a barrier proves nothing") {
  CHECK(lost_update([] {
          variable<int> x, config;
          int mine = 0;
          barrier<> b(2);
          thread writer([&] {
            config.store(1);
            x.store(7);
          });
          thread reader([&] {
            mine = config.load();
            b.arrive_and_wait();
          });
          thread t([&] {
            b.arrive_and_wait();
            x.load();
            x.store(10 + mine);
          });
          writer.join();
          reader.join();
          t.join();
        }) == "note");
}

TEST_CASE("a compare-and-swap that fails overwrites nothing") {
  auto program = [](int expected) {
    return [expected] {
      atomic<int> x(0);
      counting_semaphore<> initialised(0);
      run({[&] {
             x.store(choose(2));
             initialised.release();
           },
           [&] {
             initialised.acquire();
             x.store(x.load() + 1);
           },
           [&] {
             int e = expected;
             x.compare_exchange_strong(e, 5);
           }});
    };
  };
  CHECK(lost_update(program(1)) == "error");
  CHECK(lost_update(program(99)) == "none");
}

TEST_CASE("what was done under a lock whose data nobody sees may be what a value depends on") {
  auto program = [](bool hidden) {
    return [hidden] {
      variable<int> x(0, "x"), source(0, "source");
      int copy = 0;  // protected by m, but not visible
      mutex m;
      run({[&] { source.store(1); },
           [&] {
             const int seen = source.load();
             m.lock();
             copy = seen;
             m.unlock();
           },
           [&] {
             const int old = x.load();
             m.lock();
             if (hidden) engine::Engine::current()->learn_past();
             const int seen = copy;
             m.unlock();
             x.store(hidden ? seen : old);
           },
           [&] { x.store(7); }});
    };
  };
  CHECK(lost_update(program(true)) == "note");
  CHECK(lost_update(program(false)) == "error");
}

TEST_CASE("the proof may come from executions in which nothing is lost") {
  // Only one order loses the update; two others show that what is written depends on what was read.
  const Result r = check(
      [] {
        variable<int> x;
        run({[&] { x.store(x.load() + 1); }, [&] { x.store(10); }});
      },
      Options{.all = true});
  CHECK(r.executions == 3);
  REQUIRE(r.find("lost-update"));
  CHECK(r.find("lost-update")->count == 1);
  CHECK(r.find("lost-update")->severity == "error");
}

TEST_CASE("values of any type that has a digest") {
  CHECK(lost_update([] {
          variable<std::string> s;
          auto f = [&] { s.store(s.load() + "x"); };
          run({f, f});
        }) == "error");
  CHECK(lost_update([] {
          variable<double> d;
          auto f = [&] { d.store(d.load() + 0.5); };
          run({f, f});
        }) == "error");
}

TEST_CASE("the events that matter are named") {
  const Result r = check([] {
    variable<int> x(0, "x");
    auto f = [&] { x.store(x.load() + 1); };
    run({f, f});
  });
  REQUIRE(r.find("lost-update"));
  std::vector<std::string> marks;
  for (const engine::TraceEvent& e : r.find("lost-update")->trace.events)
    if (!e.mark.empty()) marks.push_back(e.mark);
  CHECK(marks == std::vector<std::string>{"stale-read", "overwritten", "lost-update"});
}

TEST_CASE("the search asks the detector about writes only") {
  CHECK(detect::LostUpdate().interests() == detect::bit(engine::OpKind::Write));
}
