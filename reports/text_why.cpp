#include "reports/text_why.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "checker/engine/error.h"
#include "reports/event_causes.h"
#include "reports/event_grid.h"
#include "reports/event_selection.h"
#include "reports/styled_text.h"
#include "reports/text_blocked.h"
#include "reports/trace_names.h"
#include "reports/utf8.h"

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceBlocked;
using engine::TraceEvent;

constexpr std::size_t kNearest = 12;  // events of the past
constexpr std::size_t kFar = 2000;    // with all of it
constexpr std::size_t kWidest = 70;   // of an event in a sentence
constexpr std::size_t kLeast = 30;    // of one in a heading
constexpr std::size_t kName = 20;     // of a thread in a heading

class Why {
 public:
  Why(const Trace& trace, const TextOptions& options)
      : trace_(trace), options_(options), names_(trace), out_(options.colour) {
    const bool placed = !trace.findings.empty() && !trace.findings.front().site.file.empty();
    here_ = placed ? trace.findings.front().site.file : trace.model;
  }

  std::string of(const std::string& what) {
    std::size_t step = 0;
    const auto [end, error] = std::from_chars(what.data(), what.data() + what.size(), step);
    if (error == std::errc() && end == what.data() + what.size()) {
      if (step == 0 || step > trace_.events.size())
        throw engine::UserError("--why: this trace has no step " + what + ". " + steps());
      return event(step - 1);
    }
    const int t = threads_named(trace_, names_, what, "--why takes a step or a thread").front();
    if (const TraceBlocked* b = blocked(t)) return waiting(*b);
    for (std::size_t i = trace_.events.size(); i-- > 0;)
      if (trace_.events[i].thread == t) return event(i);
    throw engine::UserError("--why: the thread " + what + " does nothing in this trace. " + steps());
  }

 private:
  std::string steps() const {
    if (trace_.events.empty()) return "It has none at all.";
    return "Its steps are 1 to " + std::to_string(trace_.events.size()) +
           "; its threads can be asked for, too.";
  }

  std::string event(std::size_t i) {
    const TraceEvent& e = trace_.events[i];
    out_.add("step " + std::to_string(e.step), style::kBold);
    out_.put(out_.column() + 2, elide(names_.thread(e.thread), kName), style::thread(e.thread));
    out_.put(out_.column() + 2, names_.describe(e, room(), true), style::kBold);
    place(e.site);
    for (const Cause& c : causes_of(trace_, i)) row(label(c.kind, e), sentence(c));
    if (e.operation == "read" && !has_source(i))
      row("value", "nobody had written it before: it is the initial value");
    unseen(i);
    row("schedule", schedule(i));
    if (const TraceBlocked* b = last_of_blocked(i))
      row("then", "it waits for ever: " + reason(*b) + " (--why " + names_.thread(b->thread) + ")");
    past(i);
    return out_.take();
  }

  bool has_source(std::size_t i) const {
    for (const Cause& c : causes_of(trace_, i))
      if (c.kind == Cause::Kind::Read) return true;
    return false;
  }

  std::string label(Cause::Kind kind, const TraceEvent& e) const {
    switch (kind) {
      case Cause::Kind::Read: return "value";
      case Cause::Kind::Overwritten: return "overwrites";
      case Cause::Kind::Enabled: return e.operation == "join" ? "waited for" : "comes after";
      case Cause::Kind::Seen: return "had seen";
      case Cause::Kind::Started: return "started by";
    }
    return {};
  }

  /// "t2's write database_value = 1 in step 8 (:16)"
  std::string deed(std::size_t i) const {
    const TraceEvent& e = trace_.events[i];
    return names_.thread(e.thread) + "'s " + names_.describe(e, kWidest) + at(e);
  }
  std::string at(const TraceEvent& e) const {
    const std::string place = names_.place(e.site, here_);
    return " in step " + std::to_string(e.step) + (place.empty() ? "" : " (" + place + ")");
  }

  std::string sentence(const Cause& c) const {
    const TraceEvent& cause = trace_.events[c.event];
    switch (c.kind) {
      case Cause::Kind::Read: return "that of " + deed(c.event);
      case Cause::Kind::Enabled: return deed(c.event) + ", without which it would have had to wait";
      case Cause::Kind::Seen:
        return "its thread's latest look: " + names_.describe(cause, kWidest) + at(cause);
      case Cause::Kind::Overwritten:
      case Cause::Kind::Started: break;
    }
    return deed(c.event);
  }

  /// A write over something that its thread has not seen: what it had read before is what the value rests on.
  void unseen(std::size_t i) {
    const TraceEvent& e = trace_.events[i];
    if (e.operation != "write") return;
    const auto causes = causes_of(trace_, i);
    const auto over = std::find_if(causes.begin(), causes.end(),
                                   [](const Cause& c) { return c.kind == Cause::Kind::Overwritten; });
    if (over == causes.end() || trace_.events[over->event].thread == e.thread) return;
    for (std::size_t j = i; j-- > 0;) {
      const TraceEvent& read = trace_.events[j];
      if (read.thread != e.thread || read.object != e.object || read.part != e.part) continue;
      if (read.operation != "read" || j > over->event) return;
      row("stale", "its thread had read it" + at(read) + ", before that write: it did not know of it");
      return;
    }
  }

  std::string schedule(std::size_t i) const {
    const TraceEvent& e = trace_.events[i];
    const std::string me = names_.thread(e.thread);
    if (i == 0) return "it is the first event";
    const TraceEvent& before = trace_.events[i - 1];
    const std::string other = names_.thread(before.thread);
    if (before.thread == e.thread) return me + " was running already";
    const std::string& why = e.switched;
    if (why == "preempted")
      return "a free choice: " + other + " could have gone on" + next_of(before.thread, i) +
             ", and was preempted";
    if (why == "ended") return other + " had ended, and " + me + " was chosen";
    if (why.empty()) return me + " was chosen";
    return other + " could not go on (" + printable(why) + "), and " + me + " was chosen";
  }

  /// " (its next is step 9)"
  std::string next_of(int thread, std::size_t i) const {
    for (; i < trace_.events.size(); ++i)
      if (trace_.events[i].thread == thread)
        return " (with step " + std::to_string(trace_.events[i].step) + ")";
    return {};
  }

  // --- a thread that waits

  const TraceBlocked* blocked(int thread) const {
    for (const TraceBlocked& b : trace_.blocked)
      if (b.thread == thread) return &b;
    return nullptr;
  }
  const TraceBlocked* last_of_blocked(std::size_t i) const {
    const int t = trace_.events[i].thread;
    for (std::size_t j = i + 1; j < trace_.events.size(); ++j)
      if (trace_.events[j].thread == t) return nullptr;
    return blocked(t);
  }

  std::string reason(const TraceBlocked& b) const {
    const std::string me = names_.thread(b.thread) + " ";
    std::string text = b.reason.empty() ? names_.describe(b, kWidest) : printable(b.reason);
    return text.starts_with(me) ? text.substr(me.size()) : text;
  }

  std::string waiting(const TraceBlocked& b) {
    out_.add(elide(names_.thread(b.thread), kName), style::thread(b.thread));
    constexpr std::size_t kForEver = 10;
    out_.put(out_.column() + 2, names_.describe(b, room() - kForEver), style::kBold);
    place(b.site, "for ever");
    row("waits", reason(b));
    wakers(b);
    chain(b);
    std::size_t last = trace_.events.size();
    for (std::size_t i = trace_.events.size(); i-- > 0 && last == trace_.events.size();)
      if (trace_.events[i].thread == b.thread) last = i;
    if (last == trace_.events.size()) return out_.take();
    const TraceEvent& e = trace_.events[last];
    row("its last", names_.describe(e, kWidest) + at(e));
    past(last);
    return out_.take();
  }

  /// What has become of a thread.
  std::string fate(int thread) const {
    for (const TraceEvent& e : trace_.events)
      if (e.thread == thread && e.operation == "end")
        return "has ended (step " + std::to_string(e.step) + ")";
    if (const TraceBlocked* b = blocked(thread)) {
      const std::string place = names_.place(b->site, here_);
      return "waits itself: " + names_.describe(*b, kWidest) + (place.empty() ? "" : " (" + place + ")");
    }
    return "goes on";
  }

  /// Who could let it go on, and why nobody does.
  void wakers(const TraceBlocked& b) {
    if (b.operation == "poll") return;
    if (b.waits_for >= 0)
      return row("woken by", "the end of " + names_.thread(b.waits_for) + ", which " + fate(b.waits_for));
    if (b.holder >= 0) {
      const int i = acquisition(trace_, b.holder, b.object);
      const std::string since =
          i < 0 ? "" : ", which it took" + at(trace_.events[static_cast<std::size_t>(i)]);
      const std::string holder = names_.thread(b.holder);
      if (b.holder == b.thread) return row("woken by", "a release by itself" + since + ": but it waits here");
      return row("woken by", "a release by " + holder + since + "; " + holder + " " + fate(b.holder));
    }
    std::string verbs;
    for (const char* name : enablers_of(b.operation)) {
      const std::string verb = name;
      if (verb.starts_with("try") || verb == "wait") continue;
      verbs += (verbs.empty() ? "" : " or ") + (verb == "event-set" ? "set" : verb);
    }
    if (verbs.empty()) return;
    const std::string object = b.object >= 0 ? " of " + names_.object(b.object) : "";
    std::vector<int> able;
    std::size_t latest = trace_.events.size();
    for (std::size_t i = 0; i < trace_.events.size(); ++i) {
      const TraceEvent& e = trace_.events[i];
      const bool notifies = b.operation == "wake" && e.operation == "notify-one" && e.object == b.object;
      if (!notifies && !enables(e, b.operation, b.object, b.thread)) continue;
      latest = i;
      if (std::find(able.begin(), able.end(), e.thread) == able.end()) able.push_back(e.thread);
    }
    row("woken by", "a " + verbs + object);
    if (able.empty()) return row("", "nobody has done that in this run");
    for (const int t : able) {
      std::size_t times = 0, last = 0;
      for (std::size_t i = 0; i <= latest; ++i) {
        const TraceEvent& e = trace_.events[i];
        const bool notifies = b.operation == "wake" && e.operation == "notify-one" && e.object == b.object;
        if (e.thread == t && (notifies || enables(e, b.operation, b.object, b.thread))) ++times, last = i;
      }
      row("", names_.thread(t) + " did that " +
                  (times == 1 ? "once," : std::to_string(times) + " times, the last time") +
                  at(trace_.events[last]) + ", and " + (t == b.thread ? "waits here" : fate(t)));
    }
  }

  /// Who waits for whom, from here on.
  void chain(const TraceBlocked& b) {
    std::string text = names_.thread(b.thread);
    std::set<int> seen = {b.thread};
    const TraceBlocked* next = &b;
    while (next) {
      const int t = next->holder >= 0 ? next->holder : next->waits_for;
      if (t < 0) break;
      text += " -> " + names_.thread(t);
      if (!seen.insert(t).second) {
        text += ": a circle";
        break;
      }
      next = blocked(t);
    }
    if (seen.size() > 1) row("chain", text);
  }

  // --- layout

  /// For the next text of a heading.
  std::size_t room() const {
    const std::size_t used = out_.column() + 2;
    return std::clamp(options_.width > used ? options_.width - used : 0, kLeast, kWidest);
  }

  /// At the end of a heading, or below it. `behind`: what comes last in it.
  void place(const engine::TraceSite& site, const std::string& behind = {}) {
    const std::string text = names_.place(site);
    const std::size_t more = behind.empty() ? 0 : behind.size() + 2;
    const bool fits = out_.column() + 2 + display_width(text) + more <= options_.width;
    if (fits) out_.put(out_.column() + 2, text, style::kDim);
    if (!behind.empty()) out_.put(out_.column() + 2, behind, style::kError);
    out_.end_line();
    if (!fits) out_.line(2, text, style::kDim);
    out_.end_line();
  }

  void row(const std::string& label, const std::string& text) {
    constexpr std::size_t kText = 14;
    out_.put(2, label, style::kDim);
    for (const std::string& line : wrap(text, options_.width > kText + 20 ? options_.width - kText : 20)) {
      out_.put(kText, line);
      out_.end_line();
    }
  }

  /// All that it rests on, in the order in which it happened.
  void past(std::size_t i) {
    std::vector<PastEvent> all = causal_past(trace_, i, options_.full ? kFar : kNearest + 1);
    if (all.empty()) return;
    const bool more = !options_.full && all.size() > kNearest;
    if (more) all.resize(kNearest);
    std::sort(all.begin(), all.end(),
              [](const PastEvent& a, const PastEvent& b) { return a.event < b.event; });
    out_.end_line();
    out_.line(
        2, more ? "what led there, the nearest (all of it: --full):" : "what led there, back to the start:");
    EventGrid grid(names_, here_, true);
    for (const PastEvent& p : all) grid.add_event(trace_.events[p.event], "<- " + role(p), false);
    grid.add_event(trace_.events[i], "<- this", true);
    grid.render(out_, options_.width);
  }

  std::string role(const PastEvent& p) const {
    const std::string of = " step " + std::to_string(trace_.events[p.of].step);
    switch (p.kind) {
      case Cause::Kind::Read: return "read in" + of;
      case Cause::Kind::Overwritten: return "overwritten in" + of;
      case Cause::Kind::Enabled: return "lets" + of + " happen";
      case Cause::Kind::Seen: return "seen before" + of;
      case Cause::Kind::Started: return "starts the thread of" + of;
    }
    return {};
  }

  const Trace& trace_;
  const TextOptions& options_;
  TraceNames names_;
  StyledText out_;
  std::string here_;
};

}  // namespace

std::string text_why(const Trace& trace, const std::string& what, const TextOptions& options) {
  return Why(trace, options).of(what);
}

}  // namespace raddle::reports
