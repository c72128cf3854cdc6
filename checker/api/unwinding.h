// Whether a fiber that will never go on has to be unwound, or can simply be dropped.
//
// Throwing an exception through a suspended thread to run its destructors costs more than many a whole execution.
// Often there is nothing to run: this reads the functions' exception tables (the LSDA of the Itanium C++ ABI) along
// the stack and finds out. That costs as much; so the answers are remembered by the stacks' return addresses, and the
// next stack of the same shape costs a few comparisons.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace raddle::api {

enum class Unwinding : std::uint8_t {
  NotNeeded,   // no destructor would run
  Needed,      // destructors run
  Impossible,  // an exception would meet a function that lets none out, and end the process
};

/// A function on a stack: where the return address into it is, and its own address.
struct Frame {
  const void* const* slot;
  const void* function;
};

/// Examines the calling function's callers, outwards to `outermost` (a function's address; its frame is not examined).
/// Fills `frames` with the functions passed on the way, innermost first.
Unwinding examine_stack(const void* outermost, std::vector<Frame>& frames);

/// What examine_stack has said of suspended stacks.
class KnownStacks {
 public:
  /// Of the stack from `suspended` up to `top`.
  std::optional<Unwinding> find(const char* top, const void* suspended) const;
  /// To be called before a stack is resumed to be examined: keeps what is on it.
  void keep(const char* top, const void* suspended);
  /// The answer for the stack that was kept. `frames` from examine_stack on its fiber.
  void remember(const std::vector<Frame>& frames, Unwinding answer);

 private:
  struct Shape {
    std::ptrdiff_t depth;  // in words, as below
    Unwinding answer;
    std::vector<std::pair<std::ptrdiff_t, const void*>> addresses;  // distance from the top, return address
  };
  std::vector<Shape> shapes_;
  const char* top_ = nullptr;
  std::vector<const void*> kept_;  // the words from the suspension to the top
};

}  // namespace raddle::api
