// What Nidhugg and GenMC count, seen from inside a model: for families with compare-exchanges and
// assumptions.
//
// A compare-exchange that fails is a load, to them as to raddle. But a thread whose assumption does not hold stops in
// silence. Such executions are "blocked", and counted apart.
// A PeerView is told of every access, and computes the peers' trace of an execution from its definition: the
// vector clocks of the events. So their numbers can be asserted, and raddle's search is checked by a third
// notion of what is the same.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "tests/support/programs.h"

namespace programs {

class PeerView {
 public:
  /// At the model's beginning, in its main thread.
  void begin() {
    objects_.clear();
    clocks_ = {};
    print_ = 0;
    blocked_ = false;
  }
  /// At its end, when all threads are joined.
  void end() { traces_[print_] = blocked_; }

  int new_object() {
    objects_.emplace_back();
    return static_cast<int>(objects_.size()) - 1;
  }
  /// The running thread has just accessed `object`.
  void access(int object, bool writes) {
    const auto t = static_cast<std::size_t>(this_thread::get_id());
    Clock& mine = clocks_.at(t);
    Object& o = objects_[static_cast<std::size_t>(object)];
    join(mine, o.write);
    if (writes) join(mine, o.reads);
    ++mine[t];
    if (writes) o.write = mine;
    join(o.reads, mine);
    std::uint64_t event = t * 3 + writes;
    for (const auto n : mine) event = raddle::engine::mix(event + n);
    print_ += raddle::engine::mix(event);
  }
  /// The running thread's body ends here unless `condition` holds.
  static void assume(bool condition) {
    if (!condition) throw AssumptionFailed{};
  }
  /// Runs body(0), ..., body(n - 1) in threads of their own, each up to its first failing assumption, and
  /// joins them.
  template <class F>
  void threads(int n, const F& body) {
    programs::threads(n, [&](int i) {
      try {
        body(i);
      } catch (const AssumptionFailed&) {
        blocked_ = true;
      }
    });
  }

  /// Traces in which all assumptions hold.
  std::uint64_t complete() const { return traces_.size() - blocked(); }
  std::uint64_t blocked() const {
    std::uint64_t n = 0;
    for (const auto& [print, blocked] : traces_) n += blocked;
    return n;
  }

 private:
  struct AssumptionFailed {};
  using Clock = std::array<std::uint32_t, 12>;  // by thread
  struct Object {
    Clock write{}, reads{};  // of the latest write, and of it and all reads since
  };
  static void join(Clock& a, const Clock& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::max(a[i], b[i]);
  }
  std::vector<Object> objects_;
  std::array<Clock, 12> clocks_{};
  std::uint64_t print_ = 0;
  bool blocked_ = false;
  std::unordered_map<std::uint64_t, bool> traces_;  // -> blocked
};

/// An atomic int that tells a PeerView what is done with it.
class Cell {
 public:
  explicit Cell(PeerView* view, int value = 0) : view_(*view), number_(view->new_object()), value_(value) {}
  int load() { return tell(false, value_.load()); }
  void store(int v) {
    value_.store(v);
    tell(true, 0);
  }
  int exchange(int v) { return tell(true, value_.exchange(v)); }
  int fetch_add(int d) { return tell(true, value_.fetch_add(d)); }
  bool compare_exchange(int expected, int desired) {
    const bool done = value_.compare_exchange_strong(expected, desired);
    return tell(done, done);
  }

 private:
  template <class T>
  T tell(bool writes, T result) {
    view_.access(number_, writes);
    return result;
  }
  PeerView& view_;
  int number_;
  atomic<int> value_;
};

}  // namespace programs
