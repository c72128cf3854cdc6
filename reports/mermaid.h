// A trace as a sequence diagram for Mermaid, which Markdown on many servers shows as a picture: threads, and the objects that
// the finding is about.
#pragma once
#include <string>

#include "checker/engine/trace.h"

namespace raddle::reports {

/// `full`: every event; else those that matter. Ends with a line break.
std::string mermaid(const engine::Trace& trace, bool full = false);

}  // namespace raddle::reports
