#define Py_BUILD_CORE 1
#include "checker/python/internals.h"

#include "internal/pycore_gc.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_pystate.h"
#include "internal/pycore_runtime.h"

PyThreadState** raddle_current_thread_state(void) {
  return (PyThreadState**)&_PyRuntime.gilstate.tstate_current._value;
}

void raddle_set_gil_state(PyThreadState* state) { PyThread_tss_set(&_PyRuntime.gilstate.autoTSSkey, state); }

void raddle_renew_thread_state(PyThreadState* state) {
  state->context_ver++;
  state->recursion_limit = state->interp->ceval.recursion_limit;
  state->recursion_remaining = state->recursion_limit;
  state->cframe = &state->root_cframe;
  state->exc_info = &state->exc_state;
  state->tracing = 0;
  state->gilstate_counter = 1;
}

uint64_t raddle_thread_states_made(PyInterpreterState* interpreter) {
  return interpreter->threads.next_unique_id;
}

void raddle_collect_garbage(void) {
  PyGC_Enable();
  PyGC_Collect();
  PyGC_Disable();
}

int raddle_young_objects(PyInterpreterState* interpreter, int most) {
  PyGC_Head* head = &interpreter->gc.generations[0].head;
  int count = 0;
  for (PyGC_Head* object = _PyGCHead_NEXT(head); object != head && count < most;
       object = _PyGCHead_NEXT(object))
    count++;
  return count;
}

int raddle_is_younger(PyInterpreterState* interpreter, PyObject* object, PyObject* marker) {
  PyGC_Head* head = &interpreter->gc.generations[0].head;
  for (PyGC_Head* younger = _PyGCHead_NEXT(_Py_AS_GC(marker)); younger != head;
       younger = _PyGCHead_NEXT(younger))
    if (younger == _Py_AS_GC(object)) return 1;
  return 0;
}

void raddle_set_evaluation(PyInterpreterState* interpreter, raddle_evaluate evaluate) {
  interpreter->eval_frame = evaluate;
}

static void drop(atexit_callback* callback) {
  Py_DECREF(callback->func);
  Py_DECREF(callback->args);
  Py_XDECREF(callback->kwargs);
  PyMem_Free(callback);
}

void raddle_run_atexit(PyInterpreterState* interpreter) {
  struct atexit_state* state = &interpreter->atexit;
  for (int i = state->ncallbacks - 1; i >= 0; i--) {
    atexit_callback* callback = state->callbacks[i];
    if (callback == NULL) continue;
    PyObject* function = Py_NewRef(callback->func);
    PyObject* result = PyObject_Call(function, callback->args, callback->kwargs);
    if (result == NULL) _PyErr_WriteUnraisableMsg("in atexit callback", function);
    Py_XDECREF(result);
    Py_DECREF(function);
  }
}

void raddle_forget_atexit(PyInterpreterState* interpreter, int keep) {
  struct atexit_state* state = &interpreter->atexit;
  while (state->ncallbacks > keep) {
    atexit_callback* callback = state->callbacks[--state->ncallbacks];
    state->callbacks[state->ncallbacks] = NULL;
    if (callback != NULL) drop(callback);
  }
}

int raddle_count_atexit(PyInterpreterState* interpreter) { return interpreter->atexit.ncallbacks; }

void raddle_queue_call(PyInterpreterState* interpreter, int (*call)(void*)) {
  struct _pending_calls* pending = &interpreter->ceval.pending;
  if (pending->first != pending->last) return;
  pending->calls[pending->last].func = call;
  pending->calls[pending->last].arg = NULL;
  pending->last = (pending->last + 1) % NPENDINGCALLS;
}

void raddle_run_queued_call(PyInterpreterState* interpreter) {
  interpreter->ceval.pending.calls_to_do._value = 1;
  interpreter->ceval.eval_breaker._value = 1;
}
