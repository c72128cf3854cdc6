#include "checker/explore/endless_loop.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

namespace raddle::explore {

using namespace engine;

namespace {

constexpr Step kLeastRounds = 4;

/// A place in the second half of an execution.
struct Place {
  Site site;
  OpKind kind = OpKind::None;
  Step first = 0, last = 0, count = 0;
};

}  // namespace

bool bound_endless_loop(Engine& e, const History& h) {
  if (!e.full()) return false;
  const Step n = h.size(), from = n / 2;
  // The thread that did most.
  std::vector<Step> events(static_cast<std::size_t>(e.thread_count()));
  for (Step s = from; s < n; ++s) ++events[h[s].t.tid];
  const auto busiest = std::max_element(events.begin(), events.end()) - events.begin();
  std::map<std::tuple<const char*, int, int, OpKind>, Place> places;
  for (Step s = from; s < n; ++s) {
    const HistoryEvent& ev = h[s];
    if (ev.t.tid != busiest || !ev.site.known() || ev.base == OpKind::Wake)
      continue;  // the other half of a wait
    Place& p = places[{ev.site.file, ev.site.line, ev.site.column, ev.base}];
    if (p.count++ == 0) p.site = ev.site, p.kind = ev.base, p.first = s;
    p.last = s;
  }
  // Of loops in loops, the outermost one that it still goes round in: the place that comes least often; of those in
  // one round, the first one.
  const Place* loop = nullptr;
  for (const auto& [key, p] : places) {
    if (p.count < kLeastRounds || p.last - p.first < (n - from) / 2) continue;
    if (!loop || p.count + 1 < loop->count || (p.count <= loop->count + 1 && p.first < loop->first))
      loop = &p;
  }
  if (!loop) return false;
  e.bound_loop(loop->site, loop->kind);
  return true;
}

}  // namespace raddle::explore
