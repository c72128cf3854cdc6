#include "checker/detect/detector.h"

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

const char* name(Severity s) {
  return s == Severity::Error ? "error" : s == Severity::Warning ? "warning" : "note";
}

}  // namespace raddle::detect
