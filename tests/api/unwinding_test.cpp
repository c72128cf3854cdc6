// Which suspended stacks can be dropped, and that dropping them loses nothing.
#include "checker/api/unwinding.h"

#include <malloc.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "raddle/raddle.h"

using raddle::api::examine_stack;
using raddle::api::Frame;
using raddle::api::KnownStacks;
using raddle::api::Unwinding;

namespace {

// Functions that a compiler cannot see through: calls that are not in tail position, and objects that stay.
volatile int sink;
volatile std::size_t length = 100;

std::vector<Frame> frames;
Unwinding found;
const void* limit;

[[gnu::noinline]] void probe() {
  found = examine_stack(limit, frames);
  sink = 1;
}

[[gnu::noinline]] void plain(void (*next)()) {
  next();
  sink = 2;
}

[[gnu::noinline]] void with_string(void (*next)()) {
  std::string s(length, 'x');
  next();
  sink = s[0];
}

[[gnu::noinline]] void with_catch(void (*next)()) {
  try {
    next();
    sink = 3;
  } catch (...) {
    sink = 4;
  }
}

[[gnu::noinline]] void with_rethrow(void (*next)()) {
  try {
    next();
    sink = 3;
  } catch (const std::runtime_error&) {
    sink = 4;
    throw;
  }
}

[[gnu::noinline]] void lets_nothing_out(void (*next)()) noexcept {
  next();
  sink = 5;
}

[[gnu::noinline]] void with_string_behind(void (*next)()) {
  next();
  std::string s(length, 'x');  // not there yet
  sink = s[0];
}

/// The bottom of the stacks here, as fiber_entry is for fibers.
[[gnu::noinline]] void bottom(void (*body)()) {
  body();
  sink = 6;
}

Unwinding examine(void (*body)()) {
  limit = reinterpret_cast<const void*>(&bottom);
  found = Unwinding::Impossible;
  bottom(body);
  return found;
}

}  // namespace

TEST_CASE("a stack of plain functions needs no unwinding") {
  CHECK(examine([] { plain(probe); }) == Unwinding::NotNeeded);
  CHECK(examine(probe) == Unwinding::NotNeeded);
}

TEST_CASE("an object whose destructor would run needs it; one that is not there yet does not") {
  CHECK(examine([] { with_string(probe); }) == Unwinding::Needed);
  CHECK(examine([] { plain([] { with_string([] { plain(probe); }); }); }) == Unwinding::Needed);
  CHECK(examine([] { with_string_behind(probe); }) == Unwinding::NotNeeded);
}

TEST_CASE("handlers are no destructors") {
  CHECK(examine([] { with_catch(probe); }) == Unwinding::NotNeeded);
  CHECK(examine([] { with_rethrow(probe); }) == Unwinding::NotNeeded);
  CHECK(examine([] { with_catch([] { with_string(probe); }); }) == Unwinding::Needed);
  CHECK(examine([] { with_string([] { with_catch(probe); }); }) == Unwinding::Needed);
}

TEST_CASE("no exception gets through a function that lets none out") {
#ifdef __clang__
  // There, such a function looks like one with a handler for everything.
  CHECK(examine([] { lets_nothing_out(probe); }) != Unwinding::Needed);
#else
  CHECK(examine([] { lets_nothing_out(probe); }) == Unwinding::Impossible);
  CHECK(examine([] { with_string([] { lets_nothing_out(probe); }); }) == Unwinding::Impossible);
  CHECK(examine([] { lets_nothing_out([] { with_string(probe); }); }) == Unwinding::Impossible);
#endif
}

TEST_CASE("beyond the given function nothing is looked at") {
  std::string outside(length, 'x');
  CHECK(examine([] { plain(probe); }) == Unwinding::NotNeeded);
  sink = outside[0];
}

TEST_CASE("a stack whose bottom is not found cannot be unwound") {
  limit = &limit;  // no function at all
  bottom(probe);
  CHECK(found == Unwinding::Impossible);
}

#if defined(__x86_64__)
TEST_CASE("return addresses are found on the way, innermost first") {
  examine([] { plain(probe); });
  const std::vector<Frame> shallow = frames;
  REQUIRE(shallow.size() >= 3);
  for (std::size_t i = 0; i < shallow.size(); ++i)
    if (i > 0) CHECK(shallow[i].slot > shallow[i - 1].slot);
  examine([] { plain([] { plain(probe); }); });
  CHECK(frames.size() > shallow.size());
}
#endif

namespace {

/// A made-up stack of 32 words, with functions of the program as callers.
struct FakeStack {
  const void* words[32] = {};
  const char* top() const { return reinterpret_cast<const char*>(words + 32); }
  const void* suspended_at(int word) const { return words + word; }
  Frame frame(int word, const void* function) const { return {words + word, function}; }
};

const void* address_of(void (*function)()) { return reinterpret_cast<const void*>(function); }
const void* inside(const void* function) { return static_cast<const char*>(function) + 1; }
const void* const first = address_of([] { plain(probe); });
const void* const second = address_of([] { with_string(probe); });

}  // namespace

TEST_CASE("a stack is known by its depth and its return addresses") {
  FakeStack s;
  s.words[20] = inside(first);
  s.words[28] = inside(second);
  KnownStacks known;
  CHECK_FALSE(known.find(s.top(), s.suspended_at(16)));
  known.keep(s.top(), s.suspended_at(16));
  known.remember({s.frame(20, first), s.frame(28, second)}, Unwinding::NotNeeded);
  CHECK(known.find(s.top(), s.suspended_at(16)) == Unwinding::NotNeeded);
  CHECK_FALSE(known.find(s.top(), s.suspended_at(15)));
  FakeStack other = s;
  other.words[24] = inside(first);  // no return address
  CHECK(known.find(other.top(), other.suspended_at(16)));
  other.words[20] = inside(second);
  CHECK_FALSE(known.find(other.top(), other.suspended_at(16)));
}

TEST_CASE("frames that came on top of the suspended ones do not count; without any, nothing is known") {
  FakeStack s;
  s.words[20] = inside(first);
  KnownStacks known;
  known.keep(s.top(), s.suspended_at(16));
  known.remember({s.frame(3, second), s.frame(18, second), s.frame(20, first)}, Unwinding::Needed);
  s.words[3] = s.words[18] = inside(first);
  CHECK(known.find(s.top(), s.suspended_at(16)) == Unwinding::Needed);
  KnownStacks none;
  none.keep(s.top(), s.suspended_at(16));
  none.remember({s.frame(3, first)}, Unwinding::NotNeeded);
  CHECK_FALSE(none.find(s.top(), s.suspended_at(16)));
}

TEST_CASE("several shapes are known at the same time, but not any number") {
  KnownStacks known;
  std::vector<const void*> words(512);
  const void** slot = words.data() + 500;
  *slot = inside(first);
  const char* top = reinterpret_cast<const char*>(words.data() + words.size());
  for (int i = 0; i < 200; ++i) {
    known.keep(top, words.data() + i);
    known.remember({{slot, first}}, Unwinding::NotNeeded);
  }
  int count = 0;
  for (int i = 0; i < 200; ++i) count += known.find(top, words.data() + i).has_value();
  CHECK(count >= 16);
  CHECK(count < 200);
}

namespace {

using namespace raddle;  // NOLINT: as a model would

Options all() {
  Options o;
  o.all = true;
  return o;
}

/// Counts what is alive.
struct Counted {
  static inline int alive = 0, destroyed = 0;
  Counted() { ++alive; }
  Counted(const Counted&) = delete;
  ~Counted() { --alive, ++destroyed; }
};

/// The same depth of stack whether or not there is something to destroy.
[[gnu::noinline]] void block(counting_semaphore<>& s) {
  s.acquire();
  sink = 7;
}
[[gnu::noinline]] void block_with_object(counting_semaphore<>& s) {
  Counted c;
  block(s);
  sink = 8;
}
[[gnu::noinline]] void block_with_handler(counting_semaphore<>& s, int& handled) {
  try {
    block(s);
  } catch (...) {
    ++handled;
    throw;
  }
}

[[gnu::noinline]] void block_and_go_on(counting_semaphore<>& s, int& caught) {
  try {
    block(s);
  } catch (...) {
    ++caught;
    if (sink == 12345) throw;  // a compiler is not to rely on nothing coming out
  }
}

std::size_t resident() {
  std::size_t total = 0, pages = 0;
  std::ifstream("/proc/self/statm") >> total >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

TEST_CASE("a blocked thread is dropped where no destructor is needed, and unwound where one is") {
  Counted::alive = Counted::destroyed = 0;
  int handled = 0, runs = 0;  // a finding's witness is a run too
  const Result r = check(
      [&] {
        ++runs;
        counting_semaphore<> s(0);
        thread dropped([&] { block(s); });
        thread handling([&] { block_with_handler(s, handled); });
        thread unwound([&] { block_with_object(s); });
        dropped.join();
        handling.join();
        unwound.join();
      },
      all());
  CHECK(r.deadlocks == 1);
  CHECK(Counted::alive == 0);
  CHECK(Counted::destroyed == runs);
  CHECK(handled == 0);  // its stack was dropped: nobody threw anything
}

TEST_CASE("shapes that were found droppable do not cover others") {
  Counted::alive = Counted::destroyed = 0;
  std::uint64_t expected = 0;
  const Result r = check(
      [&] {
        counting_semaphore<> s(0);
        const bool object = choose(2);
        expected += object;
        thread t([&s, object] { object ? block_with_object(s) : block(s); });
        choose(5);
        t.join();
      },
      all());
  CHECK(r.deadlocks == 10);
  CHECK(expected >= 5);
  CHECK(Counted::alive == 0);
  CHECK(Counted::destroyed == static_cast<int>(expected));
}

TEST_CASE("destructors that use the model's objects find their operations without effect") {
  int went_on = 0;
  const Result r = check(
      [&] {
        mutex m("m");
        counting_semaphore<> s(0);
        thread t([&] {
          lock_guard guard(m);
          std::string local(length, 'x');
          s.acquire();
          ++went_on;
          sink = local[0];
        });
        t.join();
      },
      all());
  CHECK(r.deadlocks == 1);
  CHECK(r.findings.size() == 1);
  CHECK(went_on == 0);
}

TEST_CASE("who catches everything is stopped at its next operation") {
  Counted::alive = 0;
  int caught = 0, runs = 0;
  bool went_on = false;
  const Result r = check(
      [&] {
        ++runs;
        counting_semaphore<> s(0);
        thread t([&] {
          Counted c;
          block_and_go_on(s, caught);
          block(s);
          went_on = true;
        });
        t.join();
      },
      all());
  CHECK(r.deadlocks == 1);
  CHECK(caught == runs);
  CHECK_FALSE(went_on);
  CHECK(Counted::alive == 0);
}

TEST_CASE("who catches everything again and again is given up") {
  int caught = 0;
  const Result r = check([&] {
    counting_semaphore<> s(0);
    thread t([&] {
      const std::string local(length, 'x');
      for (;;) block_and_go_on(s, caught);
    });
    t.join();
  });
  CHECK(r.deadlocks == 1);
  CHECK(caught > 0);
  CHECK(caught < 100000);
}

TEST_CASE("a thread that is blocked in a function that lets no exception out is dropped") {
  const Result r = check(
      [] {
        counting_semaphore<> s(0);
        thread t([&] {
          struct Guard {
            counting_semaphore<>& s;
            ~Guard() { s.acquire(); }  // noexcept, as destructors are
          };
          std::string local(length, 'x');
          Guard guard{s};
          sink = local[0];
        });
        t.join();
      },
      all());
  CHECK(r.deadlocks == 1);
}

TEST_CASE("misuse by a destructor while an exception is on its way ends the thread, not the process") {
  const Result r = check(
      [] {
        mutex m("m");
        thread t([&] {
          std::string local(length, 'x');
          lock_guard guard(m);
          m.unlock();
          sink = local[0];
          throw std::runtime_error("on its way");
        });
        t.join();
      },
      all());
  CHECK(r.find("misuse"));
  CHECK(r.find("deadlock") == nullptr);
}

TEST_CASE("memory does not grow with the number of deadlocked executions") {
  // Two threads that never go on: one is dropped, one unwound, with memory of its own.
  const auto program = [] {
    counting_semaphore<> s(0);
    variable<int> x;
    thread dropped([&] {
      x.store(1);
      block(s);
    });
    thread unwound([&] {
      const auto p = std::make_unique<std::string>(length, 'x');
      x.store(static_cast<int>(p->size()));
      block(s);
    });
    dropped.join();
    unwound.join();
  };
  Options o = all();
  o.strategy = Strategy::random;
  o.seconds = 1000;
  o.runs = 1000;
  CHECK(check(program, o).deadlocks == 1000);  // tables have grown
  const std::size_t before = resident();
#if !RADDLE_SANITIZED
  const std::size_t heap = ::mallinfo2().uordblks;
#endif
  o.runs = 10000;
  CHECK(check(program, o).deadlocks == 10000);
#if !RADDLE_SANITIZED
  // A leak of one object per execution would be 10,000 times 32 bytes at the least.
  CHECK(::mallinfo2().uordblks < heap + 100'000);
  CHECK(resident() < before + 4'000'000);
#else
  CHECK(resident() < before + 300'000'000);  // freed memory is kept for a while
#endif
}
