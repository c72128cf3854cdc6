// threading.Event.
#include "checker/python/arguments.h"
#include "checker/python/atomic_blocks.h"
#include "checker/python/guarded.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/patch.h"
#include "checker/python/primitives.h"
#include "checker/python/strings.h"

namespace raddle::python {
namespace {

PyObject *original_set, *original_clear, *original_is_set, *original_wait;

LockObject* lock_of(PyObject* event) {
  PyObject* condition = instance_value(event, strings.cond);
  return condition ? as_inner(instance_value(condition, strings.lock)) : nullptr;
}

// Usually a bool, but a program may set anything.
PyObject* flag_value(PyObject* event) {
  PyObject* flag = instance_value(event, strings.flag);
  return flag ? flag : Py_False;
}

bool flag_of(PyObject* event) {
  PyObject* flag = flag_value(event);
  if (PyBool_Check(flag)) return flag == Py_True;
  AtomicSection atomic;
  const int truth = PyObject_IsTrue(flag);
  if (truth < 0) PyErr_Clear();
  return truth > 0;
}

engine::ObjectState state_of(PyObject* event) { return {flag_of(event), 0}; }

const char* text(bool b) { return b ? "True" : "False"; }

PyObject* change(PyObject* event, bool on) {
  LockObject* lock = lock_of(event);
  if (!lock) return PyObject_CallOneArg(on ? original_set : original_clear, event);
  const bool before = flag_of(event);
  if (take_step(lock, {.kind = on ? engine::OpKind::EventSet : engine::OpKind::EventClear,
                       .tries = PyBool_Check(flag_value(event)) != 0,
                       .state = state_of(event)}) < 0)
    return nullptr;
  // The original's body. Nobody waits inside of it: waiters wait for the engine's object.
  if (PyObject_SetAttr(event, strings.flag, on ? Py_True : Py_False) < 0) return nullptr;
  set_state(lock, state_of(event));
  if (recording()) show_effect(text(before), text(on), {});
  Py_RETURN_NONE;
}

PyObject* event_set(PyObject* event) { return change(event, true); }
PyObject* event_clear(PyObject* event) { return change(event, false); }

// Step by step: the original reads the flag without the lock that others hold when they change it.
PyObject* look_inside(PyObject* event) {
  PyObject* condition = instance_value(event, strings.cond);
  PyObject* lock = condition ? instance_value(condition, strings.lock) : nullptr;
  if (lock && is_lock(lock) && controlled() && is_locked(reinterpret_cast<LockObject*>(lock)) < 0)
    return nullptr;
  return refuse_in_block("looks at an event") < 0 ? nullptr : PyObject_CallOneArg(original_is_set, event);
}

PyObject* event_is_set(PyObject* event) {
  LockObject* lock = lock_of(event);
  if (!lock) return look_inside(event);
  if (take_step(lock, {.kind = engine::OpKind::EventTest, .write = false, .state = state_of(event)}) < 0)
    return nullptr;
  const bool answer = flag_of(event);
  set_result(answer);
  if (recording()) show_effect({}, {}, text(answer));
  return Py_NewRef(flag_value(event));
}

PyObject* event_wait(PyObject* event, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  LockObject* lock = lock_of(event);
  PyObject* timeout = Py_None;
  if (!lock || !parse_timeout(arguments, count, keywords, timeout)) {
    PyErr_Clear();
    return call_original(original_wait, event, arguments, count, keywords);
  }
  Step step{
      .kind = engine::OpKind::EventWait, .write = false, .ready = flag_of(event), .state = state_of(event)};
  const Seconds kind = timeout == Py_None ? Seconds::Number : read_seconds(timeout, step.timeout);
  if (timeout != Py_None && (kind != Seconds::Number || step.timeout <= 0)) {
    step.kind = engine::OpKind::EventTest;
    step.ready = true;
    step.timeout = kForever;
  }
  if (take_step(lock, step) < 0) return nullptr;
  if (kind == Seconds::Odd) {
    AtomicSection atomic;
    return call_original(original_wait, event, arguments, count, keywords);
  }
  const bool answer = flag_of(event);
  set_result(answer);
  if (!answer && step.timeout < 0) runtime.engine->overshoot();  // it has not waited, but looked for a while
  if (recording() && timeout != Py_None) show_effect({}, {}, text(answer));
  return answer ? Py_NewRef(flag_value(event)) : Py_NewRef(Py_False);
}

Patch patches[] = {
    {{"set", method(no_arguments<event_set, original_set>), METH_FASTCALL | METH_KEYWORDS,
      "set($self)\n--\n\n"},
     &original_set},
    {{"clear", method(no_arguments<event_clear, original_clear>), METH_FASTCALL | METH_KEYWORDS,
      "clear($self)\n--\n\n"},
     &original_clear},
    {{"is_set", method(no_arguments<event_is_set, original_is_set>), METH_FASTCALL | METH_KEYWORDS,
      "is_set($self)\n--\n\n"},
     &original_is_set},
    {{"wait", method(event_wait), METH_FASTCALL | METH_KEYWORDS, "wait($self, timeout=None)\n--\n\n"},
     &original_wait},
};

}  // namespace

void set_event_state(PyObject* event) {
  if (LockObject* lock = lock_of(event)) runtime.engine->object(object_of(lock)) = state_of(event);
}

int prepare_events() {
  PyTypeObject* type = library_type("threading", "Event");
  if (!type) return -1;
  for (Patch& p : patches)
    if (patch(type, p) < 0) return -1;
  return 0;
}

}  // namespace raddle::python
