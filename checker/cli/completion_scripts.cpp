// The scripts of `raddle completion`, one writer for each shell.
#include "checker/cli/completion.h"

namespace raddle::cli {
namespace {

using Kind = Completed::Kind;

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

std::string headline(const char* shell) {
  return std::string("# Completion of raddle " RADDLE_VERSION " in ") + shell + ": raddle completion " +
         shell + " prints it.\n";
}

// --- bash

std::string bash_action(const Completed& value) {
  switch (value.kind) {
    case Kind::Words: return "_raddle_words '" + joined(value.words, " ") + "'";
    case Kind::Files: return "_raddle_files '" + value.pattern + "'";
    case Kind::Folders: return "_raddle_folders";
    default: return ":";
  }
}

/// Arms of a `case` with the same action share one.
std::string bash_case(const CompletedCommand& command) {
  std::vector<std::pair<std::string, std::string>> arms;  // action, patterns
  for (const CompletedOption& option : command.options) {
    if (!option.value) continue;
    std::string patterns;
    for (const std::string& name : option.names)
      patterns += (patterns.empty() ? "" : "|") + command.name + ':' + name;
    const std::string action = bash_action(*option.value);
    auto arm = arms.begin();
    while (arm != arms.end() && arm->first != action) ++arm;
    if (arm == arms.end())
      arms.emplace_back(action, patterns);
    else
      arm->second += '|' + patterns;
  }
  std::string text;
  for (const auto& [action, patterns] : arms) text += "    " + patterns + ") " + action + "; return ;;\n";
  return text;
}

constexpr const char* kBashFunctions = R"(
_raddle_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
_raddle_folders() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -d -- "$current")
}
_raddle_files() {
  compopt -o filenames 2>/dev/null
  if [[ $1 == '*' ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -X "!$1" -- "$current")
  fi
}
)";

// `words` are those before the one that is being typed, with --option=value, which bash splits, as two.
constexpr const char* kBashBegin = R"(
_raddle() {
  local current=${COMP_WORDS[COMP_CWORD]} i
  local -a words=()
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; ++i)); do
    [[ ${COMP_WORDS[i]} == '=' ]] || words+=("${COMP_WORDS[i]}")
  done
  [[ $current != '=' ]] || current=
)";

}  // namespace

std::string bash_completion(const CompletedCommands& commands) {
  std::vector<std::string> names;
  std::string values, options, positional, with_arguments;
  for (const CompletedCommand& c : commands) {
    names.push_back(c.name);
    values += bash_case(c);
    std::vector<std::string> all;
    for (const CompletedOption& o : c.options) all.insert(all.end(), o.names.begin(), o.names.end());
    if (!all.empty()) options += "      " + c.name + ") _raddle_words '" + joined(all, " ") + "' ;;\n";
    if (!c.positional.empty())
      positional += "    " + c.name + ") " + bash_action(c.positional.front()) + " ;;\n";
    if (c.model_arguments) with_arguments += (with_arguments.empty() ? "" : "|") + c.name;
  }
  std::string text = headline("bash") + kBashFunctions + kBashBegin;
  text += "  if ((${#words[@]} == 0)); then\n    _raddle_words '" + joined(names, " ") +
          " --help --version'\n    return\n  fi\n";
  text += "  case ${words[0]} in\n    " + with_arguments +
          ")\n      # What stands behind -- belongs to the model.\n"
          "      for i in \"${words[@]}\"; do [[ $i != -- ]] || { _raddle_files '*'; return; }; done ;;\n  "
          "esac\n";
  text += "  case ${words[0]}:${words[-1]} in\n" + values + "  esac\n";
  text +=
      "  if [[ $current == -* ]]; then\n    case ${words[0]} in\n" + options + "    esac\n    return\n  fi\n";
  text += "  case ${words[0]} in\n" + positional + "  esac\n}\n\ncomplete -F _raddle raddle\n";
  return text;
}

// --- zsh

namespace {

std::string zsh_quoted(const std::string& text) { return "'" + replaced(text, "'", "'\\''") + "'"; }

std::string zsh_text(std::string text) {
  for (const char* special : {"\\", "[", "]", ":"})
    text = replaced(text, special, std::string("\\") + special);
  return text;
}

std::string zsh_action(const Completed& value) {
  std::string action;
  switch (value.kind) {
    case Kind::Words: action = "(" + joined(value.words, " ") + ")"; break;
    case Kind::Files: action = value.pattern == "*" ? "_files" : "_files -g \"" + value.pattern + "\""; break;
    case Kind::Folders: action = "_files -/"; break;
    default: action = " ";
  }
  return ":" + zsh_text(value.label) + ":" + action;
}

std::string zsh_option(const CompletedOption& option) {
  std::string text;
  for (const std::string& name : option.names) {
    std::string spec = option.repeated           ? "*"
                       : option.names.size() > 1 ? "(" + joined(option.names, " ") + ")"
                                                 : "";
    spec += name + (option.value ? name.starts_with("--") ? "=" : "+" : "");
    spec += "[" + zsh_text(option.text) + "]";
    if (option.value) spec += zsh_action(*option.value);
    text += "            " + zsh_quoted(spec) + " \\\n";
  }
  return text;
}

}  // namespace

std::string zsh_completion(const CompletedCommands& commands) {
  std::string text = "#compdef raddle\n" + headline("zsh") +
                     "\n_raddle() {\n  local curcontext=$curcontext state line\n  local -a commands=(\n";
  for (const CompletedCommand& c : commands) text += "    " + zsh_quoted(c.name + ":" + c.text) + "\n";
  text +=
      "  )\n  _arguments -C '(- *)'{-h,--help}'[show the commands]' '(- *)'{-V,--version}'[show the "
      "version]' "
      "\\\n    '1:command:->command' '*::argument:->argument' && return\n"
      "  case $state in\n    command) _describe -t commands command commands ;;\n    argument)\n"
      "      curcontext=${curcontext%:*}-$line[1]:\n      case $line[1] in\n";
  for (const CompletedCommand& c : commands) {
    text += "        " + c.name + ")\n          _arguments -s -S \\\n";
    for (const CompletedOption& o : c.options) text += zsh_option(o);
    for (std::size_t i = 0; i < c.positional.size(); ++i)
      text +=
          "            " +
          zsh_quoted((c.positional[i].repeated ? "*" : std::to_string(i + 1)) + zsh_action(c.positional[i])) +
          " \\\n";
    const bool more = c.model_arguments && (c.positional.empty() || !c.positional.back().repeated);
    text += more ? "            '*:argument of the model:_files' ;;\n" : "            && return ;;\n";
  }
  text += "      esac ;;\n  esac\n}\n\n";
  return text + "if [[ $funcstack[1] == _raddle ]]; then _raddle \"$@\"; else compdef _raddle raddle; fi\n";
}

// --- fish

namespace {

std::string fish_quoted(const std::string& text) {
  return "'" + replaced(replaced(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string fish_files(const std::string& pattern) {
  if (pattern == "*") return "-F";
  return "-f -a '(__fish_complete_suffix " + pattern.substr(1) + ")'";
}

std::string fish_action(const Completed& value) {
  switch (value.kind) {
    case Kind::Words: return " -x -a " + fish_quoted(joined(value.words, " "));
    case Kind::Files: return value.pattern == "*" ? " -r -F" : " -r " + fish_files(value.pattern);
    case Kind::Folders: return " -x -a '(__fish_complete_directories)'";
    default: return " -x";
  }
}

}  // namespace

std::string fish_completion(const CompletedCommands& commands) {
  const std::string first = "complete -c raddle -n __fish_use_subcommand -f";
  std::string text = headline("fish") + "\ncomplete -c raddle -e\n";
  for (const CompletedCommand& c : commands)
    text += first + " -a " + c.name + " -d " + fish_quoted(c.text) + "\n";
  text +=
      first + " -s h -l help -d 'show the commands'\n" + first + " -s V -l version -d 'show the version'\n";
  for (const CompletedCommand& c : commands) {
    const std::string within = "complete -c raddle -n '__fish_seen_subcommand_from " + c.name + "'";
    text += "\n";
    for (const CompletedOption& o : c.options) {
      std::string names;
      for (const std::string& n : o.names)
        names += n.starts_with("--") ? " -l " + n.substr(2) : " -s " + n.substr(1);
      text += within + names + " -d " + fish_quoted(o.text) + (o.value ? fish_action(*o.value) : "") + "\n";
    }
    for (const Completed& p : c.positional) {
      const std::string action = p.kind == Kind::Words     ? "-f -a " + fish_quoted(joined(p.words, " "))
                                 : p.kind == Kind::Folders ? "-f -a '(__fish_complete_directories)'"
                                                           : fish_files(p.pattern);
      text += within + " " + action + "\n";
    }
    if (c.positional.empty()) text += within + " -f\n";
  }
  return text;
}

}  // namespace raddle::cli
