#include "checker/cli/help.h"

#include <algorithm>
#include <numeric>

#include <CLI/CLI.hpp>

#include "checker/cli/terminal.h"
#include "reports/utf8.h"

namespace raddle::cli {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kColumn = 26;

/// "  --seed N              text", further lines of the text below its beginning.
std::string entry(const std::string& left, const std::string& right) {
  std::string text = "  " + left;
  std::size_t column = text.size();
  if (column + 2 > kColumn) text += '\n', column = 0;
  bool first = true;
  for (const std::string& line : reports::wrap(right, kWidth - kColumn)) {
    text += (first ? std::string(kColumn - column, ' ') : std::string(kColumn, ' ')) + line + '\n';
    first = false;
  }
  return text;
}

std::string left_side(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  std::string text;
  for (const std::string& n : option.get_snames()) text += (text.empty() ? "-" : ", -") + n;
  if (!option.get_lnames().empty()) text += (text.empty() ? "--" : ", --") + option.get_lnames().front();
  if (option.get_expected_max() > 0) text += " " + option.get_type_name();
  return text;
}

std::string usage_lines(const Command& command) {
  std::string text;
  for (std::string_view line : command.usage())
    text += (text.empty() ? "Usage: raddle " : "       raddle ") + std::string(line) + '\n';
  return text;
}

/// Number of letters to change, insert, leave out, or swap with the next one (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1), above, above_that;
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    above_that = std::exchange(above, row);
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({above[j] + (a[i] != b[j]), row[j] + 1, above[j + 1] + 1});
      if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j])
        row[j + 1] = std::min(row[j + 1], above_that[j - 1] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::string overview(const std::vector<std::unique_ptr<Command>>& commands) {
  std::string text =
      "raddle explores the interleavings of a multi-threaded program and reports what can go wrong.\n\n";
  bool first = true;
  for (const auto& c : commands)
    for (std::string_view line : c->usage())
      text += (std::exchange(first, false) ? "Usage: raddle " : "       raddle ") + std::string(line) + '\n';
  text += "\nCommands:\n";
  for (const auto& c : commands) text += entry(std::string(c->name()), std::string(c->summary()));
  text += entry("help [COMMAND]", "this, or all options of a command; help --man: the manual page");
  return text + "\nOptions:\n" + entry("-h, --help", "show this") +
         entry("-V, --version", "show the version");
}

std::string help_text(const Command& command, const CLI::App& app) {
  std::string text = usage_lines(command) + '\n';
  std::string summary(command.summary());
  summary.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(summary.front())));
  for (const std::string& line : reports::wrap(summary + ".", kWidth)) text += line + '\n';
  std::vector<std::string> groups;
  for (const CLI::Option* o : app.get_options())
    if (!o->get_group().empty() && std::find(groups.begin(), groups.end(), o->get_group()) == groups.end())
      groups.push_back(o->get_group());
  for (const std::string& group : groups) {
    text += '\n' + group + ":\n";
    for (const CLI::Option* o : app.get_options())
      if (o->get_group() == group) text += entry(left_side(*o), o->get_description());
  }
  if (!command.footer().empty()) text += '\n' + std::string(command.footer());
  return text;
}

std::string nearest(const std::string& word, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = (word.size() + 2) / 3;  // one mistake in four letters
  for (const std::string& k : known)
    if (const std::size_t d = distance(word, k); d < best_distance) best = k, best_distance = d;
  return best;
}

}  // namespace raddle::cli
