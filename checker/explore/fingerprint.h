// Fingerprints of Mazurkiewicz classes: order-free sums over events, equal for all executions of one class in every
// search and process, because threads enter by their structural names.
//
// A class is determined by what each thread executed and, for every access, which write of the object came before it;
// the order of a read and a later write follows from the write that the read came behind. Additions behind the same write
// are told apart by which of them a later access came behind.
#pragma once
#include "checker/engine/history.h"

namespace raddle::explore {

namespace detail {

/// What the access `a` comes behind: the latest write, and the additions since then that it does not commute with.
inline std::uint64_t source_among_additions(const engine::History& h, engine::Access a, engine::Step latest) {
  using namespace engine;
  std::uint64_t sum = 0;
  const ObjectId o = object_of(a);
  while (latest != kNever && !History::writes_to(h[latest], o)) {
    if (engine::conflict(a, History::access_to(h[latest], o))) sum += mix(h[latest].name);
    latest = History::previous_write(h[latest], o);
  }
  return sum + (latest == kNever ? 0 : h[latest].name);
}

/// The share of the event `t`, of this name, in the fingerprint of its class. The latest writes before it: of its first
/// and its second object.
[[gnu::always_inline]] inline std::uint64_t share(const engine::Engine& e, const engine::History& h,
                                                  const engine::Transition& t, std::uint64_t name,
                                                  engine::Step write0, engine::Step write1) {
  // Weighted by random odd numbers, so that a single mixing at the end tells all combinations apart.
  constexpr std::uint64_t kOwn = 0xA24BAED4963EE407ull, kPrevious = 0x9FB21C651E98DF25ull,
                          kPrevious1 = 0xC13FA9A902A6328Full, kAlternative = 0xD1B54A32D192ED03ull,
                          kKilled = 0x8CB92BA72F3D8DD7ull;
  auto name_of = [&h](engine::Step s) { return s == engine::kNever ? 0 : h[s].name; };
  auto source = [&](engine::Access a, engine::Step latest) {
    if (e.objects().have_additions()) [[unlikely]]
      return source_among_additions(h, a, latest);
    return name_of(latest);
  };
  std::uint64_t p = name * kOwn + static_cast<std::uint64_t>(t.kind) + source(t.a0, write0) * kPrevious;
  if (engine::is_memory(t.kind) && !t.a1) [[likely]]
    return engine::mix(p);
  std::uint64_t alternative = t.alt;
  if (t.kind == engine::OpKind::NotifyOne && alternative) alternative = e.thread(t.alt - 1).name;
  p += alternative * kAlternative;
  if (t.a1) p += source(t.a1, write1) * kPrevious1;
  if (t.kind == engine::OpKind::Exit)  // which operations of the killed threads came before
    e.alive().for_each([&](engine::Tid other) {
      if (other != t.tid) p += engine::mix(name_of(h.last_own(other)) * kKilled);
    });
  return engine::mix(p);
}

}  // namespace detail

/// The share of `ev`, the latest event, in the fingerprint of its class.
[[gnu::always_inline]] inline std::uint64_t event_fingerprint(const engine::Engine& e,
                                                              const engine::History& h,
                                                              const engine::HistoryEvent& ev) {
  return detail::share(e, h, ev.t, ev.name, ev.prev_write0, ev.prev_write1);
}

/// What event_fingerprint will say of the pending operation of `tid`, if it is executed next with alternative `alt`.
inline std::uint64_t next_fingerprint(const engine::Engine& e, const engine::History& h, engine::Tid tid,
                                      engine::Alternative alt) {
  const engine::Transition t = engine::History::transition(e, tid, alt);
  auto write = [&h](engine::Access a) { return a ? h.last(engine::object_of(a)).write : engine::kNever; };
  return detail::share(e, h, t, engine::History::name_of_next(e.thread(tid)), write(t.a0), write(t.a1));
}

}  // namespace raddle::explore
