#include "checker/explore/endless_loop.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "checker/explore/thread_order.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr Step kLeastRounds = 4;

struct Place {
  Site site;
  OpKind kind = OpKind::None;
  Step first = 0;                    // in the execution
  Step from = 0, to = 0, count = 0;  // in its second half
};

}  // namespace

bool bound_endless_loop(Engine& e, const History& h) {
  if (!e.full()) return false;
  const Step n = h.size(), from = n / 2;
  // The thread that did most.
  std::vector<Step> events(static_cast<std::size_t>(e.thread_count()));
  for (Step s = from; s < n; ++s) ++events[h[s].t.tid];
  ThreadOrder order;
  order.look(e);
  const Tid busiest = *std::max_element(order.all().begin(), order.all().end(), [&](Tid a, Tid b) {
    return events[static_cast<std::size_t>(a)] < events[static_cast<std::size_t>(b)];
  });
  std::map<std::tuple<const char*, int, int, OpKind>, Place> places;
  for (Step s = 0; s < n; ++s) {
    const HistoryEvent& ev = h[s];
    if (ev.t.tid != busiest || !ev.site.known() || ev.base == OpKind::Wake)
      continue;  // the other half of a wait
    auto [it, fresh] = places.try_emplace({ev.site.file, ev.site.line, ev.site.column, ev.base});
    Place& p = it->second;
    if (fresh) p = {ev.site, ev.base, s};
    if (s < from) continue;
    if (p.count++ == 0) p.from = s;
    p.to = s;
  }
  // Of loops in loops, the outermost one that it still goes round in: the place that comes least often; of those in
  // one round, the first one.
  const Place* loop = nullptr;
  for (const auto& [key, p] : places) {
    if (p.count < kLeastRounds || p.to - p.from < (n - from) / 2) continue;
    if (!loop || p.count + 1 < loop->count || (p.count <= loop->count + 1 && p.first < loop->first))
      loop = &p;
  }
  if (!loop) return false;
  // Bounded already: so many rounds are more than an execution has room for.
  for (const Loop& l : e.loops())
    if (l.kind == loop->kind && l.site == loop->site) return false;
  e.bound_loop(loop->site, loop->kind);
  return true;
}

}  // namespace raddle::explore
