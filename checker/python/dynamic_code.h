// Code that the program makes while it runs: exec() and eval() of text and of code objects.
#pragma once

namespace raddle::python {

/// Replaces builtins.exec and builtins.eval. What they are given is instrumented when the program calls them, or when it
/// is executed among the globals of one of the program's modules (the methods of a dataclass). -1: an exception is set.
int prepare_dynamic_code();

}  // namespace raddle::python
