#include "checker/detect/lock_order.h"

#include <algorithm>

namespace raddle::detect {

using namespace engine;

namespace {

/// More would make looking for cycles slow, and show nothing new.
constexpr std::size_t kMostDependencies = 512;

bool takes(OpKind k) { return takes_lock(k) || takes_unit(k); }

/// The latest acquisition or release of semaphore `o` from event `s` on, backwards.
Step latest_of_semaphore(const History& h, ObjectId o, Step s) {
  while (s != kNever && !takes_unit(h[s].t.kind) && h[s].t.kind != OpKind::Release)
    s = History::previous(h[s], o);
  return s;
}

}  // namespace

std::uint64_t LockOrder::interests() const {
  return bit(OpKind::Lock) | bit(OpKind::TryLock) | bit(OpKind::Wake) | bit(OpKind::Acquire) |
         bit(OpKind::TryAcquire) | bit(OpKind::Release);
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

// What event `at` makes of the semaphore that it acquires or releases.
void LockOrder::follow_semaphore(const Engine& e, const History& h, Step at) {
  const HistoryEvent& ev = h[at];
  const ObjectId semaphore = object_of(ev.t.a0);
  const Step before = latest_of_semaphore(h, semaphore, ev.prev0);
  const bool has_one = !(ev.guards & kIfNotOne);
  Permit now = before == kNever ? Permit{kNoThread, has_one} : permits_[static_cast<std::size_t>(before)];
  if (ev.t.kind == OpKind::Release) {
    if (now.holder != ev.t.tid) now.like_a_lock = false;
    now.holder = kNoThread;
  } else if (ev.guards & kIfPositive) {
    if (!has_one) now.like_a_lock = false;
    now.holder = ev.t.tid;
  }
  if (!now.like_a_lock) signals_.insert(e.objects().name(semaphore));
  permits_[static_cast<std::size_t>(at)] = now;
}

// Before event `at`.
bool LockOrder::is_held_by(const Engine& e, const History& h, Tid t, ObjectId o, Step at) const {
  const Step latest = h.last(o).access;
  const Step s = latest_of_semaphore(h, o, latest == at ? History::previous(h[at], o) : latest);
  if (s == kNever) return e.object(o).n == t + 1;
  const Permit& permit = permits_[static_cast<std::size_t>(s)];
  return permit.like_a_lock && permit.holder == t;
}

// What the thread of event `at` has acquired before and still holds.
LockOrder::Held LockOrder::held_before(const Engine& e, const History& h, Step at) const {
  Held held;
  for (Step s = h[at].prev_own; s != kNever; s = h[s].prev_own) {
    if (!takes(h[s].t.kind)) continue;
    const Held& once = after_[static_cast<std::size_t>(s)];
    for (std::size_t i = 0; i < once.count; ++i)
      if (is_held_by(e, h, h[at].t.tid, once.locks[i], at)) held.add(once.locks[i]);
    break;
  }
  return held;
}

void LockOrder::event(const Engine& e, const History& h, Step at, Sink& sink) {
  const HistoryEvent& ev = h[at];
  const ObjectId lock = object_of(ev.t.a0);
  if (static_cast<std::size_t>(at) >= after_.size()) {
    after_.resize(static_cast<std::size_t>(at) * 2 + 64);
    permits_.resize(after_.size());
  }
  if (!takes_lock(ev.t.kind)) follow_semaphore(e, h, at);
  if (ev.t.kind == OpKind::Release) return;
  Held held = held_before(e, h, at);
  const bool counts = takes_lock(ev.t.kind) || permits_[static_cast<std::size_t>(at)].like_a_lock;
  const bool waits = counts && ev.t.kind != OpKind::TryLock && ev.t.kind != OpKind::TryAcquire &&
                     !(ev.t.flags & Transition::kTimed);
  if (held.count && waits && dependencies_.size() < kMostDependencies) {
    auto same = [&](const Dependency& d) {
      return d.tid == ev.t.tid && d.acquires == lock && h[d.step].site == ev.site &&
             std::equal(d.held.locks.begin(), d.held.locks.begin() + d.held.count, held.locks.begin(),
                        held.locks.begin() + held.count);
    };
    if (std::none_of(dependencies_.begin(), dependencies_.end(), same)) {
      dependencies_.push_back({at, ev.t.tid, lock, held});
      std::vector<const Dependency*> path = {&dependencies_.back()};
      extend(e, h, path, sink);
    }
  }
  if (counts && !held.contains(lock)) held.add(lock);
  after_[static_cast<std::size_t>(at)] = held;
}

// The path holds, one after another, dependencies of which each holds what the one before acquires.
void LockOrder::extend(const Engine& e, const History& h, std::vector<const Dependency*>& path, Sink& sink) {
  const ObjectId wanted = path.back()->acquires;
  if (path.size() > 1 && path.front()->held.contains(wanted)) return report(e, h, path, sink);
  if (path.size() == kLongestCycle) return;
  for (const Dependency& d : dependencies_) {
    if (!d.held.contains(wanted)) continue;
    auto excludes = [&](const Dependency* p) { return p->tid == d.tid || p->held.shares_with(d.held); };
    if (std::any_of(path.begin(), path.end(), excludes)) continue;
    path.push_back(&d);
    extend(e, h, path, sink);
    path.pop_back();
  }
}

void LockOrder::report(const Engine& e, const History& h, const std::vector<const Dependency*>& cycle,
                       Sink& sink) {
  Observation o;
  o.kind = Kind::LockOrder;
  o.severity = Severity::Warning;
  // The same cycle, wherever one begins to read it, and whichever threads go round it.
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    o.steps[i] = cycle[i]->step;
    o.at = std::max(o.at, cycle[i]->step + 1);
    o.key += mix(digest(h[cycle[i]->step].site) + e.objects().name(cycle[i]->acquires));
  }
  o.key = mix(o.key + 0x10C50ull);
  for (const Dependency* d : cycle) predictions_[o.key].insert(e.objects().name(d->acquires));
  sink.observe(o);
}

Severity LockOrder::severity(const Observation& o) const {
  const auto locks = predictions_.find(o.key);
  auto signals = [&](std::uint64_t lock) { return signals_.contains(lock); };
  return locks != predictions_.end() && std::any_of(locks->second.begin(), locks->second.end(), signals)
             ? Severity::Note
             : o.severity;
}

void LockOrder::rewind(Step step) {
  while (!dependencies_.empty() && dependencies_.back().step >= step) dependencies_.pop_back();
}

void LockOrder::save(WireWriter& out, bool) {
  auto save = [&](const std::set<std::uint64_t>& names) {
    out.number(names.size());
    for (const std::uint64_t name : names) out.digest(name);
  };
  save(signals_);
  out.number(predictions_.size());
  for (const auto& [key, locks] : predictions_) {
    out.digest(key);
    save(locks);
  }
}

void LockOrder::merge(WireReader& in) {
  auto merge = [&](std::set<std::uint64_t>& names) {
    for (std::size_t n = in.count(); n; --n) names.insert(in.digest());
  };
  merge(signals_);
  for (std::size_t n = in.count(); n; --n) merge(predictions_[in.digest()]);
}

// The more is known, the fewer cycles are of locks.
bool LockOrder::is_worse(WireReader& in) const {
  auto skip = [&in] {
    for (std::size_t n = in.count(); n; --n) in.digest();
  };
  skip();
  for (std::size_t n = in.count(); n; --n) in.digest(), skip();
  return false;
}

void LockOrder::restart() {
  dependencies_.clear();
  signals_.clear();
  predictions_.clear();
}

}  // namespace raddle::detect
