#include "checker/cli/choices.h"

#include <CLI/CLI.hpp>

#include "checker/explore/checker.h"
#include "reports/kinds.h"

namespace raddle::cli {

Choices strategy_names() {
  Choices names;
  for (const explore::StrategyKind strategy : explore::kStrategies) names.push_back(explore::name(strategy));
  return names;
}

Choices finding_kinds() {
  Choices names;
  for (const reports::Kind& kind : reports::kinds()) names.push_back(kind.name);
  return names;
}

Choices expectations() {
  Choices all = {"clean", "findings", "inconclusive"};
  const Choices kinds = finding_kinds();
  all.insert(all.end(), kinds.begin(), kinds.end());
  return all;
}

// CLI11 would show the option text in its own help, which is not used (help.h).

CLI::Option* offer(CLI::Option* option, const Choices& choices) {
  std::string text;
  for (const std::string_view choice : choices) text += (text.empty() ? "" : "|") + std::string(choice);
  return option->option_text(text);
}

void offer(CLI::App& app, std::initializer_list<std::pair<const char*, Choices>> options) {
  for (const auto& [name, choices] : options) offer(app.get_option(name), choices);
}

std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string& text = option.get_option_text();
  return text.empty() ? std::vector<std::string>() : CLI::detail::split(text, '|');
}

}  // namespace raddle::cli
