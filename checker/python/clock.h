// Model time. What a thread reads from any clock is a function of its own past: its sleeps and expired timeouts, and
// those that happened before.
#pragma once
#include <cstdint>

namespace raddle::python {

/// Nanoseconds since the start of the execution, as the running thread sees them. -1: an exception is set.
std::int64_t elapsed();

/// The same since 1970: executions begin on a fixed day. -1: an exception is set.
std::int64_t wall_time();

/// Processor time that the running thread has used. Sleeping takes none.
std::int64_t time_worked();

/// The running thread sleeps. -1: an exception is set.
int sleep_for(std::int64_t nanoseconds);

}  // namespace raddle::python
