#include "reports/trace_alignment.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "checker/explore/trace_comparison.h"

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceEvent;

constexpr std::size_t kMostAligned = 3000;  // events behind the first difference, of each

using Key = std::tuple<std::string, std::size_t>;  // the thread, and the number among its events

std::vector<Key> keys_of(const Trace& trace) {
  std::map<int, std::size_t> count;
  std::vector<Key> keys;
  for (const TraceEvent& e : trace.events)
    keys.emplace_back(trace.threads[static_cast<std::size_t>(e.thread)].id, count[e.thread]++);
  return keys;
}

std::string object_id(const Trace& trace, int object) {
  return object < 0 ? std::string() : trace.objects[static_cast<std::size_t>(object)].id;
}

bool same_deed(const Trace& a, const TraceEvent& x, const Trace& b, const TraceEvent& y) {
  return x.operation == y.operation && object_id(a, x.object) == object_id(b, y.object) &&
         x.site.line == y.site.line;
}

/// For each event of `a` the one of `b` that it corresponds to.
std::vector<std::size_t> partners(const Trace& a, const Trace& b) {
  std::map<Key, std::size_t> index;
  const std::vector<Key> others = keys_of(b);
  for (std::size_t i = 0; i < others.size(); ++i) index.emplace(others[i], i);
  std::vector<std::size_t> all;
  const std::vector<Key> mine = keys_of(a);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    const auto at = index.find(mine[i]);
    const bool same = at != index.end() && same_deed(a, a.events[i], b, b.events[at->second]);
    all.push_back(same ? at->second : kNoEvent);
  }
  return all;
}

/// The longest sequence of partners that come in the same order in both: the longest increasing one.
std::vector<std::pair<std::size_t, std::size_t>> in_order(const std::vector<std::size_t>& partner,
                                                          std::size_t from) {
  struct Link {
    std::size_t left, right, before;
  };
  std::vector<Link> links;
  std::vector<std::size_t> ends;  // of the best sequence of each length: its last link
  for (std::size_t i = from; i < std::min(partner.size(), from + kMostAligned); ++i) {
    if (partner[i] == kNoEvent || partner[i] < from) continue;
    const auto at =
        std::lower_bound(ends.begin(), ends.end(), partner[i],
                         [&](std::size_t link, std::size_t right) { return links[link].right < right; });
    links.push_back({i, partner[i], at == ends.begin() ? kNoEvent : *std::prev(at)});
    if (at == ends.end()) {
      ends.push_back(links.size() - 1);
    } else {
      *at = links.size() - 1;
    }
  }
  std::vector<std::pair<std::size_t, std::size_t>> sequence;
  for (std::size_t at = ends.empty() ? kNoEvent : ends.back(); at != kNoEvent; at = links[at].before)
    sequence.emplace_back(links[at].left, links[at].right);
  std::reverse(sequence.begin(), sequence.end());
  return sequence;
}

bool may_change(const TraceEvent& e) {
  const engine::Footprint f = engine::info(engine::operation_named(e.operation)).footprint;
  return f != engine::Footprint::None && f != engine::Footprint::Read;
}

/// The first event behind the common beginning whose order with another one on its object is not that of the other run.
std::optional<Alignment::Reversal> reversal(const Trace& left, const Trace& right, std::size_t from,
                                            const std::vector<std::size_t>& to_right,
                                            const std::vector<std::size_t>& to_left) {
  for (std::size_t i = from; i < left.events.size(); ++i) {
    const TraceEvent& first = left.events[i];
    if (!first.visible || first.object < 0 || to_right[i] == kNoEvent) continue;
    for (std::size_t j = from; j < to_right[i]; ++j) {
      const TraceEvent& second = right.events[j];
      if (!second.visible || object_id(right, second.object) != object_id(left, first.object)) continue;
      if (right.threads[static_cast<std::size_t>(second.thread)].id ==
          left.threads[static_cast<std::size_t>(first.thread)].id)
        continue;
      if (!may_change(first) && !may_change(second)) continue;
      if (to_left[j] != kNoEvent && to_left[j] < i) continue;
      return Alignment::Reversal{i, to_right[i], to_left[j], j};
    }
  }
  return std::nullopt;
}

}  // namespace

Alignment align(const Trace& left, const Trace& right) {
  Alignment a;
  const std::size_t shorter = std::min(left.events.size(), right.events.size());
  while (a.same < shorter && explore::same_event(left, left.events[a.same], right, right.events[a.same])) {
    a.pairs.push_back({a.same, a.same});
    ++a.same;
  }
  const std::vector<std::size_t> to_right = partners(left, right), to_left = partners(right, left);
  std::size_t l = a.same, r = a.same;
  const auto up_to = [&](std::size_t to_l, std::size_t to_r) {
    while (l < to_l) a.pairs.push_back({l++, kNoEvent});
    while (r < to_r) a.pairs.push_back({kNoEvent, r++});
  };
  for (const auto& [i, j] : in_order(to_right, a.same)) {
    up_to(i, j);
    a.pairs.push_back({l++, r++});
  }
  up_to(left.events.size(), right.events.size());
  a.reversal = reversal(left, right, a.same, to_right, to_left);
  return a;
}

}  // namespace raddle::reports
