// A set of thread ids. Two levels of bits: with up to 64 threads only one word is ever touched, which keeps the
// scheduler's innermost loops as cheap as a single mask, while larger models still work.
#pragma once
#include <bit>
#include <cstdint>

#include "checker/engine/ids.h"

namespace raddle::engine {

class ThreadSet {
 public:
  bool empty() const { return summary_ == 0; }
  bool contains(Tid t) const { return words_[word(t)] >> bit(t) & 1; }

  void insert(Tid t) {
    words_[word(t)] |= std::uint64_t{1} << bit(t);
    summary_ |= 1u << word(t);
  }
  void erase(Tid t) {
    if ((words_[word(t)] &= ~(std::uint64_t{1} << bit(t))) == 0) summary_ &= ~(1u << word(t));
  }
  void clear() {
    for (std::uint32_t s = summary_; s; s &= s - 1) words_[std::countr_zero(s)] = 0;
    summary_ = 0;
  }
  void insert_all(const ThreadSet& other) {
    for (std::uint32_t s = other.summary_; s; s &= s - 1)
      words_[std::countr_zero(s)] |= other.words_[std::countr_zero(s)];
    summary_ |= other.summary_;
  }

  /// Smallest member. Precondition: not empty.
  Tid first() const {
    int w = std::countr_zero(summary_);
    return w * 64 + std::countr_zero(words_[w]);
  }
  /// Largest member. Precondition: not empty.
  Tid last() const {
    int w = 31 - std::countl_zero(summary_);
    return w * 64 + 63 - std::countl_zero(words_[w]);
  }
  int size() const {
    int n = 0;
    for (std::uint32_t s = summary_; s; s &= s - 1) n += std::popcount(words_[std::countr_zero(s)]);
    return n;
  }

  /// Calls f(tid) for each member in ascending order; f may erase the member it is called with.
  template <class F>
  void for_each(F&& f) const {
    for (std::uint32_t s = summary_; s; s &= s - 1) {
      int w = std::countr_zero(s);
      for (std::uint64_t m = words_[w]; m; m &= m - 1) f(w * 64 + std::countr_zero(m));
    }
  }
  /// First member for which f(tid) holds, or kNoThread.
  template <class F>
  Tid find(F&& f) const {
    for (std::uint32_t s = summary_; s; s &= s - 1) {
      int w = std::countr_zero(s);
      for (std::uint64_t m = words_[w]; m; m &= m - 1)
        if (Tid t = w * 64 + std::countr_zero(m); f(t)) return t;
    }
    return kNoThread;
  }

 private:
  static int word(Tid t) { return t >> 6; }
  static int bit(Tid t) { return t & 63; }

  static constexpr int kWords = kMaxThreads / 64;
  static_assert(kWords <= 32, "one summary bit per word");
  std::uint32_t summary_ = 0;
  std::uint64_t words_[kWords] = {};
};

}  // namespace raddle::engine
