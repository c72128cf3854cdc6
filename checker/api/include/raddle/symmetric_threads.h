// raddle::symmetric_threads: threads that all do the same.
//
//   raddle::symmetric_threads workers(4, [&] { x.store(x.load() + 1); });
//   workers.join();
//
// They are ordinary threads. But with Options::symmetric, of executions that differ only in which of them did what, some
// are left out: up to n! times fewer for n threads. Nothing can tell them apart: they share one callable object, which is
// not changed by being called, they are started at once and joined at once. Who calls this_thread::get_id() in one of them
// gets all executions. What else they could be told apart by, they must not use: the addresses of what they
// own, say.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "raddle/thread.h"

namespace raddle {

class symmetric_threads {
 public:
  symmetric_threads() = default;
  /// Starts `count` threads that call `f()`, of which they share one copy.
  template <class F>
  requires std::is_invocable_v < const std::decay_t<F>
  & > symmetric_threads(std::size_t count, F&& f) {
    engine::Engine& e = detail::current("raddle::symmetric_threads");
    const auto shared = std::make_shared<const std::decay_t<F>>(std::forward<F>(f));
    for (std::size_t i = 0; i < count; ++i) {
      const engine::Tid id = e.spawn();
      if (id == engine::kNoThread) return;
      e.body(id).set([shared] { api::guarded([&] { std::invoke(*shared); }); });
      if (!ids_.empty()) e.alike(ids_.front(), id);
      ids_.push_back(id);
      if (e.recorder()) [[unlikely]]
        e.recorder()->note(e, e.self(), engine::NoteKind::Start, id, {}, {});
    }
  }
  symmetric_threads(symmetric_threads&& other) noexcept : ids_(std::exchange(other.ids_, {})) {}
  symmetric_threads& operator=(symmetric_threads&& other) {
    if (joinable()) left_joinable();
    ids_ = std::exchange(other.ids_, {});
    return *this;
  }
  ~symmetric_threads() noexcept(false) {
    if (joinable()) left_joinable();
  }

  std::size_t size() const { return ids_.size(); }
  bool joinable() const { return !ids_.empty(); }
  /// Waits for all of them.
  void join(site where = here()) {
    engine::Engine& e = detail::current();
    if (!joinable()) detail::misuse(e, 0, "join", "threads that are not joinable are joined", where);
    for (const engine::Tid id : std::exchange(ids_, {})) {
      if (id == e.self().id) detail::misuse(e, 0, "the thread itself", "a thread joins itself", where);
      e.self().op.site = where;
      if (e.join(id) && e.recorder()) [[unlikely]]
        e.recorder()->note(e, e.self(), engine::NoteKind::Join, id, {}, where);
    }
  }
  void detach() { ids_.clear(); }

 private:
  void left_joinable() {
    ids_.clear();
    detail::left_joinable(detail::current());
  }
  std::vector<engine::Tid> ids_;
};

}  // namespace raddle
