// A debugger in the middle of an execution, in the thread that is running and in the frame of the user's line. What it
// does is no step of the program: nothing of it is visible, and the standard streams are the process's meanwhile.
#pragma once
#include <functional>
#include <string>

#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// `leave` is to end the process: without a text, the user has left the debugger; else it could not be used, and why.
/// From now on what the program writes is shown on the process's standard streams, too.
void prepare_debugger(std::function<void(const std::string& error)> leave);

/// On the stack of a thread of the program, where it may be suspended: runs what PYTHONBREAKPOINT names, or pdb, or
/// sys.breakpointhook if the program has set it. It may go on to trace the thread. Precondition: prepare_debugger.
void stop_in_debugger();

/// Is code of a debugger running, or what was typed there?
bool is_debugging();

/// Nothing can happen in there that other threads, or the trace, would have a part in: "waits for a thread". -1: an
/// exception is set.
int refuse_in_debugger(const char* what);

extern PyMethodDef debugger_functions[];  // of the module _raddle

}  // namespace raddle::python
