// Model threads as Python sees them: their start, their end, and how one that is left over is taken down.
#pragma once
#include "checker/python/runtime.h"

namespace raddle::python {

/// Gives `thread` its Python side, fresh for this execution, and returns it.
PythonThread& bind_thread(engine::Thread& thread);

/// Starts a thread that calls `function(*arguments, **keywords)` and runs it up to its first visible operation.
/// Returns its id, or kNoThread with an exception set.
/// `like`: a thread that the running one has started before, and that does the same; kNoThread: there is none.
engine::Tid start_thread(PyObject* function, PyObject* arguments, PyObject* keywords, bool daemon,
                         engine::Tid like = engine::kNoThread);

/// Returns when thread `id` has ended. -1: an exception is set.
int wait_for_thread(engine::Tid id);

/// The running thread has seen what `id` has done: its time is not before that.
void inherit_clock(engine::Tid id);

/// Cleans up at the end of a thread's Python code, on its fiber.
void finish_thread(PythonThread& thread);

/// Unwinds the stack of a thread that is blocked, such that no handler, finally clause or context manager of it runs.
void tear_down_thread(engine::Engine& engine, engine::Thread& thread);

/// From now on, code of the program that is called fails at once, instead of running, or no longer. For executions that
/// are over.
void refuse_user_code(bool on);

/// On the host, when a thread has crashed: the host goes on, and those that come are new ones. What the others are in
/// the middle of stays as it is.
void abandon_threads();

/// After an execution: lets go of what threads that never started hold.
void release_threads();

}  // namespace raddle::python
