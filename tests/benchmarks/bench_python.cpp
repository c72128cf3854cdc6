// Speed and memory of the Python front end: repeated exhaustive searches in one process, start-up excluded.
//
//   bench_python [SECONDS] [MODEL.py [ARGUMENT...]]
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "checker/detect/deadlock.h"
#include "checker/detect/failures.h"
#include "checker/detect/lost_update.h"
#include "checker/explore/dpor.h"
#include "tests/benchmarks/timing.h"

#if defined(RADDLE_WITH_PYTHON) && RADDLE_WITH_PYTHON
#include "checker/python/model.h"

namespace {

/// Resident set, in KB.
long resident() {
  long total = 0, pages = 0;
  std::ifstream("/proc/self/statm") >> total >> pages;
  return pages * 4;
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 2;
  raddle::python::PythonOptions options;
  options.model = argc > 2 ? argv[2] : RADDLE_SOURCE_DIR "/tests/benchmarks/counter.py";
  for (int i = 3; i < argc; ++i) options.arguments.emplace_back(argv[i]);
  auto model = raddle::python::load(options);
  raddle::engine::Engine e;
  std::uint64_t executions = 0, searches = 0, deadlocks = 0, per_search = 0;
  long first = 0;
  const double wall0 = raddle::bench::wall(), cpu0 = raddle::bench::cpu();
  do {
    raddle::explore::Inspector inspector;
    raddle::detect::LostUpdate lost_update;
    raddle::detect::Deadlock deadlock;
    raddle::detect::Failures failures;
    inspector.add(lost_update);
    inspector.add(deadlock);
    inspector.add(failures);
    raddle::explore::Dpor dpor(inspector, {});
    e.run(dpor, *model);
    per_search = inspector.statistics().executions;
    executions += per_search;
    deadlocks += inspector.statistics().deadlocks;
    if (++searches == 100) first = resident();
  } while (raddle::bench::wall() - wall0 < seconds);
  const double wall = raddle::bench::wall() - wall0, cpu = raddle::bench::cpu() - cpu0;
  std::printf(
      "%s: %llu executions per search, %llu in all (%llu deadlocked): %.0f executions/s of CPU time, %.0f of "
      "wall "
      "time; resident %ld KB after 100 searches, %ld KB at the end\n",
      options.model.c_str(), static_cast<unsigned long long>(per_search),
      static_cast<unsigned long long>(executions), static_cast<unsigned long long>(deadlocks),
      static_cast<double>(executions) / cpu, static_cast<double>(executions) / wall, first, resident());
}
#else
int main() { std::puts("bench_python: built without the Python front end"); }
#endif
