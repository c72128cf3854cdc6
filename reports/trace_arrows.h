// Which events of a trace come about by which events of other threads: what is drawn as arrows. Plain data from the trace alone.
#pragma once
#include <cstddef>
#include <vector>

#include "checker/engine/trace.h"

namespace raddle::reports {

struct TraceArrow {
  enum class Kind {
    Start,   // a thread's first event
    Join,    // of a thread that has ended
    Value,   // a read of a value that another thread has written
    Lock,    // getting what another thread has released
    Item,    // getting what another thread has put
    Notify,  // waking up
    Signal,  // finding an event set
  };
  Kind kind;
  std::size_t from, to;  // indices into Trace::events
  friend bool operator==(const TraceArrow&, const TraceArrow&) = default;
};

/// "reads from", "release -> acquire", ...
const char* name(TraceArrow::Kind kind);

/// Between different threads, by `to`.
std::vector<TraceArrow> arrows_of(const engine::Trace& trace);

/// For how long something was so: from the first of the events to before the second; Trace::events.size(): to the end.
struct TraceSpan {
  int thread = 0;
  int object = -1;
  std::size_t from = 0, to = 0;
  friend bool operator==(const TraceSpan&, const TraceSpan&) = default;
};

/// Who holds which lock, in the order in which they are acquired.
std::vector<TraceSpan> held_locks(const engine::Trace& trace);

}  // namespace raddle::reports
