// `raddle show`.
#include <unistd.h>

#include <filesystem>

#include <CLI/CLI.hpp>

#include "checker/cli/check_options.h"
#include "checker/cli/choices.h"
#include "checker/cli/command.h"
#include "checker/cli/outputs.h"
#include "checker/cli/pager.h"
#include "checker/cli/parse.h"
#include "checker/cli/supervision.h"
#include "checker/cli/terminal.h"
#include "checker/cli/trace_model.h"
#include "checker/engine/error.h"
#include "checker/explore/verification.h"
#include "reports/html_page.h"
#include "reports/json_trace.h"
#include "reports/junit.h"
#include "reports/mermaid.h"
#include "reports/model_report.h"
#include "reports/perfetto.h"
#include "reports/policy.h"
#include "reports/sarif.h"
#include "reports/search_result.h"
#include "reports/shell_words.h"
#include "reports/source_files.h"
#include "reports/text_diff.h"
#include "reports/text_trace.h"
#include "reports/text_why.h"

namespace raddle::cli {
namespace {

using engine::UserError;

/// The program that the library was part of.
std::string program_of(const engine::Trace& trace) {
  constexpr std::string_view kBefore = "{trace} ";
  const std::size_t at = trace.replay_command.find(kBefore);
  return at == std::string::npos
             ? ""
             : reports::first_shell_word(std::string_view(trace.replay_command).substr(at + kBefore.size()));
}

/// Files of the trace's program as they are now: traces name it as it was typed in the folder above theirs, most likely.
reports::SourceLookup sources_near(const engine::Trace& trace, const std::string& path) {
  namespace fs = std::filesystem;
  if (trace.front_end == "library") return reports::sources_of_program(program_of(trace));
  const fs::path folder = fs::absolute(path).parent_path();
  return [=, model = fs::path(trace.model)](const std::string& file) -> std::optional<std::string> {
    for (const fs::path& base : {fs::path(), folder.parent_path(), folder})
      if (auto text = reports::sources_on_disk((base / model).string())(file)) return text;
    return std::nullopt;
  };
}

class Show : public Command {
 public:
  std::string_view name() const override { return "show"; }
  std::string_view summary() const override { return "show a recorded trace, one column for each thread"; }
  std::vector<std::string_view> usage() const override {
    return {"show [OPTIONS] TRACE", "show --why STEP TRACE", "show --diff [PASSING] TRACE"};
  }
  std::string_view footer() const override {
    return "On a terminal it goes through $RADDLE_PAGER, $PAGER or less.\n";
  }
  void declare(CLI::App& app) override {
    const char* group = "Options";
    app.add_option("TRACE", trace_, "a file written by raddle check")->group(group);
    add_flag(app, "--full", full_, group, "every event, and why each switch happened, in one column");
    add_flag(app, "--html", html_, group,
             "as a web page, to step through it beside the source: raddle show --html TRACE > trace.html");
    add_flag(app, "--perfetto", perfetto_, group,
             "print it for ui.perfetto.dev and chrome://tracing instead: a track for each thread and lock");
    add_flag(app, "--mermaid", mermaid_, group,
             "print it as a sequence diagram for Mermaid instead (with --full: every event)");
    add_flag(app, "--sarif", sarif_, group, "print its findings as SARIF 2.1.0, as check --sarif does");
    add_flag(app, "--junit", junit_, group, "print them as JUnit XML, one test case");
    add_values(app, "--thread", threads_, "NAME", group, "the events of this thread; may be repeated");
    add_values(app, "--object", objects_, "NAME", group,
               "the events that touch this object; may be repeated");
    add_value(app, "--why", why_, "STEP", group,
              "explain one event: whose value it read, what it overwrote, what it had to wait for, why its "
              "thread was chosen, and what led there; or, for the name of a thread, why it waits at the end");
    add_value(app, "--diff", diff_, "[PASSING]", group,
              "beside a trace of the same model that passes (default: the run that passes which the trace "
              "knows of), with the first difference and the two events whose order decides")
        ->expected(0, 1);
    add_value(app, "--width", width_, "N", group,
              "of the text, in columns (default: the terminal's, else 100)");
    add_value(app, "--colour,--color", colour_, "WHEN", group, kColourHelp);
    add_flag(app, "--no-pager", no_pager_, group, "print it at once, also on a terminal");
    offer(app, {{"--colour", kColours}});
  }
  void set_typed(const std::vector<std::string>& typed) override {
    for (const std::string& word : typed) with_diff_ |= word == "--diff" || word.starts_with("--diff=");
  }

  int run() override {
    // `show --diff TRACE`: nothing but the trace itself is given.
    if (trace_.empty() && with_diff_) std::swap(trace_, diff_);
    if (trace_.empty()) throw UserError("show: no trace given. Try raddle show .raddle/NAME-1.json");
    if (with_diff_ && !why_.empty()) throw UserError("show: --why and --diff do not go together");
    options_.width = width_.empty() ? output_width() : parse_number("--width", width_, 20, 10000);
    options_.colour = use_colour(parse_colour(colour_));
    options_.full = full_;
    options_.path = trace_;
    options_.only = {threads_, objects_};
    if (!options_.only.empty() && (with_diff_ || !why_.empty()))
      throw UserError("show: --thread and --object select events; they do not go with --why or --diff");
    const int formats = html_ + perfetto_ + mermaid_ + sarif_ + junit_;
    if (formats > 1)
      throw UserError(
          "show: --html, --perfetto, --mermaid, --sarif and --junit are different formats. Name one");
    if (formats > 0 && (with_diff_ || !why_.empty() || !options_.only.empty()))
      throw UserError(
          "show: --html, --perfetto, --mermaid, --sarif and --junit show all of a trace; --thread, --object, "
          "--why and --diff are for the terminal");
    if (html_ && ::isatty(STDOUT_FILENO))
      throw UserError("--html writes a page for a browser. Write it to a file: raddle show --html " + trace_ +
                      " > trace.html");
    const engine::Trace trace = reports::read_trace(trace_);
    if (formats > 0) {
      print(in_format(trace));
      return 0;
    }
    if (with_diff_ && diff_.empty()) return beside_its_own(trace);
    const std::string text = with_diff_      ? reports::text_diff(trace, reports::read_trace(diff_), options_)
                             : !why_.empty() ? reports::text_why(trace, why_, options_)
                                             : reports::text_trace(trace, options_);
    page(text, !no_pager_);
    return 0;
  }

 private:
  std::string in_format(const engine::Trace& trace) const {
    if (perfetto_) return reports::perfetto(trace);
    if (mermaid_) return reports::mermaid(trace, full_);
    const reports::SourceLookup sources = sources_near(trace, trace_);
    if (html_) return reports::html_page(trace, trace_, sources);
    const reports::ModelReport report = reports::report_of(trace, trace_);
    return sarif_ ? reports::sarif({&report, 1}, sources, source_paths())
                  : reports::junit({&report, 1}, source_paths());
  }

  /// Beside the passing run that the trace has the schedule of: that has to be executed to be seen.
  int beside_its_own(const engine::Trace& trace) {
    if (trace.passing.empty())
      throw UserError(trace_ +
                      ": this trace knows of no run that passes. Give one: raddle show --diff "
                      "PASSING.json " +
                      trace_);
    TraceModel traced(trace, trace_, false);
    traced.check_front_end();
    const auto watchdog = parse_watchdog("5s");
    Supervision supervision({.standstill = watchdog});
    return supervision.run(
        [&] {
          ModelStreams streams;
          traced.load(supervision);
          engine::Engine engine;
          engine::Program& program = traced.prepare(engine, supervision);
          const engine::Trace passing =
              explore::execute_schedule(engine, program, trace, trace.passing, reports::revealed_in(trace));
          supervision.stop_watching();
          streams.give_back();
          page(reports::text_diff(trace, passing, options_), !no_pager_);
          return 0;
        },
        [](const Loss& loss) {
          print_error("raddle: " + loss.message + '\n');
          return reports::kExitInconclusive;
        });
  }

  std::string trace_, why_, diff_, width_, colour_ = "auto";
  std::vector<std::string> threads_, objects_;
  bool full_ = false, no_pager_ = false, with_diff_ = false, html_ = false, perfetto_ = false,
       mermaid_ = false, sarif_ = false, junit_ = false;
  reports::TextOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_show() { return std::make_unique<Show>(); }

}  // namespace raddle::cli
