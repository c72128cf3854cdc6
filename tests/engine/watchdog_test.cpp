// The watchdog.
#include "checker/engine/watchdog.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <doctest/doctest.h>

using namespace raddle::engine;
using namespace std::chrono_literals;

namespace {

struct Calls {
  std::atomic<std::uint64_t> progress = 0;
  std::atomic<int> interrupts = 0;
  std::atomic<bool> out_of_time = false, hurried = true;
  std::atomic<bool> gave_up = false, asked = false;
  std::atomic<int> cuts = 0;

  Watchdog::Hooks hooks() {
    return {.progress = [this] { return progress.load(); },
            .interrupt = [this](bool late) { ++interrupts, out_of_time = late; },
            .give_up = [this] { gave_up = true; },
            .hurried = [this] { return hurried.load(); },
            .cut_short = [this] { ++cuts; }};
  }
};

void spin_for(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

/// False after ten seconds.
template <typename Condition>
bool spin_until(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!condition())
    if (std::chrono::steady_clock::now() > end) return false;
  return true;
}

}  // namespace

TEST_CASE("progress keeps it quiet") {
  Calls calls;
  Watchdog watchdog({.standstill = 500ms}, calls.hooks());
  for (int i = 0; i < 150; ++i) {
    spin_for(5ms);
    ++calls.progress;
  }
  CHECK(calls.interrupts == 0);
}

TEST_CASE("it interrupts a thread that spins, then gives up") {
  Calls calls;
  Watchdog watchdog({.standstill = 100ms}, calls.hooks());
  REQUIRE(spin_until([&] { return calls.interrupts == 1; }));
  CHECK_FALSE(calls.gave_up);
  REQUIRE(spin_until([&] { return calls.gave_up.load(); }));
  CHECK(calls.interrupts == 1);
}

TEST_CASE("a thread that goes on after an interruption is interrupted anew") {
  Calls calls;
  Watchdog watchdog({.standstill = 100ms}, calls.hooks());
  for (int n = 1; n <= 3; ++n) {
    REQUIRE(spin_until([&] { return calls.interrupts == n; }));
    ++calls.progress;
  }
  CHECK_FALSE(calls.gave_up);
}

TEST_CASE("it notices a thread that waits") {
  Calls calls;
  Watchdog watchdog({.standstill = 100ms}, calls.hooks());
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!calls.gave_up && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(2s);
  CHECK(calls.gave_up);
}

TEST_CASE("near the deadline it waits for less, unless what goes on is to be finished") {
  Calls calls;
  calls.hurried = false;
  const auto start = std::chrono::steady_clock::now();
  Watchdog watchdog({.standstill = 3s, .deadline = start + 500ms}, calls.hooks());
  spin_for(900ms);
  CHECK(calls.interrupts == 0);
  calls.hurried = true;
  REQUIRE(spin_until([&] { return calls.interrupts == 1; }));
  CHECK(calls.out_of_time);
  CHECK(std::chrono::steady_clock::now() - start < 2500ms);
  spin_for(800ms);
  CHECK_FALSE(calls.gave_up);  // it may still end
  REQUIRE(spin_until([&] { return calls.gave_up.load(); }));
  CHECK(calls.interrupts == 1);
}

TEST_CASE("without a limit the deadline interrupts, and nothing gives up") {
  Calls calls;
  Watchdog watchdog({.deadline = std::chrono::steady_clock::now() + 100ms}, calls.hooks());
  REQUIRE(spin_until([&] { return calls.interrupts == 1; }));
  CHECK(calls.out_of_time);
  spin_for(600ms);
  CHECK_FALSE(calls.gave_up);
}

TEST_CASE("the deadline is near for whatever comes next, too") {
  Calls calls;
  Watchdog watchdog({.standstill = 1min, .deadline = std::chrono::steady_clock::now()}, calls.hooks());
  for (int n = 1; n <= 3; ++n) {
    REQUIRE(spin_until([&] { return calls.interrupts == n; }));
    spin_for(50ms);
    ++calls.progress;
  }
}

TEST_CASE("it ends at once") {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    Calls calls;
    Watchdog watchdog({.standstill = 1h}, calls.hooks());
  }
  CHECK(std::chrono::steady_clock::now() - start < 5s);
}

TEST_CASE("past the deadline, or when asked to, it cuts short what goes on") {
  Calls calls;
  const auto busy = [&](auto until) {
    return spin_until([&] {
      ++calls.progress;
      return until();
    });
  };
  {
    Watchdog watchdog({.deadline = Watchdog::Clock::now() + 100ms}, calls.hooks());
    CHECK(busy([&] { return calls.cuts > 0; }));
  }
  calls.cuts = 0;
  calls.hurried = false;
  Watchdog watchdog({.standstill = 10s, .asked_to_end = &calls.asked}, calls.hooks());
  const auto begin = Watchdog::Clock::now();
  const auto later = [&](auto time) { return [&, time] { return Watchdog::Clock::now() > begin + time; }; };
  CHECK(busy(later(1s)));
  CHECK(calls.cuts == 0);
  calls.asked = true;
  CHECK(busy(later(2s)));
  CHECK(calls.cuts == 0);  // what was found is being written down
  calls.hurried = true;
  CHECK(busy([&] { return calls.cuts > 0; }));
}
