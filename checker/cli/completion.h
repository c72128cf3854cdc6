// Completion in shells: what can be typed, taken from what the commands declare, and the shells' scripts for it.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/cli/command.h"

namespace raddle::cli {

/// What can stand in one place.
struct Completed {
  enum class Kind { Anything, Words, Files, Folders };
  Kind kind = Kind::Anything;
  std::string label;               // "DURATION"
  std::vector<std::string> words;  // Kind::Words
  std::string pattern = "*";       // Kind::Files; folders are offered as well
  bool repeated = false;           // of a positional argument: it may be given several times
};

struct CompletedOption {
  std::vector<std::string> names;  // "-j", "--jobs"
  std::string text;                // in a few words
  bool repeated = false;
  std::optional<Completed> value;
};

struct CompletedCommand {
  std::string name, text;
  std::vector<CompletedOption> options;
  std::vector<Completed> positional;
  bool model_arguments = false;  // behind --
};

using CompletedCommands = std::vector<CompletedCommand>;

/// All commands and what can be typed behind them, `help` and `version` included.
CompletedCommands completed_commands(const std::vector<std::unique_ptr<Command>>& commands);

// The scripts. To be sourced, or put where the shell looks for them.
std::string bash_completion(const CompletedCommands& commands);
std::string zsh_completion(const CompletedCommands& commands);
std::string fish_completion(const CompletedCommands& commands);

}  // namespace raddle::cli
