// raddle::counting_semaphore, binary_semaphore: as std's.
#pragma once
#include <cstddef>

#include "checker/engine/semaphore.h"
#include "raddle/mutex.h"

namespace raddle {

template <std::ptrdiff_t Max = INT32_MAX>
class counting_semaphore {
 public:
  static_assert(0 <= Max && Max <= INT32_MAX);

  /// Precondition: 0 <= count <= max().
  explicit counting_semaphore(std::ptrdiff_t count, const char* label = nullptr, site where = here())
      : s_(detail::current("raddle::counting_semaphore"), static_cast<std::int32_t>(count)) {
    detail::describe(detail::current(), s_.id(), "semaphore", label);
    if (count < 0 || count > Max)
      detail::misuse(detail::current(), s_.id(), "bad-count", "a semaphore is made with a count out of range",
                     where);
  }
  ~counting_semaphore() noexcept(false) { detail::destroy(s_.id()); }
  counting_semaphore(const counting_semaphore&) = delete;
  counting_semaphore& operator=(const counting_semaphore&) = delete;
  static constexpr std::ptrdiff_t max() { return Max; }

  [[gnu::always_inline]] void acquire(site where = here()) {
    s_.acquire(detail::using_object(s_.id(), where), where);
  }
  bool try_acquire(site where = here()) {
    return s_.try_acquire(detail::using_object(s_.id(), where), where);
  }
  template <class Rep, class Period>
  bool try_acquire_for(const std::chrono::duration<Rep, Period>& d, site where = here()) {
    return s_.acquire_for(detail::using_object(s_.id(), where), detail::nanoseconds(d), where);
  }
  [[gnu::always_inline]] void release(std::ptrdiff_t n = 1, site where = here()) {
    engine::Engine& e = detail::using_object(s_.id(), where);
    if ((n < 0 || n > Max || !s_.release(e, static_cast<std::int32_t>(n), where, Max)) && !e.killing())
      detail::misuse(e, s_.id(), "over-release", "a semaphore is released beyond its maximum", where);
  }

 private:
  engine::Semaphore s_;
};

using binary_semaphore = counting_semaphore<1>;

}  // namespace raddle
