// Whether a fiber that will never go on has to be unwound, or can simply be dropped.
//
// Throwing an exception through a suspended thread to run its destructors costs about a microsecond, more than many a
// whole execution. Often there is nothing to run: this reads the functions' exception tables (the LSDA of the Itanium
// C++ ABI) along the stack and finds out. Stacks that were found to need nothing are remembered by their return
// addresses, so that the next one of the same shape costs a few comparisons.
#pragma once
#include <cstdint>
#include <vector>

namespace raddle::api {

enum class Unwinding : std::uint8_t {
  NotNeeded,   // no destructor would run
  Needed,      // destructors run
  Impossible,  // an exception would meet a function that lets none out, and end the process
};

/// One return address on a stack: where it is, and what it was.
struct ReturnAddress {
  const void* const* slot;
  const void* value;
};

/// Examines the calling function's callers, outwards to `outermost` (a function's address; its frame is not examined).
/// Fills `frames` with the return addresses passed on the way, innermost first.
Unwinding examine_stack(const void* outermost, std::vector<ReturnAddress>& frames);

/// Shapes of suspended stacks that can be dropped.
class DroppableStacks {
 public:
  /// Is the stack that ends at `top` and is suspended at `suspended` known to be droppable?
  bool known(const char* top, const void* suspended) const;
  /// Remembers it. `frames` from examine_stack on that fiber.
  void remember(const char* top, const void* suspended, const std::vector<ReturnAddress>& frames);

 private:
  struct Shape {
    std::ptrdiff_t depth;
    std::vector<std::pair<std::ptrdiff_t, const void*>> addresses;  // offset below the top, value
  };
  std::vector<Shape> shapes_;
};

}  // namespace raddle::api
