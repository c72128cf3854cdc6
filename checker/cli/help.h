// Help texts, made from what the commands declare.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "checker/cli/command.h"

namespace raddle::cli {

/// `raddle help`.
std::string overview(const std::vector<std::unique_ptr<Command>>& commands);
/// `raddle help COMMAND`.
std::string help_text(const Command& command, const CLI::App& app);

/// The word that `word` may be a misspelling of; empty if none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace raddle::cli
