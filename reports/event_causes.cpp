#include "reports/event_causes.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace raddle::reports {
namespace {

using engine::Footprint;
using engine::OpKind;
using engine::Trace;
using engine::TraceEvent;

bool is_data(const TraceEvent& event) {
  return event.visible && engine::is_memory(engine::operation_named(event.operation)) && event.object >= 0;
}

bool writes(const TraceEvent& event) { return is_data(event) && event.operation != "read"; }

bool reads(const TraceEvent& event) {
  return is_data(event) && event.operation != "write" && event.operation != "add";
}

/// Has its thread learnt something by it that may have decided what it did next?
bool tells(const TraceEvent& event) {
  if (reads(event)) return true;
  return event.visible && !is_data(event) && !event.result.empty();
}

bool same_place(const TraceEvent& a, const TraceEvent& b) {
  return a.object == b.object && (a.part.empty() || b.part.empty() || a.part == b.part);
}

/// The latest event before `before` for which `f` is true; Trace::events.size() if there is none.
template <class F>
std::size_t latest(const Trace& trace, std::size_t before, F f) {
  for (std::size_t i = before; i-- > 0;)
    if (f(trace.events[i])) return i;
  return trace.events.size();
}

/// What a thread that executes it may have waited for.
bool has_waited(const TraceEvent& event) {
  return !has_failed(event) && !enablers_of(event.operation).empty();
}

}  // namespace

std::vector<const char*> enablers_of(const std::string& operation) {
  if (operation == "lock" || operation == "try-lock") return {"unlock", "wait"};
  if (operation == "wake") return {"notify-one", "notify-all"};
  if (operation == "acquire" || operation == "try-acquire") return {"release"};
  if (operation == "event-wait") return {"event-set"};
  if (operation == "get" || operation == "try-get") return {"put", "try-put"};
  if (operation == "put" || operation == "try-put") return {"get", "try-get"};
  if (operation == "queue-join") return {"queue-update"};
  if (operation == "once-begin") return {"once-end"};
  if (operation == "barrier" || operation == "arrive") return {"arrive", "barrier"};
  if (operation == "join" || operation == "timed-join") return {"end"};
  return {};
}

bool enables(const TraceEvent& event, const std::string& operation, int object, int waiter) {
  if (has_failed(event) && event.operation.starts_with("try")) return false;
  const auto all = enablers_of(operation);
  if (std::none_of(all.begin(), all.end(), [&](const char* name) { return event.operation == name; }))
    return false;
  if (event.operation == "end") return event.thread == waiter;
  if (event.operation == "notify-one" && event.other != waiter) return false;
  return event.object == object;
}

std::vector<Cause> causes_of(const Trace& trace, std::size_t i) {
  const TraceEvent& event = trace.events[i];
  const std::size_t none = trace.events.size();
  std::vector<Cause> all;
  const auto add = [&](Cause::Kind kind, std::size_t at) {
    const auto known = [&](const Cause& c) { return c.event == at; };
    if (at < i && std::none_of(all.begin(), all.end(), known)) all.push_back({kind, at});
  };
  if (is_data(event)) {
    const std::size_t write = latest(
        trace, i, [&](const TraceEvent& e) { return writes(e) && same_place(e, event) && !has_failed(e); });
    const bool said = reads(event) && event.reads_from > 0 && static_cast<std::size_t>(event.reads_from) <= i;
    const std::size_t source = said ? static_cast<std::size_t>(event.reads_from) - 1 : write;
    add(reads(event) ? Cause::Kind::Read : Cause::Kind::Overwritten, source);
  }
  if (has_waited(event)) {
    const bool joins = event.operation == "join" || event.operation == "timed-join";
    // Who is woken waited for the condition variable of its latest wait, and then for the lock.
    int object = event.object;
    if (event.operation == "wake") {
      const std::size_t wait = latest(
          trace, i, [&](const TraceEvent& e) { return e.thread == event.thread && e.operation == "wait"; });
      if (wait != none) object = trace.events[wait].object2;
    }
    const bool gets = event.operation == "get" || event.operation == "try-get";
    if (gets && event.reads_from > 0)
      add(Cause::Kind::Enabled, static_cast<std::size_t>(event.reads_from) - 1);
    else
      add(Cause::Kind::Enabled, latest(trace, i, [&](const TraceEvent& e) {
            return enables(e, event.operation, object, joins ? event.other : event.thread);
          }));
    if (event.operation == "wake")
      add(Cause::Kind::Enabled, latest(trace, i, [&](const TraceEvent& e) {
            return e.thread != event.thread && enables(e, "lock", event.object, event.thread);
          }));
  }
  if (event.operation == "event-test")
    add(Cause::Kind::Read, latest(trace, i, [&](const TraceEvent& e) {
          return e.object == event.object && (e.operation == "event-set" || e.operation == "event-clear");
        }));
  const std::size_t seen =
      latest(trace, i, [&](const TraceEvent& e) { return e.thread == event.thread && tells(e); });
  add(Cause::Kind::Seen, seen);
  if (seen == none)
    add(Cause::Kind::Started, latest(trace, i, [&](const TraceEvent& e) {
          return e.operation == "start" && e.other == event.thread;
        }));
  return all;
}

std::vector<PastEvent> causal_past(const Trace& trace, std::size_t event, std::size_t limit) {
  std::vector<PastEvent> past;
  std::set<std::size_t> known = {event};
  std::size_t at = event;
  for (std::size_t next = 0;; at = past[next++].event) {
    for (const Cause& c : causes_of(trace, at)) {
      if (past.size() >= limit) return past;
      if (known.insert(c.event).second) past.push_back({c.event, c.kind, at});
    }
    if (next == past.size()) return past;
  }
}

}  // namespace raddle::reports
