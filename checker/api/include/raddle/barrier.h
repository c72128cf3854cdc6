// raddle::barrier: as std::barrier.
#pragma once
#include "checker/engine/barrier.h"
#include "raddle/detail.h"

namespace raddle {

namespace detail {
struct no_completion {
  void operator()() const noexcept {}
};
}  // namespace detail

template <class Completion = detail::no_completion>
class barrier {
 public:
  class arrival_token {
    friend class barrier;
    explicit arrival_token(std::int32_t phase) : phase_(phase) {}
    std::int32_t phase_;
  };

  explicit barrier(std::ptrdiff_t expected, Completion completion = {}, const char* label = nullptr)
      : completion_(std::move(completion)),
        b_(detail::current("raddle::barrier"), static_cast<std::int32_t>(expected),
           !std::is_same_v<Completion, detail::no_completion>) {
    detail::describe(detail::current(), b_.id(), "barrier", label);
  }
  barrier(const barrier&) = delete;
  barrier& operator=(const barrier&) = delete;

  [[nodiscard]] arrival_token arrive(site where = here()) {
    return arrival_token(b_.arrive(detail::current(), false, where, completion_));
  }
  void wait(arrival_token&& token) {
    if (token.phase_ != engine::Barrier::kTornDown) b_.pass(detail::current(), token.phase_);
  }
  void arrive_and_wait(site where = here()) { wait(arrive(where)); }
  void arrive_and_drop(site where = here()) { b_.arrive(detail::current(), true, where, completion_); }

 private:
  Completion completion_;
  engine::Barrier b_;
};

}  // namespace raddle
