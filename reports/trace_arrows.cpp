#include "reports/trace_arrows.h"

#include <map>
#include <set>
#include <string>

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceEvent;
using Kind = TraceArrow::Kind;

/// Goes through the events and remembers what later ones may come from.
class Arrows {
 public:
  explicit Arrows(const Trace& trace) : trace_(trace) {}

  std::vector<TraceArrow> all() {
    for (at_ = 0; at_ < trace_.events.size(); ++at_) visit(trace_.events[at_]);
    return std::move(arrows_);
  }

 private:
  void arrow(Kind kind, std::size_t from) {
    if (from < at_ && trace_.events[from].thread != trace_.events[at_].thread)
      arrows_.push_back({kind, from, at_});
  }
  template <class Map>
  void arrow_from(Kind kind, const Map& map, int key) {
    if (const auto it = map.find(key); it != map.end()) arrow(kind, it->second);
  }

  void visit(const TraceEvent& e) {
    const std::string& op = e.operation;
    if (const auto it = started_.find(e.thread); it != started_.end()) {
      arrow(Kind::Start, it->second);
      started_.erase(it);
    }
    if (op == "start") started_[e.other] = at_;
    if (op == "join" || (op == "timed-join" && !engine::has_failed(e)))
      arrow_from(Kind::Join, latest_, e.other);
    const auto kind = engine::operation_named(op);
    if (kind != engine::OpKind::None && engine::is_memory(kind) && op != "write" && e.reads_from > 0)
      arrow(Kind::Value, static_cast<std::size_t>(e.reads_from) - 1);
    if (op == "wake") {
      if (const auto it = woken_.find(e.thread); it != woken_.end()) {
        arrow(Kind::Notify, it->second);
        woken_.erase(it);
      }
    }
    if (engine::has_taken(e)) arrow_from(Kind::Lock, released_, e.object);
    if (op == "unlock" || op == "release" || op == "wait") released_[e.object] = at_;
    notifications(e);
    events(e);
    if (op == "get" || op == "try-get") arrow_from_put(e);
    latest_[e.thread] = at_;
  }

  void notifications(const TraceEvent& e) {
    if (e.operation == "wait") waiting_[e.object2].insert(e.thread);
    if (e.operation == "notify-one" && e.other >= 0) {
      woken_[e.other] = at_;
      waiting_[e.object].erase(e.other);
    }
    if (e.operation != "notify-all") return;
    for (const int thread : waiting_[e.object]) woken_[thread] = at_;
    waiting_[e.object].clear();
  }

  void events(const TraceEvent& e) {
    if (e.operation == "event-set") set_[e.object] = at_;
    if (e.operation == "event-clear") set_.erase(e.object);
    if ((e.operation == "event-wait" || e.operation == "event-test") && !engine::has_failed(e))
      arrow_from(Kind::Signal, set_, e.object);
  }

  void arrow_from_put(const TraceEvent& e) {
    if (e.reads_from > 0) arrow(Kind::Item, static_cast<std::size_t>(e.reads_from) - 1);
  }

  const Trace& trace_;
  std::size_t at_ = 0;
  std::map<int, std::size_t> started_, latest_, woken_;  // by thread
  std::map<int, std::size_t> released_, set_;            // by object
  std::map<int, std::set<int>> waiting_;
  std::vector<TraceArrow> arrows_;
};

}  // namespace

const char* name(Kind kind) {
  switch (kind) {
    case Kind::Start: return "start";
    case Kind::Join: return "join";
    case Kind::Value: return "reads from";
    case Kind::Lock: return "release to acquire";
    case Kind::Item: return "put to get";
    case Kind::Notify: return "notify to wake";
    case Kind::Signal: return "set to wait";
  }
  return "";
}

std::vector<TraceArrow> arrows_of(const Trace& trace) { return Arrows(trace).all(); }

std::vector<TraceSpan> held_locks(const Trace& trace) {
  struct Held {
    std::size_t span, depth;
  };
  std::vector<TraceSpan> spans;
  std::map<int, Held> held;  // by object
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const TraceEvent& e = trace.events[i];
    const auto it = held.find(e.object);
    if (engine::has_taken_lock(e)) {
      if (it != held.end() && spans[it->second.span].thread == e.thread) {
        ++it->second.depth;
        continue;
      }
      if (it != held.end()) spans[it->second.span].to = i;
      held[e.object] = {spans.size(), 1};
      spans.push_back({e.thread, e.object, i, trace.events.size()});
    } else if (it != held.end() && (e.operation == "unlock" || e.operation == "wait")) {
      if (e.operation == "unlock" && --it->second.depth > 0) continue;
      spans[it->second.span].to = i;
      held.erase(it);
    }
  }
  return spans;
}

}  // namespace raddle::reports
