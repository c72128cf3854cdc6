#include "checker/python/program.h"

#include "checker/python/failure.h"
#include "checker/python/output.h"
#include "checker/python/sites.h"
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

// A new module __main__, as the interpreter makes it for a file or, with a package, for `-m`. Borrowed: its dict.
PyObject* make_main_module(const UserProgram& program) {
  Ref module = Ref::take(PyModule_New("__main__"));
  if (!module) return nullptr;
  PyObject* dict = PyModule_GetDict(module.get());
  static PyObject* builtins = PyImport_ImportModule("builtins");
  const bool done = PyDict_SetItemString(dict, "__builtins__", builtins) == 0 &&
                    PyDict_SetItemString(dict, "__file__", program.path.get()) == 0 &&
                    PyDict_SetItemString(dict, "__cached__", Py_None) == 0 &&
                    PyDict_SetItemString(dict, "__package__", program.package.get()) == 0 &&
                    PyDict_SetItemString(dict, "__annotations__", Ref::take(PyDict_New()).get()) == 0 &&
                    PyDict_SetItemString(PyImport_GetModuleDict(), "__main__", module.get()) == 0;
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
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  Ref t = Ref::take(type), v = Ref::take(value), b = Ref::take(traceback);
  if (b) PyException_SetTraceback(v.get(), b.get());
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
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback) PyException_SetTraceback(value, traceback);
  report_exception(value);
  PyErr_Restore(type, value, traceback);
  OnePiece piece(true);
  PyErr_PrintEx(1);
  return 1;
}

// Destroys what the program leaves in its globals, as the end of the process does.
void clear_main_module() {
  PyObject* modules = PyImport_GetModuleDict();
  PyObject* module = PyDict_GetItemString(modules, "__main__");
  if (!module) return;
  Ref keep = Ref::share(module);
  PyDict_DelItemString(modules, "__main__");
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
  // The program's end: threads that are no daemons are waited for, exit functions run, daemons are killed.
  if (!self().killed && shut_down_threads() < 0 && !self().killed) PyErr_WriteUnraisable(threading());
  if (!self().killed) raddle_run_atexit(runtime.interpreter);
  PyErr_Clear();
  if (!self().killed) {
    e.exit(false, current_site());
    if (resumed() < 0) PyErr_Clear();
  }
  AtomicSection atomic;
  clear_main_module();
  PyErr_Clear();
  return status;
}

void exit_process(int status) {
  forced_status = status & 0xFF;
  report_exit_status(forced_status, current_site());
  runtime.engine->exit(true, current_site());
  // Nobody else was left: end the execution all the same.
  if (resumed() == 0) raise_killed();
}

int forced_exit_status() { return forced_status; }
void forget_forced_exit() { forced_status = -1; }

}  // namespace raddle::python
