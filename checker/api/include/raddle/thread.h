// raddle::thread and raddle::this_thread: as std's.
#pragma once
#include <chrono>
#include <functional>
#include <tuple>

#include "checker/api/library_program.h"
#include "checker/engine/life.h"
#include "checker/engine/sleep.h"
#include "raddle/mutex.h"

namespace raddle {

class thread {
 public:
  using id = engine::Tid;
  thread() = default;
  /// Calls a copy of `f` with copies of the arguments, in a new thread. At most engine::kMaxThreads threads are
  /// possible in one model; beyond that the verdict is "inconclusive".
  template <class F, class... Args>
  requires(!std::is_same_v<std::remove_cvref_t<F>, thread>) explicit thread(F&& f, Args&&... args) {
    engine::Engine& e = detail::current("raddle::thread");
    id_ = e.spawn();
    if (id_ == engine::kNoThread) return;
    if constexpr (sizeof...(Args) == 0) {
      e.body(id_).set(
          [f = std::decay_t<F>(std::forward<F>(f))]() mutable { api::guarded([&] { std::invoke(f); }); });
    } else {
      e.body(id_).set([f = std::decay_t<F>(std::forward<F>(f)),
                       args = std::tuple<std::decay_t<Args>...>(std::forward<Args>(args)...)]() mutable {
        api::guarded([&] { std::apply(std::move(f), std::move(args)); });
      });
    }
    if (e.recorder()) [[unlikely]]
      e.recorder()->note(e, e.self(), engine::NoteKind::Start, id_, {}, {});
  }
  thread(thread&& other) noexcept : id_(std::exchange(other.id_, engine::kNoThread)) {}
  thread& operator=(thread&& other) {
    if (joinable()) left_joinable();
    id_ = std::exchange(other.id_, engine::kNoThread);
    return *this;
  }
  ~thread() noexcept(false) {
    if (joinable()) left_joinable();
  }

  bool joinable() const { return id_ != engine::kNoThread; }
  [[gnu::always_inline]] void join(site where = here()) {
    engine::Engine& e = detail::current();
    if (id_ == engine::kNoThread)
      detail::misuse(e, 0, "join", "a thread that is not joinable is joined", where);
    if (id_ == e.self().id) detail::misuse(e, 0, "the thread itself", "a thread joins itself", where);
    const id joined = std::exchange(id_, engine::kNoThread);
    e.self().op.site = where;
    if (e.join(joined) && e.recorder()) [[unlikely]]
      e.recorder()->note(e, e.self(), engine::NoteKind::Join, joined, {}, where);
  }
  void detach() { id_ = engine::kNoThread; }
  id get_id() const { return id_; }

 private:
  void left_joinable() {
    id_ = engine::kNoThread;
    detail::left_joinable(detail::current());
  }
  id id_ = engine::kNoThread;
};

namespace this_thread {
inline thread::id get_id() {
  engine::Engine& e = detail::current("raddle::this_thread");
  detail::show_thread(e);
  return e.self().id;
}
/// Orders nothing: whoever sleeps may wake at once, or last.
template <class Rep, class Period>
void sleep_for(const std::chrono::duration<Rep, Period>& d, site where = here()) {
  engine::Engine& e = detail::current("raddle::this_thread");
  engine::sleep(e, detail::nanoseconds(d), where);
}
inline void yield(site where = here()) { engine::sleep(detail::current("raddle::this_thread"), 0, where); }
}  // namespace this_thread

}  // namespace raddle
