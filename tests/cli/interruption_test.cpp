// Ctrl-C.
#include "checker/cli/interruption.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>

#include <doctest/doctest.h>

#include "checker/engine/watchdog.h"

using namespace raddle::cli;
using raddle::engine::Watchdog;
using namespace std::chrono_literals;

TEST_CASE("signals go to the thread that is watched, not to the one that watches it") {
  Interruption interruption;
  Watchdog watchdog({.standstill = 1h},
                    {.progress = [] { return 0; }, .interrupt = [](bool) {}, .give_up = [] {}});
  ::kill(::getpid(), SIGTERM);
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!interruption.requested()->load() && std::chrono::steady_clock::now() < end) {
  }
  CHECK(interruption.requested()->load());
}

TEST_CASE("the first signal asks, and afterwards all is as before") {
  auto* before = std::signal(SIGINT, SIG_IGN);
  {
    Interruption interruption;
    std::raise(SIGINT);  // stays ignored
    CHECK_FALSE(*interruption.requested());
  }
  std::signal(SIGINT, SIG_DFL);
  {
    Interruption interruption;
    CHECK_FALSE(*interruption.requested());
    std::raise(SIGINT);
    CHECK(*interruption.requested());
  }
  const bool default_again = std::signal(SIGINT, before) == SIG_DFL;
  CHECK(default_again);
  Interruption again;
  CHECK_FALSE(*again.requested());
}
