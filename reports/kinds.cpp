#include "reports/kinds.h"

#include <algorithm>
#include <array>

#include "checker/engine/error.h"

namespace raddle::reports {
namespace {

constexpr std::array<Kind, 16> kKinds = {{
    {"assertion", "error", "fails an assertion", "fail an assertion", "failed assertions"},
    {"exception", "error", "has an uncaught exception", "have an uncaught exception", "exceptions"},
    {"exit-status", "error", "ends with a non-zero status", "end with a non-zero status",
     "non-zero exit statuses"},
    {"deadlock", "error", "ends in a deadlock", "end in a deadlock", "deadlocks"},
    {"hang", "error", "hangs", "hang", "hangs"},
    {"lost-update", "error", "loses an update", "lose an update", "lost updates"},
    {"data-race", "warning", "has a data race", "have a data race", "data races"},
    {"misuse", "error", "misuses an object", "misuse an object", "misuses"},
    {"lock-order", "warning", "locks in conflicting order", "lock in conflicting order", "lock-order cycles"},
    {"atomicity", "note", "acts on a stale value", "act on a stale value", "acts on stale values"},
    {"daemon-killed", "note", "kills a daemon thread at work", "kill a daemon thread at work",
     "daemon threads killed at work"},
    {"outcome", "note", "has an unexpected outcome", "have an unexpected outcome", "unexpected outcomes"},
    {"leak", "note", "leaks memory", "leak memory", "leaks"},
    {"crash", "error", "crashes", "crash", "crashes"},
    {"divergence", "error", "runs on without a visible operation", "run on without a visible operation",
     "threads that run on without a visible operation"},
    {"nondeterminism", "error", "behaves differently under the same schedule",
     "behave differently under the same schedule", "places that behave differently under the same schedule"},
}};

}  // namespace

std::span<const Kind> kinds() { return kKinds; }

const Kind* find_kind(std::string_view name) {
  auto it = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.name == name; });
  return it == kKinds.end() ? nullptr : &*it;
}

const Kind& require_kind(std::string_view name, std::string_view option) {
  if (const Kind* kind = find_kind(name)) return *kind;
  std::string message =
      std::string(option) + ": there is no kind of finding '" + std::string(name) + "'. The kinds are ";
  for (const Kind& k : kKinds) {
    if (&k != kKinds.data()) message += &k == &kKinds.back() ? " and " : ", ";
    message += k.name;
  }
  throw engine::UserError(message + ".");
}

std::string heading_of(std::string_view kind) {
  std::string heading;
  for (char c : kind) {
    bool lower = c >= 'a' && c <= 'z';
    heading += c == '-' ? ' ' : lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return heading;
}

}  // namespace raddle::reports
