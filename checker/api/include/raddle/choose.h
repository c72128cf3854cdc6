// Data choices and assertions of models.
#pragma once
#include "checker/engine/choose.h"
#include "raddle/detail.h"

namespace raddle {

/// Every value in 0..n-1 is explored. Precondition: 1 <= n <= 65534; else std::invalid_argument.
inline int choose(int n, site where = here()) {
  if (n < 1 || n > engine::kMaxArity) throw std::invalid_argument("raddle::choose: n must be in 1..65534");
  return engine::choose(detail::current("raddle::choose"), n, where);
}

namespace detail {
[[noreturn]] void assertion_failed(engine::Engine& e, const char* message, const site& where);
}

/// Fails the running thread if `condition` does not hold: an `assertion` finding. The other threads go on.
inline void require(bool condition, const char* message = "", site where = here()) {
  if (!condition) [[unlikely]]
    detail::assertion_failed(detail::current("raddle::require"), message, where);
}

/// A line of text in the trace.
inline void note(std::string_view text, site where = here()) {
  engine::Engine& e = detail::current("raddle::note");
  if (e.recorder()) [[unlikely]]
    e.recorder()->note(e, e.self(), engine::NoteKind::Note, engine::kNoThread, text, where);
}

}  // namespace raddle
