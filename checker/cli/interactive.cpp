#include "checker/cli/interactive.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "checker/cli/interruption.h"
#include "checker/cli/terminal.h"
#include "checker/engine/error.h"
#include "checker/explore/interactive.h"
#include "reports/json_trace.h"
#include "reports/policy.h"
#include "reports/search_result.h"
#include "reports/styled_text.h"
#include "reports/text_trace.h"
#include "reports/trace_names.h"
#include "reports/utf8.h"

namespace raddle::cli {
namespace {

using engine::Trace;
using engine::TraceBlocked;
using engine::TraceEvent;
using Reply = explore::Chooser::Reply;

constexpr int kInterrupted = 130;  // as a shell says it
constexpr std::size_t kLongestEvent = 60, kLongestName = 20;
constexpr const char* kCommands =
    "  a number: this one goes next    Enter: the one marked ->    u: undo    b N: back to step N\n"
    "  c: to the end, without questions    s FILE: keep the run as a trace, when it has ended    q: quit\n";
constexpr const char* kCommandsAtEnd =
    "  u: undo    b N: back to step N    s FILE: keep the run as a trace    Enter or q: quit\n";

class Dialogue : public explore::Chooser {
 public:
  Dialogue(const InteractiveRequest& request, Supervision& supervision, Model& model, engine::Engine& engine)
      : request_(request), supervision_(supervision), model_(model), engine_(engine) {}

  Reply choose(const Question& q) override {
    engine::TraceRecorder state = q.recorder;  // describing what is pending names objects in it
    std::vector<TraceEvent> choices;
    for (const engine::Decision& d : q.enabled) choices.push_back(pending(q.engine, state, d));
    state.finish(q.engine, engine::Outcome::Deadlock);
    Trace& now = state.trace();
    now.front_end = request_.header.front_end;
    now.model = request_.header.model;
    const reports::TraceNames names(now);
    events(now, names);
    const std::size_t next = now.events.size() + 1;
    list(now, names, q, choices);
    for (;;) {
      const auto line = ask("step " + std::to_string(next) + "> ");
      if (!line) return {Reply::Kind::Stop};
      if (auto reply = understand(*line, q.enabled.size(), q.suggested, next, q.can_undo, false))
        return *reply;
    }
  }

  Reply ended(const Trace& trace) override {
    Trace t = complete(trace);
    const reports::TraceNames names(t);
    events(t, names);
    print("\n");
    print(result(t));
    keep(t);
    if (!pending_end_) {
      for (;;) {
        const auto line = ask("ended> ");
        if (!line || line->empty()) break;
        if (auto reply = understand(*line, 0, 0, t.events.size() + 1, true, true)) {
          keep(t);
          if (reply->kind == Reply::Kind::Choose) continue;
          return *reply;
        }
        keep(t);
      }
    }
    return {Reply::Kind::Stop};
  }

  void lost_track(engine::Step) override {
    print("The program goes another way from here on: what it has shown makes more visible.\n");
    rewound_ = true;
  }

  bool wants_to_stop() const override { return *Interruption::requested(); }

  bool failed_to_keep() const { return !keep_as_.empty(); }

 private:
  // --- what is shown

  /// What has happened since the last time.
  void events(const Trace& t, const reports::TraceNames& names) {
    reports::StyledText out(request_.colours);
    if (std::exchange(rewound_, false)) {
      out.line(0, "back before step " + std::to_string(t.events.size() + 1), reports::style::kDim);
      shown_ = t.events.size();
    }
    for (; shown_ < t.events.size(); ++shown_) {
      const TraceEvent& e = t.events[shown_];
      const std::string step = std::to_string(e.step);
      out.put(step.size() < 4 ? 4 - step.size() : 0, step, reports::style::kDim);
      out.put(6, elide(names.thread(e.thread), kLongestName), reports::style::thread(e.thread));
      out.put(6 + thread_width(t, names) + 2, names.describe(e, kLongestEvent, true),
              reports::style::thread(e.thread));
      out.put(out.column() + 2, names.place(e.site, t.model), reports::style::kDim);
      out.end_line();
    }
    print(out.take());
  }

  static std::string elide(const std::string& text, std::size_t width) { return reports::elide(text, width); }

  std::size_t thread_width(const Trace& t, const reports::TraceNames& names) const {
    std::size_t width = 0;
    for (std::size_t i = 0; i < t.threads.size(); ++i)
      width =
          std::max(width, std::min(reports::display_width(names.thread(static_cast<int>(i))), kLongestName));
    return width;
  }

  void list(const Trace& now, const reports::TraceNames& names, const Question& q,
            const std::vector<TraceEvent>& choices) const {
    reports::StyledText out(request_.colours);
    const std::size_t threads = thread_width(now, names);
    std::size_t text = 0;
    for (const TraceEvent& e : choices)
      text = std::max(text, reports::display_width(names.describe(e, kLongestEvent)));
    const std::size_t column = 8 + threads + 2;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const TraceEvent& e = choices[i];
      const std::string number = std::to_string(i + 1);
      if (i == q.suggested) out.put(0, "->", reports::style::kBold);
      out.put(number.size() < 3 ? 6 - number.size() : 3, number, reports::style::kBold);
      out.put(8, elide(names.thread(e.thread), kLongestName), reports::style::thread(e.thread));
      out.put(column, names.describe(e, kLongestEvent), reports::style::thread(e.thread));
      out.put(column + text + 2, names.place(e.site, now.model), reports::style::kDim);
      out.end_line();
    }
    for (const TraceBlocked& b : now.blocked) {
      const auto can = [&](const TraceEvent& e) { return e.thread == b.thread; };
      if (std::any_of(choices.begin(), choices.end(), can)) continue;
      out.put(5, "-", reports::style::kDim);
      out.put(8, elide(names.thread(b.thread), kLongestName), reports::style::thread(b.thread));
      out.put(column, names.describe(b, kLongestEvent), reports::style::kDim);
      out.put(column + text + 2, names.place(b.site, now.model), reports::style::kDim);
      out.put(out.column() + 2, reason(b, names), reports::style::kDim);
      out.end_line();
    }
    print(out.take());
  }

  static std::string reason(const TraceBlocked& b, const reports::TraceNames& names) {
    if (b.waits_for >= 0) return "waits for " + names.thread(b.waits_for) + " to end";
    if (b.holder >= 0) return b.holder == b.thread ? "holds it itself" : "held by " + names.thread(b.holder);
    if (b.operation == "get") return "it is empty";
    if (b.operation == "put") return "it is full";
    if (b.operation == "acquire") return "its count is 0";
    if (b.operation == "event-wait") return "it is not set";
    if (b.operation == "wake") return "not notified";
    return b.operation == "poll" ? "polls to no avail" : "cannot go on now";
  }

  /// The transition as the event that it would be.
  static TraceEvent pending(const engine::Engine& e, engine::TraceRecorder& state, engine::Decision d) {
    const engine::Operation& op = e.thread(d.tid).op;
    TraceEvent event;
    event.thread = state.thread_index(e, d.tid);
    event.operation = engine::name(op.kind);
    event.object = state.object_index(e, engine::object_of(op.a0));
    event.site = engine::trace_site(op.site);
    if (op.kind == engine::OpKind::Wait) event.object2 = state.object_index(e, engine::object_of(op.a1));
    if (d.alt == engine::kExpire && op.timed) {
      event.operation = "expire";
    } else if (op.kind == engine::OpKind::Choose) {
      event.result = std::to_string(d.alt);
    } else if (op.kind == engine::OpKind::NotifyOne && d.alt) {
      event.other = state.thread_index(e, static_cast<engine::Tid>(d.alt - 1));
    }
    return event;
  }

  std::string result(const Trace& t) const {
    reports::TextOptions options;
    options.width = request_.width;
    options.colour = request_.colours;
    if (!t.findings.empty()) return reports::text_trace(t, options);
    return "nothing found: the run ends as \"" + t.outcome + "\", " + std::to_string(t.events.size()) +
           " events\n";
  }

  // --- what is typed

  std::optional<std::string> ask(const std::string& prompt) {
    print(prompt);
    supervision_.pause(true);
    const auto line = read_line(*Interruption::requested());
    supervision_.pause(false);
    if (!line || *Interruption::requested()) {
      print("\n");
      return std::nullopt;
    }
    if (!input_is_terminal()) print(*line + "\n");  // as if it had been typed here
    std::string text = *line;
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.pop_back();
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    return text;
  }

  static std::optional<std::size_t> number(const std::string& text) {
    std::size_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return n;
  }

  /// nullopt: it has been dealt with, or complained about, and the question stands.
  std::optional<Reply> understand(const std::string& line, std::size_t choices, std::size_t suggested,
                                  std::size_t next, bool can_undo, bool at_end) {
    if (line.empty()) return Reply{Reply::Kind::Choose, suggested, 0};
    const std::string word = line.substr(0, line.find(' '));
    const std::string rest =
        line.size() > word.size() ? line.substr(line.find_first_not_of(' ', word.size())) : "";
    if (const auto n = number(line); n && !at_end) {
      if (*n >= 1 && *n <= choices) return Reply{Reply::Kind::Choose, *n - 1, 0};
      print("There is no choice " + line + ": it is 1 to " + std::to_string(choices) + ".\n");
      return std::nullopt;
    }
    if (word == "q" && rest.empty()) {
      // What is to be kept has to come to its end.
      pending_end_ = !keep_as_.empty() && !at_end;
      return Reply{pending_end_ ? Reply::Kind::Continue : Reply::Kind::Stop, 0, 0};
    }
    if (word == "c" && rest.empty() && !at_end) return Reply{Reply::Kind::Continue, 0, 0};
    if (word == "u" && rest.empty()) {
      if (can_undo) return back({Reply::Kind::Undo, 0, 0});
      print("There is nothing to undo.\n");
      return std::nullopt;
    }
    if (word == "b") {
      if (const auto n = number(rest); n && *n >= 1 && *n < next)
        return back({Reply::Kind::BackTo, 0, static_cast<int>(*n)});
      print(next == 1 ? "There is no step to go back to yet.\n"
                      : "b takes a step: 1 to " + std::to_string(next - 1) + ".\n");
      return std::nullopt;
    }
    if (word == "s") {
      keep_as_ = rest;
      if (rest.empty()) print("s takes the name of a file.\n");
      if (!rest.empty() && !at_end) print("The run will be kept in " + rest + " when it has ended.\n");
      return std::nullopt;
    }
    if (word != "h" && word != "?" && word != "help") print("There is no '" + line + "' here.\n");
    print(at_end ? kCommandsAtEnd : kCommands);
    return std::nullopt;
  }

  Reply back(Reply reply) {
    rewound_ = true;
    return reply;
  }

  // --- traces

  Trace complete(const Trace& trace) const {
    Trace t = trace;
    const Trace& h = request_.header;
    t.model = h.model;
    t.arguments = h.arguments;
    t.front_end = h.front_end;
    t.program_hash = h.program_hash;
    t.raddle_version = RADDLE_VERSION;
    t.options = h.options;
    if (const std::string visibility = model_.visibility(); !visibility.empty())
      t.options.emplace_back(kVisibility, visibility);
    reports::note_revealed(t, engine_.revealed());
    t.output.clear();
    for (const TraceEvent& e : t.events)
      if (e.operation == "output") t.output += e.text + '\n';
    return t;
  }

  void keep(const Trace& t) {
    if (keep_as_.empty()) return;
    const std::string path = (std::filesystem::path(request_.folder) / keep_as_).string();
    try {
      reports::write_trace(path, t);
      print("kept in " + keep_as_ + ": raddle replay " + keep_as_ + "\n");
      keep_as_.clear();
    } catch (const engine::UserError& e) {
      print(std::string(e.what()) + "\n");
      if (!pending_end_) keep_as_.clear();
    }
  }

  const InteractiveRequest& request_;
  Supervision& supervision_;
  Model& model_;
  engine::Engine& engine_;
  std::size_t shown_ = 0;     // events
  bool rewound_ = false;      // the run has begun again, up to some step
  bool pending_end_ = false;  // it only goes on so that it can be kept
  std::string keep_as_;
};

}  // namespace

int interact(const InteractiveRequest& request, Supervision& supervision, Model& model,
             engine::Engine& engine, engine::Program& program) {
  const Interruption interruption;
  Dialogue dialogue(request, supervision, model, engine);
  explore::Interactive session(dialogue, request.suggested);
  session.run(engine, program);
  supervision.stop_watching();
  if (*Interruption::requested()) return kInterrupted;
  if (dialogue.failed_to_keep()) return reports::kExitBadInput;
  const auto& findings = session.trace().findings;
  const bool error = session.has_ended() && std::any_of(findings.begin(), findings.end(),
                                                        [](const auto& f) { return f.severity == "error"; });
  return error ? reports::kExitFindings : reports::kExitClean;
}

int interact_with_model(const ModelSpec& spec, const Options& options, std::chrono::nanoseconds watchdog,
                        bool colours) {
  InteractiveRequest request;
  request.folder = std::filesystem::current_path().string();
  request.width = output_width();
  request.colours = colours;
  Supervision supervision({.standstill = watchdog});
  return supervision.run(
      [&] {
        const ModelStreams streams;
        const std::unique_ptr<Model> model = supervision.load(spec, {});
        Trace& h = request.header;
        h.model = spec.model;
        h.arguments = spec.arguments;
        h.front_end = front_end_of(spec);
        h.program_hash = model->program_hash();
        h.options = options;
        const Options of_model = spec.options({});
        h.options.insert(h.options.end(), of_model.begin(), of_model.end());
        engine::Engine engine;
        engine.set_notify_any(false);
        engine.set_timeouts(option_of(options, "timeouts") != "never");
        engine.set_virtual_clock(option_of(options, "clock") == "virtual");
        engine::Program& program = supervision.watch(engine, *model);
        return interact(request, supervision, *model, engine, program);
      },
      [](const Loss& loss) {
        print_error("raddle: " + loss.message + '\n');
        return reports::kExitInconclusive;
      });
}

}  // namespace raddle::cli
