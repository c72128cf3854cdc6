// States that several processes enter into one table.
#include "checker/explore/shared_states.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include <doctest/doctest.h>

#include "checker/explore/fingerprint.h"

using raddle::explore::SharedStates;

namespace {

std::set<std::uint64_t> all_of(const SharedStates& states) {
  std::set<std::uint64_t> all;
  states.for_each([&](std::uint64_t state) { all.insert(state); });
  return all;
}

}  // namespace

TEST_CASE("each state is new once") {
  SharedStates states(1000, 1);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::uint64_t state = i < 3 ? i : raddle::engine::mix(i);
    CHECK_FALSE(states.contains(state));
    CHECK(states.insert(state));
    CHECK_FALSE(states.insert(state));
    CHECK(states.contains(state));
  }
  CHECK(all_of(states).size() == 1000);
}

TEST_CASE("of several processes that enter the same states, each state is new to one") {
  constexpr std::uint64_t kStates = 200000;
  constexpr int kProcesses = 4;
  SharedStates states(kStates, kProcesses);
  int counts[2];
  REQUIRE(::pipe(counts) == 0);
  for (int p = 1; p <= kProcesses; ++p) {
    if (::fork() == 0) {
      states.begin(static_cast<std::size_t>(p), static_cast<SharedStates::Lease>(p + 1));
      std::uint64_t fresh = 0;
      for (std::uint64_t i = 0; i < kStates; ++i) fresh += states.insert(raddle::engine::mix(i));
      ::_exit(::write(counts[1], &fresh, sizeof fresh) == sizeof fresh ? 0 : 1);
    }
  }
  for (int p = 0; p < kProcesses; ++p) {
    int status = 0;
    ::wait(&status);
    REQUIRE(status == 0);
  }
  std::uint64_t new_ones = 0;
  for (int p = 0; p < kProcesses; ++p) {
    std::uint64_t fresh = 0;
    REQUIRE(::read(counts[0], &fresh, sizeof fresh) == sizeof fresh);
    new_ones += fresh;
  }
  ::close(counts[0]);
  ::close(counts[1]);
  CHECK(new_ones == kStates);
  CHECK(all_of(states).size() == kStates);
  std::size_t removed = 0;
  for (std::size_t p = 1; p <= kProcesses; ++p)
    removed += states.remove(p, static_cast<SharedStates::Lease>(p + 1));
  CHECK(removed == kStates);
  CHECK(all_of(states).empty());
}

TEST_CASE("what a process that was killed has entered can be taken out, and nothing else") {
  SharedStates states(1 << 20, 2);
  for (std::uint64_t i = 0; i < 100; ++i) CHECK(states.insert(raddle::engine::mix(i)));
  const auto before = all_of(states);
  const pid_t pid = ::fork();
  if (pid == 0) {
    states.begin(2, 9);
    for (std::uint64_t i = 50; i < 1'000'000; ++i) static_cast<void>(states.insert(raddle::engine::mix(i)));
    for (;;) ::pause();
  }
  ::usleep(3000);
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  const std::size_t there = all_of(states).size();
  CHECK(states.remove(2, 9) == there - before.size());
  CHECK(all_of(states) == before);
  CHECK(states.insert(raddle::engine::mix(500'000'000)));
  states.erase(raddle::engine::mix(500'000'000));
  CHECK(all_of(states) == before);
}
