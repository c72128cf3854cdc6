// Fingerprints of Mazurkiewicz classes: order-free sums over events, equal for all executions of one class in every
// search and process, because threads enter by their structural names.
//
// A class is determined by what each thread executed and, for every access, which write of the object came before it;
// the order of a read and a later write follows from the write that the read came behind.
#pragma once
#include "checker/engine/history.h"

namespace raddle::explore {

/// The share of `ev`, the latest event, in the fingerprint of its class.
[[gnu::always_inline]] inline std::uint64_t event_fingerprint(const engine::Engine& e,
                                                              const engine::History& h,
                                                              const engine::HistoryEvent& ev) {
  // Weighted by random odd numbers, so that a single mixing at the end tells all combinations apart.
  constexpr std::uint64_t kOwn = 0xA24BAED4963EE407ull, kPrevious = 0x9FB21C651E98DF25ull,
                          kPrevious1 = 0xC13FA9A902A6328Full, kAlternative = 0xD1B54A32D192ED03ull,
                          kKilled = 0x8CB92BA72F3D8DD7ull;
  auto name = [&h](engine::Step s) { return s == engine::kNever ? 0 : h[s].name; };
  std::uint64_t p = ev.name * kOwn + static_cast<std::uint64_t>(ev.t.kind) + name(ev.prev_write0) * kPrevious;
  if (engine::is_memory(ev.t.kind)) [[likely]]
    return engine::mix(p);
  std::uint64_t alternative = ev.t.alt;
  if (ev.t.kind == engine::OpKind::NotifyOne && alternative) alternative = e.thread(ev.t.alt - 1).name;
  p += alternative * kAlternative;
  if (ev.t.a1) p += name(ev.prev_write1) * kPrevious1;
  if (ev.t.kind == engine::OpKind::Exit)  // which operations of the killed threads came before
    e.alive().for_each([&](engine::Tid t) {
      if (t != ev.t.tid) p += engine::mix(name(h.last_own(t)) * kKilled);
    });
  return engine::mix(p);
}

}  // namespace raddle::explore
