// Patterns for files: *, ? and [...] within a name, ** for any number of folders.
#pragma once
#include <string>
#include <vector>

namespace raddle::cli {

/// Does it contain any of the characters that stand for others?
bool is_pattern(const std::string& path);

/// The files that match, below `folder` (empty: the current one), which their paths begin with; sorted, each once.
/// Names that begin with a dot are found by patterns that begin with one alone. ** follows no symbolic links.
std::vector<std::string> matching_files(const std::string& folder, const std::string& pattern);

}  // namespace raddle::cli
