// What concerns the process as a whole: os._exit, fork, exec, and the doors to the world outside, which audit events
// tell us about.
#pragma once

namespace raddle::python {

/// Replaces os._exit and listens to audit events. -1: an exception is set.
int prepare_process();

}  // namespace raddle::python
