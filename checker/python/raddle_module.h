// The module `raddle`, with which a program speaks to raddle. Its Python side is module/raddle.py, the same file that
// is imported under plain python3; behind it, what only the front end can do.
#pragma once
#include "checker/python/runtime.h"

namespace raddle::python {

/// Functions of the module _raddle that module/raddle.py calls.
extern PyMethodDef raddle_module_functions[];

/// Main's fiber, when all threads that count have ended: calls what the program has given to raddle.final. What fails
/// in there is a failure of the execution.
void run_final_functions();

/// The execution is over. To be called where no code of the program can run.
void forget_final_functions();

}  // namespace raddle::python
