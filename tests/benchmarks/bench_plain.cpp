// What checking one interleaving costs against running the program once: a counter and two threads, plainly with OS
// threads and under raddle, in turns in one process group. C++ always, Python where the front end is built.
//
//   bench_plain [SECONDS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "checker/detect/deadlock.h"
#include "checker/detect/failures.h"
#include "checker/detect/lost_update.h"
#include "tests/benchmarks/timing.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

#if __has_include("checker/python/model.h") && defined(RADDLE_WITH_PYTHON) && RADDLE_WITH_PYTHON
#include "checker/python/model.h"
#define RADDLE_BENCH_PYTHON 1
#endif

using raddle::bench::wall;

namespace {

double budget = 1;
constexpr int kIncrements = 3;  // in each C++ thread: 328 executions per search

/// Wall-clock microseconds per run: plain C++ threads.
double plain_cpp() {
  constexpr int kRuns = 2000;
  const double start = wall();
  for (int i = 0; i < kRuns; ++i) {
    volatile int x = 0;
    auto increment = [&x] {
      for (int k = 0; k < kIncrements; ++k) x = x + 1;
    };
    std::thread a(increment), b(increment);
    a.join();
    b.join();
  }
  return (wall() - start) / kRuns * 1e6;
}

/// Wall-clock microseconds per execution of repeated exhaustive searches of a program.
double explored(raddle::engine::Engine& e, raddle::engine::Program& p, std::uint64_t expected) {
  std::uint64_t executions = 0;
  const double start = wall();
  do {
    raddle::explore::Inspector inspector;
    raddle::detect::LostUpdate lost_update;
    raddle::detect::Deadlock deadlock;
    raddle::detect::Failures failures;
    inspector.add(lost_update);
    inspector.add(deadlock);
    inspector.add(failures);
    raddle::explore::Dpor dpor(inspector, {});
    e.run(dpor, p);
    if (inspector.statistics().executions != expected) {
      std::fprintf(stderr, "bench_plain: %llu executions instead of %llu\n",
                   static_cast<unsigned long long>(inspector.statistics().executions),
                   static_cast<unsigned long long>(expected));
      std::exit(1);
    }
    executions += expected;
  } while (wall() - start < budget / 5);
  return (wall() - start) / static_cast<double>(executions) * 1e6;
}

void report(const char* what, double plain, double checked) {
  std::printf("%-8s plain run %9.2f us   explored execution %9.3f us   ratio 1/%.1f\n", what, plain, checked,
              plain / checked);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) budget = std::atof(argv[1]);
  {
    auto program = programs::counter(2, kIncrements);
    raddle::test::Model model(program);
    raddle::engine::Engine e;
    double plain = 1e9, checked = 1e9;
    for (int i = 0; i < 5; ++i) {
      plain = std::min(plain, plain_cpp());
      checked = std::min(checked, explored(e, model, 328));
    }
    report("C++", plain, checked);
  }
#ifdef RADDLE_BENCH_PYTHON
  {
    const std::string folder = RADDLE_SOURCE_DIR "/tests/benchmarks/";
    raddle::python::PythonOptions options;
    options.model = folder + "counter.py";
    auto model = raddle::python::load(options);
    raddle::engine::Engine e;
    double plain = 1e9, checked = 1e9;
    for (int i = 0; i < 5; ++i) {
      const std::string command =
          "/usr/bin/python3 " + folder + "plain_python.py " + folder + "counter.py 500";
      std::FILE* pipe = popen(command.c_str(), "r");
      double us = 0;
      if (!pipe || std::fscanf(pipe, "%lf %*[^\n]", &us) != 1) return std::puts("bench_plain: python3 failed"), 1;
      pclose(pipe);
      plain = std::min(plain, us);
      checked = std::min(checked, explored(e, *model, 4));
    }
    report("Python", plain, checked);
  }
#endif
}
