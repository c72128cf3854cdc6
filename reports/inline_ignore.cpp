#include "reports/inline_ignore.h"

#include <algorithm>

#include "reports/kinds.h"

namespace raddle::reports {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Is the place inside of a text in quotes? (One that began on a line before is not known of.)
bool is_quoted(std::string_view line, std::size_t place) {
  char quote = 0;
  for (std::size_t i = 0; i < place; ++i) {
    if (line[i] == '\\')
      ++i;
    else if (quote == 0 && (line[i] == '"' || line[i] == '\''))
      quote = line[i];
    else if (line[i] == quote)
      quote = 0;
    else if (quote == 0 && line[i] == '#')
      return false;  // a comment, in which quotes mean nothing
  }
  return quote != 0;
}

/// What stands behind "raddle:" in a comment; nullopt: nothing does.
std::optional<std::string_view> directive(std::string_view line) {
  for (std::string_view opening : {"#", "//"})
    for (std::size_t at = line.find(opening); at != std::string_view::npos; at = line.find(opening, at + 1)) {
      if (is_quoted(line, at)) continue;
      std::string_view rest = trimmed(line.substr(at + opening.size()));
      constexpr std::string_view kName = "raddle:";
      if (rest.starts_with(kName)) return trimmed(rest.substr(kName.size()));
    }
  return std::nullopt;
}

bool is_comment_alone(std::string_view line) {
  line = trimmed(line);
  return line.starts_with("#") || line.starts_with("//");
}

}  // namespace

std::optional<std::vector<std::string>> ignored_kinds(std::string_view source_line) {
  auto words = directive(source_line);
  constexpr std::string_view kIgnore = "ignore";
  if (!words || !words->starts_with(kIgnore)) return std::nullopt;
  std::string_view rest = words->substr(kIgnore.size());
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '[') return std::nullopt;  // another word
  rest = trimmed(rest);
  const std::string_view first = rest.substr(0, std::min(rest.find_first_of(" ,:"), rest.size()));
  if (find_kind(first)) return std::vector<std::string>{std::string(first)};  // without brackets
  if (rest.empty() || rest.front() != '[') return std::vector<std::string>{"*"};
  const auto end = rest.find(']');
  if (rest.front() != '[' || end == std::string_view::npos) return std::nullopt;
  rest = rest.substr(1, end - 1);
  std::vector<std::string> kinds;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    kinds.emplace_back(trimmed(rest.substr(0, comma)));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return kinds;
}

void apply_inline_ignores(Result& result, const SourceLine& line_of) {
  auto warn = [&](std::string text) {
    if (std::find(result.warnings.begin(), result.warnings.end(), text) == result.warnings.end())
      result.warnings.push_back(std::move(text));
  };
  for (ResultFinding& finding : result.findings) {
    std::vector<engine::TraceSite> sites = {finding.site};
    for (const ResultPlace& place : finding.places) sites.push_back(place.site);
    for (const engine::TraceSite& site : sites) {
      if (site.line <= 0 || !finding.suppressed.empty()) continue;
      for (int line : {site.line, site.line - 1}) {
        const std::string text = line > 0 ? line_of(site.file, line) : "";
        if (line != site.line && !is_comment_alone(text)) continue;
        const auto kinds = ignored_kinds(text);
        if (!kinds) continue;
        const std::string where = site.file + ":" + std::to_string(line);
        for (const std::string& kind : *kinds) {
          if (kind != "*" && !find_kind(kind))
            warn(where + ": the comment ignores \"" + kind + "\", which is no kind of finding");
          if (kind == "*" || kind == finding.kind) finding.suppressed = "the comment at " + where;
        }
      }
    }
  }
}

}  // namespace raddle::reports
