#include "reports/source_paths.h"

#include <algorithm>
#include <filesystem>

namespace raddle::reports {

namespace fs = std::filesystem;

namespace {

/// Is the model named as `python3 -m` takes it?
bool is_module(const Result& model) {
  return std::any_of(model.options.begin(), model.options.end(),
                     [](const auto& option) { return option.first == "module"; });
}

bool is_plain(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

bool is_library_file(const std::string& file) { return file.starts_with("python3.11/"); }

std::string uri_of(const std::string& path) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain(byte)) {
      uri += c;
    } else {
      uri += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return uri;
}

std::string SourcePaths::placed(const std::string& path) const {
  const fs::path whole = (fs::path(here_) / path).lexically_normal();
  const fs::path relative = whole.lexically_relative(fs::path(root_).lexically_normal());
  return relative.empty() || *relative.begin() == ".." ? whole.string() : relative.string();
}

std::string SourcePaths::path(const Result& model, const std::string& file) const {
  if (file.empty()) return this->model(model);
  if (is_library_file(file)) return file;
  // Locations name what is in the model's folder from there.
  return placed(is_module(model) ? file : (fs::path(model.model).parent_path() / file).string());
}

std::string SourcePaths::uri(const Result& model, const std::string& file) const {
  return uri_of(path(model, file));
}

std::string SourcePaths::model(const Result& model) const {
  if (!is_module(model)) return placed(model.model);
  std::string path = model.model;
  std::replace(path.begin(), path.end(), '.', '/');
  return placed(path + ".py");
}

}  // namespace raddle::reports
