// RADDLE_BREAK: SIGTRAP in the thread that performs a step of the trace that is replayed.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include <doctest/doctest.h>

#include "raddle/raddle.h"

using namespace raddle;

namespace {

int traps = 0, value_then = -1, thread_then = -1;
int* shared = nullptr;
std::array<const char*, 3> frames;  // of the threads, on their stacks

void look(int) {
  const char here = 0;
  ++traps;
  value_then = *shared;
  // Stacks grow downwards: the thread is the one whose frame is next.
  const auto distance = [&](const char* frame) { return frame > &here ? frame - &here : PTRDIFF_MAX; };
  const auto nearest = std::min_element(
      frames.begin(), frames.end(), [&](const char* a, const char* b) { return distance(a) < distance(b); });
  thread_then = static_cast<int>(nearest - frames.begin());
}

void program() {
  const char main = 0;
  int value = 0;
  frames[0] = &main;
  shared = &value;
  variable<int> x(0, "x");
  const auto add = [&](int number) {
    return [&, number] {
      const char mine = 0;
      frames[static_cast<std::size_t>(number)] = &mine;
      const int read = x.load();
      x.store(value = read + 1);
    };
  };
  thread a(add(1)), b(add(2));
  a.join();
  b.join();
}

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("raddle-debugger-" + std::to_string(::getpid()));
  ~Folder() { std::filesystem::remove_all(path); }
};

Options options(const Folder& folder) {
  Options o;
  o.name = "debugged";
  o.trace_dir = folder.path;
  return o;
}

/// What a process says on standard error that replays with this RADDLE_BREAK, and how it ends, as a shell says it.
struct Ended {
  std::string said;
  int status = 0;
};
Ended in_process(const char* trace, const char* step, const std::function<void()>& work) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    if (trace) ::setenv("RADDLE_REPLAY", trace, 1);
    ::setenv("RADDLE_BREAK", step, 1);
    work();
    ::_exit(0);
  }
  ::close(ends[1]);
  Ended ended;
  char buffer[1000];
  for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    ended.said.append(buffer, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

}  // namespace

TEST_CASE("SIGTRAP comes before the step, in its thread, and the replay goes on") {
  const Folder folder;
  const Result found = check(program, options(folder));
  REQUIRE(found.find("lost-update"));
  const Finding& finding = *found.find("lost-update");
  ::setenv("RADDLE_REPLAY", finding.trace_file.c_str(), 1);
  std::signal(SIGTRAP, look);
  int writes = 0;
  for (const engine::TraceEvent& event : finding.trace.events) {
    if (event.operation != "write") continue;
    CAPTURE(event.step);
    ++writes;
    ::setenv("RADDLE_BREAK", std::to_string(event.step).c_str(), 1);
    traps = 0;
    const Result result = check(program, options(folder));
    CHECK(traps == 1);
    CHECK(result.text.find("reproduced lost-update") != std::string::npos);
    CHECK(thread_then == event.thread);
    CHECK(value_then == 1);  // the argument of the store is known already
  }
  CHECK(writes == 2);
  std::signal(SIGTRAP, SIG_DFL);
  ::unsetenv("RADDLE_BREAK");
  ::unsetenv("RADDLE_REPLAY");
}

TEST_CASE("a RADDLE_BREAK that cannot be honoured ends the process with 2 and says why") {
  const Folder folder;
  const Result found = check(program, options(folder));
  REQUIRE(found.find("lost-update"));
  const std::string path = found.find("lost-update")->trace_file;
  const std::string last = std::to_string(found.find("lost-update")->trace.events.size());
  const auto refused = [&](const char* trace, const char* step, const std::string& says) {
    CAPTURE(step);
    const Ended ended = in_process(trace, step, [&] { check(program, options(folder)); });
    CHECK(ended.status == 2);
    CAPTURE(ended.said);
    CHECK(ended.said.starts_with("RADDLE_BREAK: "));
    CHECK(ended.said.find(says) != std::string::npos);
    CHECK(ended.said.ends_with('\n'));
  };
  refused(path.c_str(), "twelve", "'twelve' is no step");
  refused(path.c_str(), "-1", "'-1' is no step");
  refused(path.c_str(), "0", "no step 0. Its steps are 1 to " + last);
  refused(path.c_str(), "99999999999999999999", "Its steps are 1 to " + last);
  refused(path.c_str(), last.c_str(), "end of a thread");
  refused(path.c_str(), "1", "no debugger is attached");
  refused(path.c_str(), "1", "gdb -ex run --args ");
  refused(nullptr, "1", "RADDLE_REPLAY");
}

TEST_CASE("a check of another name is as always") {
  const Folder folder;
  const Result found = check(program, options(folder));
  REQUIRE(found.find("lost-update"));
  const std::string path = found.find("lost-update")->trace_file;
  const Ended ended = in_process(path.c_str(), "1", [&] {
    Options o;
    o.name = "another";
    ::_exit(check(program, o).find("lost-update") ? 7 : 8);
  });
  CHECK(ended.status == 7);
  CHECK(ended.said.empty());
}
