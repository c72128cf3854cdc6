// A set of thread ids. The first 64 are one word, which keeps the scheduler's innermost loops as cheap as a single
// mask for most models; beyond there are further words with a summary of which are not empty.
#pragma once
#include <bit>
#include <cstdint>
#include <utility>

#include "checker/engine/ids.h"

namespace raddle::engine {

class ThreadSet {
 public:
  bool empty() const { return (low_ | summary_) == 0; }
  bool contains(Tid t) const { return t < 64 ? low_ >> t & 1 : high_[word(t)] >> (t & 63) & 1; }

  void insert(Tid t) {
    if (t < 64) [[likely]] {
      low_ |= std::uint64_t{1} << t;
    } else {
      high_[word(t)] |= std::uint64_t{1} << (t & 63);
      summary_ |= std::uint64_t{1} << word(t);
    }
  }
  void erase(Tid t) {
    if (t < 64) [[likely]] {
      low_ &= ~(std::uint64_t{1} << t);
    } else if ((high_[word(t)] &= ~(std::uint64_t{1} << (t & 63))) == 0) {
      summary_ &= ~(std::uint64_t{1} << word(t));
    }
  }
  void clear() {
    low_ = 0;
    for (std::uint64_t s = std::exchange(summary_, 0); s; s &= s - 1) high_[std::countr_zero(s)] = 0;
  }

  /// Smallest member. Precondition: not empty.
  Tid first() const {
    if (low_) return std::countr_zero(low_);
    const int w = std::countr_zero(summary_);
    return 64 + w * 64 + std::countr_zero(high_[w]);
  }
  /// Largest member. Precondition: not empty.
  Tid last() const {
    if (!summary_) return 63 - std::countl_zero(low_);
    const int w = 63 - std::countl_zero(summary_);
    return 64 + w * 64 + 63 - std::countl_zero(high_[w]);
  }
  int size() const {
    int n = std::popcount(low_);
    for (std::uint64_t s = summary_; s; s &= s - 1) n += std::popcount(high_[std::countr_zero(s)]);
    return n;
  }

  /// Calls f(tid) for each member in ascending order; f may erase the member it is called with.
  template <class F>
  [[gnu::always_inline]] void for_each(F&& f) const {
    find([&](Tid t) {
      f(t);
      return false;
    });
  }
  /// First member for which f(tid) holds, or kNoThread.
  template <class F>
  [[gnu::always_inline]] Tid find(F&& f) const {
    Tid base = 0;
    std::uint64_t members = low_, words = summary_;
    for (;;) {  // one loop over all words, so that f is inlined once
      for (; members; members &= members - 1)
        if (const Tid t = base + std::countr_zero(members); f(t)) return t;
      if (!words) [[likely]]
        return kNoThread;
      const int w = std::countr_zero(words);
      words &= words - 1;
      members = high_[w];
      base = 64 + w * 64;
    }
  }

 private:
  static int word(Tid t) { return (t >> 6) - 1; }

  static constexpr int kWords = kMaxThreads / 64 - 1;
  static_assert(kWords <= 64, "one summary bit per word");
  std::uint64_t low_ = 0, summary_ = 0;
  std::uint64_t high_[kWords] = {};
};

}  // namespace raddle::engine
