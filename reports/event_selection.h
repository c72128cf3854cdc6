// Which events of a trace are worth showing in little space: those that its finding is about, the operations on the
// same objects around them, choices and the program's own notes, and the starts of the threads involved.
#pragma once
#include <cstddef>
#include <vector>

#include "checker/engine/trace.h"

namespace raddle::reports {

struct EventSelection {
  std::vector<std::size_t> events;  // indices into Trace::events, ascending
  std::vector<std::size_t>
      dropped_before;  // for each: relevant events left out since the one shown before it
};

/// At most `limit` events, and half as many more if the finding names so many; with them a few starts.
EventSelection select_events(const engine::Trace& trace, std::size_t limit);

/// All of them.
EventSelection all_events(const engine::Trace& trace);

/// The index of the event by which `holder` came to hold the object for good, or -1.
int acquisition(const engine::Trace& trace, int holder, int object);

}  // namespace raddle::reports
