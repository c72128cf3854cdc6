// The program to check, whichever front end runs it.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/engine/program.h"
#include "checker/engine/trace.h"
#include "checker/engine/watchdog.h"

namespace raddle::cli {

using Options = std::vector<std::pair<std::string, std::string>>;

/// Which program, and with what around it.
struct ModelSpec {
  std::string model;  // path, or the dotted name of a module
  bool as_module = false;
  std::string test;  // not empty: only this test of the file, "test_it" or "TestClass::test_it"
  std::vector<std::string> arguments;
  std::string stdin_file;  // empty: standard input is empty
  std::vector<std::string> instrument;
  bool gil = false;             // as in PythonOptions
  bool fine = false;            // as in PythonOptions
  bool ordered_output = false;  // as in PythonOptions
  bool once = false;            // as in PythonOptions: executed once, for real
  std::string mutated_file;     // as in PythonOptions
  int mutation = 0;             // as in PythonOptions

  /// Splits "FILE::TEST" if `model` is that. Throws engine::UserError if there is nothing behind the colons.
  void split_test();
  /// What a trace has to remember of it besides `model` and `arguments`.
  Options options(const std::string& standard_input) const;
  /// The reverse.
  static ModelSpec from_trace(const engine::Trace& trace);
};

/// What the model is called where its file is called `path`: with its test and its arguments.
std::string name_of(const ModelSpec& spec, const std::string& path);

/// The value of an option in a trace or result; empty if it is not there.
std::string option_of(const Options& options, const std::string& name);

/// What --atomicity takes and means: ModelSpec::gil.
inline constexpr const char* kAtomicityHelp =
    "where a thread can be interrupted: bytecode (default): before each access to what is shared; gil: only "
    "where "
    "CPython 3.11 can switch threads";
bool parse_atomicity(const std::string& text);

/// The option in which traces keep Model::visibility.
inline constexpr const char* kVisibility = "visibility";

/// Identifies the standard input that a trace was recorded with.
std::string content_hash(const std::string& content);

/// As in Trace::front_end.
const char* front_end_of(const ModelSpec& spec);

class Model {
 public:
  virtual ~Model() = default;
  virtual engine::Program& program() = 0;
  virtual std::string program_hash() const = 0;
  /// What executions make visible, as a search leaves it and a replay needs it: opaque, maybe empty.
  virtual std::string visibility() const = 0;
  virtual void set_visibility(const std::string& text) = 0;
  /// What raddle could not control so far, for people.
  virtual std::vector<std::string> uncontrolled() const = 0;
  /// Absolute paths of the source files that raddle looks into.
  virtual std::vector<std::string> source_files() const = 0;
  /// A line of one of them, as locations name it; empty if there is none.
  virtual std::string source_line(const std::string& file, int line) const = 0;
  /// All of it, as it was when the model was loaded; none if it is not to be had.
  virtual std::optional<std::string> source_text(const std::string& file) const = 0;
  /// Asks the model's running thread to end with a failure of kind Divergence or OutOfTime; from any OS thread.
  virtual void interrupt(bool out_of_time) = 0;
  /// What the latest execution wrote, a line of JSON for each call: [thread, "stdout", text].
  virtual std::string shown_output() const = 0;
  /// Of the latest execution.
  virtual int exit_status() const = 0;
  /// Is it waiting for somebody to type something? Any OS thread may ask.
  virtual bool waits_for_input() const = 0;
  /// For an execution that is to stop in a debugger: the standard streams are to be the process's. `leave` is to end the
  /// process: without a text because the user has left the debugger, else because it cannot be used, and why.
  virtual void prepare_debugger(std::function<void(const std::string& error)> leave) = 0;
  /// On the stack of the thread that is to stop.
  virtual void stop_in_debugger() = 0;
};

struct Test {
  std::string file, name;
  std::string why_not;  // not empty: it cannot be checked
};
/// The tests below a folder, or of a file. Starts an interpreter. A file may run for limits.standstill while it is
/// imported, and for `budget` at most, if that is not zero. Throws engine::UserError.
std::vector<Test> tests_in(const std::string& path, const engine::Watchdog::Limits& limits,
                           std::chrono::nanoseconds budget);
/// A mistake of synchronisation that can be made in a file of the model; its number is its place in the list.
struct Mutation {
  std::string kind;
  int line = 0;
  std::string function, words;
};
/// Starts an interpreter. Throws engine::UserError.
std::vector<Mutation> mutations_of(const std::string& path);
/// Is the file named as one that contains tests?
bool is_test_file(const std::string& path);

/// Where the model is that stands still, for who is about to end the process: "file:line", or empty.
const char* place_of_standstill();

/// What becomes of a model that ends or hangs while it is loaded. None of the functions may return.
struct LoadingAccidents {
  /// Without a visible operation for too long it is interrupted; when that does not help, this is called on another OS
  /// thread.
  std::function<void()> give_up;
  /// It has crashed when it was run behind `runs` times: another process can load it, with so many.
  std::function<void(int runs)> crashed;
};

/// Loads it, which runs it a few times unless it is to run only once; at most `most_runs` times, if that is not negative.
/// Throws engine::UserError for everything that can be wrong with it.
std::unique_ptr<Model> load_model(const ModelSpec& spec, const std::string& standard_input,
                                  const engine::Watchdog::Limits& watchdog, int most_runs,
                                  LoadingAccidents accidents);

}  // namespace raddle::cli
