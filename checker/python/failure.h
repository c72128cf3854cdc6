// What goes wrong in a model, as the engine's failures: exceptions that nobody catches, and exit statuses.
#pragma once
#include <string>

#include "checker/python/runtime.h"

namespace raddle::python {

/// Records the exception `value` with its traceback as a failure of the running thread. None for SystemExit.
void report_exception(PyObject* value);

/// The same for the exception that is set, which stays set.
void report_raised_exception();

/// What it is as a failure, at the place where it was raised, of nobody yet.
engine::Failure failure_of(PyObject* value);

/// What is wrong if nobody ever asks for the exception `value`, which the running thread has put into a future.
engine::Failure swallowed_failure(PyObject* value);

/// The exception that is set has left the code of a thread that was started with _thread.start_new_thread. Clears it.
void report_thread_exception(PyObject* function);

/// The program ends with this status, which nothing else explains.
void report_exit_status(int status, const engine::Site& site);

/// Where `traceback` (or null) ends: at the innermost of the user's frames, if there is one.
engine::Site raise_site(PyObject* traceback);

/// Text of an exception as Python shows it at the end of a traceback, on one line: "ValueError: message".
std::string exception_text(PyObject* value);

}  // namespace raddle::python
