// A bounded queue on the engine's own primitive, for models in tests.
#pragma once
#include <deque>
#include <optional>

#include "checker/engine/queue.h"
#include "raddle/detail.h"

namespace raddle {

template <class T>
class queue {
 public:
  explicit queue(int capacity, bool counts_tasks = false)
      : q_(detail::current("queue"), capacity, counts_tasks) {}
  void put(T v, site where = here()) {
    if (q_.put(detail::current(), where)) items_.push_back(std::move(v));
  }
  T get(site where = here()) { return q_.get(detail::current(), where) ? take() : T(); }
  bool try_put(T v, site where = here()) {
    const bool done = q_.try_put(detail::current(), where);
    if (done) items_.push_back(std::move(v));
    return done;
  }
  std::optional<T> try_get(site where = here()) {
    return q_.try_get(detail::current(), where) ? std::optional<T>(take()) : std::nullopt;
  }
  bool put_for(T v, engine::Nanoseconds t, site where = here()) {
    const bool done = q_.put_for(detail::current(), t, where);
    if (done) items_.push_back(std::move(v));
    return done;
  }
  std::optional<T> get_for(engine::Nanoseconds t, site where = here()) {
    return q_.get_for(detail::current(), t, where) ? std::optional<T>(take()) : std::nullopt;
  }
  int size(site where = here()) { return q_.test(detail::current(), where) ? q_.size() : 0; }
  bool task_done(site where = here()) { return q_.done(detail::current(), where); }
  void join(site where = here()) { q_.join(detail::current(), where); }

 private:
  T take() {
    T v = std::move(items_.front());
    items_.pop_front();
    return v;
  }
  engine::Queue q_;
  std::deque<T> items_;
};

}  // namespace raddle
