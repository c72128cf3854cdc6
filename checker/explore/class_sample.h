// The classes that a sampling search has met: which, and how often, as far as that says something of those that it has
// not met. One byte for each besides its fingerprint, however many runs there are.
//
// Only runs that are independent of one another and identically distributed are *draws*, from which one can conclude
// (class_estimate.h). Those of a sampler that learns are not.
#pragma once
#include <cstdint>

#include "checker/engine/flat_map.h"

namespace raddle::explore {

class ClassSample {
 public:
  /// A run has met this class; `draw`: it was one. Has nobody met it before?
  bool add(std::uint64_t print, bool draw);
  void clear();

  std::uint64_t draws() const { return draws_; }
  /// Classes that draws have met: all, exactly once, exactly twice.
  std::uint64_t drawn() const { return drawn_; }
  std::uint64_t once() const { return once_; }
  std::uint64_t twice() const { return twice_; }
  /// Those that one draw has met, and no other run of any kind.
  std::uint64_t once_at_all() const { return once_at_all_; }
  std::size_t bytes() const { return classes_.bytes(); }

 private:
  struct Met {
    std::uint8_t draws : 2 = 0;  // 3: or more
    bool otherwise : 1 = false;  // by other runs
  };
  engine::FlatMap<Met> classes_;
  std::uint64_t draws_ = 0, drawn_ = 0, once_ = 0, twice_ = 0, once_at_all_ = 0;
};

}  // namespace raddle::explore
