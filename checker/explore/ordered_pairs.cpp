#include "checker/explore/ordered_pairs.h"

#include "checker/detect/detector.h"

namespace raddle::explore {

using namespace engine;

namespace {

std::uint64_t place(const HistoryEvent& ev) {
  return mix(detect::place(ev.site) + static_cast<std::uint64_t>(ev.t.kind));
}

std::uint64_t digest(std::uint64_t first, std::uint64_t second) {
  return mix(first * 0x9E3779B97F4A7C15ull + second);
}

}  // namespace

void OrderedPairs::add(const History& h) {
  for (Step s = 0; s < h.size(); ++s) {
    const HistoryEvent& ev = h[s];
    if (!is_memory(ev.t.kind) || !ev.site.known()) continue;
    const std::uint64_t second = place(ev);
    const auto follows = [&](Step earlier) {
      const HistoryEvent& other = h[earlier];
      if (other.t.tid == ev.t.tid || !is_memory(other.t.kind) || !other.site.known()) return;
      if (const std::uint64_t first = place(other); first != second)
        add({digest(first, second), digest(second, first)});
    };
    for (const Access a : {ev.t.a0, ev.t.a1}) {
      const ObjectId o = object_of(a);
      if (!o) continue;
      const Step write = History::previous_write(ev, o);
      if (write != kNever) follows(write);
      if (!is_write(a)) continue;
      for (Step k = History::previous(ev, o); k != write && k != kNever; k = History::previous(h[k], o))
        follows(k);
    }
  }
}

void OrderedPairs::add(Pair pair) {
  if (!known_.insert(pair.first).second) return;
  all_.push_back(pair);
  in_both_orders_ += known_.contains(pair.second);
}

void OrderedPairs::clear() { *this = {}; }

}  // namespace raddle::explore
