// A model's code that crashes ends its execution, in all ways in which code can crash, and nothing else does.
#include "checker/engine/crash_handler.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/engine.h"
#include "checker/explore/transitions.h"
#include "raddle/raddle.h"
#include "tests/support/search.h"

#if !RADDLE_SANITIZED

using namespace raddle::engine;
using raddle::test::Model;

namespace {

int* volatile nowhere = nullptr;
volatile int zero = 0;

void use_up_stack(volatile char* above) {
  volatile char here[1000];
  here[0] = above ? above[0] : '\0';
  if (zero == 0) use_up_stack(here);
  here[1] = '\0';
}

/// The lowest thread first, or the highest one.
class InOrder : public Strategy {
 public:
  explicit InOrder(int executions, bool highest = false) : left_(executions), highest_(highest) {}
  bool begin(Engine&) override { return left_-- > 0; }
  Decision pick(Engine& e, Tid) override {
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    Tid t = kNoThread;
    e.ready().for_each([&](Tid r) {
      if (e.runnable(r) && (highest_ || t == kNoThread)) t = r;
    });
    return t == kNoThread ? kStop : Decision{t, raddle::explore::first_alternative(e, t)};
  }
  void end(Engine& e, Outcome o) override {
    outcomes.push_back(o);
    reasons.push_back(e.abort_reason());
    failures.insert(failures.end(), e.failures().begin(), e.failures().end());
    used_up.push_back(e.crash().stack_used_up);
  }

  std::vector<Outcome> outcomes;
  std::vector<std::string> reasons;
  std::vector<Failure> failures;
  std::vector<bool> used_up;

 private:
  int left_;
  bool highest_;
};

template <class F>
InOrder run(const F& program, int executions = 1, bool highest = false) {
  InOrder strategy(executions, highest);
  Engine e;
  Model<F> model(program);
  e.run(strategy, model);
  return strategy;
}

/// Of two threads, one crashes if the other one was there before.
template <class F>
auto too_late(const F& crash) {
  return [crash] {
    raddle::variable<int> closed(0, "closed");
    raddle::thread close([&] { closed = 1; });
    raddle::thread use([&] {
      if (closed.load()) crash();
    });
    close.join();
    use.join();
  };
}

constexpr auto write_to_nowhere = [] { *nowhere = 1; };

/// How a process ends that does this.
template <class F>
int end_of(const F& f) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) std::signal(signal, SIG_DFL);
    f();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("a crash ends its execution, in one order and not in the other") {
  const CrashHandler handler;
  const auto program = too_late(write_to_nowhere);
  const InOrder late = run(program), early = run(program, 1, true);
  CHECK(late.outcomes == std::vector{Outcome::Aborted});
  CHECK(late.reasons.front() == "the model crashed: segmentation fault");
  REQUIRE(late.failures.size() == 1);
  const Failure& f = late.failures.front();
  CHECK(f.kind == Failure::Kind::Crash);
  CHECK(f.type == "segmentation fault");
  CHECK(f.tid == 2);
  CHECK(f.step == 2);
  CHECK(f.site.known());
  CHECK(early.outcomes == std::vector{Outcome::Complete});
  CHECK(early.failures.empty());
}

TEST_CASE("an engine goes on behind a crash") {
  const CrashHandler handler;
  const InOrder all = run(too_late(write_to_nowhere), 50);
  CHECK(all.outcomes == std::vector(50, Outcome::Aborted));
  CHECK(all.failures.size() == 50);
  Engine e;
  for (const bool highest : {false, true, false, true}) {
    InOrder strategy(1, highest);
    const auto program = too_late(write_to_nowhere);
    Model model(program);
    e.run(strategy, model);
    CHECK(strategy.failures.size() == (highest ? 0 : 1));
  }
}

TEST_CASE("all ways to crash") {
  const CrashHandler handler;
  const auto words = [](auto crash) {
    const InOrder ended = run(too_late(crash));
    CHECK(ended.outcomes == std::vector{Outcome::Aborted});
    return ended.failures.empty() ? "" : ended.failures.front().message;
  };
  CHECK(words([] { ::raise(SIGSEGV); }) == "segmentation fault");
  CHECK(words([] { ::kill(::getpid(), SIGBUS); }) == "bus error");
  CHECK(words([] { std::abort(); }) == "abort");
  CHECK(words([] { std::abort(); }) == "abort");  // for the second time
  CHECK(words([] { __builtin_trap(); }) != "");
  CHECK(words([] { ::raise(SIGFPE); }) == "arithmetic error");
#if defined(__x86_64__)
  CHECK(words([] { zero = 42 / zero; }) == "arithmetic error");
#endif
  CHECK(words([] { std::terminate(); }) == "abort");
  CHECK(words([] { use_up_stack(nullptr); }) == "segmentation fault, because a thread has used up its stack");
}

TEST_CASE("a crash in the main thread, in one that has not announced anything, and in a destructor") {
  const CrashHandler handler;
  CHECK(run([] { write_to_nowhere(); }).failures.size() == 1);
  const InOrder first = run([] { raddle::thread(write_to_nowhere).join(); });
  REQUIRE(first.failures.size() == 1);
  CHECK(first.failures.front().tid == 1);
  CHECK(!first.failures.front().site.known());
  struct Guard {
    ~Guard() { write_to_nowhere(); }
  };
  CHECK(run([] { Guard(); }).failures.size() == 1);
}

TEST_CASE("what the model does not cause by itself ends the process as before") {
  // Not on a thread of the model.
  CHECK(end_of([] {
          const CrashHandler handler;
          write_to_nowhere();
        }) == SIGSEGV);
  CHECK(end_of([] {
          const CrashHandler handler;
          ::raise(SIGABRT);
        }) == SIGABRT);
  // Without a handler, and when it is gone.
  CHECK(end_of([] { run(write_to_nowhere); }) == SIGSEGV);
  CHECK(end_of([] {
          { const CrashHandler handler; }
          run(write_to_nowhere);
        }) == SIGSEGV);
  // From outside.
  CHECK(end_of([] {
          const CrashHandler handler;
          const pid_t self = ::getpid();
          run([self] {
            if (::fork() == 0) {
              ::kill(self, SIGSEGV);
              ::_exit(0);
            }
            for (;;) ::pause();
          });
        }) == SIGSEGV);
  // In a strategy, on a thread's stack.
  CHECK(end_of([] {
          struct Crashes : InOrder {
            using InOrder::InOrder;
            Decision pick(Engine&, Tid) override {
              *nowhere = 1;
              return kStop;
            }
          } strategy(1);
          const CrashHandler handler;
          Engine e;
          const auto program = too_late([] {});
          Model model(program);
          e.run(strategy, model);
        }) == SIGSEGV);
  // Core dumps are wanted.
  CHECK(end_of([] {
          ::setenv("RADDLE_CATCH_CRASHES", "0", 1);
          const CrashHandler handler;
          run(write_to_nowhere);
        }) == SIGSEGV);
}

TEST_CASE("handlers that were there before are put back, and get what is not the model's") {
  CHECK(end_of([] {
          std::signal(SIGSEGV, [](int) { ::_exit(42); });
          {
            const CrashHandler handler;
            const CrashHandler another;
            if (run(write_to_nowhere).failures.size() != 1) ::_exit(1);
          }
          write_to_nowhere();
        }) == -42);
  CHECK(end_of([] {
          std::signal(SIGSEGV, [](int) { ::_exit(43); });
          const CrashHandler handler;
          write_to_nowhere();
        }) == -43);
}

#else

TEST_CASE("a sanitizer reports crashes itself") {
  struct sigaction before {
  }, now{};
  ::sigaction(SIGSEGV, nullptr, &before);
  const raddle::engine::CrashHandler handler;
  ::sigaction(SIGSEGV, nullptr, &now);
  CHECK((before.sa_sigaction == now.sa_sigaction));
}

#endif
