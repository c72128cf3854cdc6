// Why one event of a trace happened as it did, or why a thread waits for ever, in words: for `raddle show --why`.
#pragma once
#include <string>

#include "checker/engine/trace.h"
#include "reports/text_trace.h"

namespace raddle::reports {

/// `what`: the step of an event, or the name of a thread: why it waits at the end, or its last event. With options.full
/// all that led there, else what is nearest. Throws engine::UserError that says which there are.
std::string text_why(const engine::Trace& trace, const std::string& what, const TextOptions& options);

}  // namespace raddle::reports
