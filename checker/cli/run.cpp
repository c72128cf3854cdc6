// `raddle run`.
#include <CLI/CLI.hpp>

#include "checker/cli/check_options.h"
#include "checker/cli/choices.h"
#include "checker/cli/command.h"
#include "checker/cli/interactive.h"
#include "checker/cli/parse.h"
#include "checker/cli/supervision.h"
#include "checker/cli/terminal.h"
#include "checker/engine/engine.h"
#include "checker/engine/error.h"
#include "checker/explore/single_run.h"
#include "reports/policy.h"
#include "reports/text_trace.h"

namespace raddle::cli {
namespace {

using engine::UserError;

class RunCommand : public Command {
 public:
  std::string_view name() const override { return "run"; }
  std::string_view summary() const override {
    return "execute a program once, with the interleaving that a seed stands for";
  }
  std::vector<std::string_view> usage() const override {
    return {"run [OPTIONS] PROGRAM [-- ARGUMENTS]", "run [OPTIONS] -m MODULE [-- ARGUMENTS]"};
  }
  std::string_view footer() const override {
    return "The program reads raddle's standard input, and what it writes appears at once. The same seed is\n"
           "the same interleaving.\n\n"
           "Exit status: that of the program, or\n"
           "  1  it has ended in a deadlock or crashed, or was interrupted (see --watchdog)\n"
           "  2  bad input: options, or a program that does not compile\n"
           "  3  it cannot be run to its end: it does what raddle cannot control, or its process is lost\n"
           " 70  an error in raddle itself\n";
  }
  void declare(CLI::App& app) override {
    const char* group = "Options";
    app.add_option("PROGRAM", program_, "a Python program")->group(group);
    add_value(app, "-m", module_, "MODULE", group,
              "run a module found on the Python path, as python3 -m does");
    add_value(app, "--seed", seed_, "N", group, "which interleaving (default 0)");
    add_value(
        app, "--strategy", strategy_, "NAME", group,
        "random (default): at each step, every thread that can go on is equally likely to; pct: random "
        "priorities that change at --depth minus one points; pos: random priorities that are drawn anew "
        "after each race. raddle check has those that run a program many times");
    add_value(app, "--depth", depth_, "D", group, "of the bugs that pct looks for (default 3)");
    add_value(app, "--clock", clock_, "KIND", group,
              "free (default): a sleep may end at any time; virtual: sleeps and timeouts end in the order of "
              "their times and only when nothing else can run. Nobody waits in either");
    add_value(app, "--timeouts", timeouts_, "WHEN", group,
              "any (default): a timeout may expire at any time; never");
    add_value(app, "--atomicity", atomicity_, "WHAT", group, kAtomicityHelp);
    add_values(app, "--instrument", instrument_, "NAME", group,
               "let threads be interrupted in this module or package too, although it belongs to the library "
               "or to site-packages; may be repeated");
    add_flag(app, "--fine", fine_, group, kFineHelp);
    add_flag(app, "--interactive", interactive_, group, kInteractiveHelp);
    add_value(app, "--watchdog", watchdog_, "DURATION", group, kWatchdogHelp);
    offer(app, {{"--strategy", {"random", "pct", "pos"}},
                {"--clock", kClocks},
                {"--timeouts", kTimeouts},
                {"--atomicity", kAtomicities}});
  }
  bool takes_model_arguments() const override { return true; }
  void set_model_arguments(std::vector<std::string> arguments) override { arguments_ = std::move(arguments); }

  int run() override {
    ModelSpec spec = parse_spec();
    spec.split_test();
    explore::SingleRunOptions options;
    options.strategy = parse_strategy();
    if (!depth_.empty() && options.strategy != explore::SingleStrategy::Pct)
      throw UserError("--depth is for --strategy pct, not for " + strategy_);
    if (!depth_.empty()) options.depth = static_cast<int>(parse_number("--depth", depth_, 1, 1000));
    if (!seed_.empty()) options.seed = parse_number("--seed", seed_, 0, UINT64_MAX);
    options.notify_any = false;  // Python wakes who has waited longest
    options.virtual_clock = parse_choice("--clock", clock_, kClocks) == 1;
    options.timeouts = parse_choice("--timeouts", timeouts_, kTimeouts) == 0;
    const auto watchdog = parse_watchdog(watchdog_);
    if (interactive_) return interactive(spec, options, watchdog);
    Supervision supervision({.standstill = watchdog});
    // No Interruption: Ctrl-C ends the program, and raddle with it, as it would without raddle.
    return supervision.run(
        [&] {
          const std::unique_ptr<Model> model = supervision.load(spec, {});
          engine::Engine engine;
          engine::Program& program = supervision.watch(engine, *model);
          const explore::SingleRun result = explore::run_once(engine, program, options);
          supervision.stop_watching();
          return conclude(result, model->exit_status());
        },
        [](const Loss& loss) {
          print_error("raddle: " + loss.message + '\n');
          return reports::kExitInconclusive;
        });
  }

 private:
  explore::SingleStrategy parse_strategy() const {
    if (strategy_ == "random") return explore::SingleStrategy::Random;
    if (strategy_ == "pct") return explore::SingleStrategy::Pct;
    if (strategy_ == "pos") return explore::SingleStrategy::Pos;
    throw UserError(
        "--strategy " + strategy_ +
        ": raddle run executes a program once, and takes random, pct or pos. Other strategies are "
        "for raddle check");
  }

  /// By hand: the program is executed again for each decision that is taken back, so it is a model like any other.
  int interactive(ModelSpec spec, const explore::SingleRunOptions& options,
                  std::chrono::nanoseconds watchdog) const {
    if (!seed_.empty() || strategy_ != "random")
      throw UserError("run: with --interactive nothing is random, so --seed and --strategy mean nothing");
    spec.once = false;
    Options given;
    if (options.virtual_clock) given.emplace_back("clock", "virtual");
    if (!options.timeouts) given.emplace_back("timeouts", "never");
    return interact_with_model(spec, given, watchdog, use_colour(Colour::Auto));
  }

  ModelSpec parse_spec() const {
    if (program_.empty() && module_.empty())
      throw UserError("run: no program given. Try raddle run PROGRAM.py, or raddle help run");
    if (!program_.empty() && !module_.empty())
      throw UserError("run: both a program (" + program_ + ") and -m " + module_ +
                      " given. The program's own arguments come behind --");
    return {.model = program_.empty() ? module_ : program_,
            .as_module = program_.empty(),
            .arguments = arguments_,
            .stdin_file = {},
            .instrument = split_commas(instrument_),
            .gil = parse_atomicity(atomicity_),
            .fine = fine_,
            .once = true};
  }

  int conclude(const explore::SingleRun& result, int exit_status) const {
    if (!result.trace.findings.empty()) {
      reports::TextOptions options;
      options.width = output_width();
      print_error(reports::text_trace(result.trace, options));
      return reports::kExitFindings;
    }
    if (result.outcome != engine::Outcome::Complete) {
      print_error("raddle: the program cannot be run to its end" +
                  (result.abort_reason.empty() ? std::string() : ": " + result.abort_reason) + '\n');
      return reports::kExitInconclusive;
    }
    for (const engine::Failure& f : result.failures) {
      if (f.kind != engine::Failure::Kind::Divergence) continue;
      const std::string place =
          f.site.known() ? " (" + std::string(f.site.file) + ':' + std::to_string(f.site.line) + ')' : "";
      print_error("raddle: a thread was interrupted: it " + f.message + place + '\n');
      return reports::kExitFindings;
    }
    return exit_status;
  }

  std::string program_, module_, seed_, depth_, strategy_ = "random", clock_ = "free", timeouts_ = "any",
                                                watchdog_ = "5s", atomicity_ = "bytecode";
  std::vector<std::string> arguments_, instrument_;
  bool fine_ = false, interactive_ = false;
};

}  // namespace

std::unique_ptr<Command> make_run() { return std::make_unique<RunCommand>(); }

}  // namespace raddle::cli
