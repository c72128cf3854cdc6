// Running a Python function in a process of its own, under the limits that executions have: for what nobody controls,
// such as importing a file only to see which tests it has.
#pragma once
#include "checker/engine/watchdog.h"
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// From now on limits.standstill is how long a function may run at all, busy or waiting. `budget`, if not zero: how long
/// each may take by the clock, besides the deadline that they have in common.
void limit_aside(const engine::Watchdog::Limits& limits, std::chrono::nanoseconds budget = {});

/// For modules of ours: run_aside(function, place) -> (what it returned, a str; why it was ended; where, as place() says
/// in that process). It was ended because it took too long: `"5 s"`, or because all is to end: `"hurried"`; else that is empty.
/// If the process has ended for another reason, all three are. Signals that end this process end that one, too.
/// New reference.
PyObject* make_run_aside();

}  // namespace raddle::python
