// `raddle show`.
#include <CLI/CLI.hpp>

#include "checker/cli/check_options.h"
#include "checker/cli/command.h"
#include "checker/cli/parse.h"
#include "checker/cli/terminal.h"
#include "checker/engine/error.h"
#include "reports/json_trace.h"
#include "reports/text_trace.h"

namespace raddle::cli {
namespace {

class Show : public Command {
 public:
  std::string_view name() const override { return "show"; }
  std::string_view summary() const override { return "show a recorded trace, one column for each thread"; }
  std::vector<std::string_view> usage() const override { return {"show [OPTIONS] TRACE"}; }
  void declare(CLI::App& app) override {
    const char* group = "Options";
    app.add_option("TRACE", trace_, "a file written by raddle check")->group(group);
    add_flag(app, "--full", full_, group, "every event, and why each switch happened, in one column");
    add_value(app, "--width", width_, "N", group,
              "of the text, in columns (default: the terminal's, else 100)");
    add_value(app, "--colour,--color", colour_, "WHEN", group, kColourHelp);
  }

  int run() override {
    if (trace_.empty()) throw engine::UserError("show: no trace given. Try raddle show .raddle/NAME-1.json");
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
  bool full_ = false;
};

}  // namespace

std::unique_ptr<Command> make_show() { return std::make_unique<Show>(); }

}  // namespace raddle::cli
