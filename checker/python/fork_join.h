// Which threads' steps come before a thread's own for certain, because it was started after them or has waited for
// their end: order that holds under every schedule of the same program run, unlike that of locks and queues.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "checker/engine/ids.h"

namespace raddle::python {

/// A point in a thread's life: how many threads it had started, plus 1.
struct Moment {
  engine::Tid thread = engine::kNoThread;
  std::int32_t epoch = 0;
};

class ForkJoinClock {
 public:
  /// The thread begins its life; its parent's clock is null for the main thread.
  void start(engine::Tid me, ForkJoinClock* parent) {
    me_ = me;
    epoch_ = 1;
    seen_.clear();
    if (!parent) return;
    seen_ = parent->seen_;
    see(parent->now());
    ++parent->epoch_;
  }
  /// It has waited for the end of `other`.
  void join(const ForkJoinClock& other) {
    for (std::size_t i = 0; i < other.seen_.size(); ++i) see({static_cast<engine::Tid>(i), other.seen_[i]});
    see(other.now());
  }
  Moment now() const { return {me_, epoch_}; }
  /// Does `moment` come before everything that the thread does from now on?
  bool after(Moment moment) const {
    const auto i = static_cast<std::size_t>(moment.thread);
    return moment.thread == me_ || (i < seen_.size() && seen_[i] >= moment.epoch);
  }

 private:
  void see(Moment m) {
    const auto i = static_cast<std::size_t>(m.thread);
    if (seen_.size() <= i) seen_.resize(i + 1);
    seen_[i] = std::max(seen_[i], m.epoch);
  }

  engine::Tid me_ = 0;
  std::int32_t epoch_ = 1;
  std::vector<std::int32_t> seen_;  // by thread
};

/// Some accesses, as far as it matters whether later ones come after all of them: exactly, as long as no more than `kMost`
/// threads have made them that nothing orders.
template <std::size_t kMost>
class AccessorsOf {
 public:
  bool empty() const { return !some_[0].epoch && !lost_; }
  /// Does the thread of `clock` come after all of them?
  bool before(const ForkJoinClock& clock) const {
    if (lost_) return false;
    for (const Moment& m : some_)
      if (m.epoch && !clock.after(m)) return false;
    return true;
  }
  void add(const ForkJoinClock& clock) {
    for (Moment& m : some_) {
      if (m.epoch && !clock.after(m)) continue;
      m = clock.now();  // whoever comes after the new one comes after the old one
      return;
    }
    lost_ = true;
  }
  void clear() { *this = {}; }

 private:
  Moment some_[kMost] = {};
  bool lost_ = false;  // there were more than fit
};
using Accessors = AccessorsOf<2>;

}  // namespace raddle::python
