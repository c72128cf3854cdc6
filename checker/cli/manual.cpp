#include "checker/cli/manual.h"

#include <algorithm>
#include <sstream>

#include <CLI/CLI.hpp>

namespace raddle::cli {
namespace {

/// Text that troff is to take as it is. Every - is one to copy.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (out.empty() || out.back() == '\n')
      if (c == '.' || c == '\'') out += "\\&";
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      default: out += c;
    }
  }
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + plain(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + plain(text) + "\\fR"; }

/// "check [OPTIONS] MODEL": names of values in italics, the rest bold.
std::string usage_line(std::string_view line) {
  std::string text = bold("raddle"), word;
  std::istringstream words{std::string(line)};
  while (words >> word) {
    const bool value = word.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos;
    text += ' ' + (value ? italic(word) : bold(word));
  }
  return text;
}

std::string tagged(const std::string& tag, std::string_view text) {
  return ".TP\n" + tag + '\n' + plain(text) + '\n';
}

std::string option_tag(const CLI::Option& option) {
  if (option.get_positional()) return italic(option.get_name());
  std::string tag;
  for (const std::string& n : option.get_snames()) tag += (tag.empty() ? "" : ", ") + bold("-" + n);
  for (const std::string& n : option.get_lnames()) tag += (tag.empty() ? "" : ", ") + bold("--" + n);
  if (option.get_expected_max() > 0) tag += ' ' + italic(option.get_type_name());
  return tag;
}

std::string verbatim(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return ".PP\n.nf\n" + plain(text) + "\n.fi\n";
}

/// Lines "  1  an error was found" become entries, others what they are.
std::string exit_statuses(std::string_view footer) {
  std::string text, line;
  std::istringstream lines{std::string(footer)};
  while (std::getline(lines, line)) {
    const auto digit = line.find_first_of("0123456789");
    if (digit == std::string::npos || line.find_first_not_of(' ') != digit) continue;
    const auto end = line.find(' ', digit);
    text += tagged(bold(line.substr(digit, end - digit)), line.substr(line.find_first_not_of(' ', end)));
  }
  return text;
}

std::string command_section(Command& command) {
  std::string text = ".SS " + plain(command.name()) + '\n';
  for (const std::string_view line : command.usage()) text += usage_line(line) + "\n.br\n";
  std::string summary(command.summary());
  summary.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(summary.front())));
  text += ".PP\n" + plain(summary) + ".\n";
  const std::unique_ptr<CLI::App> app = make_app(command);
  for (const CLI::Option* o : app->get_options())
    if (!o->get_group().empty()) text += tagged(option_tag(*o), o->get_description());
  if (command.name() != "check" && !command.footer().empty()) text += verbatim(command.footer());
  return text;
}

struct Entry {
  const char *what, *text;
};

constexpr Entry kFiles[] = {
    {"raddle.json", "the project file: what raddle check without a model checks, and how"},
    {".raddle/NAME-1.json", "the trace of a finding, in the folder where raddle check ran (see --trace-dir)"},
};

constexpr Entry kEnvironment[] = {
    {"NO_COLOR", "if it is not empty, --colour auto is without colours"},
    {"PAGER", "what raddle show prints through on a terminal (default: less, if it is there)"},
    {"PYTHONBREAKPOINT",
     "the debugger in which raddle replay --break stops, as for breakpoint() (default: pdb)"},
    {"PYTHONPATH", "folders in which Python models look for modules"},
    {"RADDLE_BREAK",
     "with RADDLE_REPLAY: the step at which that program gets SIGTRAP, in a debugger such as gdb"},
    {"RADDLE_PAGER", "comes before PAGER"},
    {"RADDLE_REPLAY",
     "a trace of a program that uses the C++ library: the program executes that one again, instead of "
     "searching"},
    {"VIRTUAL_ENV", "the virtual environment whose packages Python models use"},
};

constexpr Entry kExamples[] = {
    {"raddle check program.py", "Explore a program up to its first error."},
    {"raddle check --all program.py -- a b",
     "Go on behind the first error, with two arguments for the program."},
    {"raddle check tests", "Check every test in a folder, each as a program of its own."},
    {"raddle check --strategy sample --time 5m program.py", "Random executions, for what is too large."},
    {"raddle show .raddle/program-1.json", "Show how an error comes about."},
    {"raddle replay .raddle/program-1.json", "Execute that again."},
};

}  // namespace

std::string manual_page(const std::vector<std::unique_ptr<Command>>& commands) {
  std::string text = ".TH RADDLE 1 \"\" \"raddle " RADDLE_VERSION "\" \"User Commands\"\n";
  text += ".SH NAME\nraddle \\- find the bugs of threads that depend on who goes first\n.SH SYNOPSIS\n";
  for (const auto& c : commands)
    for (const std::string_view line : c->usage()) text += usage_line(line) + "\n.br\n";
  text += usage_line("help [COMMAND]") + "\n.br\n" + usage_line("--version") + "\n";
  text +=
      ".SH DESCRIPTION\n"
      "Raddle executes a multi\\-threaded program over and over, each time with another interleaving of its\n"
      "threads, until it has seen every one that could make a difference. It reports lost updates, "
      "deadlocks,\n"
      "failed assertions, uncaught exceptions and misused locks, each with a trace that replays exactly.\n"
      ".SH COMMANDS\n";
  for (const auto& c : commands) text += command_section(*c);
  text += ".SH EXIT STATUS\n";
  for (const auto& c : commands)
    if (c->name() == "check") text += exit_statuses(c->footer());
  const auto section = [&](const char* title, const auto& entries) {
    text += std::string(".SH ") + title + '\n';
    for (const Entry& e : entries) text += tagged(bold(e.what), e.text);
  };
  section("ENVIRONMENT", kEnvironment);
  section("FILES", kFiles);
  section("EXAMPLES", kExamples);
  return text + ".SH SEE ALSO\n.BR python3 (1),\n.BR ctest (1),\n.BR gdb (1)\n";
}

}  // namespace raddle::cli
