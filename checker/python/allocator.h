// Python's allocators, watched: which objects die (their names must die with them, see object_names.h), and how much memory
// the model holds (so that a model without bounds gets a MemoryError, not the machine's last byte).
#pragma once
#include <cstddef>

namespace raddle::python {

/// Puts our allocators in front of Python's. Call before the interpreter starts.
void install_allocators();

/// From now on at most `bytes` more than now may be allocated; 0: no limit.
void limit_memory(std::size_t bytes);

}  // namespace raddle::python
