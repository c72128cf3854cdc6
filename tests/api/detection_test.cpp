// Each detector fires on a program, and is silent on a near-identical one.
#include <algorithm>
#include <new>
#include <stdexcept>

#include <doctest/doctest.h>

#include "raddle/raddle.h"

using namespace raddle;  // NOLINT: as a model would

namespace {

Options all() {
  Options o;
  o.all = true;
  return o;
}

/// Two threads that run the same function.
template <class F>
void twice(const F& f) {
  thread a(f), b(f);
  a.join();
  b.join();
}

}  // namespace

TEST_CASE("a lost update is found and proven") {
  const Result r = check(
      [] {
        variable<int> x(0, "x");
        twice([&] { x = x.load() + 1; });
      },
      all());
  CHECK(r.verdict == Verdict::findings);
  CHECK(r.complete());
  CHECK(r.executions == 4);
  REQUIRE(r.findings.size() == 1);
  const Finding& f = r.findings[0];
  CHECK(f.kind == "lost-update");
  CHECK(f.severity == "error");
  CHECK(f.count == 2);
  CHECK(f.line == __LINE__ - 11);
  CHECK(f.message.find("both read 0, both wrote 1") != std::string::npos);
  CHECK(f.trace.outcome == "complete");
}

TEST_CASE("no lost update under a lock, nor with an atomic increment") {
  const Result locked = check([] {
    variable<int> x;
    mutex m;
    twice([&] {
      lock_guard guard(m);
      x = x.load() + 1;
    });
  });
  CHECK(locked.verdict == Verdict::clean);
  CHECK(locked.executions == 2);
  CHECK(locked.findings.empty());
  const Result atomically = check([] {
    atomic<int> x;
    twice([&] { x.fetch_add(1); });
  });
  CHECK(atomically.verdict == Verdict::clean);
  CHECK(atomically.findings.empty());
}

TEST_CASE("a lost update across two critical sections; not when it is read again") {
  const Result stale = check([] {
    variable<int> x;
    mutex m;
    twice([&] {
      m.lock();
      const int seen = x.load();
      m.unlock();
      m.lock();
      x.store(seen + 1);
      m.unlock();
    });
  });
  CHECK(stale.find("lost-update") != nullptr);
  const Result again = check(
      [] {
        variable<int> x;
        mutex m;
        twice([&] {
          x.load();
          m.lock();
          x.store(x.load() + 1);
          m.unlock();
        });
      },
      all());
  CHECK(again.verdict == Verdict::clean);
}

TEST_CASE("a stale write whose value does not depend on what was read is a note") {
  const Result flag = check(
      [] {
        variable<bool> done;
        twice([&] {
          if (!done.load()) done.store(true);
        });
      },
      all());
  CHECK(flag.verdict == Verdict::clean);
  REQUIRE(flag.findings.size() == 1);
  CHECK(flag.findings[0].kind == "atomicity");
  CHECK(flag.findings[0].severity == "note");
  const Result reset = check(
      [] {
        variable<int> x;
        thread a([&] {
          x.load();
          x.store(5);
        });
        thread b([&] { x.store(7); });
        a.join();
        b.join();
      },
      all());
  CHECK(reset.verdict == Verdict::clean);
}

TEST_CASE("a deadlock of two locks in opposite order; not in the same order") {
  auto program = [](bool opposite) {
    return [=] {
      mutex a("a"), b("b");
      thread t([&] {
        lock_guard first(a);
        lock_guard second(b);
      });
      thread u([&, opposite] {
        lock_guard first(opposite ? b : a);
        lock_guard second(opposite ? a : b);
      });
      t.join();
      u.join();
    };
  };
  const Result bad = check(program(true), all());
  CHECK(bad.verdict == Verdict::findings);
  CHECK(bad.executions == 3);
  CHECK(bad.deadlocks == 1);
  REQUIRE(bad.find("deadlock"));
  CHECK(bad.find("deadlock")->message.find("Each waits for the next") == 0);
  CHECK(bad.find("deadlock")->message.find("t1 waits for b, held by t2") != std::string::npos);
  const Result good = check(program(false), all());
  CHECK(good.verdict == Verdict::clean);
  CHECK(good.executions == 2);
}

TEST_CASE("a mutex locked twice by one thread; not a recursive one") {
  const Result bad = check([] {
    mutex m("m");
    m.lock();
    m.lock();
  });
  REQUIRE(bad.find("deadlock"));
  CHECK(bad.find("deadlock")->message.find("main waits for m, which it holds itself") == 0);
  const Result good = check([] {
    recursive_mutex m("m");
    m.lock();
    m.lock();
    m.unlock();
    m.unlock();
  });
  CHECK(good.verdict == Verdict::clean);
}

TEST_CASE("a lost wake-up is named; not with a predicate") {
  const Result bad = check(
      [] {
        mutex m("m");
        condition_variable c("c");
        thread waiter([&] {
          unique_lock lock(m);
          c.wait(lock);
        });
        thread notifier([&] { c.notify_one(); });
        waiter.join();
        notifier.join();
      },
      all());
  CHECK(bad.executions == 2);
  REQUIRE(bad.find("deadlock"));
  CHECK(bad.find("deadlock")->message.find("lost wakeup") != std::string::npos);
  const Result good = check(
      [] {
        mutex m;
        condition_variable c;
        variable<bool> ready;
        thread waiter([&] {
          unique_lock lock(m);
          c.wait(lock, [&] { return ready.load(); });
        });
        thread notifier([&] {
          lock_guard guard(m);
          ready.store(true);
          c.notify_one();
        });
        waiter.join();
        notifier.join();
      },
      all());
  CHECK(good.verdict == Verdict::clean);
}

TEST_CASE("a lock whose holder is gone") {
  const Result r = check([] {
    mutex m("m");
    thread t([&] { m.lock(); });
    t.join();
    m.lock();
  });
  REQUIRE(r.find("deadlock"));
  CHECK(r.find("deadlock")->message.find("holder gone") != std::string::npos);
}

TEST_CASE("assertions, exceptions and misuse end their thread, and only that") {
  const Result assertion = check(
      [] {
        variable<int> x;
        thread t([&] { x.store(1); });
        thread u([&] { require(x.load() == 0, "x is still 0"); });
        t.join();
        u.join();
      },
      all());
  CHECK(assertion.executions == 2);
  REQUIRE(assertion.find("assertion"));
  CHECK(assertion.find("assertion")->count == 1);
  CHECK(assertion.find("assertion")->message.find("x is still 0") != std::string::npos);

  const Result exception = check([] {
    thread t([] { throw std::runtime_error("boom"); });
    t.join();
  });
  REQUIRE(exception.find("exception"));
  CHECK(exception.find("exception")->message.find("std::runtime_error: boom") != std::string::npos);

  CHECK(check([] {
          mutex m;
          m.unlock();
        }).find("misuse"));
  CHECK(check([] {
          mutex m;
          m.lock();
          thread t([&] { m.unlock(); });
          t.join();
          m.unlock();
        }).find("misuse"));
  CHECK(check([] { thread t([] {}); }).find("misuse"));
  CHECK(check([] {
          binary_semaphore s(1);
          s.release();
        }).find("misuse"));
  CHECK(check([] {
          mutex m;
          m.lock();
          m.unlock();
          thread t([] {});
          t.join();
          binary_semaphore s(0);
          s.release();
        }).verdict == Verdict::clean);
}

TEST_CASE("destroying and using race, whichever is announced or comes first") {
  for (const Strategy strategy : {Strategy::exhaustive, Strategy::source, Strategy::brute}) {
    for (const bool destroyer_first : {false, true}) {
      Options o;
      o.all = true;
      o.strategy = strategy;
      const Result r = check(
          [destroyer_first] {
            alignas(variable<int>) char storage[sizeof(variable<int>)];  // stays when the variable is gone
            variable<int>& x = *new (storage) variable<int>(0);
            variable<int> before;
            auto destroy = [&] { x.~variable(); };
            auto use = [&] {
              before.store(1);
              x.load();
              require(false, "used in time");
            };
            thread a([&] { destroyer_first ? destroy() : use(); });
            thread b([&] { destroyer_first ? use() : destroy(); });
            a.join();
            b.join();
          },
          o);
      CHECK(r.coverage == "complete");
      CHECK(r.classes == 2);
      CHECK(r.find("misuse"));
      CHECK(r.find("assertion"));
    }
  }
}

TEST_CASE("a condition variable destroyed while a thread waits on it, and after the wait") {
  auto program = [](bool notified) {
    return [notified] {
      mutex m;
      alignas(condition_variable) char storage[sizeof(condition_variable)];  // stays when it is gone
      condition_variable& c = *new (storage) condition_variable;
      bool ready = false;
      thread t([&] {
        unique_lock<mutex> lock(m);
        while (!ready) c.wait(lock);
      });
      m.lock();
      ready = true;
      if (notified) c.notify_all();
      m.unlock();
      if (notified) t.join();
      c.~condition_variable();
      if (!notified) t.join();  // for ever, if it waits
    };
  };
  CHECK(check(program(true), all()).verdict == Verdict::clean);
  const Result bad = check(program(false), all());
  // In other executions the thread comes too late, and uses what is gone.
  const bool told = std::any_of(bad.findings.begin(), bad.findings.end(), [](const Finding& f) {
    return f.kind == "misuse" && f.message.find("while a thread waits on it") != std::string::npos;
  });
  CHECK(told);
}

TEST_CASE("a semaphore keeps to its range") {
  auto count = [](std::ptrdiff_t n) { return [n] { counting_semaphore<2> s(n); }; };
  CHECK(check(count(2)).verdict == Verdict::clean);
  CHECK(check(count(3)).find("misuse"));
  CHECK(check(count(-1)).find("misuse"));
  auto release = [](std::ptrdiff_t n) {
    return [n] {
      counting_semaphore<> s(INT32_MAX - 1);
      s.release(n);
      s.acquire();
    };
  };
  CHECK(check(release(1)).verdict == Verdict::clean);
  CHECK(check(release(2)).find("misuse"));
  CHECK(check(release(std::ptrdiff_t{1} << 32)).find("misuse"));
  CHECK(check(release(-1)).find("misuse"));
}

TEST_CASE("an object destroyed while it is used by another thread") {
  auto program = [](bool joined) {
    return [=] {
      alignas(mutex) char storage[sizeof(mutex)];  // stays when the mutex is gone
      mutex& m = *new (storage) mutex;
      thread t([&m] {
        m.lock();
        m.unlock();
      });
      if (joined) t.join();
      m.~mutex();
      if (!joined) t.join();
    };
  };
  CHECK(check(program(true), all()).verdict == Verdict::clean);
  const Result bad = check(program(false), all());
  REQUIRE(bad.find("misuse"));
  CHECK(bad.find("misuse")->message.find("destroyed") != std::string::npos);
}
