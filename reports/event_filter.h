// Events of a trace by the threads that execute them and the objects that they touch, as users name these.
#pragma once
#include <string>
#include <vector>

#include "checker/engine/trace.h"
#include "reports/event_selection.h"
#include "reports/trace_names.h"

namespace raddle::reports {

/// Names as shown ("t1", "lock#2", "scores['bob']"), labels that several have, or ids ("0.1"). Empty: any.
struct EventFilter {
  std::vector<std::string> threads, objects;
  bool empty() const { return threads.empty() && objects.empty(); }
};

/// The indices of threads with this name. Throws engine::UserError that lists the trace's threads if there is none;
/// `option` says where the name was given.
std::vector<int> threads_named(const engine::Trace& trace, const TraceNames& names, const std::string& name,
                               const std::string& option);

/// Events of one of the threads that touch one of the objects. Throws engine::UserError for a name that is none.
EventSelection filter_events(const engine::Trace& trace, const TraceNames& names, const EventFilter& filter);

}  // namespace raddle::reports
