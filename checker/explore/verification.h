// Replaying a recorded trace, and comparing every event with what happened then.
#pragma once
#include <string>
#include <vector>

#include "checker/engine/engine.h"
#include "checker/engine/trace.h"
#include "checker/explore/breakpoint.h"
#include "checker/explore/inspector.h"

namespace raddle::explore {

struct ReplayReport {
  engine::Trace trace;  // what happened now
  bool diverged = false;
  int step = 0;                  // as shown, of the first difference
  std::string expected, actual;  // what the recorded trace says there, and what the program did
  bool reproduced = false;       // the recorded finding shows again (false too if there was none)
};

/// Executes a recorded schedule again and compares every event. Throws engine::UserError for a schedule that is
/// malformed. `breakpoint`: where it stops; null: nowhere.
ReplayReport replay(engine::Engine& e, engine::Program& program, const engine::Trace& trace,
                    std::uint8_t revealed, const Breakpoint* breakpoint = nullptr);

/// A schedule of the trace's program, as a search would name it. Throws engine::UserError if it is malformed.
std::vector<NamedChoice> named_schedule(const engine::Trace& trace,
                                        const std::vector<engine::TraceChoice>& schedule);

/// Executes another schedule of a trace's program (Trace::passing), and behind its end as Replay does: what happens then,
/// with the errors that it shows, the first one's marks on its events.
engine::Trace execute_schedule(engine::Engine& e, engine::Program& program, const engine::Trace& trace,
                               const std::vector<engine::TraceChoice>& schedule, std::uint8_t revealed);

}  // namespace raddle::explore
