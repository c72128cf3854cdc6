#include "checker/explore/class_order.h"

namespace raddle::explore {

using namespace engine;

ClassOrder::ClassOrder(const Engine& e, const History& history, const Races& races,
                       const std::vector<NamedChoice>& schedule)
    : events_(static_cast<std::size_t>(e.thread_count())), size_(static_cast<std::size_t>(history.size())) {
  for (Step s = 0; s < history.size(); ++s) {
    const Transition& t = history[s].t;
    const auto* clock = races.clock(s);
    events_[t.tid].push_back(
        {schedule[static_cast<std::size_t>(s)], t.alt, {clock, clock + e.thread_count()}});
  }
}

bool ClassOrder::before(const Event& ev, Tid me, const std::vector<std::int32_t>& executed) {
  for (std::size_t t = 0; t < ev.clock.size(); ++t)
    if (static_cast<Tid>(t) != me && ev.clock[t] > executed[t]) return false;
  return true;
}

bool ClassOrder::allows(const History& h, Decision d) const {
  auto executed = [&h](Tid t) {
    const Step last = h.last_own(t);
    return last == kNever ? 0 : h[last].index;
  };
  if (d.tid >= threads()) return false;
  const auto& own = events_[static_cast<std::size_t>(d.tid)];
  const auto next = static_cast<std::size_t>(executed(d.tid));
  if (next >= own.size() || own[next].alt != d.alt) return false;
  const auto& clock = own[next].clock;
  for (std::size_t t = 0; t < clock.size(); ++t)
    if (static_cast<Tid>(t) != d.tid && clock[t] > executed(static_cast<Tid>(t))) return false;
  return true;
}

std::vector<NamedChoice> ClassOrder::long_runs(Tid first) const {
  std::vector<NamedChoice> order;
  std::vector<std::int32_t> executed(events_.size());
  auto run_length = [&](Tid t) {  // how far it gets by itself
    const auto& own = events_[static_cast<std::size_t>(t)];
    auto n = static_cast<std::size_t>(executed[static_cast<std::size_t>(t)]);
    const std::size_t from = n;
    while (n < own.size() && before(own[n], t, executed)) ++n;
    return n - from;
  };
  Tid current = first;
  while (order.size() < size_) {
    std::size_t length = run_length(current);
    if (length == 0)
      for (Tid t = 0; t < threads(); ++t)
        if (const std::size_t l = run_length(t); l > length) length = l, current = t;
    if (length == 0) return {};
    std::int32_t& n = executed[static_cast<std::size_t>(current)];
    for (; length > 0; --length, ++n)
      order.push_back(events_[static_cast<std::size_t>(current)][static_cast<std::size_t>(n)].choice);
  }
  return order;
}

}  // namespace raddle::explore
