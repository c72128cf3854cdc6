// `raddle show`.
#include <unistd.h>

#include <filesystem>

#include <CLI/CLI.hpp>

#include "checker/cli/check_options.h"
#include "checker/cli/command.h"
#include "checker/cli/parse.h"
#include "checker/cli/terminal.h"
#include "checker/engine/error.h"
#include "reports/html_page.h"
#include "reports/json_trace.h"
#include "reports/mermaid.h"
#include "reports/perfetto.h"
#include "reports/source_files.h"
#include "reports/text_trace.h"

namespace raddle::cli {
namespace {

/// Files of the trace's program as they are now: traces name it as it was typed in the folder above theirs, most likely.
reports::SourceLookup sources_near(const engine::Trace& trace, const std::string& path) {
  namespace fs = std::filesystem;
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
  std::vector<std::string_view> usage() const override { return {"show [OPTIONS] TRACE"}; }
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
    add_value(app, "--width", width_, "N", group,
              "of the text, in columns (default: the terminal's, else 100)");
    add_value(app, "--colour,--color", colour_, "WHEN", group, kColourHelp);
  }

  int run() override {
    if (trace_.empty()) throw engine::UserError("show: no trace given. Try raddle show .raddle/NAME-1.json");
    if (html_ + perfetto_ + mermaid_ > 1)
      throw engine::UserError("show: --html, --perfetto and --mermaid are different formats. Name one");
    if (html_) {
      if (::isatty(STDOUT_FILENO))
        throw engine::UserError(
            "--html writes a page for a browser. Write it to a file: raddle show --html " + trace_ +
            " > trace.html");
      const engine::Trace trace = reports::read_trace(trace_);
      print(reports::html_page(trace, trace_, sources_near(trace, trace_)));
      return 0;
    }
    if (perfetto_ || mermaid_) {
      const engine::Trace trace = reports::read_trace(trace_);
      print(perfetto_ ? reports::perfetto(trace) : reports::mermaid(trace, full_));
      return 0;
    }
    reports::TextOptions options;
    options.width = width_.empty() ? output_width() : parse_number("--width", width_, 20, 10000);
    options.colour = use_colour(parse_colour(colour_));
    options.full = full_;
    options.path = trace_;
    print(reports::text_trace(reports::read_trace(trace_), options));
    return 0;
  }

 private:
  std::string trace_, width_, colour_ = "auto";
  bool full_ = false, html_ = false, perfetto_ = false, mermaid_ = false;
};

}  // namespace

std::unique_ptr<Command> make_show() { return std::make_unique<Show>(); }

}  // namespace raddle::cli
