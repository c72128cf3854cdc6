#include "checker/cli/command_line.h"

#include <algorithm>
#include <filesystem>
#include <new>

#include <CLI/CLI.hpp>

#include "checker/cli/command.h"
#include "checker/cli/help.h"
#include "checker/cli/manual.h"
#include "checker/cli/terminal.h"
#include "checker/engine/error.h"
#include "reports/policy.h"

namespace raddle::cli {

using engine::UserError;

CLI::Option* add_value(CLI::App& app, const char* names, std::string& value, const char* type,
                       const char* group, const std::string& help) {
  return app.add_option(names, value, help)
      ->type_name(type)
      ->group(group)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

CLI::Option* add_values(CLI::App& app, const char* names, std::vector<std::string>& values, const char* type,
                        const char* group, const std::string& help) {
  return app.add_option(names, values, help)->type_name(type)->group(group)->allow_extra_args(false);
}

CLI::Option* add_flag(CLI::App& app, const char* names, bool& flag, const char* group,
                      const std::string& help) {
  return app.add_flag(names, flag, help)->group(group);
}

using Commands = std::vector<std::unique_ptr<Command>>;

Commands make_commands() {
  Commands commands;
  commands.push_back(make_check());
  commands.push_back(make_resume());
  commands.push_back(make_merge());
  commands.push_back(make_run());
  commands.push_back(make_replay());
  commands.push_back(make_show());
  commands.push_back(make_selftest());
  commands.push_back(make_completion());
  return commands;
}

namespace {

Command& find_command(const Commands& commands, const std::string& name) {
  for (const auto& c : commands)
    if (c->name() == name) return *c;
  if (name.ends_with(".py"))
    throw UserError("there is no command '" + name + "'; to check a program: raddle check " + name);
  std::vector<std::string> names;
  for (const auto& c : commands) names.emplace_back(c->name());
  names.emplace_back("help");
  const std::string near = nearest(name, names);
  std::string text =
      "there is no command '" + name + "'" + (near.empty() ? "" : " (did you mean " + near + "?)");
  for (const std::string& n : names) text += (&n == &names.front() ? ". Commands: " : ", ") + n;
  throw UserError(text);
}

}  // namespace

std::unique_ptr<CLI::App> make_app(Command& command) {
  auto app = std::make_unique<CLI::App>();
  app->name(std::string(command.name()));
  app->set_help_flag("-h,--help", "show this")->group("");
  command.declare(*app);
  // CLI11 takes whatever comes next for a missing value.
  for (CLI::Option* o : app->get_options()) {
    if (o->get_expected_max() == 0 || o->get_positional()) continue;
    o->check(
        [name = o->get_name()](const std::string& value) -> std::string {
          if (value.empty()) return name + " needs a value, but an empty one follows it";
          return value.starts_with("--") ? name + " needs a value, but '" + value + "' follows it" : "";
        },
        "");
  }
  return app;
}

namespace {

/// "unknown option '--sed' (did you mean --seed?)"
std::string unknown(CLI::App& app, const std::string& argument) {
  if (!argument.starts_with('-')) return "unexpected argument '" + argument + "'";
  const std::string name = argument.substr(0, argument.find('='));
  std::string text = "unknown option '" + name + "'";
  std::vector<std::string> known;
  for (const CLI::Option* o : app.get_options())
    for (const std::string& n : o->get_lnames()) known.push_back("--" + n);
  std::error_code error;
  if (std::filesystem::exists(argument, error)) {
    text += " (for the file of this name, write ./" + argument + ")";
  } else if (const std::string near = nearest(name, known); !near.empty()) {
    text += " (did you mean " + near + "?)";
  }
  return text;
}

/// What CLI11 has to complain about, in our words.
std::string complaint(CLI::App& app, const Command& command, const CLI::ParseError& error) {
  std::string text = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error)) {
    const std::vector<std::string> extra = app.remaining();
    const auto option =
        std::find_if(extra.begin(), extra.end(), [](const std::string& e) { return e.starts_with('-'); });
    text = unknown(app, option != extra.end() ? *option : extra.empty() ? std::string() : extra.front());
    if (command.takes_model_arguments() && option == extra.end())
      text += ": the model's own arguments come behind --";
  } else if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) {
    text = text.substr(0, text.find(':')) + " needs a value";
  } else if (dynamic_cast<const CLI::ValidationError*>(&error)) {
    if (const auto colon = text.find(": "); colon != std::string::npos) text = text.substr(colon + 2);
  }
  return text + ". See raddle help " + std::string(command.name());
}

}  // namespace

bool parse_command(Command& command, std::vector<std::string> arguments) {
  command.set_typed(arguments);
  if (command.takes_model_arguments()) {
    const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
    if (dashes != arguments.end()) {
      command.set_model_arguments({dashes + 1, arguments.end()});
      arguments.erase(dashes, arguments.end());
    }
  }
  const std::unique_ptr<CLI::App> app = make_app(command);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app->parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    print(help_text(command, *app));
    return false;
  } catch (const CLI::ParseError& e) {
    throw UserError(complaint(*app, command, e));
  }
  return true;
}

namespace {

int dispatch(const std::vector<std::string>& arguments) {
  const Commands commands = make_commands();
  if (arguments.empty()) {
    print_error(overview(commands));
    return reports::kExitBadInput;
  }
  const std::string& first = arguments.front();
  if (first == "--version" || first == "-V" || first == "version") {
    print("raddle " RADDLE_VERSION "\n");
    return reports::kExitClean;
  }
  const bool help = first == "help" || first == "--help" || first == "-h";
  if (!help && first.starts_with('-'))
    throw UserError("unknown option '" + first + "' before a command. See raddle help");
  if (help && arguments.size() == 1) {
    print(overview(commands));
    return reports::kExitClean;
  }
  if (help && arguments[1] == "--man") {
    print(manual_page(commands));
    return reports::kExitClean;
  }
  Command& command = find_command(commands, help ? arguments[1] : first);
  if (!help) {
    const bool runs = parse_command(command, {arguments.begin() + 1, arguments.end()});
    return runs ? command.run() : reports::kExitClean;
  }
  print(help_text(command, *make_app(command)));
  return reports::kExitClean;
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  prepare_streams();
  try {
    return dispatch(arguments);
  } catch (const UserError& e) {
    print_error("raddle: " + std::string(e.what()) + "\n");
    return reports::kExitBadInput;
  } catch (const std::filesystem::filesystem_error& e) {  // the folder is gone, the disk fails, ...
    print_error("raddle: " + std::string(e.what()) + "\n");
    return reports::kExitBadInput;
  } catch (const std::bad_alloc&) {
    print_error("raddle: out of memory\n");
    return kExitInternalError;
  } catch (const std::exception& e) {
    print_error("raddle: internal error: " + std::string(e.what()) + "\n");
    return kExitInternalError;
  }
}

}  // namespace raddle::cli
