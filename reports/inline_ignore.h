// Comments in a model's source that say which findings do not count there: `# raddle: ignore[lost-update]`, for several
// kinds `ignore[data-race, lost-update]`, for all `ignore`. They stand at the end of the line that a finding, or one of
// its events, is reported at, or by themselves on the line above. In C and C++ behind `//`.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/result.h"

namespace raddle::reports {

/// The kinds in the comment of a line of source, as they are written there; {"*"} for all. None: there is no such comment.
std::optional<std::vector<std::string>> ignored_kinds(std::string_view source_line);

/// A line of the model's source; empty if it is not known.
using SourceLine = std::function<std::string(const std::string& file, int line)>;

/// Marks the findings that comments are about as suppressed, before apply_policy. Kinds that there are not become warnings of the result.
void apply_inline_ignores(Result& result, const SourceLine& line_of);

}  // namespace raddle::reports
