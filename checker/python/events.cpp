// threading.Event.
#include "checker/python/arguments.h"
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

bool flag_of(PyObject* event) { return instance_value(event, strings.flag) == Py_True; }

engine::ObjectState state_of(PyObject* event) { return {flag_of(event), 0}; }

const char* text(bool b) { return b ? "True" : "False"; }

PyObject* change(PyObject* event, bool on) {
  LockObject* lock = lock_of(event);
  if (!lock) return PyObject_CallOneArg(on ? original_set : original_clear, event);
  const bool before = flag_of(event);
  if (take_step(lock, {.kind = on ? engine::OpKind::EventSet : engine::OpKind::EventClear,
                       .state = state_of(event)}) < 0)
    return nullptr;
  // The original's body. Nobody waits inside of it: waiters wait for the engine's object.
  if (PyObject_SetAttr(event, strings.flag, on ? Py_True : Py_False) < 0) return nullptr;
  set_state(lock, state_of(event));
  if (recording()) show_effect(text(before), text(on), {});
  Py_RETURN_NONE;
}

PyObject* event_set(PyObject* event, PyObject*) { return change(event, true); }
PyObject* event_clear(PyObject* event, PyObject*) { return change(event, false); }

PyObject* event_is_set(PyObject* event, PyObject*) {
  LockObject* lock = lock_of(event);
  if (!lock) return PyObject_CallOneArg(original_is_set, event);
  if (take_step(lock, {.kind = engine::OpKind::EventTest, .write = false, .state = state_of(event)}) < 0)
    return nullptr;
  const bool answer = flag_of(event);
  set_result(answer);
  if (recording()) show_effect({}, {}, text(answer));
  return PyBool_FromLong(answer);
}

PyObject* event_wait(PyObject* event, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  LockObject* lock = lock_of(event);
  PyObject* timeout = Py_None;
  if (!parse_timeout(arguments, count, keywords, timeout) || !lock) {
    PyErr_Clear();
    return call_original(original_wait, event, arguments, count, keywords);
  }
  Step step{
      .kind = engine::OpKind::EventWait, .write = false, .ready = flag_of(event), .state = state_of(event)};
  if (timeout != Py_None) {
    if (!parse_seconds(timeout, step.timeout)) return nullptr;
    if (step.timeout <= 0) {
      step.kind = engine::OpKind::EventTest;
      step.ready = true;
      step.timeout = kForever;
    }
  }
  if (take_step(lock, step) < 0) return nullptr;
  const bool answer = flag_of(event);
  set_result(answer);
  if (recording() && timeout != Py_None) show_effect({}, {}, text(answer));
  return PyBool_FromLong(answer);
}

Patch patches[] = {
    {{"set", event_set, METH_NOARGS, "set($self)\n--\n\n"}, &original_set},
    {{"clear", event_clear, METH_NOARGS, "clear($self)\n--\n\n"}, &original_clear},
    {{"is_set", event_is_set, METH_NOARGS, "is_set($self)\n--\n\n"}, &original_is_set},
    {{"wait", method(event_wait), METH_FASTCALL | METH_KEYWORDS, "wait($self, timeout=None)\n--\n\n"},
     &original_wait},
};

}  // namespace

int prepare_events() {
  PyTypeObject* type = library_type("threading", "Event");
  if (!type) return -1;
  for (Patch& p : patches)
    if (patch(type, p) < 0) return -1;
  return 0;
}

}  // namespace raddle::python
