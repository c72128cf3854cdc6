// `raddle check`.
#include <filesystem>

#include <CLI/CLI.hpp>

#include "checker/cli/check_options.h"
#include "checker/cli/command.h"
#include "checker/cli/model_check.h"
#include "checker/cli/model_list.h"
#include "checker/cli/project_check.h"
#include "checker/cli/test_suite.h"
#include "checker/engine/error.h"

namespace raddle::cli {
namespace {

class Check : public Command {
 public:
  std::string_view name() const override { return "check"; }
  std::string_view summary() const override {
    return "explore the interleavings of a program's threads and report what can go wrong";
  }
  std::vector<std::string_view> usage() const override {
    return {"check [OPTIONS] MODEL... [-- ARGUMENTS]", "check [OPTIONS] -m MODULE [-- ARGUMENTS]",
            "check [OPTIONS] FILE::TEST", "check [OPTIONS] FOLDER", "check [OPTIONS] [--project FILE]"};
  }
  std::string_view footer() const override {
    return "Exit status:\n"
           "  0  no error, and the search that was asked for has finished\n"
           "  1  an error was found, or what was expected was not\n"
           "  2  bad input: options, or a model that cannot be run; it was not checked\n"
           "  3  inconclusive: no error, but less was explored than was asked for (see --accept)\n"
           " 70  an error in raddle itself\n"
           "Of several models the worst: 2 before 1 before 3 before 0.\n";
  }
  void declare(CLI::App& app) override { texts_.declare(app); }
  bool takes_model_arguments() const override { return true; }
  void set_model_arguments(std::vector<std::string> arguments) override {
    texts_.set_model_arguments(std::move(arguments));
  }

  void set_typed(const std::vector<std::string>& typed) override { typed_ = typed; }
  CheckRequest request() const {
    CheckRequest request = texts_.parse();
    request.typed = typed_;
    return request;
  }
  CheckRequest request(const std::string& model) const {
    CheckRequest request = texts_.parse(model);
    request.typed = typed_;
    return request;
  }

  const CheckOptionTexts& texts() const { return texts_; }

  int run() override {
    const bool one = texts_.project().empty() && texts_.models().size() + !texts_.module().empty() == 1;
    if (!one) return check_project(list_models(typed_, texts_));
    const CheckRequest request = this->request();
    std::error_code error;
    const bool folder = !request.model.as_module && std::filesystem::is_directory(request.model.model, error);
    // What is written, or told to a program, is of all tests together.
    const bool together = !request.baseline.empty() || !request.write_baseline.empty() ||
                          !request.report.empty() || request.outputs.any() ||
                          request.progress == ProgressKind::Json;
    const bool tests = folder || (is_test_file(request.model.model) && !request.model.as_module &&
                                  request.model.test.empty() && together && !collect_tests(request).empty());
    if (together && tests) return check_project(list_models(typed_, texts_));
    if (folder) return check_tests(request);
    if (const std::optional<int> status = check_tests_of_file(request)) return *status;
    return check_model(request).status;
  }

 private:
  CheckOptionTexts texts_;
  std::vector<std::string> typed_;
};

}  // namespace

CheckRequest parse_check(const std::vector<std::string>& typed) {
  Check command;
  if (!parse_command(command, typed)) throw engine::UserError("a checkpoint of a question for help");
  return command.request();
}

CheckRequest parse_check(const std::vector<std::string>& typed, const std::string& model) {
  Check command;
  if (!parse_command(command, typed)) throw engine::UserError("a checkpoint of a question for help");
  return command.request(model);
}

ModelList list_models(const std::vector<std::string>& typed) {
  Check command;
  if (!parse_command(command, typed)) throw engine::UserError("a list of models for a question for help");
  return list_models(typed, command.texts());
}

std::unique_ptr<Command> make_check() { return std::make_unique<Check>(); }

}  // namespace raddle::cli
