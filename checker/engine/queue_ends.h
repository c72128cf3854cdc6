// The two ends of a queue, and its places for items: what a put and a get touch where nothing else is done to the queue.
//
// A put writes the tail and the place of its item, a get the head and the place of its item. So only puts are in
// conflict with puts, gets with gets, and both with whoever uses the same place before and after. Which place that is
// follows from how many puts, or gets, there have been: it is not known before the operation is executed. Operations
// that look at the queue as a whole touch both ends. (The head is the queue's own object.)
#pragma once
#include <cstdint>
#include <vector>

#include "checker/engine/ids.h"

namespace raddle::engine {

/// How many items have been put, and taken, before an event.
struct QueuePosition {
  std::uint32_t put = 0, taken = 0;

  std::uint64_t packed() const { return std::uint64_t{put} << 32 | taken; }
  static QueuePosition of(std::uint64_t packed) {
    return {static_cast<std::uint32_t>(packed >> 32), static_cast<std::uint32_t>(packed)};
  }
};

/// Of one queue. Objects stay for all executions of a search, positions are those of the current one.
struct QueueEnds {
  ObjectId tail = 0;
  std::int32_t capacity = 0;  // INT32_MAX: unbounded; each item then has a place of its own
  bool used = false;          // in this execution
  QueuePosition now;
  std::vector<ObjectId> places;  // as far as they are needed: one more than items have been put

  std::size_t index(std::uint32_t position) const { return position % static_cast<std::uint32_t>(capacity); }
  ObjectId place(std::uint32_t position) const { return places[index(position)]; }
};

}  // namespace raddle::engine
