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
#include "checker/python/misuse.h"
#include "checker/python/patch.h"
#include "checker/python/primitives.h"
#include "checker/python/strings.h"
#include "checker/python/values.h"

namespace raddle::python {
namespace {

PyObject *original_acquire, *original_release, *original_bounded_release;

LockObject* lock_of(PyObject* semaphore) {
  PyObject* condition = instance_value(semaphore, strings.cond);
  return condition ? as_inner(instance_value(condition, strings.lock)) : nullptr;
}

// The original takes one unless the value is 0. It may be any number; one that is not an ordinary count is left to the
// original.
struct Value {
  long number = 0;  // at most what a state can hold
  bool ordinary = true;
};

Value value_of(PyObject* semaphore) {
  constexpr long kMost = INT32_MAX;
  PyObject* value = instance_value(semaphore, strings.value);
  int overflow = 0;
  const long number = value && PyLong_CheckExact(value) ? PyLong_AsLongAndOverflow(value, &overflow) : -1;
  if (number >= 0 && number < kMost) return {number, true};
  AtomicSection atomic;
  const int none = value ? PyObject_RichCompareBool(value, strings.zero, Py_EQ) : 1;
  if (none < 0) PyErr_Clear();
  return {none == 0 ? kMost : 0, false};
}

engine::ObjectState state_of(PyObject* semaphore) {
  return {static_cast<std::int32_t>(value_of(semaphore).number), 0};
}

std::string shown_value(PyObject* semaphore) {
  PyObject* value = instance_value(semaphore, strings.value);
  return value ? show_value(value) : "";
}

int set_value(PyObject* semaphore, LockObject* lock, long value) {
  Ref number = Ref::take(PyLong_FromLong(value));
  if (!number || PyObject_SetAttr(semaphore, strings.value, number.get()) < 0) return -1;
  set_state(lock, state_of(semaphore));
  return 0;
}

// Of a semaphore without a bound.
bool releases_write(LockObject* lock) {
  return awaited_objects.contains(lock->name) || location(location_of(lock)).watched;
}

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
  const engine::ObjectState state = state_of(semaphore);
  Step step{.kind = engine::OpKind::Acquire, .ready = state.n > 0, .state = state};
  // With NaN, the original asks again and again.
  const Seconds kind = timeout == Py_None ? Seconds::NaN : read_seconds(timeout, step.timeout);
  if (!blocks || kind == Seconds::Odd || (kind == Seconds::Number && step.timeout <= 0)) {
    step.kind = engine::OpKind::TryAcquire;
    step.ready = true;
    step.timeout = kForever;
    // Where releases are reads, a try depends on them even if it fails.
    step.tries = releases_write(lock) && kind != Seconds::Odd && value_of(semaphore).ordinary;
  }
  if (step.kind == engine::OpKind::Acquire) {
    awaited_objects.add(lock->name);
    if (runtime.engine->killing()) return resumed(), nullptr;
  }
  if (take_step(lock, step) < 0) return nullptr;
  const Value value = value_of(semaphore);
  const std::string before = recording() ? shown_value(semaphore) : "";
  const bool got = value.number > 0;
  if (kind == Seconds::Odd || !value.ordinary) {
    AtomicSection atomic;
    Ref done = Ref::take(kind == Seconds::Odd
                             ? call_original(original_acquire, semaphore, arguments, count, keywords)
                             : PyObject_CallFunctionObjArgs(original_acquire, semaphore, Py_False, nullptr));
    if (!done) return nullptr;
    set_state(lock, state_of(semaphore));
  } else if (got && set_value(semaphore, lock, value.number - 1) < 0) {
    return nullptr;
  }
  set_result(got);
  if (!got && timeout != Py_None && step.kind == engine::OpKind::TryAcquire) runtime.engine->overshoot();
  if (recording()) {
    const bool asks = step.kind == engine::OpKind::TryAcquire || step.timeout >= 0;
    show_effect(before, shown_value(semaphore), asks ? (got ? "True" : "False") : "");
  }
  return PyBool_FromLong(got);
}

// The original's body runs: it checks `n` and the bound.
PyObject* give(PyObject* original, PyObject* semaphore, PyObject* const* arguments, Py_ssize_t count,
               PyObject* keywords, bool bounded) {
  LockObject* lock = lock_of(semaphore);
  if (!lock) return call_original(original, semaphore, arguments, count, keywords);
  // (How many releases a bounded one takes depends on their order with acquisitions alone, but not who fails.)
  const bool write = bounded || releases_write(lock);
  if (take_step(lock, {.kind = engine::OpKind::Release, .write = write, .state = state_of(semaphore)}) < 0)
    return nullptr;
  const std::string before = recording() ? shown_value(semaphore) : "";
  AtomicSection atomic;
  PyObject* result = call_original(original, semaphore, arguments, count, keywords);
  set_state(lock, state_of(semaphore));
  if (recording()) show_effect(before, shown_value(semaphore), {});
  return result;
}

PyObject* semaphore_release(PyObject* s, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  return give(original_release, s, arguments, count, keywords, false);
}
PyObject* bounded_release(PyObject* s, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  return watch_misuse(give(original_bounded_release, s, arguments, count, keywords, true),
                      Misuse::OverRelease, s);
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

void set_semaphore_state(PyObject* semaphore) {
  if (LockObject* lock = lock_of(semaphore)) runtime.engine->object(object_of(lock)) = state_of(semaphore);
}

int prepare_semaphores() {
  PyTypeObject* type = library_type("threading", "Semaphore");
  PyTypeObject* bounded_type = library_type("threading", "BoundedSemaphore");
  if (!type || !bounded_type || patch(bounded_type, bounded) < 0) return -1;
  for (Patch& p : patches)
    if (patch(type, p) < 0) return -1;
  return 0;
}

}  // namespace raddle::python
