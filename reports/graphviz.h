// What a search has explored as a picture, for Graphviz (dot): a tree in which executions share what they have in common. Nodes
// are states, edges are operations in the colour of their thread, leaves are executions with what was found in them.
#pragma once
#include <string>

#include "checker/explore/recorded_search.h"
#include "reports/result.h"

namespace raddle::reports {

/// Ends with a line break.
std::string graphviz(const Result& result, const explore::RecordedExecutions& executions);

}  // namespace raddle::reports
