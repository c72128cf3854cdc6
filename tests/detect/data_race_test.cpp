// Which pairs of accesses are data races: for each kind of synchronization a program that uses it and one that nearly
// does. That the clocks are right while a search rewinds: tests/fuzz/data_race_test.cpp.
#include "checker/detect/data_race.h"

#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/event.h"
#include "checker/engine/life.h"
#include "raddle/raddle.h"
#include "tests/support/queue.h"

using namespace raddle;  // NOLINT: as a model would
using namespace std::chrono_literals;

namespace {

/// How many different data races a complete search finds.
template <class F>
int races(const F& program) {
  const Result r = check(program, Options{.all = true, .data_races = DataRaces::error});
  REQUIRE(r.complete());
  int n = 0;
  for (const Finding& f : r.findings) n += f.kind == "data-race";
  return n;
}

using Body = std::function<void()>;

/// Runs the bodies in threads of their own and joins them.
void run(const std::vector<Body>& bodies) {
  std::vector<thread> threads;
  for (const Body& body : bodies) threads.emplace_back(body);
  for (thread& t : threads) t.join();
}

engine::Engine& engine_here() { return *engine::Engine::current(); }

}  // namespace

TEST_CASE("a write and another access of a plain variable, but not two reads, nor atomics") {
  CHECK(races([] {
          variable<int> x;
          run({[&] { x.store(1); }, [&] { x.store(2); }});
        }) == 1);
  CHECK(races([] {
          variable<int> x;
          run({[&] { x.store(1); }, [&] { x.load(); }});
        }) == 1);
  CHECK(races([] {
          variable<int> x;
          run({[&] { x.load(); }, [&] { x.load(); }});
        }) == 0);
  CHECK(races([] {
          atomic<int> x;
          run({[&] { x.store(1); }, [&] { x.fetch_add(1); }, [&] { x.load(); }});
        }) == 0);
}

TEST_CASE("another variable is another one") {
  CHECK(races([] {
          variable<int> x, y;
          run({[&] { x.store(1); }, [&] { y.store(1); }});
        }) == 0);
}

TEST_CASE("starting a thread and waiting for its end") {
  auto program = [](bool early, bool late) {
    return [=] {
      variable<int> x;
      if (!early) x.store(1);
      thread t([&] { x.store(2); });
      if (early) x.store(1);
      if (late) x.load();
      t.join();
      x.load();
    };
  };
  CHECK(races(program(false, false)) == 0);
  CHECK(races(program(true, false)) == 1);
  CHECK(races(program(false, true)) == 1);
}

TEST_CASE("what a joined thread had waited for comes before, too") {
  auto program = [](bool join) {
    return [join] {
      variable<int> x;
      thread a([&] { x.store(1); });
      thread b([&] {
        if (join) a.join();
      });
      b.join();
      x.store(2);
      if (!join) a.join();
    };
  };
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) == 1);
}

TEST_CASE("a mutex, if it is the same one") {
  auto program = [](bool same) {
    return [same] {
      variable<int> x;
      mutex m, other;
      auto f = [&](mutex& lock) {
        lock_guard guard(lock);
        x.store(x.load() + 1);
      };
      run({[&] { f(m); }, [&] { f(same ? m : other); }});
    };
  };
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) > 0);
}

TEST_CASE("an access behind the mutex, although every execution has some order of the locks") {
  CHECK(races([] {
          variable<int> x;
          mutex m;
          auto f = [&] {
            { lock_guard guard(m); }
            x.store(1);
          };
          run({f, f});
        }) == 1);
}

TEST_CASE("try_lock, if it has got the lock") {
  auto program = [](bool ask) {
    return [ask] {
      variable<int> x;
      mutex m;
      run({[&] {
             lock_guard guard(m);
             x.store(1);
           },
           [&] {
             const bool got = m.try_lock();
             if (got || !ask) x.load();
             if (got) m.unlock();
           }});
    };
  };
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) == 1);
}

TEST_CASE("a try_lock that fails learns nothing of who had the lock before") {
  int failed = 0;  // in how many executions it does
  const Result r = check(
      [&] {
        variable<int> x;
        mutex m;
        run({[&] {
               m.lock();
               x.store(1);
               m.unlock();
               m.lock();
               m.unlock();
             },
             [&] {
               if (m.try_lock()) return m.unlock();
               x.load();
               ++failed;
             }});
      },
      Options{.all = true, .minimise = false, .data_races = DataRaces::warn});
  REQUIRE(r.find("data-race"));
  CHECK(r.find("data-race")->count + 1 == failed);  // the witness is executed once more
}

TEST_CASE("a notification, if it comes behind the access") {
  auto program = [](bool before) {
    return [before] {
      variable<int> x;
      mutex m;
      condition_variable c;
      run({[&] {
             unique_lock lock(m);
             c.wait(lock);
             x.load();
           },
           [&] {
             if (before) x.store(1);
             c.notify_one();
             if (!before) x.store(1);
           }});
    };
  };
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) == 1);
}

TEST_CASE("a timeout has learnt nothing from anybody") {
  auto program = [](bool ask) {
    return [ask] {
      variable<int> x;
      mutex m;
      condition_variable c;
      run({[&] {
             unique_lock lock(m);
             const bool notified = c.wait_for(lock, 1s) == cv_status::no_timeout;
             if (notified || !ask) x.load();
           },
           [&] {
             x.store(1);
             c.notify_one();
           }});
    };
  };
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) == 1);
}

TEST_CASE("a semaphore, if the unit may come from the other thread only") {
  auto program = [](int units, bool timed) {
    return [=] {
      variable<int> x;
      counting_semaphore<> s(units);
      run({[&] {
             x.store(1);
             s.release();
           },
           [&] {
             if (!timed)
               s.acquire();
             else if (!s.try_acquire_for(1s))
               return;
             x.load();
           }});
    };
  };
  CHECK(races(program(0, false)) == 0);
  CHECK(races(program(0, true)) == 0);
  CHECK(races(program(1, false)) == 1);
}

TEST_CASE("acquiring a unit tells nobody anything") {
  CHECK(races([] {
          variable<int> x;
          counting_semaphore<> s(2);
          run({[&] {
                 x.store(1);
                 s.acquire();
               },
               [&] {
                 s.acquire();
                 x.load();
               }});
        }) == 1);
}

TEST_CASE("a queue orders what comes before put and behind get, and no other way round") {
  auto program = [](bool before) {
    return [before] {
      variable<int> x;
      queue<int> q(2);
      run({[&] {
             if (before) x.store(1);
             q.put(1);
             if (!before) x.store(1);
           },
           [&] {
             q.get();
             x.load();
           }});
    };
  };
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) == 1);
}

TEST_CASE("a bounded queue orders what comes before get and behind the put that it made room for") {
  auto program = [](int capacity) {
    return [capacity] {
      variable<int> x;
      queue<int> q(capacity);
      q.put(1);
      run({[&] {
             x.store(1);
             q.get();
           },
           [&] {
             q.put(2);
             x.load();
           }});
    };
  };
  CHECK(races(program(1)) == 0);
  CHECK(races(program(2)) == 1);
}

TEST_CASE("an event, if it was set") {
  auto program = [](int how) {
    return [how] {
      variable<int> x;
      engine::Event event(engine_here());
      run({[&] {
             x.store(1);
             event.set(engine_here(), here());
           },
           [&] {
             if (how == 0) event.wait(engine_here(), here());
             if (how == 1 && !event.is_set(engine_here(), here())) return;
             if (how == 2) event.is_set(engine_here(), here());
             x.load();
           }});
    };
  };
  CHECK(races(program(0)) == 0);
  CHECK(races(program(1)) == 0);
  CHECK(races(program(2)) == 1);
}

TEST_CASE("a function that is called once comes before those who need not call it") {
  auto program = [](bool all) {
    return [all] {
      variable<int> x;
      once_flag once;
      auto make = [&] { call_once(once, [&] { x.store(1); }); };
      run({make, [&] {
             if (all) make();
             x.load();
           }});
    };
  };
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) == 1);
}

TEST_CASE("a barrier, for who waits there") {
  auto program = [](bool waits) {
    return [waits] {
      variable<int> x;
      barrier<> b(2);
      run({[&] {
             x.store(1);
             b.arrive_and_wait();
           },
           [&] {
             if (waits)
               b.arrive_and_wait();
             else
               static_cast<void>(b.arrive());
             x.load();
           }});
    };
  };
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) == 1);
}

TEST_CASE("being told that a thread has ended") {
  auto program = [](bool ask) {
    return [ask] {
      variable<int> x;
      engine::Engine& e = engine_here();
      const engine::Tid t = e.spawn();
      e.body(t).set([&x] { raddle::api::guarded([&] { x.store(1); }); });
      const bool alive = engine::is_alive(e, t, here());
      if (!alive || !ask) x.load();
      e.join(t);
    };
  };
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) == 1);
}

TEST_CASE("an atomic flag, if it was seen set") {
  auto program = [](bool ask) {
    return [ask] {
      variable<int> x;
      atomic<int> flag;
      run({[&] {
             x.store(1);
             flag.store(1);
           },
           [&] {
             const int seen = flag.load();
             if (seen || !ask) x.load();
           }});
    };
  };
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) == 1);
  // A plain flag is a data race itself, and orders nothing.
  CHECK(races([] {
          variable<int> x, flag;
          run({[&] {
                 x.store(1);
                 flag.store(1);
               },
               [&] {
                 if (flag.load()) x.load();
               }});
        }) == 2);
}

TEST_CASE("another thread's store hides what a flag said, its read-modify-write does not") {
  auto program = [](bool store) {
    return [store] {
      variable<int> x;
      atomic<int> flag;
      counting_semaphore<> first(0);
      run({[&] {
             x.store(1);
             flag.store(1);
           },
           [&] {
             if (flag.load() != 1) return;
             if (store)
               flag.store(2);
             else
               flag.fetch_add(1);
           },
           [&] {
             if (flag.load() == 2) x.load();
           }});
    };
  };
  // The thread in the middle has seen the flag, and passes on what it knows, either way.
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) == 0);
  auto blind = [](bool store) {
    return [store] {
      variable<int> x;
      atomic<int> flag;
      run({[&] {
             x.store(1);
             flag.fetch_add(1);
           },
           [&] {
             if (store)
               flag.store(2);
             else
               flag.fetch_add(2);
           },
           [&] {
             const int seen = flag.load();
             if (store ? seen >= 2 : seen == 3) x.load();
           }});
    };
  };
  CHECK(races(blind(true)) == 1);
  CHECK(races(blind(false)) == 0);
}

TEST_CASE("an addition says what came before it, and hears nothing") {
  auto program = [](bool adds_too) {
    return [adds_too] {
      variable<int> x;
      atomic<int> n;
      run({[&] {
             x.store(1);
             n.add(1);
           },
           [&] {
             if (adds_too)
               n.add(1), x.load();
             else if (n.load() == 1)
               x.load();
           }});
    };
  };
  CHECK(races(program(false)) == 0);
  CHECK(races(program(true)) == 1);
}

TEST_CASE("an event that is set already, and a compare-exchange that fails, say nothing") {
  auto program = [](bool cleared) {
    return [cleared] {
      variable<int> x;
      engine::Event event(engine_here());
      event.set(engine_here(), here());
      run({[&] {
             x.store(1);
             if (cleared) event.clear(engine_here(), here());
             event.set(engine_here(), here());
             event.set(engine_here(), here());
           },
           [&] {
             event.wait(engine_here(), here());
             x.load();
           }});
    };
  };
  CHECK(races(program(false)) == 1);
  CHECK(races(program(true)) == 1);  // in those executions in which the wait comes first
  auto exchange = [](int expected) {
    return [expected] {
      variable<int> x;
      atomic<int> state(1), told;
      run({[&] {
             x.store(1);
             int e = expected;
             if (state.compare_exchange_strong(e, 2)) told.store(1);
           },
           [&] {
             if (state.load() == 2) x.load();
           }});
    };
  };
  CHECK(races(exchange(1)) == 0);
  auto failing = [] {
    variable<int> x;
    atomic<int> state(1);
    run({[&] {
           x.store(1);
           int e = 5;
           state.compare_exchange_strong(e, 2);
         },
         [&] {
           state.load();
           x.load();
         }});
  };
  CHECK(races(failing) == 1);
}

TEST_CASE("order is passed on from thread to thread") {
  auto program = [](bool link) {
    return [link] {
      variable<int> x;
      counting_semaphore<> a(0), b(0);
      run({[&] {
             x.store(1);
             a.release();
           },
           [&] {
             if (link) a.acquire();
             b.release();
           },
           [&] {
             b.acquire();
             x.load();
           }});
    };
  };
  CHECK(races(program(true)) == 0);
  CHECK(races(program(false)) == 1);
}

TEST_CASE("one finding for two places and a variable, with the executions that show it") {
  auto program = [] {
    variable<int> x(0, "x"), y(0, "y");
    auto f = [](variable<int>& v) { v.store(1); };
    run({[&] { f(x); }, [&] { f(x); }, [&] { f(y); }, [&] { f(y); }});
  };
  const Result r = check(program, Options{.all = true, .data_races = DataRaces::warn});
  CHECK(r.verdict == Verdict::clean);
  REQUIRE(r.findings.size() == 2);
  CHECK(r.executions == 4);
  for (const Finding& f : r.findings) {
    CHECK(f.kind == "data-race");
    CHECK(f.severity == "warning");
    CHECK(f.count == 4);
  }
  CHECK(r.findings[0].trace.findings[0].title == "x");
  CHECK(r.findings[1].trace.findings[0].title == "y");
}

TEST_CASE("the message names both accesses, the write first, and the witness marks them") {
  for (const bool reader_first : {true, false}) {
    int line = 0;
    const Result r = check(
        [&] {
          variable<int> x(0, "x");
          line = __LINE__ + 1;
          Body write = [&] { x.store(1); };
          Body read = [&] { x.load(); };
          run(reader_first ? std::vector{read, write} : std::vector{write, read});
        },
        Options{.data_races = DataRaces::error});
    const Finding* f = r.find("data-race");
    REQUIRE(f);
    CHECK(r.verdict == Verdict::findings);
    const std::string writer = reader_first ? "t2" : "t1", reader = reader_first ? "t1" : "t2";
    CHECK(f->message == writer + " writes x at :" + std::to_string(line) + " and " + reader +
                            " reads it at :" + std::to_string(line + 1) + "; nothing orders the two.");
    CHECK(f->line == line + 1);
    std::vector<std::string> marked;
    for (const engine::TraceEvent& e : f->trace.events)
      if (!e.mark.empty()) marked.push_back(e.operation + ' ' + e.mark);
    std::sort(marked.begin(), marked.end());
    CHECK(marked == std::vector<std::string>{"read race", "write race"});
    CHECK(r.text.find("DATA RACE  x") == 0);
    CHECK(r.text.find("<- races with step") != std::string::npos);
  }
}

TEST_CASE("who has not asked gets none") {
  auto program = [] {
    variable<int> x;
    run({[&] { x.store(1); }, [&] { x.store(2); }});
  };
  CHECK(check(program).findings.empty());
  CHECK(check(program, Options{.data_races = DataRaces::warn}).findings.size() == 1);
  CHECK(check(program, Options{.data_races = DataRaces::error}).reason == "first-finding");
}

TEST_CASE("a warning beside a lost update of the same variable is not printed") {
  auto program = [] {
    variable<int> x(0, "x"), flag(0, "flag");
    run({[&] {
           x.store(x.load() + 1);
           flag.store(1);
         },
         [&] {
           x.store(x.load() + 1);
           flag.load();
         }});
  };
  const Result r = check(program, Options{.all = true, .data_races = DataRaces::warn});
  CHECK(r.findings.front().kind == "lost-update");
  CHECK(r.find("data-race"));
  CHECK(r.text.find("writes x at") == std::string::npos);
  CHECK(r.text.find("writes flag at") != std::string::npos);
  CHECK(r.text.find("1 warning,") != std::string::npos);
  CHECK(check(program, Options{.all = true}).text.find("warning") == std::string::npos);
}
