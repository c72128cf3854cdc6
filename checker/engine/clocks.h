// Vector clocks of the events of an execution: which events happen before each, the event itself included. One
// component per thread (a thread's timeouts share its component, as they share its program order), rows of equal
// width in one flat table that widens when a search meets more threads. What "before" means is said by who fills it:
// the reductions (explore/races.h) and the detector of data races each have their own.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "checker/engine/ids.h"

namespace raddle::engine {

class ClockTable {
 public:
  using Component = std::int32_t;

  /// Makes room for row `s` of `threads` components. Rows keep their contents; pointers into them do not.
  void ensure(Step s, int threads) {
    if (s >= rows_ || threads > width_) [[unlikely]]
      grow(s, threads);
  }
  Component* row(Step s) {
    return data_.data() + static_cast<std::size_t>(s) * static_cast<std::size_t>(width_);
  }
  const Component* row(Step s) const {
    return data_.data() + static_cast<std::size_t>(s) * static_cast<std::size_t>(width_);
  }
  void zero(Component* to) const {
    for (int i = 0; i < width_; i += 8) lanes(to + i) = lanes(to + i + 4) = Lanes{};
  }
  void copy(Component* to, const Component* from) const {
    for (int i = 0; i < width_; i += 8) {
      lanes(to + i) = lanes(from + i);
      lanes(to + i + 4) = lanes(from + i + 4);
    }
  }
  void join(Component* to, const Component* from) const {
    for (int i = 0; i < width_; i += 8) {
      lanes(to + i) = larger(lanes(to + i), lanes(from + i));
      lanes(to + i + 4) = larger(lanes(to + i + 4), lanes(from + i + 4));
    }
  }
  int width() const { return width_; }
  std::size_t bytes() const { return data_.capacity() * sizeof(Component); }

 private:
  typedef Component Lanes __attribute__((vector_size(16), aligned(4), may_alias));
  static Lanes& lanes(Component* c) { return *reinterpret_cast<Lanes*>(c); }
  static const Lanes& lanes(const Component* c) { return *reinterpret_cast<const Lanes*>(c); }
  static Lanes larger(Lanes a, Lanes b) { return a > b ? a : b; }

  void grow(Step s, int threads) {
    const int width = std::max(width_, (threads + 7) / 8 * 8);
    const Step rows = s < rows_ ? rows_ : std::max(64, 2 * s);
    std::vector<Component> wider(static_cast<std::size_t>(rows) * static_cast<std::size_t>(width));
    for (Step r = 0; r < rows_; ++r)
      std::copy_n(row(r), width_,
                  wider.data() + static_cast<std::size_t>(r) * static_cast<std::size_t>(width));
    data_.swap(wider);
    width_ = width;
    rows_ = rows;
  }

  int width_ = 0;  // a multiple of 8: two lanes
  Step rows_ = 0;
  std::vector<Component> data_;
};

}  // namespace raddle::engine
