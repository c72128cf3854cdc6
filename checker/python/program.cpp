#include "checker/python/program.h"

#include "checker/python/failure.h"
#include "checker/python/futures.h"
#include "checker/python/instrument/exception_aside.h"
#include "checker/python/invariants.h"
#include "checker/python/output.h"
#include "checker/python/raddle_module.h"
#include "checker/python/reset.h"
#include "checker/python/sites.h"
#include "checker/python/strings.h"
#include "checker/python/thread_objects.h"

namespace raddle::python {
namespace {

int forced_status = -1;

PyObject* threading() {
  static PyObject* module = PyImport_ImportModule("threading");
  return module;
}

bool ok(PyObject* result) {
  Py_XDECREF(result);
  return result != nullptr;
}

// What a new module __main__ contains, as the interpreter makes it for a file or, with a package, for `-m`.
Ref main_contents(const UserProgram& program) {
  Ref dict = Ref::take(PyDict_New()), annotations = Ref::take(PyDict_New());
  Ref builtins = Ref::take(PyImport_ImportModule("builtins"));
  if (!dict || !annotations || !builtins) return {};
  const struct {
    const char* name;
    PyObject* value;
  } all[] = {{"__name__", strings.dunder_main},
             {"__doc__", Py_None},
             {"__package__", program.package.get()},
             {"__loader__", Py_None},
             {"__spec__", Py_None},
             {"__annotations__", annotations.get()},
             {"__builtins__", builtins.get()},
             {"__file__", program.path.get()},
             {"__cached__", Py_None}};
  for (const auto& [name, value] : all)
    if (PyDict_SetItemString(dict.get(), name, value) < 0) return {};
  return dict;
}

// A new module __main__ in sys.modules. Borrowed: its dict.
PyObject* make_main_module(const UserProgram& program) {
  static PyObject* none = PyTuple_New(0);
  static PyObject* annotations = PyUnicode_InternFromString("__annotations__");
  if (!program.contents && !(program.contents = main_contents(program))) return nullptr;
  Ref module = Ref::take(PyModule_Type.tp_new(&PyModule_Type, none, nullptr));
  Ref empty = Ref::take(PyDict_New());
  if (!module || !empty) return nullptr;
  PyObject* dict = PyModule_GetDict(module.get());
  const bool done = PyDict_Update(dict, program.contents.get()) == 0 &&
                    PyDict_SetItem(dict, annotations, empty.get()) == 0 &&
                    change_main_module(module.get()) == 0;
  return done ? dict : nullptr;
}

// `-m package.module` imports the package first.
bool import_package(const UserProgram& program) {
  if (!PyUnicode_Check(program.package.get()) || PyUnicode_GET_LENGTH(program.package.get()) == 0)
    return true;
  return ok(PyImport_Import(program.package.get()));
}

// The exit status of the exception that is set: that of sys.exit(). Clears it.
int exit_by_request() {
  const Ref v = take_raised();
  const Ref b = Ref::take(PyException_GetTraceback(v.get()));
  Ref code = Ref::take(PyObject_GetAttrString(v.get(), "code"));
  int status = 1;
  if (!code || code.get() == Py_None) {
    PyErr_Clear();
    return 0;
  }
  if (PyLong_Check(code.get())) {
    status = static_cast<int>(PyLong_AsLong(code.get())) & 0xFF;
    if (PyErr_Occurred()) PyErr_Clear(), status = 255;
  } else {
    Ref text = Ref::take(PyObject_Str(code.get()));
    PyObject* stream = PySys_GetObject("stderr");
    if (text && stream) {
      Ref line = Ref::take(PyUnicode_FromFormat("%U\n", text.get()));
      if (line) PyFile_WriteObject(line.get(), stream, Py_PRINT_RAW);
    }
    PyErr_Clear();
  }
  report_exit_status(status, raise_site(b.get()));
  return status;
}

// An exception has left the program (or one of its exit functions).
int handle_exception() {
  if (self().killed) return PyErr_Clear(), 0;
  if (PyErr_ExceptionMatches(PyExc_SystemExit)) return exit_by_request();
  report_raised_exception();
  if (announce_exception() < 0) return PyErr_Clear(), 1;
  OnePiece piece(true);
  PyErr_PrintEx(1);
  return 1;
}

// Destroys what the program leaves in its globals, as the end of the process does.
void clear_main_module() {
  for (const char* name : {"last_type", "last_value", "last_traceback"})
    if (PySys_GetObject(name)) PySys_SetObject(name, nullptr);
  PyObject* modules = PyImport_GetModuleDict();
  PyObject* module = PyDict_GetItemWithError(modules, strings.dunder_main);
  if (!module) return;
  Ref keep = Ref::share(module);
  change_main_module(nullptr);
  // A hook of the program's keeps the globals until nothing can be noticed any more.
  for (const char* name : {"excepthook", "unraisablehook", "displayhook"}) {
    PyObject* hook = PySys_GetObject(name);
    if (hook && !PyCFunction_Check(hook)) return;
  }
  PyDict_Clear(PyModule_GetDict(module));
}

}  // namespace

int run_program(const UserProgram& program) {
  engine::Engine& e = *runtime.engine;
  int status = 0;
  PyObject* globals = nullptr;
  const bool ready =
      make_main_thread_object() == 0 && (globals = make_main_module(program)) && import_package(program);
  if (!ready || !ok(PyEval_EvalCode(program.code.get(), globals, globals))) status = handle_exception();
  // The program's end: threads that are no daemons are waited for, final and exit functions run, daemons are killed.
  if (!self().killed && shut_down_threads() < 0 && !self().killed) PyErr_WriteUnraisable(threading());
  if (!self().killed) run_final_functions();
  if (!self().killed) raddle_run_atexit(runtime.interpreter);
  if (!self().killed) shut_down_logging();
  PyErr_Clear();
  if (!self().killed) report_swallowed_exceptions();
  if (!self().killed && settle() == 0) {
    e.exit(false, current_site());
    if (resumed() < 0) PyErr_Clear();
  }
  AtomicSection atomic;
  clear_main_module();
  PyErr_Clear();
  return status;
}

void exit_process(int status) {
  const engine::Site site = current_site();
  const std::function<void()> leave = [&] {
    forced_status = status & 0xFF;
    report_exit_status(forced_status, site);
  };
  runtime.engine->exit(true, site, &leave);
  // Nobody else was left: end the execution all the same.
  if (resumed() == 0) raise_killed();
}

int forced_exit_status() { return forced_status; }
void forget_forced_exit() { forced_status = -1; }

}  // namespace raddle::python
