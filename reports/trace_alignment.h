// Two executions of one model, event by event: what both do, what only one does, and the first pair of events that
// come in one order here and in the other there. Nothing here is text.
#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "checker/engine/trace.h"

namespace raddle::reports {

inline constexpr std::size_t kNoEvent = static_cast<std::size_t>(-1);

struct AlignedPair {
  std::size_t left = kNoEvent,
              right = kNoEvent;  // indices into the two traces' events; kNoEvent: only the other does it
};

struct Alignment {
  std::vector<AlignedPair> pairs;  // in an order that is that of both
  std::size_t same = 0;            // so many events at the beginning are the same, values included
  /// Events on the same object, indices on the left and on the right: `first` comes before `second` on the left, and
  /// behind it on the right. `second_left` is kNoEvent where the left run never gets to it.
  struct Reversal {
    std::size_t first_left, first_right, second_left, second_right;
  };
  std::optional<Reversal>
      reversal;  // the earliest, by the first event on the left and the second on the right
};

/// An event corresponds to the one with the same number among those of its thread, if both do the same to the same object
/// at the same line, whatever the values.
Alignment align(const engine::Trace& left, const engine::Trace& right);

}  // namespace raddle::reports
