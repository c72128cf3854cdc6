// What a rule of SARIF says about each kind of finding: in a sentence, and at length.
#pragma once
#include <string>
#include <string_view>

#include "reports/json_document.h"

namespace raddle::reports {

/// The reportingDescriptor of a kind, also of one that is not known here.
Json sarif_rule(std::string_view kind);

/// SARIF's name for a severity.
std::string sarif_level(std::string_view severity);

}  // namespace raddle::reports
