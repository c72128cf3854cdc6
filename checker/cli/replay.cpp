// `raddle replay`.
#include <cstdlib>
#include <filesystem>
#include <optional>

#include <CLI/CLI.hpp>

#include "checker/cli/check_options.h"
#include "checker/cli/choices.h"
#include "checker/cli/command.h"
#include "checker/cli/interactive.h"
#include "checker/cli/parse.h"
#include "checker/cli/supervision.h"
#include "checker/cli/terminal.h"
#include "checker/cli/trace_model.h"
#include "checker/engine/engine.h"
#include "checker/engine/error.h"
#include "checker/explore/verification.h"
#include "reports/json_trace.h"
#include "reports/kinds.h"
#include "reports/policy.h"
#include "reports/search_result.h"
#include "reports/styled_text.h"
#include "reports/text_trace.h"
#include "reports/trace_names.h"

namespace raddle::cli {
namespace {

using engine::UserError;

class ReplayCommand : public Command {
 public:
  std::string_view name() const override { return "replay"; }
  std::string_view summary() const override {
    return "execute a recorded trace again and verify every event of it";
  }
  std::vector<std::string_view> usage() const override {
    return {"replay [OPTIONS] TRACE", "replay --break STEP TRACE", "replay --interactive TRACE|MODEL"};
  }
  std::string_view footer() const override {
    return "Exit status:\n"
           "  0  the trace recorded no finding, and the program did the same again\n"
           "  1  what the trace recorded was found again\n"
           "  2  bad input: options, a trace that cannot be read, or a program that has changed since\n"
           "  3  the program did something else than the trace says\n";
  }
  void declare(CLI::App& app) override {
    const char* group = "Options";
    app.add_option("TRACE", path_, "a file written by raddle check")->group(group);
    add_flag(app, "--force", force_, group, "even if the program has changed since");
    add_flag(app, "--full", full_, group, "show every event, and why each switch happened");
    add_flag(app, "--quiet", quiet_, group, "print the last line only: whether it happened again");
    add_value(
        app, "--break", break_, "STEP", group,
        "stop in a debugger before this step, in the thread that performs it: pdb, or what PYTHONBREAKPOINT "
        "names");
    add_flag(app, "--interactive", interactive_, group, kInteractiveHelp);
    add_value(app, "--watchdog", watchdog_, "DURATION", group, kWatchdogHelp);
    add_value(app, "--colour,--color", colour_, "WHEN", group, kColourHelp);
    offer(app, {{"--colour", kColours}});
  }

  int run() override {
    if (path_.empty()) throw UserError("replay: no trace given. Try raddle replay .raddle/NAME-1.json");
    const auto watchdog = parse_watchdog(watchdog_);
    colours_ = use_colour(parse_colour(colour_));
    if (interactive_ && !break_.empty())
      throw UserError("replay: --break and --interactive do not go together");
    if (interactive_ && is_program(path_)) return interact_with_program(watchdog);
    trace_ = reports::read_trace(path_);
    TraceModel traced(trace_, path_, force_);
    traced.check_front_end(break_);
    if (!break_.empty()) step_ = parse_step();
    Supervision supervision({.standstill = watchdog});
    return supervision.run(
        [&] {
          ModelStreams streams;
          if (interactive_) return interact_with(traced, supervision);
          traced.load(supervision);
          if (step_) streams.give_back();
          return conclude(execute(traced, supervision), traced);
        },
        [](const Loss& loss) {
          print_error("raddle: " + loss.message + '\n');
          return reports::kExitInconclusive;
        });
  }

 private:
  /// A program rather than a trace?
  static bool is_program(const std::string& path) {
    return path.ends_with(".py") || path.find(".py::") != std::string::npos;
  }

  int interact_with_program(std::chrono::nanoseconds watchdog) const {
    ModelSpec spec{.model = path_};
    spec.split_test();
    return interact_with_model(spec, {}, watchdog, colours_);
  }

  int interact_with(TraceModel& traced, Supervision& supervision) const {
    InteractiveRequest request;
    request.folder = std::filesystem::current_path().string();
    request.width = output_width();
    request.colours = colours_;
    request.suggested = explore::named_schedule(trace_, trace_.schedule);
    traced.load(supervision);
    request.header = trace_;
    request.header.program_hash = traced.model().program_hash();
    std::erase_if(request.header.options, [](const auto& option) { return option.first == kVisibility; });
    engine::Engine engine;
    engine::Program& program = traced.prepare(engine, supervision);
    engine.set_revealed(reports::revealed_in(trace_));
    return interact(request, supervision, traced.model(), engine, program);
  }

  /// Of --break.
  int parse_step() const {
    const std::uint64_t steps = trace_.events.size(), typed = parse_number("--break", break_, 1, UINT64_MAX);
    if (typed > steps)
      throw UserError(
          "--break: this trace has no step " + break_ +
          (steps == 0 ? ": it has none at all" : ". Its steps are 1 to " + std::to_string(steps)));
    const int step = static_cast<int>(typed);
    const engine::TraceEvent& event = trace_.events[static_cast<std::size_t>(step) - 1];
    if (event.operation == "end" || event.site.line <= 0)
      throw UserError("--break: step " + break_ + " (" + reports::TraceNames(trace_).describe(event, 60) +
                      ") is at no line of the program. Stop at another one");
    const char* debugger = std::getenv("PYTHONBREAKPOINT");
    if (debugger && debugger == std::string_view("0"))
      throw UserError("--break: PYTHONBREAKPOINT=0 turns debuggers off. Unset it, or name one");
    return step;
  }

  std::optional<explore::Breakpoint> prepare_breakpoint(Model& model, Supervision& supervision) const {
    if (!step_) return std::nullopt;
    supervision.let_crash();  // there
    model.prepare_debugger([this, &supervision](const std::string& error) {
      if (error.empty()) {
        print("left the debugger; the rest was not replayed\n");
      } else {
        print_error("raddle: --break: " + error + '\n');
      }
      supervision.leave(error.empty() ? reports::kExitClean : reports::kExitBadInput);
    });
    return explore::Breakpoint{
        step_, [this, &model, &supervision] {
          supervision.pause(true);  // for good: whoever debugs may step through all of it
          print(place_of_break());
          model.stop_in_debugger();
        }};
  }

  std::string place_of_break() const {
    const reports::TraceNames names(trace_);
    const engine::TraceEvent& event = trace_.events[static_cast<std::size_t>(step_) - 1];
    return (event.visible ? "before step " : "at step ") + break_ + ": " + names.thread(event.thread) + "  " +
           names.describe(event, 60, true) + '\n';
  }

  explore::ReplayReport execute(TraceModel& traced, Supervision& supervision) {
    engine::Engine engine;
    engine::Program& program = traced.prepare(engine, supervision);
    const auto breakpoint = prepare_breakpoint(traced.model(), supervision);
    explore::ReplayReport report = explore::replay(engine, program, trace_, reports::revealed_in(trace_),
                                                   breakpoint ? &*breakpoint : nullptr);
    supervision.stop_watching();
    return report;
  }

  int conclude(const explore::ReplayReport& r, const TraceModel& traced) const {
    const bool recorded = !trace_.findings.empty();
    reports::StyledText out(colours_);
    const bool shown = !quiet_ && (!step_ || full_);  // whoever debugs has the trace before them
    if (shown && !r.diverged) {
      reports::TextOptions options;
      options.width = output_width();
      options.colour = colours_;
      options.full = full_;
      options.path = path_;
      out.block(reports::text_trace(trace_, options));
      out.end_line();
    }
    const std::string events =
        std::to_string(trace_.events.size()) + (trace_.events.size() == 1 ? " event" : " events");
    if (r.diverged) {
      out.line(0, "DIVERGED at step " + std::to_string(r.step), reports::style::kError);
      if (!quiet_) {
        out.line(2, "recorded: " + r.expected);
        out.line(2, "now:      " + r.actual);
        out.paragraph(2, reason(traced), output_width());
      }
    } else if (recorded && !r.reproduced) {
      out.line(0, "NOT REPRODUCED: " + events + " as recorded, but the " + kind() + " was not found again",
               reports::style::kError);
      if (trace_.raddle_version != RADDLE_VERSION)
        out.line(2, "The trace is from raddle " + trace_.raddle_version + ", this is " RADDLE_VERSION ".");
    } else if (recorded) {
      out.line(0, "reproduced: " + events + " as recorded, and the same " + kind());
    } else {
      out.line(0, "reproduced: " + events + " as recorded; the trace has no finding");
    }
    print(out.take());
    return reports::replay_exit_code(trace_, r.diverged || (recorded && !r.reproduced));
  }

  std::string kind() const {
    const std::string& kind = trace_.findings.front().kind;
    const std::string words = reports::heading_of(kind);
    std::string text;
    for (const char c : words) text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
  }

  std::string reason(const TraceModel& traced) const {
    if (!traced.changed().empty()) return traced.changed() + " has changed since the trace was recorded.";
    if (step_)
      return "The program is the same, so it is what was done in the debugger that it does not forget.";
    std::string text =
        "The program is the same, so what it does depends on something that raddle does not control: the "
        "time, random "
        "numbers, files, the network, its environment.";
    if (trace_.raddle_version != RADDLE_VERSION)
      text = "The trace is from raddle " + trace_.raddle_version +
             ", this is " RADDLE_VERSION ", which may schedule otherwise.";
    const std::vector<std::string> uncontrolled = traced.model().uncontrolled();
    for (std::size_t i = 0; i < uncontrolled.size(); ++i)
      text += (i == 0 ? " It used " : ", ") + uncontrolled[i];
    return uncontrolled.empty() ? text : text + ".";
  }

  std::string path_, break_, watchdog_ = "5s", colour_ = "auto";
  int step_ = 0;  // of --break; 0: none
  bool force_ = false, full_ = false, interactive_ = false, quiet_ = false, colours_ = false;
  engine::Trace trace_;
};

}  // namespace

std::unique_ptr<Command> make_replay() { return std::make_unique<ReplayCommand>(); }

}  // namespace raddle::cli
