// raddle::mutex, recursive_mutex, timed_mutex, lock_guard, unique_lock: as their std counterparts.
//
// std::lock_guard and std::unique_lock work with these mutexes too; raddle's own know where they were written.
#pragma once
#include <chrono>
#include <mutex>

#include "checker/engine/mutex.h"
#include "checker/engine/once.h"
#include "raddle/detail.h"

namespace raddle {

namespace detail {
template <class Rep, class Period>
engine::Nanoseconds nanoseconds(const std::chrono::duration<Rep, Period>& d) {
  const auto n = std::chrono::duration_cast<std::chrono::nanoseconds>(d).count();
  return n < 0 ? 0 : n;
}

template <class M>
void destroy_mutex(M& m) {
  engine::Engine& e = current();
  engine::ObjectId id = m.id();
  if (e.destroy(id, {}) && !e.killing() && e.object(id).n != 0)
    misuse(e, id, "destroyed-while-locked", "a mutex is destroyed while it is locked", e.self().op.site);
}
/// What mutex and recursive_mutex share. M: the engine's.
template <class M>
class basic_mutex {
 public:
  ~basic_mutex() noexcept(false) { destroy_mutex(m_); }
  basic_mutex(const basic_mutex&) = delete;
  basic_mutex& operator=(const basic_mutex&) = delete;

  [[gnu::always_inline]] void lock(site where = here()) { m_.lock(using_object(m_.id(), where), where); }
  bool try_lock(site where = here()) { return m_.try_lock(using_object(m_.id(), where), where); }
  [[gnu::always_inline]] void unlock(site where = here()) {
    engine::Engine& e = using_object(m_.id(), where);
    if (e.killing()) return;
    if (!m_.owned_by_me(e))
      misuse(e, m_.id(), "unlock-not-owner", "a thread unlocks a mutex that it does not own", where);
    m_.unlock(e, where);
  }

 protected:
  basic_mutex(const char* kind, const char* label) : m_(current("raddle::mutex")) {
    describe(current(), m_.id(), kind, label);
  }
  M m_;
};
}  // namespace detail

class condition_variable;

class mutex : public detail::basic_mutex<engine::Mutex> {
 public:
  /// `label`: the name to show; must outlive the mutex.
  explicit mutex(const char* label = nullptr) : basic_mutex("mutex", label) {}

 protected:
  friend class condition_variable;
};

class timed_mutex : public mutex {
 public:
  using mutex::mutex;
  /// The timeout may expire at any moment at which another thread holds the mutex.
  template <class Rep, class Period>
  bool try_lock_for(const std::chrono::duration<Rep, Period>& d, site where = here()) {
    return m_.lock_for(detail::using_object(m_.id(), where), detail::nanoseconds(d), where);
  }
};

class recursive_mutex : public detail::basic_mutex<engine::RecursiveMutex> {
 public:
  explicit recursive_mutex(const char* label = nullptr) : basic_mutex("recursive mutex", label) {}
};

template <class M>
class lock_guard {
 public:
  explicit lock_guard(M& m, site where = here()) : m_(m), where_(where) { m_.lock(where); }
  ~lock_guard() noexcept(false) { m_.unlock(where_); }
  lock_guard(const lock_guard&) = delete;
  lock_guard& operator=(const lock_guard&) = delete;

 private:
  M& m_;
  site where_;
};

template <class M>
class unique_lock {
 public:
  explicit unique_lock(M& m, site where = here()) : m_(&m), where_(where) { lock(where); }
  unique_lock(M& m, std::defer_lock_t, site where = here()) : m_(&m), where_(where) {}
  unique_lock(M& m, std::try_to_lock_t, site where = here())
      : m_(&m), owns_(m.try_lock(where)), where_(where) {}
  ~unique_lock() noexcept(false) {
    if (owns_) m_->unlock(where_);
  }
  unique_lock(const unique_lock&) = delete;
  unique_lock& operator=(const unique_lock&) = delete;

  [[gnu::always_inline]] void lock(site where = here()) {
    m_->lock(where);
    owns_ = true;
  }
  bool try_lock(site where = here()) { return owns_ = m_->try_lock(where); }
  [[gnu::always_inline]] void unlock(site where = here()) {
    owns_ = false;
    m_->unlock(where);
  }
  bool owns_lock() const { return owns_; }
  explicit operator bool() const { return owns_; }
  M* mutex() const { return m_; }

 private:
  M* m_;
  bool owns_ = false;
  site where_;
};

/// As std::once_flag.
class once_flag {
 public:
  explicit once_flag(const char* label = nullptr) : once_(detail::current("raddle::once_flag")) {
    detail::describe(detail::current(), once_.id(), "once flag", label);
  }
  once_flag(const once_flag&) = delete;
  once_flag& operator=(const once_flag&) = delete;
  engine::Once& native() { return once_; }

 private:
  engine::Once once_;
};

/// As std::call_once, for a function without arguments.
template <class F>
void call_once(once_flag& flag, F&& f, site where = here()) {
  engine::Engine& e = detail::current();
  if (!flag.native().begin(e, where)) return;
  struct Ending {
    engine::Engine& e;
    once_flag& flag;
    site where;
    bool succeeded = false;
    ~Ending() noexcept(false) { flag.native().end(e, succeeded, where); }
  } ending{e, flag, where};
  f();
  ending.succeeded = true;
}

}  // namespace raddle
