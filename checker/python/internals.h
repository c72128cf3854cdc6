/* The few places inside of CPython 3.11 that its public API does not reach. Implemented in C, since the headers that
   describe them do not compile as C++. */
#pragma once
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where the interpreter keeps the current thread state. Writing it is what PyThreadState_Swap does, without its
   function calls; the new state must belong to the same interpreter. */
PyThreadState** raddle_current_thread_state(void);

/* Makes PyGILState_Ensure() find `state`: C code that calls back into Python would otherwise make a state of its
   own for the OS thread. */
void raddle_set_gil_state(PyThreadState* state);

/* After PyThreadState_Clear: as good as new. */
void raddle_renew_thread_state(PyThreadState* state);

/* How many thread states there have been. */
uint64_t raddle_thread_states_made(PyInterpreterState* interpreter);

/* Collects garbage, although the collector is switched off (PyGC_Collect then does nothing). */
void raddle_collect_garbage(void);

/* How many objects the collector knows that have been made since it ran; at most `most`. */
int raddle_young_objects(PyInterpreterState* interpreter, int most);

/* Does the collector know `object` as made after `marker`, since it ran last? */
int raddle_is_younger(PyInterpreterState* interpreter, PyObject* object, PyObject* marker);

/* Evaluates Python frames with `evaluate` from now on; NULL: as usual. */
typedef PyObject* (*raddle_evaluate)(PyThreadState*, struct _PyInterpreterFrame*, int);
void raddle_set_evaluation(PyInterpreterState* interpreter, raddle_evaluate evaluate);

/* Runs and removes the callbacks of atexit. */
void raddle_run_atexit(PyInterpreterState* interpreter);

/* Removes the callbacks of atexit without running them, down to the first `keep`. */
void raddle_forget_atexit(PyInterpreterState* interpreter, int keep);

/* How many callbacks atexit has. */
int raddle_count_atexit(PyInterpreterState* interpreter);

/* Puts `call` in the queue of calls that the evaluation loop makes when it is asked to, without asking it. Nothing if
   it is there already. */
void raddle_queue_call(PyInterpreterState* interpreter, int (*call)(void*));

/* Asks it. Async-signal-safe. */
void raddle_run_queued_call(PyInterpreterState* interpreter);

#ifdef __cplusplus
}
#endif
