// A model that crashes in a test program of one's own.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "raddle/raddle.h"

#if !RADDLE_SANITIZED

namespace {

int* volatile nowhere = nullptr;

void crash_if_late() {
  raddle::variable<int> closed(0, "closed");
  raddle::thread close([&] { closed = 1; });
  raddle::thread use([&] {
    if (closed.load()) *nowhere = 1;
  });
  close.join();
  use.join();
}

/// How a process ends that checks it, as a shell says it.
int status_of_process(const raddle::Options& options, const char* trace, const char* step) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGSEGV, SIG_DFL);
    std::signal(SIGTRAP, [](int) {});  // as a debugger that goes on
    if (trace) ::setenv("RADDLE_REPLAY", trace, 1);
    if (step) ::setenv("RADDLE_BREAK", step, 1);
    ::_exit(raddle::check(crash_if_late, options).find("crash") ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("a crash is a finding") {
  const raddle::Result r = raddle::check(crash_if_late);
  CHECK(r.verdict == raddle::Verdict::findings);
  CHECK(r.coverage == "cut");
  CHECK(r.reason == "crash");
  REQUIRE(r.findings.size() == 1);
  const raddle::Finding& f = r.findings.front();
  CHECK(f.kind == "crash");
  CHECK(f.severity == "error");
  CHECK(f.message.find("segmentation fault") != std::string::npos);
  CHECK(f.file.ends_with("crash_test.cpp"));
  CHECK(f.trace.events.size() > 3);
  CHECK(r.text.find("CRASH  segmentation fault") == 0);
  CHECK(r.text.find("cut: the model crashed") != std::string::npos);
}

TEST_CASE("what a crashed thread and the others hold stays as it is") {
  const raddle::Result r = raddle::check([] {
    raddle::mutex m;
    raddle::variable<int> x(0, "x");
    const auto work = [&] {
      const raddle::lock_guard guard(m);
      x = x.load() + 1;
      if (x.load() == 2) std::abort();
    };
    raddle::thread a(work), b(work);
    a.join();
    b.join();
  });
  REQUIRE(r.find("crash"));
  CHECK(r.find("crash")->message.find("abort") != std::string::npos);
  CHECK(raddle::check([] { raddle::thread([] {}).join(); }).verdict == raddle::Verdict::clean);
}

TEST_CASE("its trace replays; what stops for a debugger crashes as it would without raddle") {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("raddle-crash-" + std::to_string(::getpid()));
  raddle::Options o;
  o.name = "crashes";
  o.trace_dir = folder;
  const raddle::Result r = raddle::check(crash_if_late, o);
  REQUIRE(r.find("crash"));
  const std::string trace = r.find("crash")->trace_file;
  CHECK(status_of_process({}, nullptr, nullptr) == 1);
  CHECK(status_of_process(o, trace.c_str(), nullptr) == 1);
  CHECK(status_of_process(o, trace.c_str(), "1") == 128 + SIGSEGV);
  std::filesystem::remove_all(folder);
}

TEST_CASE("handlers of the test program are put back") {
  struct sigaction own {
  }, before{}, after{};
  own.sa_handler = [](int) {};
  ::sigaction(SIGSEGV, &own, &before);
  CHECK(raddle::check(crash_if_late).find("crash"));
  ::sigaction(SIGSEGV, &before, &after);
  CHECK((after.sa_handler == own.sa_handler));
}

#else

TEST_CASE("a sanitizer reports crashes itself") {
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    raddle::check([] { ::raise(SIGSEGV); });
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK_FALSE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

#endif
