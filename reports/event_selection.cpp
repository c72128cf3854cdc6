#include "reports/event_selection.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceEvent;
using Indices = std::set<std::size_t>;

constexpr std::size_t kFewStarts = 4;

/// The finding that the trace was kept for.
const engine::TraceFinding* main_finding(const Trace& trace) {
  return trace.findings.empty() ? nullptr : &trace.findings.front();
}

/// What has to be shown.
Indices essential_events(const Trace& trace) {
  Indices essential;
  if (const auto* finding = main_finding(trace)) {
    for (int step : finding->steps) {
      if (step >= 1 && static_cast<std::size_t>(step) <= trace.events.size()) {
        essential.insert(static_cast<std::size_t>(step) - 1);
      }
    }
  }
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    if (!trace.events[i].mark.empty()) essential.insert(i);
  }
  for (const auto& blocked : trace.blocked) {
    int i = blocked.holder >= 0 ? acquisition(trace, blocked.holder, blocked.object) : -1;
    if (i >= 0) essential.insert(static_cast<std::size_t>(i));
  }
  if (essential.empty() && !trace.events.empty()) essential.insert(trace.events.size() - 1);
  return essential;
}

/// Of the program itself, not of its language's library.
bool is_own(const Trace& trace, const TraceEvent& event) {
  return !event.site.file.starts_with("python3.11/") &&
         trace.objects[static_cast<std::size_t>(event.object)].label.find("._") == std::string::npos;
}

/// Who waits for something that nobody holds, or has given too early, waits because of what others have seen and done,
/// whatever it was.
bool lacks_reason(const Trace& trace) {
  return !trace.blocked.empty() &&
         std::none_of(trace.blocked.begin(), trace.blocked.end(),
                      [](const auto& blocked) { return blocked.holder >= 0; }) &&
         std::all_of(trace.events.begin(), trace.events.end(),
                     [](const TraceEvent& event) { return event.mark.empty(); });
}

/// The finding's objects; if it names none, or they cannot tell the reason, those that several threads use.
std::set<int> objects_of_interest(const Trace& trace) {
  std::set<int> objects;
  if (const auto* finding = main_finding(trace))
    objects.insert(finding->objects.begin(), finding->objects.end());
  const bool all = objects.empty(), more = lacks_reason(trace);
  if (!all && !more) return objects;
  std::vector<int> first_user(trace.objects.size(), -1);
  for (const TraceEvent& event : trace.events) {
    if (event.object < 0 || static_cast<std::size_t>(event.object) >= first_user.size()) continue;
    if (!all && !is_own(trace, event)) continue;
    int& first = first_user[static_cast<std::size_t>(event.object)];
    if (first >= 0 && first != event.thread) objects.insert(event.object);
    if (first < 0) first = event.thread;
  }
  return objects;
}

/// What decides how the execution goes on, or what the program itself found worth saying.
bool speaks_for_itself(const TraceEvent& event) {
  return event.operation == "choose" || event.operation == "note";
}

/// The starts of the threads that are shown, unless they are many.
void add_starts(const Trace& trace, const std::vector<std::size_t>& starts, Indices& shown) {
  std::set<int> threads;
  if (const auto* finding = main_finding(trace))
    threads.insert(finding->threads.begin(), finding->threads.end());
  for (std::size_t i : shown) threads.insert(trace.events[i].thread);
  for (const auto& blocked : trace.blocked) threads.insert(blocked.thread);
  std::vector<std::size_t> wanted;
  for (std::size_t i : starts) {
    if (threads.contains(trace.events[i].other)) wanted.push_back(i);
  }
  if (wanted.size() <= kFewStarts) shown.insert(wanted.begin(), wanted.end());
}

/// Reads and writes that the values depend on with which it ended: what the thread that fails has read last, and the last
/// writes of what it may have read without an event; from each the write that it reads, what that write's thread had
/// read before, and so on. The most direct first.
std::vector<std::size_t> causes(const Trace& trace, const std::set<int>& objects, std::size_t end) {
  constexpr std::size_t kReadsOfAWrite = 3, kLastWrites = 3;
  const engine::TraceFinding* finding = main_finding(trace);
  if (!finding || !trace.blocked.empty() || finding->threads.empty()) return {};
  auto is_data = [&](std::size_t i) {
    const std::string& op = trace.events[i].operation;
    return objects.contains(trace.events[i].object) &&
           (op == "read" || op == "write" || op == "read-modify-write" || op == "add");
  };
  std::vector<std::size_t> found;
  Indices known;
  auto add = [&](std::size_t i) {
    if (known.insert(i).second) found.push_back(i);
  };
  std::set<int> looked_at;
  for (std::size_t i = end; i-- > 0;) {
    const TraceEvent& event = trace.events[i];
    if (!is_data(i)) continue;
    if (event.thread == finding->threads.front() && event.operation != "write" &&
        found.size() < kReadsOfAWrite) {
      add(i);
      looked_at.insert(event.object);
    }
  }
  std::size_t writes = 0;
  for (std::size_t i = end; i-- > 0 && writes < kLastWrites;) {
    const TraceEvent& event = trace.events[i];
    if (is_data(i) && event.operation != "read" && looked_at.insert(event.object).second) add(i), ++writes;
  }
  for (std::size_t at = 0; at < found.size(); ++at) {
    const TraceEvent event = trace.events[found[at]];
    if (event.operation != "write" && event.reads_from > 0)
      add(static_cast<std::size_t>(event.reads_from) - 1);
    if (event.operation == "read") continue;
    std::size_t reads = 0;
    for (std::size_t i = found[at]; i-- > 0 && reads < kReadsOfAWrite;) {
      const TraceEvent& before = trace.events[i];
      if (before.thread != event.thread || !is_data(i)) continue;
      if (before.operation == "write" && before.object == event.object && before.part == event.part) break;
      if (before.operation != "write") add(i), ++reads;
    }
  }
  return found;
}

std::size_t distance(const Indices& from, std::size_t i) {
  auto after = from.lower_bound(i);
  std::size_t nearest = std::numeric_limits<std::size_t>::max();
  if (after != from.end()) nearest = *after - i;
  if (after != from.begin()) nearest = std::min(nearest, i - *std::prev(after));
  return nearest;
}

}  // namespace

int acquisition(const Trace& trace, int holder, int object) {
  int found = -1;
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const TraceEvent& event = trace.events[i];
    if (event.thread != holder || event.object != object) continue;
    const std::string& op = event.operation;
    if (op == "unlock" || op == "release" || op == "wait") {
      found = -1;
    } else if (found < 0 && has_taken(event)) {
      found = static_cast<int>(i);  // the first of nested acquisitions
    }
  }
  return found;
}

EventSelection select_events(const Trace& trace, std::size_t limit) {
  Indices shown = essential_events(trace);
  Indices relevant = shown;
  std::set<int> objects = objects_of_interest(trace);
  std::vector<std::size_t> starts;
  std::vector<std::size_t> others;
  // What comes after the failure does not explain it. A deadlock is at the very end.
  bool failed = main_finding(trace) && !shown.empty() && trace.blocked.empty();
  std::size_t end = failed ? *shown.rbegin() : trace.events.size();
  bool alone = std::any_of(trace.events.begin(), trace.events.end(),
                           [](const TraceEvent& e) { return e.operation == "start"; });
  for (std::size_t i = 0; i < end; ++i) {
    const TraceEvent& event = trace.events[i];
    if (shown.contains(i)) continue;
    if (event.operation == "start") {
      starts.push_back(i);
      alone = false;
    } else if (alone && !speaks_for_itself(event)) {
      continue;  // what was prepared before there were threads says little about them
    } else if (speaks_for_itself(event) || objects.contains(event.object) ||
               objects.contains(event.object2)) {
      others.push_back(i);
      relevant.insert(i);
    }
  }
  while (shown.size() > limit + limit / 2) shown.erase(shown.begin());

  for (std::size_t i : causes(trace, objects, end)) {
    if (shown.size() >= limit) break;
    if (relevant.contains(i)) shown.insert(i);
  }

  // The nearest to what is essential, of two equally near ones the later.
  std::stable_sort(others.begin(), others.end(), [&](std::size_t a, std::size_t b) {
    std::size_t da = distance(shown, a);
    std::size_t db = distance(shown, b);
    return da != db ? da < db : a > b;
  });
  for (std::size_t i : others) {
    if (shown.size() >= limit) break;
    shown.insert(i);
  }
  add_starts(trace, starts, shown);

  EventSelection selection;
  auto next = relevant.begin();
  for (std::size_t i : shown) {
    std::size_t dropped = 0;
    for (; next != relevant.end() && *next <= i; ++next) dropped += !shown.contains(*next);
    selection.events.push_back(i);
    selection.dropped_before.push_back(dropped);
  }
  return selection;
}

EventSelection all_events(const Trace& trace) {
  EventSelection selection;
  for (std::size_t i = 0; i < trace.events.size(); ++i) selection.events.push_back(i);
  selection.dropped_before.assign(trace.events.size(), 0);
  return selection;
}

}  // namespace raddle::reports
