// Who is there: threading.enumerate(), active_count(), _thread._count(). Starts and ends of threads are no events;
// the first such question makes them so, and the search starts again.
#pragma once
#include "checker/python/runtime.h"

namespace raddle::python {

/// Somebody looks at the list of threads. -1: an exception is set.
int read_thread_list();

/// The running thread adds a thread to the list, or removes itself. -1: an exception is set.
int change_thread_list();

}  // namespace raddle::python
