// A run that fails beside one of the same model that passes: for `raddle show --diff`.
#pragma once
#include "checker/engine/trace.h"
#include "reports/text_trace.h"

namespace raddle::reports {

/// Both, line by line: what they have in common at the beginning is folded (not with options.full), then each event
/// stands beside the one that it corresponds to. The first difference is marked, and the two events whose order decides.
/// Throws engine::UserError if the traces are of different models.
std::string text_diff(const engine::Trace& failing, const engine::Trace& passing, const TextOptions& options);

}  // namespace raddle::reports
