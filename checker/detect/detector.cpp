#include "checker/detect/detector.h"

#include <array>
#include <functional>
#include <string_view>

namespace raddle::detect {

const char* name(Kind k) {
  switch (k) {
    case Kind::Assertion: return "assertion";
    case Kind::Exception: return "exception";
    case Kind::ExitStatus: return "exit-status";
    case Kind::Deadlock: return "deadlock";
    case Kind::Hang: return "hang";
    case Kind::LostUpdate: return "lost-update";
    case Kind::DataRace: return "data-race";
    case Kind::Misuse: return "misuse";
    case Kind::LockOrder: return "lock-order";
    case Kind::Crash: return "crash";
    case Kind::Divergence: return "divergence";
    case Kind::Nondeterminism: return "nondeterminism";
    case Kind::DaemonKilled: return "daemon-killed";
    case Kind::Outcome: return "outcome";
    case Kind::Atomicity: return "atomicity";
  }
  return "?";
}

std::uint64_t file_digest(const char* file) {
  // Names of files stay where they are, and there are few of them.
  struct Known {
    const char* file = nullptr;
    std::uint64_t digest = 0;
  };
  thread_local std::array<Known, 64> known;
  if (!file) return 0;
  Known& k = known[(reinterpret_cast<std::uintptr_t>(file) * 0x9E3779B97F4A7C15ull) >> 58];
  if (k.file != file) k = {file, std::hash<std::string_view>{}(file)};
  return k.digest;
}

const char* name(Severity s) {
  return s == Severity::Error ? "error" : s == Severity::Warning ? "warning" : "note";
}

}  // namespace raddle::detect
