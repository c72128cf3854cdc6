#include "reports/mermaid.h"

#include <algorithm>
#include <set>
#include <vector>

#include "reports/event_selection.h"
#include "reports/kinds.h"
#include "reports/trace_names.h"
#include "reports/utf8.h"

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceEvent;

constexpr std::size_t kEvents = 40, kObjects = 4;
constexpr std::size_t kWidth = 60;  // of what an event says
constexpr const char* kDecisive = "rect rgba(255, 120, 120, 0.25)";

/// What would end a text, begin a comment, or be taken for HTML, as an entity of Mermaid's.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) {
    switch (c) {
      case '#':
      case ';':
      case '%':
      case '<':
      case '>':
      case '&':
      case '"':
      case '\\':
      case '`':
      case '{':
      case '}':
      case '$': result += '#' + std::to_string(static_cast<unsigned char>(c)) + ';'; break;
      default: result += c;
    }
  }
  return result;
}

class Diagram {
 public:
  Diagram(const Trace& trace, bool full)
      : trace_(trace),
        full_(full),
        names_(trace),
        selection_(full ? all_events(trace) : select_events(trace, kEvents)) {
    // Those of few objects whose events say more as messages to them.
    if (trace.findings.empty()) return;
    for (const int object : trace.findings.front().objects)
      if (object >= 0 && objects_.size() < kObjects) objects_.insert(object);
  }

  std::string render() {
    line("sequenceDiagram");
    const engine::TraceFinding* finding = trace_.findings.empty() ? nullptr : &trace_.findings.front();
    if (finding)
      line("title " +
           escaped(heading_of(finding->kind) + (finding->title.empty() ? "" : ": " + finding->title)));
    participants();
    for (std::size_t i = 0; i < selection_.events.size(); ++i) {
      left_out(selection_.dropped_before[i]);
      event(selection_.events[i]);
    }
    for (const engine::TraceBlocked& b : trace_.blocked) blocked(b);
    if (finding) note_over_all(finding->message);
    return text_;
  }

 private:
  void line(const std::string& words, bool inside = false) { text_ += (inside ? "    " : "") + words + '\n'; }
  static std::string id(int thread) { return "T" + std::to_string(thread); }
  static std::string object_id(int object) { return "O" + std::to_string(object); }

  void participants() {
    std::set<int> used = {0};
    for (const std::size_t i : selection_.events) {
      used.insert(trace_.events[i].thread);
      if (trace_.events[i].other >= 0) used.insert(trace_.events[i].other);
    }
    for (const engine::TraceBlocked& b : trace_.blocked) used.insert({b.thread, std::max(b.waits_for, 0)});
    for (const int thread : used)
      line("participant " + id(thread) + " as " + escaped(names_.thread(thread)), true);
    for (const int object : objects_)
      line("participant " + object_id(object) + " as " + escaped(names_.object(object)), true);
    first_ = id(*used.begin());
    last_ = objects_.empty() ? id(*used.rbegin()) : object_id(*objects_.rbegin());
  }

  void left_out(std::size_t number) {
    if (number == 0) return;
    note_over_all(std::to_string(number) + (number == 1 ? " step" : " steps") + " left out");
  }

  void note_over_all(const std::string& words) {
    std::string text;
    for (const std::string& part : wrap(words, kWidth)) text += (text.empty() ? "" : "<br/>") + escaped(part);
    line("Note over " + (first_ == last_ ? first_ : first_ + "," + last_) + ": " + text, true);
  }

  void event(std::size_t i) {
    const TraceEvent& e = trace_.events[i];
    const bool decisive = !e.mark.empty();
    if (decisive) line(kDecisive, true);
    const std::string words =
        std::to_string(e.step) + ": " + escaped(names_.describe(e, kWidth)) + place_of(e.site);
    const std::string self = id(e.thread);
    if (e.operation == "start" && e.other >= 0) {
      line(self + "->>" + id(e.other) + ": " + words, true);
    } else if ((e.operation == "join" || e.operation == "timed-join") && e.other >= 0) {
      line(id(e.other) + "-->>" + self + ": " + words, true);
    } else if (const int object = object_of(e); object >= 0) {
      const std::string other = object_id(object);
      line(takes(e) ? other + "-->>" + self + ": " + words : self + "->>" + other + ": " + words, true);
    } else {
      line("Note over " + self + ": " + words, true);
    }
    if (decisive) line("end", true);
  }

  /// The object that has a column of its own, or -1.
  int object_of(const TraceEvent& e) const {
    if (objects_.contains(e.object2)) return e.object2;
    return objects_.contains(e.object) ? e.object : -1;
  }

  /// Does something come from the object to the thread?
  static bool takes(const TraceEvent& e) {
    return e.operation == "read" || e.operation == "get" || e.operation == "try-get" ||
           e.operation == "event-test" || e.operation == "event-wait" || e.operation == "wake";
  }

  void blocked(const engine::TraceBlocked& b) {
    const std::string words = escaped(names_.describe(b, kWidth)) + " (never)" + place_of(b.site);
    line(kDecisive, true);
    if (objects_.contains(b.object))
      line(id(b.thread) + "-x" + object_id(b.object) + ": " + words, true);
    else if (b.waits_for >= 0)
      line(id(b.thread) + "-x" + id(b.waits_for) + ": " + words, true);
    else
      line("Note over " + id(b.thread) + ": " + words, true);
    line("end", true);
  }

  std::string place_of(const engine::TraceSite& site) const {
    const std::string place =
        names_.place(site, trace_.findings.empty() ? "" : trace_.findings.front().site.file);
    return place.empty() ? "" : " (" + escaped(place) + ")";
  }

  const Trace& trace_;
  const bool full_;
  const TraceNames names_;
  const EventSelection selection_;
  std::set<int> objects_;
  std::string first_, last_, text_;
};

}  // namespace

std::string mermaid(const Trace& trace, bool full) { return Diagram(trace, full).render(); }

}  // namespace raddle::reports
