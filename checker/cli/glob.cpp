#include "checker/cli/glob.h"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

using Parts = std::vector<std::string>;

Parts split(const std::string& pattern) {
  Parts parts;
  for (const fs::path& part : fs::path(pattern).lexically_normal()) parts.push_back(part.string());
  if (!parts.empty() && parts.back() == "**") parts.emplace_back("*");
  return parts;
}

void find(const fs::path& folder, const Parts& parts, std::size_t at, std::vector<std::string>& found) {
  const bool last = at + 1 == parts.size();
  std::error_code error;
  auto take = [&](const fs::path& path) {
    std::error_code ignored;
    if (!last) {
      if (fs::is_directory(path, ignored)) find(path, parts, at + 1, found);
    } else if (fs::is_regular_file(path, ignored)) {
      found.push_back(path.string());
    }
  };
  if (!is_pattern(parts[at])) return take(folder / parts[at]);
  const bool deep = parts[at] == "**";
  if (deep && !last) find(folder, parts, at + 1, found);
  fs::directory_iterator entry(folder.empty() ? fs::path(".") : folder, error);
  for (const fs::directory_iterator end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (deep) {
      const bool real =
          !fs::is_symlink(entry->symlink_status(error)) && fs::is_directory(entry->path(), error);
      if (real && !name.starts_with('.')) find(folder / name, parts, at, found);
    } else if (::fnmatch(parts[at].c_str(), name.c_str(), FNM_PERIOD) == 0) {
      take(folder / name);
    }
  }
}

}  // namespace

bool is_pattern(const std::string& path) { return path.find_first_of("*?[") != std::string::npos; }

std::vector<std::string> matching_files(const std::string& folder, const std::string& pattern) {
  std::vector<std::string> found;
  const Parts parts = split(pattern);
  if (!parts.empty()) find(folder, parts, 0, found);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace raddle::cli
