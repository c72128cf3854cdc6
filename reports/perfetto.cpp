#include "reports/perfetto.h"

#include <algorithm>
#include <vector>

#include "reports/json_document.h"
#include "reports/kinds.h"
#include "reports/trace_arrows.h"
#include "reports/trace_names.h"

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceEvent;

constexpr std::size_t kWidth = 60;  // of what a slice is called

/// One event on each line.
class Events {
 public:
  void add(const Json& event) {
    text_ += (text_.empty() ? "" : ",\n") + event.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  std::string document() const {
    return "{\"displayTimeUnit\": \"ns\",\n\"traceEvents\": [\n" + text_ + "\n]}\n";
  }

 private:
  std::string text_;
};

/// The tracks of one trace, as process number `pid`.
class Tracks {
 public:
  Tracks(Events& out, const Trace& trace, std::size_t pid)
      : out_(out), trace_(trace), names_(trace), pid_(pid) {}

  void write(const std::string& title) {
    name("process_name", 0, title);
    for (std::size_t i = 0; i < trace_.threads.size(); ++i)
      name("thread_name", track(static_cast<int>(i)), names_.thread(static_cast<int>(i)));
    locks();
    for (std::size_t i = 0; i < trace_.events.size(); ++i) event(i);
    waits();
    arrows();
  }

 private:
  // Where steps and those who never went on are over.
  std::size_t end() const { return trace_.events.size() + 2; }
  std::size_t time(std::size_t event) const { return event < trace_.events.size() ? event + 1 : end(); }
  std::size_t track(int thread) const { return static_cast<std::size_t>(thread) + 1; }

  void name(const char* what, std::size_t tid, const std::string& text) {
    out_.add({{"ph", "M"}, {"pid", pid_}, {"tid", tid}, {"name", what}, {"args", {{"name", text}}}});
    if (tid > 0)
      out_.add({{"ph", "M"},
                {"pid", pid_},
                {"tid", tid},
                {"name", "thread_sort_index"},
                {"args", {{"sort_index", tid}}}});
  }

  void slice(std::size_t tid, std::size_t from, std::size_t to, const char* category, const std::string& text,
             const Json& args) {
    Json json = {{"ph", "X"},        {"pid", pid_},     {"tid", tid},  {"ts", from},
                 {"dur", to - from}, {"cat", category}, {"name", text}};
    if (!args.empty()) json["args"] = args;
    out_.add(json);
  }

  /// A track for each lock: who holds it. Theirs need not nest, as slices of one track have to.
  void locks() {
    const std::vector<TraceSpan> spans = held_locks(trace_);
    std::vector<int> locks;
    for (const TraceSpan& span : spans) locks.push_back(span.object);
    std::sort(locks.begin(), locks.end());
    locks.erase(std::unique(locks.begin(), locks.end()), locks.end());
    auto track_of = [&](int lock) {
      const auto at = std::lower_bound(locks.begin(), locks.end(), lock) - locks.begin();
      return trace_.threads.size() + 1 + static_cast<std::size_t>(at);
    };
    for (const int lock : locks) name("thread_name", track_of(lock), "held: " + names_.object(lock));
    for (const TraceSpan& span : spans)
      slice(track_of(span.object), time(span.from), time(span.to), "held", names_.thread(span.thread), {});
  }

  void event(std::size_t i) {
    const TraceEvent& e = trace_.events[i];
    Json args = {{"step", e.step}, {"operation", e.operation}};
    if (e.object >= 0) args["object"] = names_.part_or_object(e);
    set_if_any(args, "before", e.before);
    set_if_any(args, "after", e.after);
    set_if_any(args, "result", e.result);
    set_if_any(args, "text", e.text);
    set_if_any(args, "place", names_.place(e.site));
    set_if_any(args, "function", e.site.function);
    if (e.reads_from > 0) args["reads from step"] = e.reads_from;
    set_if_any(args, "mark", e.mark);
    set_if_any(args, "switched", e.switched);
    slice(track(e.thread), time(i), time(i) + 1, e.mark.empty() ? "event" : "decisive",
          names_.describe(e, kWidth), args);
  }

  /// Why threads did not go on, from each one's event to its next one.
  void waits() {
    std::vector<std::size_t> next(trace_.threads.size(), trace_.events.size());
    std::vector<std::size_t> last(trace_.threads.size(), trace_.events.size());
    for (std::size_t i = trace_.events.size(); i-- > 0;) {
      const auto thread = static_cast<std::size_t>(trace_.events[i].thread);
      if (last[thread] == trace_.events.size()) last[thread] = i;
      if (i + 1 < trace_.events.size() && !trace_.events[i + 1].switched.empty() &&
          next[thread] < trace_.events.size() && trace_.events[i + 1].switched != "ended")
        wait(trace_.events[i].thread, i, next[thread], trace_.events[i + 1].switched, {});
      next[thread] = i;
    }
    for (const engine::TraceBlocked& b : trace_.blocked) {
      Json args = Json::object();
      set_if_any(args, "reason", b.reason);
      set_if_any(args, "place", names_.place(b.site));
      if (b.holder >= 0) args["holder"] = names_.thread(b.holder);
      const std::size_t from = last[static_cast<std::size_t>(b.thread)];
      const std::size_t start = from < trace_.events.size() ? time(from) + 1 : 1;
      slice(track(b.thread), start, end() + 1, "blocked", "blocked for ever: " + names_.describe(b, kWidth),
            args);
    }
  }

  void wait(int thread, std::size_t from, std::size_t to, const std::string& why, const Json& args) {
    if (time(from) + 1 < time(to))
      slice(track(thread), time(from) + 1, time(to), why == "preempted" ? "preempted" : "blocked", why, args);
  }

  void arrows() {
    std::size_t number = 0;
    for (const TraceArrow& a : arrows_of(trace_)) {
      const std::string id = std::to_string(pid_) + '.' + std::to_string(++number);
      for (const bool first : {true, false}) {
        const std::size_t i = first ? a.from : a.to;
        Json json = {{"ph", first ? "s" : "f"},
                     {"pid", pid_},
                     {"tid", track(trace_.events[i].thread)},
                     {"ts", time(i)},
                     {"id", id},
                     {"cat", "order"},
                     {"name", reports::name(a.kind)}};
        if (!first) json["bp"] = "e";
        out_.add(json);
      }
    }
  }

  Events& out_;
  const Trace& trace_;
  const TraceNames names_;
  const std::size_t pid_;
};

std::string title_of(const Trace& trace) {
  if (trace.findings.empty()) return trace.model;
  const engine::TraceFinding& f = trace.findings.front();
  return heading_of(f.kind) + (f.title.empty() ? "" : "  " + f.title);
}

}  // namespace

std::string perfetto(std::span<const ModelReport> models) {
  Events events;
  std::size_t pid = 0;
  for (const ModelReport& model : models)
    for (std::size_t i = 0; i < model.witnesses.size(); ++i)
      if (const Trace* trace = witness_of(model, i))
        Tracks(events, *trace, ++pid).write(name_of(model) + ": " + title_of(*trace));
  return events.document();
}

std::string perfetto(const Trace& trace) {
  Events events;
  Tracks(events, trace, 1).write(title_of(trace));
  return events.document();
}

}  // namespace raddle::reports
