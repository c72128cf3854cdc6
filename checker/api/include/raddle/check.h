// raddle::check: explores all interleavings of a C++ function that uses the library's threads and objects.
//
//   raddle::Result r = raddle::check([] {
//     raddle::variable<int> x;
//     auto increment = [&] { x.store(x.load() + 1); };
//     raddle::thread a(increment), b(increment);
//     a.join();
//     b.join();
//     raddle::require(x.load() == 2);
//   });
//   // r.verdict == raddle::Verdict::findings: "lost-update", and the failed assertion
//
// The function is called once per execution, always in the same initial state: it creates what it shares itself, and
// leaves no trace outside. It must be deterministic apart from scheduling and raddle::choose. Everything that two
// threads share has to be an object of the library; what else they share is not seen.
//
// Not thread-safe for one model; different OS threads may run checks at the same time.
#pragma once
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "checker/engine/trace.h"

namespace raddle {

enum class Verdict : std::uint8_t {
  clean,         // no error, and everything that was asked for was explored
  findings,      // at least one error
  inconclusive,  // no error, but the search did not end: see Result::coverage
};

enum class Strategy : std::uint8_t {
  exhaustive,   // every class of equivalent executions once (optimal DPOR)
  source,       // the same by source DPOR, for cross-checks
  brute,        // the same by brute force, for cross-checks
  preemptions,  // every schedule with at most `bound` preemptions
  delays,       // every schedule with at most `bound` delays of a scheduler that takes threads in turn
  sample,       // a portfolio of those that follow
  random,       // random walks: every enabled transition is equally likely
  pct,          // probabilistic concurrency testing: random priorities that change at `depth` - 1 points
  pos,          // partial order sampling: random priorities that are drawn anew after a race
  urw,          // walks that are uniform over interleavings
  surw,         // the same over the events of one shared object, another one in each run
  rff,          // reads-from fuzzing: which writes are read, varied by what earlier runs have shown
};

/// What the exhaustive search begins with. It explores the same in the end.
enum class Order : std::uint8_t {
  mixed,        // a thousand as depth_first, then some as diverse: most searches are over by then
  depth_first,  // each execution as like the one before it as can be
  diverse,  // executions unlike each other: bugs that take another order of the first operations are found sooner
};

/// Two accesses to one raddle::variable, at least one of them a store, that nothing orders: undefined behaviour if
/// the variable stands for a plain one of the real program.
enum class DataRaces : std::uint8_t {
  off,    // variables are memory cells: nothing is wrong with using them at the same time
  warn,   // "data-race" of severity warning
  error,  // "data-race" of severity error
};

struct Options {
  Strategy strategy = Strategy::exhaustive;
  Order order = Order::mixed;                                      // of the exhaustive search
  std::uint64_t runs = std::numeric_limits<std::uint64_t>::max();  // at most so many executions
  double seconds = 60;                                             // wall-clock budget; infinity is allowed
  std::uint64_t seed = 0;                                          // of sampling
  int bound =
      -1;  // of preemptions, delays; -1: 0, 1, 2, ... until everything has been explored, or time is over
  bool all = false;      // do not stop at the first error
  bool timeouts = true;  // may timeouts of timed waits expire?
  bool minimise = true;  // run findings again and again, for witnesses with few preemptions, and explanations
  bool notify_any = true;  // notify_one may wake any waiter, not only the first
  /// Of executions that differ in an exchange of threads of a raddle::symmetric_threads, some are left out. For
  /// exhaustive, source and brute.
  bool symmetric = false;
  DataRaces data_races = DataRaces::off;
  bool virtual_clock =
      false;              // sleeps and timeouts in order of their deadlines; not for exhaustive and source
  int max_steps = 20000;  // visible operations per execution; beyond, it is cut
  int loop_bound =
      0;  // rounds, in each thread, of loops that would go on for ever; 0: 1, then 2, 4, 8 and 16
  std::size_t stack_size = 256 * 1024;  // of each thread, in bytes
  std::string name = "model";           // of the model, for traces
  std::string trace_dir;                // where to write a trace per finding; empty: nowhere
};

struct Finding {
  std::string kind;      // "lost-update", "deadlock", "assertion", "exception", "misuse", ...
  std::string severity;  // "error", "warning", "note"
  std::string message;
  std::string file;  // of the place that it is reported at; empty if unknown
  int line = 0;
  std::uint64_t count = 0;  // executions that show it
  std::string trace_file;   // its witness, if Options::trace_dir was given
  engine::Trace trace;      // its witness
};

struct Result {
  Verdict verdict = Verdict::clean;
  std::string coverage;     // "complete", "bounded", "sampled", "cut"
  std::string reason;       // why it is not complete
  std::uint64_t bound = 0;  // of a bounded coverage: rounds of loops, preemptions or delays
  std::uint64_t executions = 0;
  std::uint64_t executions_total = 0;  // those of all rounds
  std::uint64_t classes = 0;           // distinct classes of equivalent executions
  std::uint64_t checksum = 0;          // order-free sum of their fingerprints
  std::uint64_t blocked = 0;           // redundant executions; always 0 in exhaustive search
  std::uint64_t deadlocks = 0;         // executions that ended in a deadlock
  std::uint64_t truncated = 0;         // executions that were cut
  std::vector<Finding> findings;       // errors first
  std::string text;                    // all of it, for people

  bool complete() const { return coverage == "complete"; }
  /// The first finding of that kind, or null.
  const Finding* find(const std::string& kind) const {
    for (const Finding& f : findings)
      if (f.kind == kind) return &f;
    return nullptr;
  }
};
std::ostream& operator<<(std::ostream& out, const Result& r);
std::ostream& operator<<(std::ostream& out, Verdict v);

namespace detail {
Result check(void (*function)(void*), void* argument, const Options& options);
}

/// Explores `function()`. Throws engine::UserError for options that do not go together or an unwritable trace_dir.
///
/// With RADDLE_REPLAY=FILE in the environment, a model whose name is that of the trace in FILE is not explored: the
/// trace's schedule is executed once, and checked event by event; the text says what came of it. A FILE that cannot be
/// read, or is no trace, ends the process with exit status 2 and a message. With RADDLE_BREAK=STEP besides, the thread
/// that performs that step of the trace gets SIGTRAP right before, on its own stack: for a debugger. Without one, or if
/// there is no such step, the process ends with 2 as well.
template <class F>
requires std::is_invocable_v<F&> Result check(F&& function, const Options& options = {}) {
  auto call = [&function] { function(); };
  return detail::check([](void* p) { (*static_cast<decltype(call)*>(p))(); }, &call, options);
}

}  // namespace raddle
