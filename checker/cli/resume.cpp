// `raddle resume`.
#include <CLI/CLI.hpp>

#include "checker/cli/check_options.h"
#include "checker/cli/checkpoint_file.h"
#include "checker/cli/command.h"
#include "checker/cli/model_check.h"
#include "checker/engine/error.h"

namespace raddle::cli {
namespace {

using engine::UserError;

class Resume : public Command {
 public:
  std::string_view name() const override { return "resume"; }
  std::string_view summary() const override {
    return "go on with a search that was stopped, from a file of check --checkpoint";
  }
  std::vector<std::string_view> usage() const override { return {"resume [OPTIONS] FILE"}; }
  std::string_view footer() const override {
    return "All else is as the search was begun; its state is kept in the same file again.\n"
           "Exit status: as of check\n";
  }
  void declare(CLI::App& app) override {
    const char* group = "Options";
    app.add_option("FILE", path_, "written by raddle check --checkpoint FILE")->group(group);
    texts_.declare(app, group);
  }

  int run() override {
    if (path_.empty())
      throw UserError(
          "resume: no file given. Try raddle resume FILE, with the FILE of check --checkpoint FILE");
    SavedSearch saved = read_checkpoint(path_);
    CheckRequest request = parse_check(saved.command);
    texts_.change(request);
    request.checkpoint = path_;
    request.resumed = std::move(saved);
    return check_model(request).status;
  }

 private:
  std::string path_;
  ResumeOptionTexts texts_;
};

}  // namespace

std::unique_ptr<Command> make_resume() { return std::make_unique<Resume>(); }

}  // namespace raddle::cli
