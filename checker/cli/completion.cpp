// `raddle completion`.
#include "checker/cli/completion.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "checker/cli/choices.h"
#include "checker/cli/parse.h"
#include "checker/cli/terminal.h"
#include "checker/engine/error.h"
#include "reports/utf8.h"

namespace raddle::cli {
namespace {

constexpr std::size_t kTextWidth = 68;

/// The beginning of a help text, up to where it goes into details.
std::string in_short(const CLI::Option& option) {
  std::string text = option.get_description();
  if (const auto words = choices_of(option); !words.empty()) {
    text.clear();
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return reports::elide(text, kTextWidth);
  }
  for (const char* end : {"; ", ": ", " (", ". ", ", so that ", ", as "})
    if (const auto at = text.find(end); at != std::string::npos && at > 0) text.resize(at);
  return reports::elide(text, kTextWidth);
}

Completed completed(const CLI::Option& option) {
  using Kind = Completed::Kind;
  Completed value;
  value.label = option.get_positional() ? option.get_name() : option.get_type_name();
  value.words = choices_of(option);
  const std::string& label = value.label;
  if (!value.words.empty()) {
    value.kind = Kind::Words;
  } else if (label == "DIR" || label == "FOLDER") {
    value.kind = Kind::Folders;
  } else if (label == "MODEL" || label == "PROGRAM") {
    value.kind = Kind::Files, value.pattern = "*.py";
  } else if (label == "TRACE" || label == "RESULT") {
    value.kind = Kind::Files, value.pattern = "*.json";
  } else if (label == "FILE" || option.get_positional()) {
    value.kind = Kind::Files;
  }
  value.repeated = option.get_expected_max() > 1;
  return value;
}

CompletedCommand completed_command(Command& command) {
  CompletedCommand result{
      .name = std::string(command.name()),
      .text = std::string(command.summary()),
      .options = {},
      .positional = {},
      .model_arguments = command.takes_model_arguments(),
  };
  const std::unique_ptr<CLI::App> app = make_app(command);
  for (const CLI::Option* o : app->get_options()) {
    const bool help = o == app->get_help_ptr();
    if (o->get_group().empty() && !help) continue;
    if (o->get_positional()) {
      result.positional.push_back(completed(*o));
      continue;
    }
    CompletedOption option;
    for (const std::string& n : o->get_snames()) option.names.push_back("-" + n);
    for (const std::string& n : o->get_lnames()) option.names.push_back("--" + n);
    option.text = help ? "show what the command takes" : in_short(*o);
    if (o->get_expected_max() > 0) option.value = completed(*o);
    option.repeated = o->get_multi_option_policy() != CLI::MultiOptionPolicy::TakeLast && option.value;
    result.options.push_back(std::move(option));
  }
  return result;
}

const Choices kShells = {"bash", "zsh", "fish"};

class CompletionCommand : public Command {
 public:
  std::string_view name() const override { return "completion"; }
  std::string_view summary() const override {
    return "print what makes a shell complete raddle's commands, options and their values";
  }
  std::vector<std::string_view> usage() const override { return {"completion SHELL"}; }
  std::string_view footer() const override {
    return "Where raddle is installed, shells find it by themselves. For the running one:\n"
           "  bash   eval \"$(raddle completion bash)\"\n"
           "  zsh    eval \"$(raddle completion zsh)\"    (behind compinit)\n"
           "  fish   raddle completion fish | source\n";
  }
  void declare(CLI::App& app) override {
    offer(app.add_option("SHELL", shell_, "bash, zsh or fish")->group("Options"), kShells);
  }

  int run() override {
    if (shell_.empty()) throw engine::UserError("completion: no shell given. It takes bash, zsh or fish.");
    const CompletedCommands commands = completed_commands(make_commands());
    switch (parse_choice("completion", shell_, kShells)) {
      case 0: print(bash_completion(commands)); break;
      case 1: print(zsh_completion(commands)); break;
      default: print(fish_completion(commands));
    }
    return 0;
  }

 private:
  std::string shell_;
};

}  // namespace

CompletedCommands completed_commands(const std::vector<std::unique_ptr<Command>>& commands) {
  CompletedCommands all;
  for (const auto& c : commands) all.push_back(completed_command(*c));
  CompletedCommand help{.name = "help",
                        .text = "show all commands, or all options of one",
                        .options = {},
                        .positional = {{.kind = Completed::Kind::Words, .label = "COMMAND", .words = {}}},
                        .model_arguments = false};
  for (const CompletedCommand& c : all) help.positional.front().words.push_back(c.name);
  help.options.push_back({.names = {"--man"}, .text = "the manual page, for man -l -", .value = {}});
  all.push_back(std::move(help));
  all.push_back({.name = "version",
                 .text = "show the version",
                 .options = {},
                 .positional = {},
                 .model_arguments = false});
  return all;
}

std::unique_ptr<Command> make_completion() { return std::make_unique<CompletionCommand>(); }

}  // namespace raddle::cli
