#include "checker/explore/pos.h"

#include <algorithm>

namespace raddle::explore {

using namespace engine;

void Pos::begin(const Profile& profile, Rng& rng) {
  key_ = static_cast<std::uint64_t>(rng()) << 32;
  key_ |= rng();
  pending_.clear();
  patience_ = profile.events + 16;
}

std::uint64_t Pos::draw(const Engine& e, Decision d, std::uint32_t draws) const {
  const Thread& th = e.thread(d.tid);
  std::uint64_t alt = d.alt;
  if (th.op.kind == OpKind::NotifyOne && alt && alt != kExpire) alt = e.thread(d.alt - 1).name;
  const std::uint64_t event = History::name_of_next(th) ^ alt * 0xD1B54A32D192ED03ull;
  return mix(key_ ^ mix(event + 1) ^ mix(draws * 0x9E3779B97F4A7C15ull));
}

Decision Pos::choose(const Engine& e, std::span<const Decision> enabled, Rng&) {
  pending_.resize(std::max(pending_.size(), static_cast<std::size_t>(e.thread_count())));
  Decision chosen = enabled.front();
  std::uint64_t highest = 0;
  for (const Decision& d : enabled) {
    Pending& p = pending_[static_cast<std::size_t>(d.tid)];
    if (!p.known || p.alt != d.alt || e.step() > p.until) {
      p.draws += e.step() > p.until && p.known;
      p = {draw(e, d, p.draws), p.draws, e.step() + patience_, d.alt, true};
    }
    if (p.priority < highest) continue;
    highest = p.priority;
    chosen = d;
  }
  pending_[static_cast<std::size_t>(chosen.tid)].known = false;
  const Operation& op = e.thread(chosen.tid).op;
  e.ready().for_each([&](Tid t) {
    if (t == chosen.tid || !conflict(e.thread(t).op, op)) return;
    Pending& p = pending_[static_cast<std::size_t>(t)];
    ++p.draws;
    p.known = false;
  });
  return chosen;
}

}  // namespace raddle::explore
