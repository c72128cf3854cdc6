// Some executions before the search: they import what has to be imported, find out which memory locations are shared,
// and show whether the program can be run at all.
#pragma once
#include "checker/engine/program.h"
#include "checker/python/model.h"

namespace raddle::python {

/// Runs `program` a few times under random schedules. Throws engine::UserError if it fails in an import before it has
/// started a thread.
void warm_up(engine::Program& program, const PythonOptions& options);

/// The program has crashed. While it is warmed up this calls PythonOptions::crashed and does not return.
void crashed_while_warming_up();

}  // namespace raddle::python
