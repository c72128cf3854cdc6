// Runs snippets of Python, instrumented, and writes down what the hooks report.
#pragma once
#include <string>
#include <vector>

#include "checker/python/instrument/hook.h"
#include "checker/python/instrument/instrument.h"

namespace raddle::python::test {

/// Starts the interpreter (once per process), without site packages.
void start_python();

/// One line per access: mode (R, W, U), what is touched, the label where it says more. Further places after " + ".
class Recorder : public AccessSink {
 public:
  int access(const Access& access) override;
  void call(PyObject* callable, PyObject* const* arguments, std::size_t count) override;
  void publish(PyObject* value) override;
  void alias(PyObject* dict, PyObject* owner) override;

  std::vector<std::string> accesses;
  std::vector<std::string> values;     // per access: what peek() finds, and what is about to be stored
  std::vector<std::string> calls;      // type names of the arguments
  std::vector<std::string> published;  // type names
  int aliases = 0;
  int fail_at = -1;  // this access raises RuntimeError
};

/// A dict of globals after running `setup`, not instrumented. Fails the test on an exception.
Ref globals_after(const std::string& setup);

/// Runs `source` instrumented in `globals` with `recorder` (null: none) as sink. Returns the text of the exception
/// that it raised, with its traceback; empty if none.
std::string run(const std::string& source, PyObject* globals, Recorder* recorder,
                const Options& options = {});

/// The same without instrumentation.
std::string run_plain(const std::string& source, PyObject* globals);

/// What one statement reports, joined by "; ". It runs inside of a function, where the globals that `setup` made
/// are local variables.
std::string accesses_of(const std::string& statement, const std::string& setup);

/// All lines in one, for comparison and display.
std::string joined(const std::vector<std::string>& lines);

/// str() of a global.
std::string text_of(PyObject* globals, const char* name);

}  // namespace raddle::python::test
