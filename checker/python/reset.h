// Between executions: puts back what the program, or our own running of it, has changed in the interpreter and in the
// standard library, so that every execution begins like the first.
#pragma once
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// Remembers the state that executions are to begin with. Call once the program is loaded. Throws engine::UserError.
void take_snapshot();

/// Restores it, if there is one. Throws engine::UserError when that fails.
void restore_snapshot();

/// Executions are to find this module of the library, which has just been loaded, as it is now.
void remember_module(PyObject* module);

/// Sets an entry of a library module's dict on our own account: what restore_snapshot() sees is not a change of the
/// program. -1: an exception is set.
int set_in_library(PyObject* module_dict, PyObject* key, PyObject* value);

/// The program has changed the current folder.
void note_folder_change();

/// At the end of a program: what logging does then, if it has anything to do.
void shut_down_logging();

/// The program collects garbage, so none of an execution may be left to the next one.
void note_collection();

/// Puts `module` into sys.modules as __main__, or with null removes that. -1: an exception is set.
int change_main_module(PyObject* module);

/// The program has changed what signals do.
void note_signal_change();

}  // namespace raddle::python
