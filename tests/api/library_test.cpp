// The library's types behave as their std counterparts, and the engine's limits are kept.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "raddle/raddle.h"
#include "reports/json_trace.h"
#include "reports/shell_words.h"

using namespace raddle;  // NOLINT: as a model would
using namespace std::chrono_literals;

namespace {
Options all() {
  Options o;
  o.all = true;
  return o;
}
}  // namespace

TEST_CASE("std's own guards work with the library's mutexes") {
  const Result r = check([] {
    mutex m;
    variable<int> x;
    auto f = [&] {
      std::lock_guard<mutex> guard(m);
      x = x + 1;
    };
    thread a(f), b(f);
    a.join();
    b.join();
    require(x == 2);
  });
  CHECK(r.verdict == Verdict::clean);
  CHECK(r.executions == 2);
}

TEST_CASE("all outcomes of a race are seen") {
  std::set<int> values;
  const Result r = check(
      [&] {
        variable<int> x;
        auto f = [&] {
          for (int i = 0; i < 2; ++i) x += 1;
        };
        thread a(f), b(f);
        a.join();
        b.join();
        values.insert(x.load());
      },
      all());
  CHECK(r.executions == 34);
  CHECK(values == std::set<int>{2, 3, 4});
}

TEST_CASE("timeouts expire only when they may") {
  auto program = [] {
    timed_mutex m;
    m.lock();
    thread t([&] {
      require(m.try_lock_for(1s), "timed out");
      if (true) m.unlock();
    });
    m.unlock();
    t.join();
  };
  CHECK(check(program, all()).find("assertion"));
  Options never = all();
  never.timeouts = false;
  CHECK(check(program, never).verdict == Verdict::clean);
}

TEST_CASE("condition waits with a timeout and a predicate") {
  const Result r = check(
      [] {
        mutex m;
        condition_variable c;
        variable<bool> ready;
        thread t([&] {
          lock_guard guard(m);
          ready.store(true);
          c.notify_all();
        });
        {
          unique_lock lock(m);
          const bool seen = c.wait_for(lock, 1s, [&] { return ready.load(); });
          require(seen == ready.load());
        }
        t.join();
      },
      all());
  CHECK(r.verdict == Verdict::clean);
  CHECK(r.executions > 2);
}

TEST_CASE("barriers: with a fixed set of threads the order of arrivals is not explored, otherwise it is") {
  auto program = [](int parties, int threads) {
    return [=] {
      barrier<> b(parties);
      std::vector<thread> t;
      for (int i = 0; i < threads; ++i) t.emplace_back([&] { b.arrive_and_wait(); });
      for (thread& x : t) x.join();
    };
  };
  CHECK(check(program(3, 3), all()).executions == 1);
  CHECK(check(program(2, 4), all()).executions == 24);
  const Result stuck = check(program(3, 2), all());
  CHECK(stuck.find("deadlock"));
  std::set<int> last;
  const Result completion = check(
      [&] {
        int arrived = 0, who = -1;
        barrier b(2, [&] { who = arrived; });
        thread t([&] {
          arrived = 1;
          b.arrive_and_wait();
        });
        thread u([&] {
          arrived = 2;
          b.arrive_and_wait();
        });
        t.join();
        u.join();
        last.insert(who);
      },
      all());
  CHECK(completion.verdict == Verdict::clean);
  CHECK(completion.executions == 2);
}

TEST_CASE("once runs once, and again after a failure") {
  const Result r = check(
      [] {
        once_flag once;
        atomic<int> runs;
        auto f = [&] { call_once(once, [&] { runs.fetch_add(1); }); };
        thread a(f), b(f);
        a.join();
        b.join();
        require(runs.load() == 1);
      },
      all());
  CHECK(r.verdict == Verdict::clean);
}

TEST_CASE("choices are enumerated") {
  std::set<int> seen;
  const Result r = check([&] { seen.insert(choose(3) * 10 + choose(2)); }, all());
  CHECK(r.executions == 6);
  CHECK(seen == std::set<int>{0, 1, 10, 11, 20, 21});
  CHECK(check([] { choose(0); }).find("exception"));
}

TEST_CASE("256 threads and more; beyond the limit the verdict is inconclusive") {
  auto program = [](int n) {
    return [=] {
      std::vector<thread> t;
      for (int i = 0; i < n; ++i)
        t.emplace_back([] {
          variable<int> x;
          x.store(1);
        });
      for (thread& x : t) x.join();
    };
  };
  CHECK(check(program(256)).executions == 1);
  CHECK(check(program(1000)).verdict == Verdict::clean);
  const Result beyond = check(program(1100));
  CHECK(beyond.verdict == Verdict::inconclusive);
  CHECK(beyond.reason.find("1024 threads") != std::string::npos);
}

TEST_CASE("destructors run in threads that cannot go on, and nothing leaks") {
  static int alive;
  struct Counted {
    Counted() { ++alive; }
    ~Counted() { --alive; }
  };
  alive = 0;
  const Result r = check(
      [] {
        {
          counting_semaphore<> s(0);
          auto f = [&] {
            Counted c;
            auto p = std::make_unique<Counted>();
            s.acquire();
          };
          thread a(f), b(f);
          a.join();
          b.join();
        }
      },
      all());
  CHECK(r.deadlocks == 1);
  CHECK(alive == 0);
}

TEST_CASE("a model that does not end is cut, not a deadlock") {
  Options o = all();
  o.max_steps = 100;
  o.runs = 50;
  const Result r = check(
      [] {
        atomic<bool> stop;
        thread t([&] {
          while (!stop.load()) this_thread::yield();
        });
        t.join();
      },
      o);
  CHECK(r.verdict == Verdict::inconclusive);
  CHECK(r.truncated > 0);
  CHECK(r.deadlocks == 0);
}

TEST_CASE("a model that behaves differently under the same schedule is inconclusive") {
  int run = 0;
  const Result r = check(
      [&] {
        variable<int> x;
        const int k = ++run;
        thread a([&] { x.store(1); });
        thread b([&] {
          if (k % 2) x.load();
        });
        a.join();
        b.join();
      },
      all());
  CHECK(r.verdict == Verdict::inconclusive);
}

TEST_CASE("so is one of which only the values differ") {
  for (const bool changes : {true, false}) {
    int run = 0;
    const Result r = check(
        [&] {
          variable<int> x;
          const int k = ++run;
          thread a([&] { x.store(changes ? k : 1); });
          thread b([&] { x.load(); });
          a.join();
          b.join();
        },
        all());
    CAPTURE(r.text);
    CHECK(r.verdict == (changes ? Verdict::inconclusive : Verdict::clean));
    CHECK((r.reason.find("did not do the same again") != std::string::npos) == changes);
  }
}

TEST_CASE("what it says names no option of the command line") {
  Options o = all();
  o.runs = 1;
  const Result r = check(
      [] {
        variable<int> x;
        thread a([&] { x.store(1); });
        x.load();
        a.join();
      },
      o);
  CAPTURE(r.text);
  CHECK(r.verdict == Verdict::inconclusive);
  CHECK(r.text.find("What was not explored may still fail.\n") != std::string::npos);
  CHECK(r.text.find("--") == std::string::npos);
}

TEST_CASE("random walks are reproducible and bounded by runs") {
  auto program = [] {
    variable<int> x;
    auto f = [&] { x = x + 1; };
    thread a(f), b(f), c(f);
    a.join();
    b.join();
    c.join();
  };
  Options o = all();
  o.strategy = Strategy::random;
  o.runs = 500;
  o.seed = 7;
  const Result a = check(program, o), b = check(program, o);
  CHECK(a.executions == 500);
  CHECK(a.coverage == "sampled");
  CHECK(a.classes == 36);
  CHECK(a.checksum == b.checksum);
  CHECK(a.text.substr(0, a.text.rfind(',')) == b.text.substr(0, b.text.rfind(',')));
  o.strategy = Strategy::exhaustive;
  o.runs = UINT64_MAX;
  CHECK(check(program, o).checksum == a.checksum);
  for (Strategy s : {Strategy::source, Strategy::brute}) {
    o.strategy = s;
    CHECK(check(program, o).checksum == a.checksum);
  }
}

TEST_CASE("the virtual clock orders sleeps, and is refused for exhaustive search") {
  auto program = [] {
    variable<int> x;
    thread a([&] {
      this_thread::sleep_for(2s);
      x.store(1);
    });
    thread b([&] {
      this_thread::sleep_for(1s);
      x.store(2);
    });
    a.join();
    b.join();
    require(x.load() == 1, "the longer sleep ended first");
  };
  CHECK(check(program, all()).find("assertion"));
  Options o = all();
  o.virtual_clock = true;
  CHECK_THROWS_AS(check(program, o), engine::UserError);
  o.strategy = Strategy::brute;
  CHECK(check(program, o).verdict == Verdict::clean);
}

TEST_CASE("objects outside of a check are refused") { CHECK_THROWS_AS(mutex(), std::logic_error); }

TEST_CASE("a trace is written, and replays") {
  const std::filesystem::path dir =
      std::filesystem::temp_directory_path() / ("raddle-library-" + std::to_string(::getpid()));
  auto program = [] {
    variable<int> x(0, "x");
    auto f = [&] { x = x + 1; };
    thread a(f), b(f);
    a.join();
    b.join();
  };
  Options o;
  o.name = "counter";
  o.trace_dir = dir;
  const Result r = check(program, o);
  REQUIRE(r.find("lost-update"));
  const std::string path = r.find("lost-update")->trace_file;
  CHECK(reports::read_trace(path) == r.find("lost-update")->trace);
  // The path is not in it: the file may be moved.
  CHECK(reports::read_trace(path).replay_command.starts_with("RADDLE_REPLAY={trace} " +
                                                             reports::shell_word(program_invocation_name)));
  CHECK(reports::read_trace(path).sources.size() == 1);  // this file
  ::setenv("RADDLE_REPLAY", path.c_str(), 1);
  const Result replayed = check(program, o);
  CHECK(replayed.executions == 1);
  CHECK(replayed.verdict == Verdict::findings);
  CHECK(replayed.text.find("reproduced lost-update") != std::string::npos);
  const Result changed = check(
      [] {
        variable<int> x(0, "x"), y(0, "y");
        auto f = [&] { y = x + 1; };
        thread a(f), b(f);
        a.join();
        b.join();
      },
      o);
  CHECK(changed.verdict == Verdict::inconclusive);
  CHECK(changed.text.find("diverged at step") != std::string::npos);
  ::unsetenv("RADDLE_REPLAY");
  std::filesystem::remove_all(dir);
}

TEST_CASE("a RADDLE_REPLAY that cannot be read ends the process with 2 and says why") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::setenv("RADDLE_REPLAY", "missing.json", 1);
    check([] {});
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string said(1000, '\0');
  said.resize(static_cast<std::size_t>(std::max<ssize_t>(0, ::read(ends[0], said.data(), said.size()))));
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 2);
  CHECK(said.starts_with("RADDLE_REPLAY: missing.json"));
}
