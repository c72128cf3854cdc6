// Does the model do the same under the same schedule? All that a search concludes rests on it.
#pragma once
#include <string>
#include <vector>

#include "checker/explore/inspector.h"

namespace raddle::explore {

/// Executes a schedule a few times and compares every event with its values. Empty: always the same. Else what was
/// different, where, and where that is likely to come from, in sentences.
std::string find_nondeterminism(engine::Engine& e, engine::Program& program,
                                const std::vector<NamedChoice>& schedule);

}  // namespace raddle::explore
