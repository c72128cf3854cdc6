// Results as files: raddle-result/1, specified in docs/formats.md and docs/schemas/raddle-result-1.schema.json.
// The same result is always the same bytes; between two runs of one search only the line "seconds" differs.
#pragma once
#include <string>
#include <string_view>

#include "reports/result.h"

namespace raddle::reports {

/// The document.
std::string result_to_json(const Result& result);

/// The result in a document; engine::UserError if it is not a good one. `path` is for the message.
Result result_from_json(std::string_view text, const std::string& path);

/// To and from a file. Writing is atomic (atomic_file.h); both throw engine::UserError.
void write_result(const std::string& path, const Result& result);
Result read_result(const std::string& path);

}  // namespace raddle::reports
