// `raddle selftest`.
#include <filesystem>

#include <CLI/CLI.hpp>

#include "checker/cli/check_options.h"
#include "checker/cli/command.h"
#include "checker/cli/known_bugs.h"
#include "checker/cli/model_list.h"
#include "checker/cli/mutation_test.h"
#include "checker/cli/parse.h"
#include "checker/cli/project_file.h"

namespace raddle::cli {
namespace {

class SelfTest : public Command {
 public:
  std::string_view name() const override { return "selftest"; }
  std::string_view summary() const override {
    return "seed known mistakes into models that pass, and see that their checks notice";
  }
  std::vector<std::string_view> usage() const override { return {"selftest [OPTIONS] [MODEL...]"}; }
  std::string_view footer() const override {
    return "Without a model: those of raddle.json in this folder, each with its own options; without one,\n"
           "raddle's own programs, with bugs of all kinds and without.\n\n"
           "Exit status:\n"
           "  0  of each model at least one mutant was noticed (with --all-mutants: every one)\n"
           "  1  of some model none was: its check cannot fail\n"
           "  2  bad input\n"
           "  3  inconclusive: a model could not be tested since it has errors itself, or there is no "
           "mutant\n"
           " 70  an error in raddle itself\n";
  }
  void declare(CLI::App& app) override {
    const char* group = "Options";
    app.add_option("MODEL", models_, "a Python program, FILE::TEST, or a folder of tests")->group(group);
    add_value(app, "--project", project_, "FILE", group, "take the models, or their options, from there");
    add_value(app, "--mutants", mutants_, "N", group, "of each model at most (default 20)");
    add_value(app, "--time", time_, "DURATION", group, "for each mutant at most (default 10s)");
    add_flag(app, "--all-mutants", all_, group, "every mutant has to be noticed");
    add_flag(app, "--builtin", builtin_, group, "raddle's own programs, although there is a raddle.json");
    add_value(app, "-j,--jobs", jobs_, "N", group, "check in N processes (default: one for each processor)");
    add_flag(app, "--quiet", quiet_, group, "a line for each model, without the mutants that survived");
  }

  int run() override {
    std::error_code error;
    if (models_.empty() && project_.empty() && (builtin_ || !std::filesystem::exists(kProjectFile, error)))
      return check_known_bugs(parse_check(common(), "model.py").search.jobs, quiet_);
    MutationTestOptions options;
    options.all = all_;
    if (!mutants_.empty()) options.most = parse_number("--mutants", mutants_, 1, 100'000);
    if (!time_.empty())
      options.seconds = std::chrono::duration<double>(parse_duration("--time", time_)).count();
    std::vector<std::string> typed = common();
    if (!project_.empty()) typed.push_back("--project=" + project_);
    typed.insert(typed.end(), models_.begin(), models_.end());
    return test_by_mutation(list_models(typed), options);
  }

 private:
  /// What `raddle check` would understand of the options.
  std::vector<std::string> common() const {
    std::vector<std::string> typed;
    if (!jobs_.empty()) typed.push_back("--jobs=" + jobs_);
    if (quiet_) typed.emplace_back("--quiet");
    return typed;
  }

  std::vector<std::string> models_;
  std::string project_, mutants_, time_, jobs_;
  bool all_ = false, builtin_ = false, quiet_ = false;
};

}  // namespace

std::unique_ptr<Command> make_selftest() { return std::make_unique<SelfTest>(); }

}  // namespace raddle::cli
