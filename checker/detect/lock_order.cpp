#include "checker/detect/lock_order.h"

#include <algorithm>

namespace raddle::detect {

using namespace engine;

namespace {

/// More would make looking for cycles slow, and show nothing new.
constexpr std::size_t kMostDependencies = 512;

}  // namespace

std::uint64_t LockOrder::interests() const {
  return bit(OpKind::Lock) | bit(OpKind::TryLock) | bit(OpKind::Wake);
}

bool LockOrder::Held::contains(ObjectId o) const {
  return std::find(locks.begin(), locks.begin() + count, o) != locks.begin() + count;
}

bool LockOrder::Held::shares_with(const Held& other) const {
  return std::any_of(locks.begin(), locks.begin() + count, [&](ObjectId o) { return other.contains(o); });
}

void LockOrder::Held::add(ObjectId o) {
  if (count == kMostHeld) std::move(locks.begin() + 1, locks.end(), locks.begin()), --count;
  locks[count++] = o;
}

// What the thread of event `at` has acquired before and still holds.
LockOrder::Held LockOrder::held_before(const Engine& e, const History& h, Step at) const {
  Held held;
  for (Step s = h[at].prev_own; s != kNever; s = h[s].prev_own) {
    if (!(interests() & bit(h[s].t.kind))) continue;
    const Held& once = after_[static_cast<std::size_t>(s)];
    for (std::size_t i = 0; i < once.count; ++i)
      if (e.object(once.locks[i]).n == h[at].t.tid + 1) held.add(once.locks[i]);
    break;
  }
  return held;
}

void LockOrder::event(const Engine& e, const History& h, Step at, Sink& sink) {
  while (!dependencies_.empty() && dependencies_.back().step >= at) dependencies_.pop_back();
  const HistoryEvent& ev = h[at];
  const ObjectId lock = object_of(ev.t.a0);
  Held held = held_before(e, h, at);
  const bool waits = ev.t.kind != OpKind::TryLock && !(ev.t.flags & Transition::kTimed);
  if (held.count && waits && dependencies_.size() < kMostDependencies) {
    auto same = [&](const Dependency& d) {
      return d.tid == ev.t.tid && d.acquires == lock && h[d.step].site == ev.site &&
             std::equal(d.held.locks.begin(), d.held.locks.begin() + d.held.count, held.locks.begin(),
                        held.locks.begin() + held.count);
    };
    if (std::none_of(dependencies_.begin(), dependencies_.end(), same)) {
      dependencies_.push_back({at, ev.t.tid, lock, held});
      std::vector<const Dependency*> path = {&dependencies_.back()};
      extend(h, path, sink);
    }
  }
  if (static_cast<std::size_t>(at) >= after_.size()) after_.resize(static_cast<std::size_t>(at) * 2 + 64);
  if (!held.contains(lock)) held.add(lock);
  after_[static_cast<std::size_t>(at)] = held;
}

// The path holds, one after another, dependencies of which each holds what the one before acquires.
void LockOrder::extend(const History& h, std::vector<const Dependency*>& path, Sink& sink) const {
  const ObjectId wanted = path.back()->acquires;
  if (path.size() > 1 && path.front()->held.contains(wanted)) return report(h, path, sink);
  if (path.size() == kLongestCycle) return;
  for (const Dependency& d : dependencies_) {
    if (!d.held.contains(wanted)) continue;
    auto excludes = [&](const Dependency* p) { return p->tid == d.tid || p->held.shares_with(d.held); };
    if (std::any_of(path.begin(), path.end(), excludes)) continue;
    path.push_back(&d);
    extend(h, path, sink);
    path.pop_back();
  }
}

void LockOrder::report(const History& h, const std::vector<const Dependency*>& cycle, Sink& sink) const {
  Observation o;
  o.kind = Kind::LockOrder;
  o.severity = Severity::Warning;
  // The same cycle, wherever one begins to read it, and whichever threads go round it.
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    o.steps[i] = cycle[i]->step;
    o.at = std::max(o.at, cycle[i]->step + 1);
    o.key += mix(digest(h[cycle[i]->step].site) + cycle[i]->acquires);
  }
  o.key = mix(o.key + 0x10C50ull);
  sink.observe(o);
}

}  // namespace raddle::detect
