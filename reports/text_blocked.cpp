#include "reports/text_blocked.h"

#include <algorithm>

#include "reports/event_selection.h"
#include "reports/utf8.h"

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceBlocked;
using engine::TraceEvent;

const TraceBlocked* blocked_thread(const Trace& trace, int thread) {
  for (const TraceBlocked& b : trace.blocked) {
    if (b.thread == thread) return &b;
  }
  return nullptr;
}

/// The thread that it waits for, or -1.
int awaited(const TraceBlocked& b) { return b.holder >= 0 ? b.holder : b.waits_for; }

/// "step 7 (:12)"
std::string step_and_place(const TraceEvent& event, const TraceNames& names, const std::string& here) {
  std::string place = names.place(event.site, here);
  return "step " + std::to_string(event.step) + (place.empty() ? "" : " (" + place + ")");
}

/// The last notification of the condition variable before the thread began to wait, or nullptr.
const TraceEvent* missed_notification(const Trace& trace, const TraceBlocked& b) {
  const TraceEvent* missed = nullptr;
  const TraceEvent* latest = nullptr;
  for (const TraceEvent& event : trace.events) {
    bool notifies = event.operation.starts_with("notify") || event.operation == "event-set";
    if (notifies && event.object == b.object) latest = &event;
    if (event.thread == b.thread && (event.object == b.object || event.object2 == b.object)) missed = latest;
  }
  return missed ? missed : latest;
}

bool has_ended(const Trace& trace, int thread) {
  return std::any_of(trace.events.begin(), trace.events.end(),
                     [&](const TraceEvent& e) { return e.thread == thread && e.operation == "end"; });
}

std::string why(const Trace& trace, const TraceBlocked& b, const TraceNames& names, const std::string& here) {
  const TraceEvent* missed = missed_notification(trace, b);
  if (b.mark == "lost-wakeup" || (missed && missed->mark == "lost-wakeup")) {
    if (!missed) return "lost wakeup" + (b.reason.empty() ? "" : ": " + b.reason);
    return "lost wakeup: " + names.thread(missed->thread) + " notified in " +
           step_and_place(*missed, names, here) + ", before it waited";
  }
  if (b.holder >= 0) {
    int i = acquisition(trace, b.holder, b.object);
    std::string since;
    if (i >= 0) since = " since " + step_and_place(trace.events[static_cast<std::size_t>(i)], names, here);
    std::string holder = b.holder == b.thread ? "itself" : names.thread(b.holder);
    return "held by " + holder + since + (has_ended(trace, b.holder) ? "; holder gone: it has ended" : "");
  }
  if (b.waits_for >= 0) return "waits for " + names.thread(b.waits_for) + " to end";
  // Its thread is named in front.
  const std::string me = names.thread(b.thread) + " ";
  return b.reason.starts_with(me) ? b.reason.substr(me.size()) : b.reason;
}

}  // namespace

std::vector<int> wait_cycle(const Trace& trace) {
  for (const TraceBlocked& start : trace.blocked) {
    std::vector<int> path;
    const TraceBlocked* at = &start;
    while (at && std::find(path.begin(), path.end(), at->thread) == path.end()) {
      path.push_back(at->thread);
      at = awaited(*at) >= 0 ? blocked_thread(trace, awaited(*at)) : nullptr;
    }
    if (!at) continue;
    path.erase(path.begin(), std::find(path.begin(), path.end(), at->thread));
    std::rotate(path.begin(), std::min_element(path.begin(), path.end()), path.end());
    return path;
  }
  return {};
}

void text_blocked(StyledText& out, const Trace& trace, const TraceNames& names, const std::string& here,
                  std::size_t width, std::size_t limit) {
  if (trace.blocked.empty()) return;
  std::vector<int> cycle = wait_cycle(trace);
  std::vector<const TraceBlocked*> order;
  for (const TraceBlocked& b : trace.blocked) order.push_back(&b);
  std::stable_partition(order.begin(), order.end(), [&](const TraceBlocked* b) {
    return std::find(cycle.begin(), cycle.end(), b->thread) != cycle.end();
  });
  std::size_t left_out = order.size() > limit ? order.size() - limit : 0;
  order.resize(order.size() - left_out);

  constexpr std::size_t kIndent = 4;
  constexpr std::size_t kMaxThread = 16;
  constexpr std::size_t kMaxOperation = 32;
  std::size_t thread_width = 0;
  std::size_t operation_width = 0;
  std::size_t place_width = 0;
  for (const TraceBlocked* b : order) {
    thread_width = std::max(thread_width, std::min(display_width(names.thread(b->thread)), kMaxThread));
    operation_width = std::max(operation_width, display_width(names.describe(*b, kMaxOperation)));
    place_width = std::max(place_width, display_width(names.place(b->site, here)));
  }
  std::size_t operation = kIndent + thread_width + 2;
  std::size_t place = operation + operation_width + 2;
  std::size_t reason = place + place_width + (place_width > 0 ? 2 : 0);

  out.line(2, "waiting at the end:");
  for (const TraceBlocked* b : order) {
    out.put(kIndent, elide(names.thread(b->thread), kMaxThread), style::thread(b->thread));
    out.put(operation, names.describe(*b, kMaxOperation));
    out.put(place, names.place(b->site, here), style::kDim);
    std::string text = why(trace, *b, names, here);
    std::size_t room = width > reason + kIndent ? width - reason : kIndent;
    bool first = true;
    for (const std::string& line : wrap(text, room)) {
      if (!first) out.end_line();
      out.put(reason, line);
      first = false;
    }
    out.end_line();
  }
  if (left_out > 0) out.line(kIndent, "and " + std::to_string(left_out) + " more threads", style::kDim);

  if (cycle.size() < 2) return;
  std::string circle = "cycle: ";
  for (int thread : cycle) circle += names.thread(thread) + " -> ";
  out.paragraph(2, circle + names.thread(cycle.front()), width, style::kError);
}

}  // namespace raddle::reports
