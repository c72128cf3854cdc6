// The interface of a detector: it sees events and ends of executions, and reports observations. It knows nothing of
// how the executions came about.
//
// Searches run without recording, so an observation is a few numbers. Whatever is worth showing is executed once more
// with full recording, and `describe` then puts the observation into words (see describe.h).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "checker/engine/history.h"
#include "checker/engine/wire.h"

namespace raddle::detect {

enum class Kind : std::uint8_t {
  Assertion,
  Exception,
  ExitStatus,
  Deadlock,
  Hang,
  LostUpdate,
  DataRace,
  Misuse,
  LockOrder,
  Crash,
  Divergence,
  Nondeterminism,
  DaemonKilled,
  Outcome,
  Atomicity,  // a LostUpdate without proof
};
/// The kind's name in reports: "lost-update", ...
const char* name(Kind k);

enum class Severity : std::uint8_t { Note, Warning, Error };
const char* name(Severity s);

/// Something wrong in the current execution.
struct Observation {
  Kind kind = Kind::Assertion;
  Severity severity = Severity::Error;
  std::uint64_t key = 0;  // same key: the same finding (kind, places, objects), in all searches of a program
  engine::Step at = 0;    // number of events after which it holds
  engine::Step steps[3] = {engine::kNever, engine::kNever,
                           engine::kNever};  // the events that matter, by kind
  std::int32_t failure = -1;                 // index into Engine::failures(); of an Outcome: its number
  std::uint64_t thread = 0;                  // DaemonKilled: its name
};

/// Takes observations of the current execution. Those made at an event are forgotten with the event.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void observe(const Observation& o) = 0;
};

class Detector {
 public:
  virtual ~Detector() = default;

  /// Which kinds of events `event` is called for: bit OpKind.
  virtual std::uint64_t interests() const { return 0; }
  /// history[step] is about to be executed (its result is not known yet).
  virtual void event(const engine::Engine&, const engine::History&, engine::Step, Sink&) {}
  /// Is `rewind` to be called?
  virtual bool keeps_events() const { return false; }
  /// The next execution shares only the first `step` events with the latest one.
  virtual void rewind(engine::Step /*step*/) {}
  /// Is `end` called for all executions, and not only for those in which something is left or has failed?
  virtual bool sees_every_end() const { return false; }
  /// Is `end` called for an execution that was cut before its end, since the search was to end?
  virtual bool sees_cut_executions() const { return false; }
  /// The execution is over; leftover threads still have their pending operations.
  virtual void end(const engine::Engine&, const engine::History&, engine::Outcome, Sink&) {}
  /// What it knows from all executions: what is new since the last time, or everything, for another detector of this
  /// class, which may be in another process, to `merge`. Throws engine::WireError.
  virtual void save(engine::WireWriter&, bool /*everything*/) {}
  virtual void merge(engine::WireReader&) {}
  /// Reads what `merge` would. Does that say of anything that it is worse than is known now?
  virtual bool is_worse(engine::WireReader&) const { return false; }
  /// An observation that another one has made becomes one of this one, which has merged what that had to say.
  virtual void adopt(Observation&) const {}
  /// The search starts again: objects are numbered anew.
  virtual void restart() {}
  /// The severity that an observation of this detector deserves by what is known now (proofs may come later).
  virtual Severity severity(const Observation& o) const { return o.severity; }
};

constexpr std::uint64_t bit(engine::OpKind k) { return std::uint64_t{1} << static_cast<unsigned>(k); }
/// A digest of a file's name, by the address of that.
std::uint64_t file_digest(const char* file);
/// For keys, which are to be the same in every search of a program.
inline std::uint64_t place(const engine::Site& s) {
  return file_digest(s.file) + (static_cast<std::uint64_t>(s.line) << 40) +
         (static_cast<std::uint64_t>(s.column) << 56);
}
inline std::uint64_t digest(const engine::Site& s) { return engine::mix(place(s)); }

}  // namespace raddle::detect
