#include "reports/text_trace.h"

#include <algorithm>

#include "reports/event_grid.h"
#include "reports/event_selection.h"
#include "reports/kinds.h"
#include "reports/mark_words.h"
#include "reports/shell_words.h"
#include "reports/styled_text.h"
#include "reports/text_blocked.h"
#include "reports/trace_names.h"
#include "reports/utf8.h"

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceEvent;
using engine::TraceFinding;

constexpr std::size_t kShortEvents = 10;
constexpr std::size_t kShortBlocked = 8;
constexpr std::size_t kShortDetail = 6;     // lines
constexpr std::size_t kShortMessage = 5;    // lines
constexpr std::size_t kHeadlineWidth = 80;  // where places of headlines end, also in wider terminals

class TraceText {
 public:
  TraceText(const Trace& trace, const TextOptions& options)
      : trace_(trace), options_(options), names_(trace), out_(options.colour) {
    if (!trace.findings.empty()) finding_ = &trace.findings.front();
    here_ = finding_ && !finding_->site.file.empty() ? finding_->site.file : trace.model;
  }

  std::string render() {
    headline();
    if (!options_.only.empty()) return filtered();
    if (options_.full) summary();
    EventSelection selection = options_.full ? all_events(trace_) : select_events(trace_, kShortEvents);
    if (!selection.events.empty() || !failure_words().empty()) {
      out_.end_line();
      events(selection);
    }
    blocked();
    detail();
    if (options_.full) output();
    if (options_.full) other_findings();
    if (!trace_.explanation.empty()) section(trace_.explanation);
    commands(selection.events.size() < trace_.events.size());
    return out_.take();
  }

 private:
  /// Only what was asked for.
  std::string filtered() {
    const EventSelection selection = filter_events(trace_, names_, options_.only);
    auto all = [](const std::vector<std::string>& names, const char* before) {
      std::string text;
      for (const std::string& name : names) text += (text.empty() ? before : ", ") + printable(name);
      return text;
    };
    const std::string count = std::to_string(selection.events.size());
    section(count + " of " + std::to_string(trace_.events.size()) + " events" +
            all(options_.only.threads, ", of ") + all(options_.only.objects, ", that touch ") +
            (selection.events.empty() ? "" : ":"));
    EventGrid grid(names_, here_, true);
    for (const std::size_t i : selection.events) {
      const std::string mark = mark_words(trace_, trace_.events[i], names_, detailed());
      grid.add_event(trace_.events[i], mark.empty() ? "" : "<- " + mark, is_wrong(trace_.events[i]));
    }
    out_.end_line();
    grid.render(out_, options_.width);
    return out_.take();
  }

  void headline() {
    if (finding_) {
      out_.block(text_headline(*finding_, names_.place(finding_->site), options_));
    } else {
      out_.line(0, "NO FINDING  " + printable(trace_.model), style::kBold);
    }
  }

  void summary() {
    std::string text;
    if (!trace_.model.empty()) {
      text = "model: " + trace_.model;
      for (const std::string& argument : trace_.arguments) text += " " + shell_word(argument);
      text += "; ";
    }
    text += std::to_string(trace_.threads.size()) +
            (trace_.threads.size() == 1 ? " thread, " : " threads, ") + std::to_string(trace_.events.size()) +
            (trace_.events.size() == 1 ? " event" : " events") + "; end: " + trace_.outcome;
    section(text);
  }

  void events(const EventSelection& selection) {
    EventGrid grid(names_, here_, options_.full);
    const TraceEvent* previous = nullptr;
    for (std::size_t i = 0; i < selection.events.size(); ++i) {
      const TraceEvent& event = trace_.events[selection.events[i]];
      if (selection.dropped_before[i] > 0) grid.add_gap(selection.dropped_before[i]);
      bool switched =
          options_.full && previous && !event.switched.empty() && previous->thread != event.thread;
      if (switched && event.switched != "ended") grid.add_switch(previous->thread, event.switched);
      if (replaced_by_failure(event)) continue;
      bool announced = event.mark == "failure" && event.operation == "output";
      if (announced) failure(grid);
      std::string mark = mark_words(trace_, event, names_, detailed());
      grid.add_event(event, mark.empty() ? "" : "<- " + mark, is_wrong(event));
      if (event.mark == "failure" && !announced) failure(grid);
      previous = &event;
    }
    failure(grid);
    bool few = !trace_.blocked.empty() && trace_.blocked.size() <= kShortBlocked;
    if (few && waits_matter()) grid.add_blocked(trace_.blocked);
    grid.render(out_, options_.width);
  }

  std::string failure_words() const { return finding_ ? reports::failure_words(*finding_) : std::string(); }

  /// The row that says so, once.
  void failure(EventGrid& grid) {
    std::string words = failed_ || has_exception_event() ? "" : failure_words();
    if (!words.empty()) grid.add_failure(finding_->threads.front(), words, finding_->site);
    failed_ = true;
  }

  bool has_exception_event() const {
    return std::any_of(trace_.events.begin(), trace_.events.end(),
                       [](const TraceEvent& e) { return e.mark == "failure" && e.operation == "exception"; });
  }

  /// In the short form: the traceback that is printed, and the exit whose status is wrong.
  bool replaced_by_failure(const TraceEvent& event) const {
    return !options_.full && event.mark == "failure" && !failure_words().empty() &&
           (event.operation == "output" || event.operation == "exit");
  }

  /// Is its mark one of what goes wrong, rather than of what leads there?
  static bool is_wrong(const TraceEvent& event) {
    return event.mark != "stale-write" && event.mark != "stale-read" && event.mark != "overwritten" &&
           event.mark != "holds" && event.mark != "race" && event.mark != "round";
  }

  bool detailed() const { return options_.full || !options_.only.empty(); }

  bool waits_matter() const {
    return options_.full || trace_.outcome == "deadlock" ||
           (finding_ && (finding_->kind == "deadlock" || finding_->kind == "hang"));
  }

  void blocked() {
    if (trace_.blocked.empty() || !waits_matter()) return;
    out_.end_line();
    std::size_t limit = options_.full ? trace_.blocked.size() : kShortBlocked;
    text_blocked(out_, trace_, names_, here_, options_.width, limit);
  }

  void detail() {
    if (!finding_ || finding_->detail.empty()) return;
    if (finding_->kind == "deadlock" && !wait_cycle(trace_).empty()) return;  // shown already
    std::vector<std::string> lines =
        wrap(finding_->detail, options_.width - std::min<std::size_t>(options_.width, 2));
    out_.end_line();
    std::size_t first = 0;
    if (!options_.full && lines.size() > kShortDetail) {
      first = lines.size() - kShortDetail + 1;  // the end of a traceback is what matters
      out_.line(2, "...", style::kDim);
    }
    for (; first < lines.size(); ++first) out_.line(2, lines[first]);
  }

  void output() {
    if (trace_.output.empty()) return;
    section("output:");
    out_.paragraph(4, trace_.output, options_.width);
  }

  void other_findings() {
    if (trace_.findings.size() < 2) return;
    section("also in this execution:");
    for (std::size_t i = 1; i < trace_.findings.size(); ++i) {
      const TraceFinding& f = trace_.findings[i];
      std::string place = names_.place(f.site);
      out_.paragraph(4,
                     f.kind + (f.title.empty() ? "" : " " + f.title) + (place.empty() ? "" : " " + place) +
                         ": " + f.message,
                     options_.width);
    }
  }

  void commands(bool more) {
    std::vector<std::string> all;
    std::string replay = replay_command(trace_, options_.path);
    if (!replay.empty()) all.push_back("replay: " + printable(replay));
    std::string path = printable(shell_word(options_.path));
    if (!options_.path.empty() && more && !options_.full) all.push_back("full: raddle show --full " + path);
    if (!options_.html.empty()) all.push_back("html: " + printable(options_.html));
    if (all.empty()) return;
    if (trace_.explanation.empty()) out_.end_line();
    constexpr std::size_t kBetween = 6;
    for (const std::string& command : all) {
      bool fits = out_.column() + kBetween + display_width(command) <= options_.width;
      if (out_.column() > 0 && !fits) out_.end_line();
      out_.put(out_.column() > 0 ? out_.column() + kBetween : 2, command);
    }
    out_.end_line();
  }

  /// An indented paragraph below an empty line.
  void section(const std::string& text) {
    out_.end_line();
    out_.paragraph(2, text, options_.width);
  }

  const Trace& trace_;
  const TextOptions& options_;
  const TraceFinding* finding_ = nullptr;
  bool failed_ = false;  // the row for it is there
  TraceNames names_;
  std::string here_;  // the file whose name places leave out
  StyledText out_;
};

}  // namespace

std::string replay_command(const Trace& trace, const std::string& path) {
  constexpr std::string_view kPlaceholder = "{trace}";
  std::string command = trace.replay_command.empty() ? "raddle replay {trace}" : trace.replay_command;
  std::size_t at = command.find(kPlaceholder);
  if (at == std::string::npos) return command;
  if (path.empty()) return {};  // nothing to name
  return command.replace(at, kPlaceholder.size(), shell_word(path));
}

std::string text_headline(const TraceFinding& finding, const std::string& place, const TextOptions& options) {
  StyledText out(options.colour);
  std::string heading = heading_of(printable(finding.kind));
  std::string_view alarm = finding.severity == "error"     ? style::kError
                           : finding.severity == "warning" ? style::kWarning
                                                           : style::kBold;
  out.add(heading, alarm);
  std::size_t end = std::min(options.width, kHeadlineWidth);
  std::size_t used = display_width(heading) + 2 + (place.empty() ? 0 : display_width(place) + 2);
  std::string title = elide(printable(finding.title), std::max<std::size_t>(end > used ? end - used : 0, 12));
  out.put(out.column() + 2, title, style::kBold);
  std::size_t width = display_width(place);
  out.put(end > width ? end - width : 0, place);
  out.end_line();
  std::size_t lines = 0;
  for (const std::string& line : wrap(finding.message, options.width > 2 ? options.width - 2 : 1)) {
    if (++lines > kShortMessage && !options.full) {
      out.line(2, "...", style::kDim);
      break;
    }
    out.line(2, line);
  }
  return out.take();
}

std::string text_trace(const Trace& trace, const TextOptions& options) {
  return TraceText(trace, options).render();
}

}  // namespace raddle::reports
