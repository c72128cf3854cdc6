// Whether the running thread is where it was before: what it would have to be for a polling loop to be one that never ends.
#pragma once
#include <cstdint>

namespace raddle::python {

/// A digest of the running thread's frames, with the values of their variables, and of what it has changed otherwise
/// without an operation. 0: something in it has a state of its own that cannot be seen (an iterator, say), or a loop
/// over one surrounds it. Runs no code of the program.
std::uint64_t local_state();

}  // namespace raddle::python
