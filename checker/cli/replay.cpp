// `raddle replay`.
#include <unistd.h>

#include <filesystem>

#include <CLI/CLI.hpp>

#include "checker/cli/check_options.h"
#include "checker/cli/command.h"
#include "checker/cli/parse.h"
#include "checker/cli/supervision.h"
#include "checker/cli/terminal.h"
#include "checker/engine/engine.h"
#include "checker/engine/error.h"
#include "checker/explore/verification.h"
#include "reports/json_trace.h"
#include "reports/kinds.h"
#include "reports/policy.h"
#include "reports/search_result.h"
#include "reports/styled_text.h"
#include "reports/text_trace.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;
using engine::UserError;

/// The file as seen from here: traces name it as it was typed in the folder above theirs, most likely.
std::string locate(const std::string& file, const std::string& trace_path) {
  std::error_code error;
  if (fs::path(file).is_absolute() || fs::exists(file, error)) return file;
  const fs::path folder = fs::absolute(trace_path, error).parent_path();
  for (const fs::path& base : {folder.parent_path(), folder})
    if (fs::exists(base / file, error)) return (base / file).string();
  throw UserError("the trace's program " + file + " is neither here nor in the folder above the trace's; " +
                  "go to the folder where it was checked");
}

class ReplayCommand : public Command {
 public:
  std::string_view name() const override { return "replay"; }
  std::string_view summary() const override {
    return "execute a recorded trace again and verify every event of it";
  }
  std::vector<std::string_view> usage() const override { return {"replay [OPTIONS] TRACE"}; }
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
    add_value(app, "--watchdog", watchdog_, "DURATION", group, kWatchdogHelp);
    add_value(app, "--colour,--color", colour_, "WHEN", group, kColourHelp);
  }

  int run() override {
    if (path_.empty()) throw UserError("replay: no trace given. Try raddle replay .raddle/NAME-1.json");
    const auto watchdog = parse_watchdog(watchdog_);
    colours_ = use_colour(parse_colour(colour_));
    trace_ = reports::read_trace(path_);
    if (trace_.front_end == "library") throw UserError(belongs_to_library());
    if (trace_.front_end != "python")
      throw UserError(path_ + ": this raddle cannot replay traces of front end \"" + trace_.front_end + "\"");
    Supervision supervision({.standstill = watchdog});
    return supervision.run(
        [&] {
          const ModelStreams streams;
          load(supervision);
          return conclude(execute(supervision));
        },
        [](const Loss& loss) {
          print_error("raddle: " + loss.message + '\n');
          return reports::kExitInconclusive;
        });
  }

 private:
  std::string belongs_to_library() const {
    return path_ + ": this is a trace of a test that uses the C++ library. " +
           (trace_.replay_command.empty() ? "Run that test with RADDLE_REPLAY=" + path_
                                          : "To replay it: " + reports::replay_command(trace_, path_));
  }

  void load(Supervision& supervision) {
    ModelSpec spec = ModelSpec::from_trace(trace_);
    std::string input;
    if (!spec.stdin_file.empty()) {
      input = read_input("the trace's standard input", locate(spec.stdin_file, path_));
      if (content_hash(input) != option_of(trace_.options, "stdin-hash"))
        changed("its standard input " + spec.stdin_file);
    }
    if (!spec.as_module) spec.model = locate(spec.model, path_);
    model_ = supervision.load(spec, input);
    if (model_->program_hash() != trace_.program_hash) changed(trace_.model);
  }

  void changed(const std::string& what) {
    if (!force_)
      throw UserError(path_ + ": " + what + " has changed since this trace was recorded. Check it again, " +
                      "or replay with --force to see how far the trace still fits");
    if (changed_.empty()) changed_ = what;
  }

  explore::ReplayReport execute(Supervision& supervision) {
    engine::Engine engine;
    engine.set_timeouts(option_of(trace_.options, "timeouts") != "never");
    engine.set_virtual_clock(option_of(trace_.options, "clock") == "virtual");
    model_->set_visibility(option_of(trace_.options, kVisibility));
    engine::Program& program = supervision.watch(engine, *model_);
    explore::ReplayReport report = explore::replay(engine, program, trace_, reports::revealed_in(trace_));
    supervision.stop_watching();
    return report;
  }

  int conclude(const explore::ReplayReport& r) const {
    const bool recorded = !trace_.findings.empty();
    reports::StyledText out(colours_);
    if (!quiet_ && !r.diverged) {
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
        out.paragraph(2, reason(), output_width());
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

  std::string reason() const {
    if (!changed_.empty()) return changed_ + " has changed since the trace was recorded.";
    std::string text =
        "The program is the same, so what it does depends on something that raddle does not control: the "
        "time, random "
        "numbers, files, the network, its environment.";
    if (trace_.raddle_version != RADDLE_VERSION)
      text = "The trace is from raddle " + trace_.raddle_version +
             ", this is " RADDLE_VERSION ", which may schedule otherwise.";
    const std::vector<std::string> uncontrolled = model_->uncontrolled();
    for (std::size_t i = 0; i < uncontrolled.size(); ++i)
      text += (i == 0 ? " It used " : ", ") + uncontrolled[i];
    return uncontrolled.empty() ? text : text + ".";
  }

  std::string path_, watchdog_ = "5s", colour_ = "auto";
  bool force_ = false, full_ = false, quiet_ = false, colours_ = false;
  engine::Trace trace_;
  std::unique_ptr<Model> model_;
  std::string changed_;  // in spite of --force
};

}  // namespace

std::unique_ptr<Command> make_replay() { return std::make_unique<ReplayCommand>(); }

}  // namespace raddle::cli
