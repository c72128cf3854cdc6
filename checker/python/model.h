// A Python program as the engine runs it: the front end's public face. Nothing here needs Python's headers.
//
// load() starts the interpreter (once per process), compiles and instruments the program, and runs it once to see
// that it can be imported at all. Each execution then runs it again in the same process, from the same initial state.
#pragma once
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/engine/program.h"
#include "checker/engine/thread.h"
#include "checker/engine/watchdog.h"

namespace raddle::python {

/// What to run, and with what around it.
struct PythonOptions {
  /// Path of the program, or with `as_module` the dotted name of a module (as for `python3 -m`).
  std::string model;
  bool as_module = false;
  /// Not empty: the program is one test of the file `model`: "test_it" or "TestClass::test_it".
  std::string test;
  /// sys.argv behind the program's name.
  std::vector<std::string> arguments;
  /// What the program can read from its standard input; the same in every execution.
  std::string standard_input;
  /// It is executed once, and for real: load() does not run it, its standard streams are those of the process, and
  /// whatever turns out while it runs does not make an execution start again (except Engine::reveal). For all searches
  /// of the process.
  bool once = false;
  /// Threads are switched only where CPython 3.11 with its global interpreter lock can do so.
  bool gil = false;
  /// Pieces of output are visible operations, so that all orders of them are explored.
  bool ordered_output = false;
  /// Queues, events, semaphores and conditions run step by step, as their code in the library says.
  bool fine = false;
  /// Names of modules or packages that are instrumented although they belong to the library or to site-packages.
  std::vector<std::string> instrument;
  /// Not empty: this file of the program is changed as the mutation of this number says (mutations_of).
  std::string mutated_file;
  int mutation = 0;
  /// While load() runs the program: a thread without a visible operation for so long is interrupted, and when that is
  /// to no avail, `give_up` is called on another OS thread. It must not return.
  engine::Watchdog::Limits watchdog = {.standstill = std::chrono::seconds(5)};
  std::function<void()> give_up = [] { std::abort(); };
  /// How often load() may run the program; what it has not learnt then, the search finds out.
  int most_runs = 12;
  /// Called when the program has crashed in the run behind `runs` others. Must not return: the process is to be left.
  std::function<void(int runs)> crashed = [](int) { std::abort(); };
  /// Bytes that one execution may allocate in Python; beyond, allocations fail with MemoryError. 0: no limit.
  std::size_t memory_limit = std::size_t{1} << 30;
};

/// A piece of output: one call of print, of a stream's write, or of a logging handler.
struct OutputPiece {
  engine::Tid tid = 0;
  bool error = false;  // stderr rather than stdout
  std::string text;
};

/// Something that the program did and that cannot be controlled: the coverage is partial.
struct Uncontrolled {
  std::string what;  // "subprocess.Popen", "socket.connect", ...
  engine::Site site;
  friend bool operator==(const Uncontrolled&, const Uncontrolled&) = default;
};

class PythonModel : public engine::Program {
 public:
  ~PythonModel() override;
  PythonModel(const PythonModel&) = delete;
  PythonModel& operator=(const PythonModel&) = delete;

  // --- engine::Program
  void begin(engine::Engine& engine) override;
  void main(engine::Engine& engine) override;
  void end(engine::Engine& engine) override;
  void tear_down(engine::Engine& engine, engine::Thread& thread) override;
  void killed(engine::Engine& engine) override;
  engine::Site crashed(engine::Engine& engine, engine::Thread& thread) override;
  void watched_change(engine::Engine&) override;
  std::size_t stack_size() const override;
  std::uint64_t local_state(engine::Engine& engine, engine::Thread& thread) override;

  std::string learnt() const override { return visibility(); }
  void set_learnt(std::string_view text) override { set_visibility(text); }
  /// What could not be controlled.
  void save(engine::WireWriter& out) const override;
  void merge(engine::WireReader& in) override;

  /// All that the latest execution wrote to stdout and stderr, in the order in which it wrote it.
  std::string_view output() const override;
  /// The same, piece by piece, with the thread that wrote it.
  const std::vector<OutputPiece>& output_pieces() const;
  /// The exit status of the latest execution, as the shell would see it: 0, or that of sys.exit, os._exit or an
  /// uncaught exception.
  int exit_status() const;

  /// Is it waiting for standard input, where that is the process's? Any OS thread may ask.
  bool waits_for_input() const;

  /// For an execution that is to stop in a debugger: from now on what the program writes is shown on the process's
  /// standard streams, too. `leave` is to end the process: without a text because the user has left the debugger, else
  /// because it cannot be used, and why.
  void prepare_debugger(std::function<void(const std::string& error)> leave);
  /// From Recorder::perform or note: runs the debugger that PYTHONBREAKPOINT names, pdb without, in the frame of the line
  /// that the running thread is executing.
  void stop_in_debugger();

  /// What could not be controlled so far, in the order in which it was met.
  const std::vector<Uncontrolled>& uncontrolled() const;

  /// Which memory locations executions make visible: learnt by load() and by searches, and needed to replay a schedule
  /// in another process. Opaque text without line breaks.
  std::string visibility() const;
  void set_visibility(std::string_view text);

  /// A hash over the source of the program and of every instrumented module: hexadecimal, the same on every machine.
  std::string program_hash() const;
  /// Line `line` (from 1) of an instrumented file, without its line break; empty if there is no such line.
  std::string source_line(std::string_view file, int line) const;
  /// Such a file as a whole, or another one that a location has named; none if it cannot be read.
  std::optional<std::string> source_text(std::string_view file) const;
  /// Absolute paths of the instrumented source files, sorted.
  std::vector<std::string> source_files() const;

  /// For a watchdog, when the model has made no visible operation for too long: ends the thread that is running, in a
  /// way that it cannot catch, with Failure::Kind::Divergence or OutOfTime at the line that it is executing. Async-signal-safe;
  /// any OS thread may call it. false: an earlier interrupt has not been noticed yet (the model is stuck in C code).
  bool interrupt(bool out_of_time);

 private:
  friend std::unique_ptr<PythonModel> load(const PythonOptions&);
  struct Implementation;
  explicit PythonModel(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

/// Where the model is that stands still, as "file:line", or empty. For a watchdog that is about to end the process.
const char* place_of_standstill();

/// Prepares a program. One model may exist at a time, and all of them belong to the OS thread that loaded the first.
/// Throws engine::UserError if the program is missing, unreadable, does not compile, or fails in an import before it
/// starts a thread.
std::unique_ptr<PythonModel> load(const PythonOptions& options);

/// A mistake of synchronisation that can be made in a file.
struct Mutation {
  std::string kind;  // "drop-lock"
  int line = 0;
  std::string function;  // innermost; may be empty
  std::string words;     // "without `with lock`"
};

/// Those that a file offers; the number of one is its place. Starts the interpreter. Throws engine::UserError.
std::vector<Mutation> mutations_of(const std::string& path);

/// A test in a file of tests. Without a name, the file itself cannot be used.
struct CollectedTest {
  std::string file, name;
  std::string why_not;  // empty: it can be checked
};

/// The tests of a file, or in the files test_*.py and *_test.py of a folder and those below it. Each file may run for
/// limits.standstill while it is imported, and no longer than `budget`, if that is not zero. Throws engine::UserError.
std::vector<CollectedTest> collect_tests(const std::string& path, const engine::Watchdog::Limits& limits,
                                         std::chrono::nanoseconds budget);

}  // namespace raddle::python
