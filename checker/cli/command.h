// What a command of the program is: check, run, replay, show. One file each; command_line.cpp lists them.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace raddle::cli {

class Command {
 public:
  virtual ~Command() = default;

  virtual std::string_view name() const = 0;
  /// One line for the list of commands.
  virtual std::string_view summary() const = 0;
  /// What can be typed, a line for each form: "check [OPTIONS] MODEL [-- ARGUMENTS]".
  virtual std::vector<std::string_view> usage() const = 0;
  /// What its help says behind the options.
  virtual std::string_view footer() const { return {}; }
  /// Declares its options and positional arguments; they are stored in the command. CLI11 is to keep all values as
  /// texts: they are parsed in run(), so that all messages about bad ones are ours (parse.h).
  virtual void declare(CLI::App& app) = 0;
  /// Does what `--` separates belong to the model?
  virtual bool takes_model_arguments() const { return false; }
  virtual void set_model_arguments(std::vector<std::string>) {}
  /// Everything that was typed behind its name; comes first.
  virtual void set_typed(const std::vector<std::string>&) {}
  /// Returns the exit status. Throws engine::UserError for bad input.
  virtual int run() = 0;
};

std::unique_ptr<Command> make_check();
std::unique_ptr<Command> make_completion();
std::unique_ptr<Command> make_merge();
std::unique_ptr<Command> make_replay();
std::unique_ptr<Command> make_resume();
std::unique_ptr<Command> make_run();
std::unique_ptr<Command> make_selftest();
std::unique_ptr<Command> make_show();

/// One of each, in the order of the help text.
std::vector<std::unique_ptr<Command>> make_commands();
/// What the command declares, with -h.
std::unique_ptr<CLI::App> make_app(Command& command);

/// Tells the command what was typed behind its name; false: help was asked for, and has been printed. Throws engine::UserError.
bool parse_command(Command& command, std::vector<std::string> arguments);

// For declare(): an option with a value (the last one given counts), one that may be given several times, and a flag.
CLI::Option* add_value(CLI::App&, const char* names, std::string& value, const char* type, const char* group,
                       const std::string& help);
CLI::Option* add_values(CLI::App&, const char* names, std::vector<std::string>& values, const char* type,
                        const char* group, const std::string& help);
CLI::Option* add_flag(CLI::App&, const char* names, bool& flag, const char* group, const std::string& help);

}  // namespace raddle::cli
