// What made an event of a trace what it is: whose value it read, what it overwrote, what it had to wait for, what its
// thread had seen before. Each is an earlier event. Nothing here is text.
#pragma once
#include <cstddef>
#include <vector>

#include "checker/engine/trace.h"

namespace raddle::reports {

struct Cause {
  enum class Kind {
    Read,         // wrote the value that it read
    Overwritten,  // wrote the value that it replaced
    Enabled,      // without it the event could not have happened yet: the release before an acquisition
    Seen,         // by the same thread: the latest thing it had learnt
    Started       // started its thread
  };
  Kind kind = Kind::Read;
  std::size_t event = 0;  // index into Trace::events
};

/// Of the event with this index, the most telling first. An event has none if it comes first in the main thread.
std::vector<Cause> causes_of(const engine::Trace& trace, std::size_t event);

/// The operations by which others let a thread go on that waits in `operation`: {"unlock", "wait"} for "lock".
/// Empty: it waits for nobody.
std::vector<const char*> enablers_of(const std::string& operation);

/// Does the event do that for an operation of this name on this object? `waiter`: the thread that waits.
bool enables(const engine::TraceEvent& event, const std::string& operation, int object, int waiter);

/// An event of the causal past of another one.
struct PastEvent {
  std::size_t event = 0;
  Cause::Kind kind = Cause::Kind::Read;  // what it is to `of`
  std::size_t of = 0;
};

/// Causes, their causes, and so on: the nearest first, at most `limit`.
std::vector<PastEvent> causal_past(const engine::Trace& trace, std::size_t event, std::size_t limit);

}  // namespace raddle::reports
