#include "checker/explore/ordered_pairs.h"

#include "checker/detect/detector.h"

namespace raddle::explore {

using namespace engine;

namespace {

// Reads of one write, say, are looked through that far.
constexpr int kFarthest = 1000;

std::uint64_t place(const HistoryEvent& ev) {
  return mix(detect::place(ev.site) + static_cast<std::uint64_t>(ev.t.kind));
}

std::uint64_t digest(std::uint64_t first, std::uint64_t second) {
  return mix(first * 0x9E3779B97F4A7C15ull + second);
}

// Calls f(step) for each access to `o` that is in conflict with that of `ev`, with none between that is so with both.
template <class F>
void for_each_before(const History& h, const HistoryEvent& ev, ObjectId o, F&& f) {
  const Access a = History::access_to(ev, o);
  const bool reads = mode_of(a) == kReads;
  const auto previous = [&](const HistoryEvent& x) {
    return reads ? History::previous_write(x, o) : History::previous(x, o);
  };
  bool read = false, added = false;  // in between
  Step k = previous(ev);
  for (int n = 0; k != kNever && n < kFarthest; ++n, k = previous(h[k])) {
    const Access x = History::access_to(h[k], o);
    if (!conflict(x, a)) continue;
    const AccessMode mode = mode_of(x);
    if (!(mode != kAdds && added) && !(mode != kReads && read)) f(k);
    if (mode == kWrites) return;
    read |= mode == kReads;
    added |= mode == kAdds;
  }
}

}  // namespace

void OrderedPairs::add(const History& h) {
  for (Step s = 0; s < h.size(); ++s) {
    const HistoryEvent& ev = h[s];
    if (!is_memory(ev.t.kind) || !ev.site.known()) continue;
    const std::uint64_t second = place(ev);
    for (const Access a : {ev.t.a0, ev.t.a1}) {
      if (!object_of(a)) continue;
      for_each_before(h, ev, object_of(a), [&](Step earlier) {
        const HistoryEvent& other = h[earlier];
        if (other.t.tid == ev.t.tid || !is_memory(other.t.kind) || !other.site.known()) return;
        if (const std::uint64_t first = place(other); first != second)
          add({digest(first, second), digest(second, first)});
      });
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
