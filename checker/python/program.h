// One execution of the program: what `python3 program.py` does from the start of the main thread to the end of the
// process.
#pragma once
#include <string>

#include "checker/python/runtime.h"

namespace raddle::python {

/// The program, compiled and instrumented.
struct UserProgram {
  Ref code;
  Ref path;              // of its source file
  Ref package;           // name of the package that it runs in; None for a plain file
  mutable Ref contents;  // what its module __main__ contains before it runs
};

/// Runs it on the main thread's fiber and returns the exit status.
int run_program(const UserProgram& program);

/// os._exit: the process ends here. Returns only when torn down, with an exception set.
void exit_process(int status);

/// What exit_process() was called with in this execution, or -1.
int forced_exit_status();
void forget_forced_exit();

}  // namespace raddle::python
