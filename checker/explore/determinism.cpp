#include "checker/explore/determinism.h"

#include <algorithm>
#include <optional>

#include "checker/explore/trace_comparison.h"
#include "checker/explore/witness.h"

namespace raddle::explore {

using namespace engine;

namespace {

Trace visible_part(Trace t) {
  // What is only written is nobody's input.
  std::erase_if(t.events,
                [](const TraceEvent& x) { return x.operation == "output" || x.operation == "note"; });
  return t;
}

Trace execute(Engine& e, Program& program, const std::vector<NamedChoice>& schedule) {
  Recording recording(e, program, schedule, {});
  return visible_part(std::move(recording.recorder().trace()));
}

/// Index of the first event that differs.
std::optional<std::size_t> difference(const Trace& a, const Trace& b) {
  const std::size_t n = std::max(a.events.size(), b.events.size());
  for (std::size_t i = 0; i < n; ++i)
    if (i >= a.events.size() || i >= b.events.size() || !same_event(a, a.events[i], b, b.events[i])) return i;
  return std::nullopt;
}

std::string what(const Trace& t, std::size_t i) {
  return i < t.events.size() ? show(t, t.events[i]) : "the end of the execution";
}

}  // namespace

std::string find_nondeterminism(Engine& e, Program& program, const std::vector<NamedChoice>& schedule) {
  const Trace first = execute(e, program, schedule), second = execute(e, program, schedule);
  const Trace third = execute(e, program, schedule);
  const auto early = difference(first, second), late = difference(second, third);
  if (!early && !late) return {};
  const Trace &a = late ? second : first, &b = late ? third : second;
  const std::size_t at = late ? *late : *early;
  std::string text = "once \"" + what(a, at) + "\", then \"" + what(b, at) + "\". ";
  // What settles after the first time is what the first time has left behind.
  text += late ? "That comes from outside: the time, random numbers, an address, a file, the environment."
               : "Something stays from one execution to the next: a cache, a file, an object of the library.";
  return text;
}

}  // namespace raddle::explore
