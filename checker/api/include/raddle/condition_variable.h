// raddle::condition_variable: as std::condition_variable. notify_one may wake any waiter: each one is explored.
#pragma once
#include "checker/engine/condition.h"
#include "raddle/mutex.h"

namespace raddle {

enum class cv_status { no_timeout, timeout };

class condition_variable {
 public:
  explicit condition_variable(const char* label = nullptr)
      : c_(detail::current("raddle::condition_variable")) {
    detail::describe(detail::current(), c_.id(), "condition variable", label);
  }
  ~condition_variable() noexcept(false) {
    engine::Engine& e = detail::current();
    if (e.destroy(c_.id(), {}) && !e.killing() && !e.waiters(c_.id()).empty())
      detail::misuse(e, c_.id(), "destroyed-while-waited-on",
                     "a condition variable is destroyed while a thread waits on it", e.self().op.site);
  }
  condition_variable(const condition_variable&) = delete;
  condition_variable& operator=(const condition_variable&) = delete;

  /// `Lock`: raddle::unique_lock or std::unique_lock of a raddle::mutex.
  template <class Lock>
  void wait(Lock& lock, site where = here()) {
    wait_at_most(lock, -1, where);
  }
  template <class Lock, class Predicate>
  requires std::is_invocable_r_v<bool, Predicate>
  void wait(Lock& lock, Predicate done, site where = here()) {
    while (!done()) wait(lock, where);
  }
  template <class Lock, class Rep, class Period>
  cv_status wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& d, site where = here()) {
    return wait_at_most(lock, detail::nanoseconds(d), where) == engine::WaitResult::Expired
               ? cv_status::timeout
               : cv_status::no_timeout;
  }
  template <class Lock, class Rep, class Period, class Predicate>
  requires std::is_invocable_r_v<bool, Predicate>
  bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& d, Predicate done,
                site where = here()) {
    while (!done())
      if (wait_for(lock, d, where) == cv_status::timeout) return done();
    return true;
  }
  void notify_one(site where = here()) { c_.notify_one(detail::using_object(c_.id(), where), where); }
  void notify_all(site where = here()) { c_.notify_all(detail::using_object(c_.id(), where), where); }

 private:
  template <class Lock>
  engine::WaitResult wait_at_most(Lock& lock, engine::Nanoseconds timeout, const site& where) {
    engine::Engine& e = detail::using_object(c_.id(), where);
    engine::Mutex& m = lock.mutex()->m_;
    if (!m.owned_by_me(e))
      detail::misuse(e, c_.id(), "wait-not-owner", "a thread waits without owning the mutex", where);
    return c_.wait(e, m, timeout, where);
  }
  engine::Condition c_;
};

}  // namespace raddle
