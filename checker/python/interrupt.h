// Stopping a thread that runs on and on without a visible operation.
#pragma once

namespace raddle::python {

/// Asks the interpreter to stop the running thread soon, with a failure of kind Divergence or OutOfTime.
/// Async-signal-safe. false: it was asked before and has not noticed.
bool request_interrupt(bool out_of_time);

/// Puts everything in place for request_interrupt; to be called between executions.
void prepare_interrupt();

/// Gives the code of an interrupted thread its exception handlers back, when it has ended.
void restore_interrupted_code();

}  // namespace raddle::python
