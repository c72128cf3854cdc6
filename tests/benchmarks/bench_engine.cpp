// Executions per second of the exhaustive search and of the random walk. See docs/benchmarks.md.
//
//   bench_engine [--bare] [--races] [--order WHAT] [--seconds S] [ROW...]
//
// ROW: only rows whose name contains it, or that are called exactly X for "=X". --bare: without detectors and class
// fingerprints. --races: with the detector of data races, too. --order: what comes first: mixed (default), depth-first, diverse. --seconds: CPU time to spend on each row at least.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "checker/detect/data_race.h"
#include "checker/detect/deadlock.h"
#include "checker/detect/failures.h"
#include "checker/detect/lost_update.h"
#include "checker/explore/diverse_search.h"
#include "checker/explore/sampling.h"
#include "tests/benchmarks/timing.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace programs;

namespace {

bool bare = false, races = false;
explore::Order order = explore::Order::Mixed;
double least_seconds = 0.4;
std::vector<std::string> only;

bool wanted(const std::string& name) {
  return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& s) {
           return s.starts_with('=') ? s.substr(1) == name : name.find(s) != std::string::npos;
         });
}

/// Searches `program` again and again with what make_strategy(inspector) returns, and prints the best run. CPU time:
/// other processes disturb it less than the wall clock.
template <class P, class F>
void measure(const std::string& name, const P& program, std::uint64_t limit, F&& make_strategy) {
  if (!wanted(name)) return;
  double best = 1e9, total = 0;
  explore::Statistics s;
  for (int run = 0; run < 3 || total < least_seconds; ++run) {
    engine::Engine e;
    test::Model<P> model(program);
    explore::Inspector inspector;
    detect::LostUpdate lost_update;
    detect::Deadlock deadlock;
    detect::Failures failures;
    detect::DataRace data_race(detect::Severity::Warning);
    if (bare) {
      inspector.fingerprint(false);
    } else {
      inspector.add(lost_update);
      inspector.add(deadlock);
      inspector.add(failures);
      if (races) inspector.add(data_race);
    }
    inspector.set_limits({.executions = limit});
    auto strategy = make_strategy(inspector);
    {  // warm-up: stacks, tables, caches
      explore::Inspector i;
      i.set_limits({.executions = 3});
      explore::Dpor d(i, {});
      e.run(d, model);
    }
    const double start = raddle::bench::cpu();
    e.run(strategy, model);
    const double seconds = raddle::bench::cpu() - start;
    total += seconds;
    best = std::min(best, seconds);
    s = inspector.statistics();
  }
  const auto n = static_cast<double>(s.executions), events = static_cast<double>(s.events);
  std::printf("%-24s %9.0f executions %9.0f /s %8.1f ns each %6.1f events %6.1f ns/event\n", name.c_str(), n,
              n / best, best / n * 1e9, events / n, best / events * 1e9);
  std::fflush(stdout);
}

template <class P>
void exhaustive(const std::string& name, const P& program, std::uint64_t limit = UINT64_MAX) {
  const auto o = explore::DiverseSearch::Options::of(order);
  measure(name, program, limit, [&](explore::Inspector& i) { return explore::DiverseSearch(i, o); });
}
template <class P>
void walk(const std::string& name, const P& program, std::uint64_t runs) {
  explore::RandomWalk walk;
  measure("walk " + name, program, runs,
          [&](explore::Inspector& i) { return explore::Sampling(i, walk, 1); });
}

/// Two threads that acquire a semaphore. Without units, every execution ends with three stacks to tear down, and the
/// main thread's has destructors to run.
auto semaphore_units(int units) {
  return [=] {
    counting_semaphore<> s(units);
    threads(2, [&](int) { s.acquire(); });
  };
}
/// Three threads that acquire a semaphore, and nothing on their stacks that would have to be destroyed.
auto bare_stacks(int units) {
  return [=] {
    alignas(counting_semaphore<>) static char storage[sizeof(counting_semaphore<>)];
    auto* s = new (storage) counting_semaphore<>(units);
    for (int i = 0; i < 2; ++i) thread([s] { s->acquire(); }).detach();
    s->acquire();
  };
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, explore::Order> orders = {{"mixed", explore::Order::Mixed},
                                                        {"depth-first", explore::Order::DepthFirst},
                                                        {"diverse", explore::Order::Diverse}};
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    if (a == "--bare") {
      bare = true;
    } else if (a == "--races") {
      races = true;
    } else if (a == "--order" && i + 1 < argc && orders.contains(argv[i + 1])) {
      order = orders.at(argv[++i]);
    } else if (a == "--seconds" && i + 1 < argc) {
      least_seconds = std::atof(argv[++i]);
    } else if (a.starts_with("--")) {
      std::fputs("usage: bench_engine [--bare] [--races] [--order WHAT] [--seconds S] [ROW...]\n", stderr);
      return 2;
    } else {
      only.push_back(a);
    }
  }
  exhaustive("counter(4,1)", counter(4, 1));
  exhaustive("counter(2,3)", counter(2, 3));
  exhaustive("counter(3,2)", counter(3, 2));
  exhaustive("counter(3,3) 1M", counter(3, 3), 1000000);
  exhaustive("sections(3,3)", sections(3, 3));
  exhaustive("locked counter(3,3)", locked_counter(3, 3));
  exhaustive("lastzero(10)", lastzero(10));
  exhaustive("lastzero(14)", lastzero(14));
  exhaustive("readers(13)", readers(13));
  exhaustive("philosophers(10)", philosophers(10, false));
  exhaustive("private work(4,50)", private_work(4, 50));
  exhaustive("filesystem(20)", filesystem(20));
  exhaustive("indexer(14)", indexer(14));
  exhaustive("condition buffer(2,2)", condition_buffer(2, 2, 1, true));
  walk("counter(2,1)", counter(2, 1), 300000);
  walk("counter(4,1)", counter(4, 1), 100000);
  walk("not blocked(2)", semaphore_units(2), 100000);
  walk("blocked(2)", semaphore_units(0), 50000);
  walk("bare not blocked(3)", bare_stacks(3), 100000);
  walk("bare blocked(3)", bare_stacks(0), 100000);
}
