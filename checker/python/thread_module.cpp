// `_thread` on model threads.
#include "checker/python/arguments.h"
#include "checker/python/lock.h"
#include "checker/python/modules.h"
#include "checker/python/output.h"
#include "checker/python/patch.h"
#include "checker/python/thread_list.h"
#include "checker/python/thread_objects.h"
#include "checker/python/threads.h"

extern "C" PyObject* PyInit__thread(void);

namespace raddle::python {
namespace {

// Threads that threading starts keep the process alive unless they are daemons; others never do.
bool is_daemon(PyObject* function) {
  if (!PyMethod_Check(function)) return true;
  Ref daemonic = Ref::take(PyObject_GetAttrString(PyMethod_GET_SELF(function), "_daemonic"));
  if (!daemonic) PyErr_Clear();
  return !daemonic || PyObject_IsTrue(daemonic.get()) != 0;
}

PyObject* start_new_thread(PyObject*, PyObject* arguments) {
  PyObject *function, *positional, *keywords = nullptr;
  if (!PyArg_UnpackTuple(arguments, "start_new_thread", 2, 3, &function, &positional, &keywords))
    return nullptr;
  const char* wrong = !PyCallable_Check(function)           ? "first arg must be callable"
                      : !PyTuple_Check(positional)          ? "2nd arg must be a tuple"
                      : keywords && !PyDict_Check(keywords) ? "optional 3rd arg must be a dictionary"
                                                            : nullptr;
  if (wrong) {
    PyErr_SetString(PyExc_TypeError, wrong);
    return nullptr;
  }
  if (!runtime.engine) {
    PyErr_SetString(PyExc_RuntimeError, "can't start new thread outside of a run");
    return nullptr;
  }
  const engine::Tid id = start_thread(function, positional, keywords, is_daemon(function));
  if (id == engine::kNoThread) return nullptr;
  return PyLong_FromUnsignedLongLong(static_cast<PythonThread*>(runtime.engine->thread(id).front_end)->ident);
}

PyObject* allocate_lock(PyObject*, PyObject*) {
  return reinterpret_cast<PyObject*>(new_lock(&LockType, LockRole::Plain));
}

PyObject* get_ident(PyObject*, PyObject*) {
  if (runtime.engine && show_thread(runtime.engine->self().id) < 0) return nullptr;
  return PyLong_FromUnsignedLongLong(runtime.engine ? self().ident : 1);
}

PyObject* set_sentinel(PyObject*, PyObject*) {
  const bool main = !runtime.engine || runtime.engine->self().id == 0;
  LockObject* lock = new_lock(&LockType, main ? LockRole::MainThread : LockRole::Thread);
  if (!lock || main) return reinterpret_cast<PyObject*>(lock);
  lock->thread = runtime.engine->self().id;
  note_started_thread();
  Py_XSETREF(self().sentinel, Py_NewRef(reinterpret_cast<PyObject*>(lock)));
  return reinterpret_cast<PyObject*>(lock);
}

PyObject* leave(PyObject*, PyObject*) {
  PyErr_SetNone(PyExc_SystemExit);
  return nullptr;
}

PyObject* count(PyObject*, PyObject*) {
  if (!runtime.engine) return PyLong_FromLong(0);
  if (read_thread_list() < 0) return nullptr;
  return PyLong_FromLong(runtime.engine->alive().size() - 1);
}

PyObject* stack_size(PyObject*, PyObject* arguments) {
  // Accepted and remembered; the stacks of model threads have one size.
  static Py_ssize_t latest = 0;
  Py_ssize_t size = 0;
  if (!PyArg_ParseTuple(arguments, "|n:stack_size", &size)) return nullptr;
  if (size < 0) {
    PyErr_SetString(PyExc_ValueError, "size must be 0 or a positive value");
    return nullptr;
  }
  if (size > 0 && size < 32768) return PyErr_Format(PyExc_ValueError, "size not valid: %zd bytes", size);
  return PyLong_FromSsize_t(std::exchange(latest, size));
}

// threading's default excepthook: all that it prints is one piece of output.
PyObject* original_excepthook = nullptr;

PyObject* excepthook(PyObject*, PyObject* arguments) {
  if (!runtime.engine) return PyObject_CallOneArg(original_excepthook, arguments);
  if (announce_output() < 0) return nullptr;
  OnePiece piece(true);
  // It says the thread's name, to people only unless somebody looks at what is written.
  if (output.ordered || PySys_GetObject("stderr") != PySys_GetObject("__stderr__"))
    return PyObject_CallOneArg(original_excepthook, arguments);
  const IdentityAside aside;
  return PyObject_CallOneArg(original_excepthook, arguments);
}

PyMethodDef functions[] = {
    {"_excepthook", excepthook, METH_O, nullptr},
    {"start_new_thread", start_new_thread, METH_VARARGS, nullptr},
    {"start_new", start_new_thread, METH_VARARGS, nullptr},
    {"allocate_lock", allocate_lock, METH_NOARGS, nullptr},
    {"allocate", allocate_lock, METH_NOARGS, nullptr},
    {"get_ident", get_ident, METH_NOARGS, nullptr},
    {"get_native_id", get_ident, METH_NOARGS, nullptr},
    {"_set_sentinel", set_sentinel, METH_NOARGS, nullptr},
    {"exit", leave, METH_NOARGS, nullptr},
    {"exit_thread", leave, METH_NOARGS, nullptr},
    {"_count", count, METH_NOARGS, nullptr},
    {"stack_size", stack_size, METH_VARARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

int change(PyObject* module) {
  if (!original_excepthook) original_excepthook = PyObject_GetAttrString(module, "_excepthook");
  Ref original_lock = Ref::take(PyObject_GetAttrString(module, "LockType"));
  Ref original_rlock = Ref::take(PyObject_GetAttrString(module, "RLock"));
  if (!original_excepthook || !original_lock || !original_rlock) return -1;
  copy_documentation(functions, module);
  if (ready_lock_types(original_lock.get(), original_rlock.get()) < 0 ||
      PyModule_AddFunctions(module, functions) < 0)
    return -1;
  auto* lock = reinterpret_cast<PyObject*>(&LockType);
  auto* rlock = reinterpret_cast<PyObject*>(&RLockType);
  return PyModule_AddObjectRef(module, "LockType", lock) < 0 ||
                 PyModule_AddObjectRef(module, "RLock", rlock) < 0
             ? -1
             : 0;
}

}  // namespace

PyObject* make_thread_module() { return extend_module(PyInit__thread, change); }

}  // namespace raddle::python
