// A trace for people: what went wrong, the events that led there, who waits for whom, and how to see it again.
#pragma once
#include <cstddef>
#include <string>

#include "checker/engine/trace.h"
#include "reports/event_filter.h"

namespace raddle::reports {

struct TextOptions {
  std::size_t width = 100;  // of the terminal, in cells
  bool colour = false;
  bool full = false;  // every event and why each switch happened, not only what matters in 12 to 20 lines
  EventFilter only;   // not empty: all events that it lets through, whatever they have to do with the finding
  std::string path;   // of the trace, as the user would type it; empty: it is in no file
  std::string html;   // of the web page that has been written, with this trace on it; empty: there is none
};

/// The view of `raddle show`, and of each finding of `raddle check` (short). Ends with a line break.
std::string text_trace(const engine::Trace& trace, const TextOptions& options = {});

/// What to type to see it happen again; `path` as in TextOptions. Empty if there is nothing to replay.
std::string replay_command(const engine::Trace& trace, const std::string& path);

/// The first lines of such a view: kind, what it is about, where, and the message.
std::string text_headline(const engine::TraceFinding& finding, const std::string& place,
                          const TextOptions& options);

}  // namespace raddle::reports
