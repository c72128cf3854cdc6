// The classes that a sampling search has met: which, and how often, as far as that says something of those that it has
// not met. One byte for each besides its fingerprint, however many runs there are.
//
// Only runs that are independent of one another and identically distributed are *draws*, from which one can conclude
// (class_estimate.h). Those of a sampler that learns are not.
#pragma once
#include <cstdint>

#include "checker/engine/flat_map.h"
#include "checker/engine/wire.h"

namespace raddle::explore {

struct ClassCounts {
  std::uint64_t draws = 0;
  std::uint64_t classes = 0, once = 0, twice = 0;  // that draws have met: all, exactly once, exactly twice
  std::uint64_t once_at_all = 0;                   // that one draw has met, and no other run of any kind
};

class ClassSample {
 public:
  /// A run has met this class; `draw`: it was one. Has nobody met it before?
  bool add(std::uint64_t print, bool draw);
  void clear();
  /// All of it; and to start from that instead. Throws engine::WireError.
  void save(engine::WireWriter& out) const;
  void restore(engine::WireReader& in);

  const ClassCounts& counts() const { return counts_; }
  std::size_t bytes() const { return classes_.bytes(); }

 private:
  struct Met {
    std::uint8_t draws : 2 = 0;  // 3: or more
    bool otherwise : 1 = false;  // by other runs
  };
  engine::FlatMap<Met> classes_;
  ClassCounts counts_;
};

}  // namespace raddle::explore
