// Fingerprints of Mazurkiewicz classes: order-free sums over events, equal for all executions of one class in every
// search and process, because threads enter by their structural names.
//
// A class is determined by what each thread executed and, for every access, which write of the object came before it;
// the order of a read and a later write follows from the write that the read came behind.
#pragma once
#include "checker/engine/history.h"

namespace raddle::explore {

/// Name of event `s` within its execution.
inline std::uint64_t event_name(const engine::Engine& e, const engine::History& h, engine::Step s) {
  return s == engine::kNever
             ? 0
             : e.thread(h[s].t.tid).name + static_cast<std::uint64_t>(h[s].index) * 0x9E3779B97F4A7C15ull;
}

inline std::uint64_t event_fingerprint(const engine::Engine& e, const engine::History& h, engine::Step s) {
  const engine::HistoryEvent& ev = h[s];
  std::uint64_t alternative = ev.t.alt;
  if (ev.t.kind == engine::OpKind::NotifyOne && alternative) alternative = e.thread(ev.t.alt - 1).name;
  std::uint64_t p =
      event_name(e, h, s) * 3 + alternative * 0xD1B54A32D192ED03ull + static_cast<std::uint64_t>(ev.t.kind);
  p = engine::mix(p) + event_name(e, h, ev.prev_write0) * 5;
  if (ev.t.a1) p += engine::mix(event_name(e, h, ev.prev_write1));
  if (ev.t.kind == engine::OpKind::Exit)  // which operations of the killed threads came before
    e.alive().for_each([&](engine::Tid t) {
      if (t != ev.t.tid) p += engine::mix(event_name(e, h, h.last_own(t)));
    });
  return engine::mix(p);
}

}  // namespace raddle::explore
