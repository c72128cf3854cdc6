// The Python types around lock.h. Signatures, results and messages are those of CPython's _thread module.
#include "checker/python/arguments.h"
#include "checker/python/identities.h"
#include "checker/python/lock.h"
#include "checker/python/misuse.h"
#include "checker/python/patch.h"

namespace raddle::python {
namespace {

LockObject* lock_of(PyObject* object) { return reinterpret_cast<LockObject*>(object); }

PyObject* truth(int answer) { return answer < 0 ? nullptr : PyBool_FromLong(answer); }
PyObject* nothing(int answer) { return answer < 0 ? nullptr : Py_NewRef(Py_None); }

void dealloc(PyObject* object) {
  if (lock_of(object)->weak_references) PyObject_ClearWeakRefs(object);
  PyTypeObject* type = Py_TYPE(object);
  type->tp_free(object);
  if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) Py_DECREF(type);
}

// --- Lock

PyObject* lock_acquire(PyObject* object, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  WaitArguments wait;
  if (!parse_wait(arguments, count, keywords, wait)) return nullptr;
  return truth(acquire(lock_of(object), wait.blocking, wait.timeout));
}

PyObject* lock_release(PyObject* object, PyObject*) { return nothing(release(lock_of(object))); }

PyObject* lock_locked(PyObject* object, PyObject*) { return truth(is_locked(lock_of(object))); }

PyObject* lock_enter(PyObject* object, PyObject*) { return truth(acquire(lock_of(object), true, kForever)); }

PyObject* lock_exit(PyObject* object, PyObject* const*, Py_ssize_t) {
  return nothing(release(lock_of(object)));
}

PyObject* lock_renew(PyObject* object, PyObject*) {
  LockObject* lock = lock_of(object);
  lock->owner = 0;
  lock->depth = 0;
  if (lock->id && runtime.engine && lock->execution == runtime.execution)
    runtime.engine->object(lock->id).n = 0;
  Py_RETURN_NONE;
}

PyObject* lock_repr(PyObject* object) {
  const LockObject* lock = lock_of(object);
  const bool locked = lock->owner && lock->execution == runtime.execution;
  return without_address(PyUnicode_FromFormat("<%s %s object at %p>", locked ? "locked" : "unlocked",
                                              Py_TYPE(object)->tp_name, object),
                         object);
}

// --- RLock

PyObject* rlock_new(PyTypeObject* type, PyObject*, PyObject*) {
  return reinterpret_cast<PyObject*>(new_lock(type, LockRole::Plain));
}

int rlock_take(LockObject* lock, bool blocking, std::int64_t timeout) {
  if (is_owned(lock)) return note_hold(lock, 1), ++lock->depth, 1;
  const int got = acquire(lock, blocking, timeout);
  if (got > 0) lock->depth = 1;
  return got;
}

int rlock_give(LockObject* lock) {
  if (!is_owned(lock)) {
    PyErr_SetString(PyExc_RuntimeError, "cannot release un-acquired lock");
    note_misuse(Misuse::ReleaseNotOwner, lock);
    return -1;
  }
  if (lock->depth > 1) return note_hold(lock, -1), --lock->depth, 0;
  lock->depth = 0;
  return release(lock);
}

PyObject* rlock_acquire(PyObject* object, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  WaitArguments wait;
  if (!parse_wait(arguments, count, keywords, wait)) return nullptr;
  return truth(rlock_take(lock_of(object), wait.blocking, wait.timeout));
}

PyObject* rlock_enter(PyObject* object, PyObject*) {
  return truth(rlock_take(lock_of(object), true, kForever));
}

PyObject* rlock_release(PyObject* object, PyObject*) { return nothing(rlock_give(lock_of(object))); }

PyObject* rlock_exit(PyObject* object, PyObject* const*, Py_ssize_t) {
  return nothing(rlock_give(lock_of(object)));
}

PyObject* rlock_is_owned(PyObject* object, PyObject*) { return PyBool_FromLong(is_owned(lock_of(object))); }

// Condition.wait gives the lock away completely, whatever the depth, and takes it back so.
PyObject* rlock_release_save(PyObject* object, PyObject*) {
  LockObject* lock = lock_of(object);
  if (!is_owned(lock)) {
    PyErr_SetString(PyExc_RuntimeError, "cannot release un-acquired lock");
    note_misuse(Misuse::ReleaseNotOwner, lock);
    return nullptr;
  }
  const int depth = lock->depth;
  lock->depth = 0;
  if (release(lock) < 0) return nullptr;
  return Py_BuildValue("ii", depth, lock->owner);
}

PyObject* rlock_acquire_restore(PyObject* object, PyObject* saved) {
  int depth = 0, owner = 0;
  Ref arguments = Ref::take(PyTuple_Pack(1, saved));  // checked as CPython's
  if (!arguments || !PyArg_ParseTuple(arguments.get(), "(ii):_acquire_restore", &depth, &owner))
    return nullptr;
  if (acquire(lock_of(object), true, kForever) < 0) return nullptr;
  lock_of(object)->depth = depth;
  Py_RETURN_NONE;
}

PyObject* rlock_repr(PyObject* object) {
  const LockObject* lock = lock_of(object);
  const bool locked = lock->owner && lock->execution == runtime.execution;
  return without_address(PyUnicode_FromFormat("<%s %s object owner=%d count=%d at %p>",
                                              locked ? "locked" : "unlocked", Py_TYPE(object)->tp_name,
                                              locked ? lock->owner : 0, locked ? lock->depth : 0, object),
                         object);
}

PyMethodDef lock_methods[] = {
    {"acquire", method(lock_acquire), METH_FASTCALL | METH_KEYWORDS, nullptr},
    {"acquire_lock", method(lock_acquire), METH_FASTCALL | METH_KEYWORDS, nullptr},
    {"release", lock_release, METH_NOARGS, nullptr},
    {"release_lock", lock_release, METH_NOARGS, nullptr},
    {"locked", lock_locked, METH_NOARGS, nullptr},
    {"locked_lock", lock_locked, METH_NOARGS, nullptr},
    {"__enter__", lock_enter, METH_NOARGS, nullptr},
    {"__exit__", method(lock_exit), METH_FASTCALL, nullptr},
    {"_at_fork_reinit", lock_renew, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyMethodDef rlock_methods[] = {
    {"acquire", method(rlock_acquire), METH_FASTCALL | METH_KEYWORDS, nullptr},
    {"release", rlock_release, METH_NOARGS, nullptr},
    {"__enter__", rlock_enter, METH_NOARGS, nullptr},
    {"__exit__", method(rlock_exit), METH_FASTCALL, nullptr},
    {"_is_owned", rlock_is_owned, METH_NOARGS, nullptr},
    {"_release_save", rlock_release_save, METH_NOARGS, nullptr},
    {"_acquire_restore", rlock_acquire_restore, METH_O, nullptr},
    {"_at_fork_reinit", lock_renew, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyTypeObject make_type(const char* name, PyMethodDef* methods, reprfunc repr) {
  PyTypeObject type = {PyVarObject_HEAD_INIT(nullptr, 0)};
  type.tp_name = name;
  type.tp_basicsize = sizeof(LockObject);
  type.tp_flags = Py_TPFLAGS_DEFAULT;
  type.tp_dealloc = dealloc;
  type.tp_repr = repr;
  type.tp_methods = methods;
  type.tp_weaklistoffset = offsetof(LockObject, weak_references);
  type.tp_alloc = PyType_GenericAlloc;
  return type;
}

}  // namespace

PyTypeObject LockType = [] {
  PyTypeObject type = make_type("_thread.lock", lock_methods, lock_repr);
  type.tp_flags |= Py_TPFLAGS_DISALLOW_INSTANTIATION;
  return type;
}();

PyTypeObject RLockType = [] {
  PyTypeObject type = make_type("_thread.RLock", rlock_methods, rlock_repr);
  type.tp_flags |= Py_TPFLAGS_BASETYPE;
  type.tp_new = rlock_new;
  return type;
}();

int ready_lock_types(PyObject* original_lock, PyObject* original_rlock) {
  if (LockType.tp_flags & Py_TPFLAGS_READY) return 0;
  copy_documentation(lock_methods, original_lock);
  copy_documentation(rlock_methods, original_rlock);
  LockType.tp_doc = reinterpret_cast<PyTypeObject*>(original_lock)->tp_doc;
  RLockType.tp_doc = reinterpret_cast<PyTypeObject*>(original_rlock)->tp_doc;
  return PyType_Ready(&LockType) < 0 || PyType_Ready(&RLockType) < 0 ? -1 : 0;
}

}  // namespace raddle::python
