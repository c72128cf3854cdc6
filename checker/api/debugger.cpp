#include "checker/api/debugger.h"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "checker/engine/error.h"

namespace raddle::api {
namespace {

std::string_view wanted() {
  const char* step = std::getenv("RADDLE_BREAK");
  return step ? step : "";
}

/// Is there a debugger, or does the program deal with the signal itself?
bool is_trap_awaited() {
  struct sigaction action {};
  ::sigaction(SIGTRAP, nullptr, &action);
  if (action.sa_flags & SA_SIGINFO || (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN))
    return true;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("TracerPid:")) return line.find_first_of("123456789") != std::string::npos;
  return true;  // nobody knows
}

}  // namespace

bool is_break_wanted() { return !wanted().empty(); }

std::optional<explore::Breakpoint> wanted_breakpoint(const engine::Trace& trace) {
  const std::string_view text = wanted();
  if (text.empty()) return std::nullopt;
  std::size_t step = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
  const bool digits = text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits) throw engine::UserError("'" + std::string(text) + "' is no step: a step is a number");
  if (error != std::errc() || step == 0 || step > trace.events.size())
    throw engine::UserError("this trace has no step " + std::string(text) + ". Its steps are 1 to " +
                            std::to_string(trace.events.size()));
  if (trace.events[step - 1].operation == "end")
    throw engine::UserError("step " + std::string(text) +
                            " is the end of a thread, whose code has returned. Stop at another one");
  if (!is_trap_awaited())
    throw engine::UserError("no debugger is attached that could stop at step " + std::string(text) +
                            ". Run the program in one: gdb -ex run --args " + program_invocation_name);
  return explore::Breakpoint{static_cast<int>(step), [text = std::string(text)] {
                               std::fprintf(stderr, "raddle: stopped at step %s\n", text.c_str());
                               std::raise(SIGTRAP);
                             }};
}

}  // namespace raddle::api
