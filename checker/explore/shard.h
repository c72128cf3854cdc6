// Searches in parts, on machines that do not talk to each other: what a part is, and how the parts are put together.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace raddle::explore {

/// The i-th of n parts, from 1. n = 0: the whole search.
struct Shard {
  std::uint64_t index = 0, of = 0;
};

/// What a part has found, and is to be put together with the others.
struct ShardState {
  std::string name;   // for people
  std::string state;  // CheckReport::state
};

}  // namespace raddle::explore
