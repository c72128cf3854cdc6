// threading.Semaphore and BoundedSemaphore.
//
// Two releases can be exchanged without anybody noticing. So as long as nobody waits for a semaphore (that of a thread
// pool's idle workers is only tried), a release counts as a read, and whoever tries it, or looks at its value, as a
// writer. With somebody who waits this would not do: whether one can go on would depend on releases that are not
// ordered with one another.
#include "checker/python/arguments.h"
#include "checker/python/guarded.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/locations.h"
#include "checker/python/patch.h"
#include "checker/python/primitives.h"
#include "checker/python/strings.h"

namespace raddle::python {
namespace {

PyObject *original_acquire, *original_release, *original_bounded_release;

LockObject* lock_of(PyObject* semaphore) {
  PyObject* condition = instance_value(semaphore, strings.cond);
  return condition ? as_inner(instance_value(condition, strings.lock)) : nullptr;
}

long value_of(PyObject* semaphore) {
  PyObject* value = instance_value(semaphore, strings.value);
  const long number = value && PyLong_Check(value) ? PyLong_AsLong(value) : 0;
  if (number == -1 && PyErr_Occurred()) PyErr_Clear();
  return number;
}

engine::ObjectState state_of(PyObject* semaphore) {
  return {static_cast<std::int32_t>(value_of(semaphore)), 0};
}

int set_value(PyObject* semaphore, LockObject* lock, long value) {
  Ref number = Ref::take(PyLong_FromLong(value));
  if (!number || PyObject_SetAttr(semaphore, strings.value, number.get()) < 0) return -1;
  set_state(lock, state_of(semaphore));
  return 0;
}

// Arguments as the original's: 0 ready to go on, 1 not ours to deal with.
PyObject* semaphore_acquire(PyObject* semaphore, PyObject* const* arguments, Py_ssize_t count,
                            PyObject* keywords) {
  LockObject* lock = lock_of(semaphore);
  PyObject *blocking = Py_True, *timeout = Py_None;
  if (!lock || !parse_blocking(arguments, count, keywords, blocking, timeout)) {
    PyErr_Clear();
    return call_original(original_acquire, semaphore, arguments, count, keywords);
  }
  const int blocks = PyObject_IsTrue(blocking);
  if (blocks < 0) return nullptr;
  if (!blocks && timeout != Py_None) {
    PyErr_SetString(PyExc_ValueError, "can't specify timeout for non-blocking acquire");
    return nullptr;
  }
  Step step{.kind = engine::OpKind::Acquire, .ready = value_of(semaphore) > 0, .state = state_of(semaphore)};
  if (timeout != Py_None && !parse_seconds(timeout, step.timeout)) return nullptr;
  if (!blocks || (timeout != Py_None && step.timeout <= 0)) {
    step.kind = engine::OpKind::TryAcquire;
    step.ready = true;
    step.timeout = kForever;
  }
  if (step.kind == engine::OpKind::Acquire) {
    awaited_objects.add(lock->name);
    if (runtime.engine->killing()) return resumed(), nullptr;
  }
  if (take_step(lock, step) < 0) return nullptr;
  const long value = value_of(semaphore);
  const bool got = value > 0;
  if (got && set_value(semaphore, lock, value - 1) < 0) return nullptr;
  set_result(got);
  if (recording()) {
    const bool asks = step.kind == engine::OpKind::TryAcquire || step.timeout >= 0;
    show_effect(std::to_string(value), std::to_string(got ? value - 1 : value),
                asks ? (got ? "True" : "False") : "");
  }
  return PyBool_FromLong(got);
}

// The original's body runs: it checks `n` and the bound.
PyObject* give(PyObject* original, PyObject* semaphore, PyObject* const* arguments, Py_ssize_t count,
               PyObject* keywords, bool bounded) {
  LockObject* lock = lock_of(semaphore);
  if (!lock) return call_original(original, semaphore, arguments, count, keywords);
  // (How many releases a bounded one takes depends on their order with acquisitions alone, but not who fails.)
  const bool write = bounded || awaited_objects.contains(lock->name);
  if (take_step(lock, {.kind = engine::OpKind::Release, .write = write, .state = state_of(semaphore)}) < 0)
    return nullptr;
  const long before = value_of(semaphore);
  AtomicSection atomic;
  PyObject* result = call_original(original, semaphore, arguments, count, keywords);
  set_state(lock, state_of(semaphore));
  if (recording()) show_effect(std::to_string(before), std::to_string(value_of(semaphore)), {});
  return result;
}

PyObject* semaphore_release(PyObject* s, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  return give(original_release, s, arguments, count, keywords, false);
}
PyObject* bounded_release(PyObject* s, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  return give(original_bounded_release, s, arguments, count, keywords, true);
}

Patch patches[] = {
    {{"acquire", method(semaphore_acquire), METH_FASTCALL | METH_KEYWORDS,
      "acquire($self, blocking=True, timeout=None)\n--\n\n"},
     &original_acquire},
    {{"__enter__", method(semaphore_acquire), METH_FASTCALL | METH_KEYWORDS, nullptr}, nullptr},
    {{"release", method(semaphore_release), METH_FASTCALL | METH_KEYWORDS, "release($self, n=1)\n--\n\n"},
     &original_release},
};
Patch bounded = {
    {"release", method(bounded_release), METH_FASTCALL | METH_KEYWORDS, "release($self, n=1)\n--\n\n"},
    &original_bounded_release};

}  // namespace

int prepare_semaphores() {
  PyTypeObject* type = library_type("threading", "Semaphore");
  PyTypeObject* bounded_type = library_type("threading", "BoundedSemaphore");
  if (!type || !bounded_type || patch(bounded_type, bounded) < 0) return -1;
  for (Patch& p : patches)
    if (patch(type, p) < 0) return -1;
  return 0;
}

}  // namespace raddle::python
