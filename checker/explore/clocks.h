// Vector clocks of the events of an execution: which events happen before each, the event itself included. One
// component per thread (a thread's timeouts share its component, as they share its program order), rows of equal
// width in one flat table that widens when a search meets more threads.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "checker/engine/ids.h"

namespace raddle::explore {

class ClockTable {
 public:
  using Component = std::int32_t;

  /// Makes room for rows 0..steps-1 of `threads` components. Rows keep their contents; pointers into them do not.
  void ensure(std::size_t steps, int threads) {
    if (threads > width_) widen(threads);
    if (steps * static_cast<std::size_t>(width_) > data_.size())
      data_.resize(std::max<std::size_t>(64, 2 * steps) * static_cast<std::size_t>(width_));
  }
  Component* row(engine::Step s) {
    return data_.data() + static_cast<std::size_t>(s) * static_cast<std::size_t>(width_);
  }
  const Component* row(engine::Step s) const {
    return data_.data() + static_cast<std::size_t>(s) * static_cast<std::size_t>(width_);
  }
  void zero(Component* to) const { std::fill(to, to + width_, 0); }
  void copy(Component* to, const Component* from) const {
    for (int i = 0; i < width_; i += 4)
      *reinterpret_cast<Lanes*>(to + i) = *reinterpret_cast<const Lanes*>(from + i);
  }
  void join(Component* to, const Component* from) const {
    for (int i = 0; i < width_; i += 4) {
      Lanes a = *reinterpret_cast<Lanes*>(to + i), b = *reinterpret_cast<const Lanes*>(from + i);
      *reinterpret_cast<Lanes*>(to + i) = a > b ? a : b;
    }
  }
  int width() const { return width_; }
  std::size_t bytes() const { return data_.capacity() * sizeof(Component); }

 private:
  typedef Component Lanes __attribute__((vector_size(16), aligned(4), may_alias));

  void widen(int threads) {
    int width = (threads + 7) / 8 * 8;
    std::size_t rows = width_ ? data_.size() / static_cast<std::size_t>(width_) : 64;
    std::vector<Component> wider(rows * static_cast<std::size_t>(width));
    for (std::size_t r = 0; width_ && r < rows; ++r)
      std::copy_n(data_.data() + r * static_cast<std::size_t>(width_), width_,
                  wider.data() + r * static_cast<std::size_t>(width));
    data_.swap(wider);
    width_ = width;
  }

  int width_ = 0;
  std::vector<Component> data_;
};

}  // namespace raddle::explore
