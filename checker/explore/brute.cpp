#include "checker/explore/brute.h"

#include <algorithm>

#include "checker/explore/endless_loop.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

Brute::Brute(Inspector& inspector, std::size_t max_prefixes)
    : inspector_(inspector), max_prefixes_(max_prefixes) {
  inspector_.count_classes(true);
}

void Brute::restart(Engine&) {
  inspector_.restart();
  events_.clear();
  untried_.clear();
  script_.clear();
  prefixes_.clear();
  classes_.clear();
  first_ = true;
}

bool Brute::begin(Engine& e) {
  if (!inspector_.may_continue() || prefixes_.size() > max_prefixes_) return false;
  if (first_) {
    first_ = false;
    return true;
  }
  while (!untried_.empty() && untried_.back().empty()) untried_.pop_back();
  if (untried_.empty()) {
    complete_ = true;
    inspector_.exhausted();
    return false;
  }
  const std::size_t d = untried_.size() - 1;
  events_.resize(d);
  script_.resize(d);
  inspector_.rewind(static_cast<Step>(d));
  e.set_script(script_.data(), static_cast<Step>(d));
  return true;
}

bool Brute::depends(const Event& x, std::size_t position, const Event& y, const Thread& th) const {
  if (x.t.tid == y.t.tid || conflict(x.t, y.t)) return true;
  if (std::find(th.inherited.begin(), th.inherited.end(), static_cast<Step>(position)) != th.inherited.end())
    return true;
  if (th.turn == static_cast<Step>(position)) return true;
  return std::any_of(x.wakes.begin(), x.wakes.end(),
                     [&](Tid w) { return std::find(y.wakes.begin(), y.wakes.end(), w) != y.wakes.end(); });
}

Brute::Event Brute::make(const Engine& e, Decision d) const {
  const Thread& th = e.thread(d.tid);
  Event ev;
  ev.t = History::transition(e, d.tid, d.alt);
  ev.index = th.count + 1;
  if (ev.t.kind == OpKind::Wake || (ev.t.kind == OpKind::Expire && th.op.kind == OpKind::Wake))
    ev.wakes = {d.tid};
  if (ev.t.kind == OpKind::NotifyOne && d.alt) ev.wakes = {d.alt - 1};
  if (ev.t.kind == OpKind::NotifyAll) ev.wakes = e.waiters(object_of(ev.t.a0));
  ev.clock.assign(static_cast<std::size_t>(e.thread_count()), 0);
  for (std::size_t k = 0; k < events_.size(); ++k) {
    const Event& x = events_[k];
    if (!depends(x, k, ev, th)) continue;
    for (std::size_t i = 0; i < x.clock.size(); ++i) ev.clock[i] = std::max(ev.clock[i], x.clock[i]);
  }
  ev.clock[static_cast<std::size_t>(d.tid)] = ev.index;
  const std::uint64_t alt = ev.t.kind == OpKind::NotifyOne && d.alt ? e.thread(d.alt - 1).name : d.alt;
  std::uint64_t p = th.name * 3 + alt * 0x9E3779B97F4A7C15ull + static_cast<std::uint64_t>(ev.t.kind);
  for (std::size_t i = 0; i < ev.clock.size(); ++i)
    if (ev.clock[i])
      p += mix(e.thread(static_cast<Tid>(i)).name ^ static_cast<std::uint64_t>(ev.clock[i]) << 48);
  ev.print = (events_.empty() ? 0 : events_.back().print) + mix(p);
  return ev;
}

Decision Brute::pick(Engine& e, Tid) {
  if (!e.launchable().empty()) return {e.launchable().first(), 0};
  const std::size_t d = events_.size();
  if (untried_.size() == d) {
    untried_.emplace_back();
    for_each_possible(e, [&](Tid t, Alternative a) { untried_.back().push_back({t, a}); });
    if (untried_.back().empty()) {  // the end, unless a virtual clock can advance
      untried_.pop_back();
      return kStop;
    }
    // As unfair as the reductions: who ran last goes on, so that loops that never end are found (endless_loop.h).
    std::stable_sort(untried_.back().begin(), untried_.back().end(), [&](Decision x, Decision y) {
      return e.thread(x.tid).last_step < e.thread(y.tid).last_step;
    });
  }
  while (!untried_[d].empty()) {
    const Decision c = untried_[d].back();
    untried_[d].pop_back();
    Event ev = make(e, c);
    if (!prefixes_.insert(ev.print).second) continue;
    events_.push_back(std::move(ev));
    script_.push_back(c);
    inspector_.commit(e, c.tid, c.alt);
    return c;
  }
  return kStop;
}

void Brute::end(Engine& e, Outcome o) {
  if (o == Outcome::Truncated && bound_endless_loop(e, inspector_.history())) return;
  inspector_.end(e, o);
  // Stopped: all that could follow leads to prefixes met before.
  if (o != Outcome::Stopped)
    classes_[events_.empty() ? 0 : events_.back().print] = inspector_.class_fingerprint();
}

bool Brute::unordered_access(const Engine& e, ObjectId o) const {
  const Thread& th = const_cast<Engine&>(e).self();
  for (std::size_t k = 0; k < events_.size(); ++k) {
    const Event& x = events_[k];
    if (object_of(x.t.a0) != o && object_of(x.t.a1) != o) continue;
    auto after = [&](Step s) {
      const Event& y = events_[static_cast<std::size_t>(s)];
      return static_cast<std::size_t>(s) == k || (x.t.tid < y.clock.size() && y.clock[x.t.tid] >= x.index);
    };
    if (x.t.tid != th.id && e.symmetry().any()) return true;  // their order is the search's
    if (x.t.tid != th.id && !(th.last_step != kNever && after(th.last_step)) &&
        std::none_of(th.inherited.begin(), th.inherited.end(), after))
      return true;
  }
  return false;
}

}  // namespace raddle::explore
