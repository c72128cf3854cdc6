#include "checker/python/debugger.h"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "checker/python/instrument/exception_aside.h"
#include "checker/python/instrument/hook.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/instrument/site.h"
#include "checker/python/interpreter.h"
#include "checker/python/object_names.h"
#include "checker/python/output.h"
#include "checker/python/runtime.h"

namespace raddle::python {
namespace {

std::function<void(const std::string&)> leave;
struct sigaction interruption;  // what SIGINT does outside of the debugger

// The innermost frame of the user's code, else the innermost one.
_PyInterpreterFrame* users_frame() {
  _PyInterpreterFrame* innermost = current_frame();
  for (_PyInterpreterFrame* frame = innermost; frame; frame = frame->previous)
    if (frame->f_code && is_users_code(reinterpret_cast<PyObject*>(frame->f_code))) return frame;
  return innermost;
}

int depth = 0;  // of Asides

// What a thread counts, of looks at a clock and the like.
auto counts_of(PythonThread& t) {
  return std::tie(t.entropy, t.rounds, t.hidden_changes, t.unseen, t.executors, t.threads_named, t.clock_step,
                  t.clock_reads, t.worked, t.switchable);
}
template <class... T>
std::tuple<T...> values(const std::tuple<T&...>& references) {
  return references;
}

// While it exists, what the running thread does is not the program's: it is not visible, and names and locks that it
// makes, and looks at a clock, do not count.
class Aside {
 public:
  Aside() : sink_(sink()), counts_(values(counts_of(self()))) {
    ++runtime.library, ++depth;
    set_sink(nullptr);
  }
  ~Aside() {
    set_sink(sink_);
    --runtime.library, --depth;
    counts_of(self()) = counts_;
  }
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

 private:
  AtomicSection atomic_;
  NamesAside names_;
  AccessSink* sink_;
  decltype(values(counts_of(self()))) counts_;
};
std::vector<std::unique_ptr<Aside>> asides;  // entered by Python code

// While it exists the thread is not traced; then it is again, unless somebody else traces it by then.
class Untraced {
 public:
  explicit Untraced(PyThreadState* state)
      : state_(state), function_(state->c_tracefunc), object_(Ref::share(state->c_traceobj)) {
    PyEval_SetTrace(nullptr, nullptr);
  }
  ~Untraced() {
    if (function_ && !state_->c_tracefunc) PyEval_SetTrace(function_, object_.get());
  }
  Untraced(const Untraced&) = delete;
  Untraced& operator=(const Untraced&) = delete;

  Py_tracefunc function() const { return function_; }
  PyObject* object() const { return object_ ? object_.get() : Py_None; }
  /// What comes at the end.
  void trace_with(Ref object) { object_ = std::move(object); }

 private:
  PyThreadState* state_;
  Py_tracefunc function_;
  Ref object_;
};

[[noreturn]] void give_up() {
  leave(take_error());
  std::abort();  // not reached
}

// As if the program had called it where it is.
void call_in_program(PyObject* function, _PyCFrame* loop) {
  _PyInterpreterFrame* innermost = std::exchange(loop->current_frame, users_frame());
  const Ref result = Ref::take(PyObject_CallNoArgs(function));
  loop->current_frame = innermost;
}

PyObject* enter_aside(PyObject*, PyObject*) {
  asides.push_back(std::make_unique<Aside>());
  Py_RETURN_NONE;
}

PyObject* leave_aside(PyObject*, PyObject*) {
  asides.pop_back();
  Py_RETURN_NONE;
}

// Is Ctrl-C a KeyboardInterrupt? (Else what it was before.)
PyObject* catch_interrupts(PyObject*, PyObject* on) {
  if (on != Py_True) {
    ::sigaction(SIGINT, &interruption, nullptr);
    Py_RETURN_NONE;
  }
  ::sigaction(SIGINT, nullptr, &interruption);
  return PyObject_CallMethod(library_module("signals"), "catch_interrupts", nullptr);
}

PyObject* leave_debugger(PyObject*, PyObject* error) {
  const char* text = PyUnicode_AsUTF8(error);
  leave(text ? text : "unknown reason");
  std::abort();  // not reached
}

}  // namespace

PyMethodDef debugger_functions[] = {
    {"enter_aside", enter_aside, METH_NOARGS, nullptr},
    {"leave_aside", leave_aside, METH_NOARGS, nullptr},
    {"catch_interrupts", catch_interrupts, METH_O, nullptr},
    {"leave_debugger", leave_debugger, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

void prepare_debugger(std::function<void(const std::string&)> how_to_leave) {
  leave = std::move(how_to_leave);
  output.shown = true;
}

bool is_debugging() { return depth > 0; }

int refuse_in_debugger(const char* what) {
  if (depth == 0) return 0;
  PyErr_Format(PyExc_RuntimeError, "nothing that is called in a debugger %s: the program stands still", what);
  return -1;
}

void stop_in_debugger() {
  go_on(self());  // the thread may have just been chosen
  const ExceptionAside exception;
  const Aside aside;
  PyThreadState* state = self().state;
  Untraced programs(state);
  PyObject* module = library_module("debugger");
  const char* name = std::getenv("PYTHONBREAKPOINT");  // the interpreter ignores the environment
  const Ref debugger = Ref::take(PyObject_CallMethod(module, "begin", "s", name ? name : ""));
  if (!debugger) give_up();
  call_in_program(debugger.get(), state->cframe);
  Untraced own(state);
  const Ref raised = take_raised();
  Ref tracer =
      Ref::take(PyObject_CallMethod(module, "end", "OO", raised ? raised.get() : Py_None, own.object()));
  if (!tracer) give_up();
  own.trace_with(std::move(tracer));
}

}  // namespace raddle::python
