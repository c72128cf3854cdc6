#include "reports/source_files.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace raddle::reports {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> text_of(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

}  // namespace

std::string content_digest(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ull;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
  return digits;
}

std::vector<std::string> files_named_in(const engine::Trace& trace) {
  std::set<std::string> files;
  for (const std::vector<engine::TraceEvent>* events : {&trace.events, &trace.passing_run.events})
    for (const engine::TraceEvent& event : *events) files.insert(event.site.file);
  for (const engine::TraceBlocked& blocked : trace.blocked) files.insert(blocked.site.file);
  for (const engine::TraceThread& thread : trace.threads) files.insert(thread.start.file);
  for (const engine::TraceFinding& finding : trace.findings) files.insert(finding.site.file);
  files.erase("");
  return {files.begin(), files.end()};
}

std::vector<engine::TraceSource> sources_of(const engine::Trace& trace, const SourceLookup& lookup) {
  std::vector<engine::TraceSource> sources;
  for (const std::string& file : files_named_in(trace))
    if (const auto text = lookup(file)) sources.push_back({file, content_digest(*text)});
  return sources;
}

SourceLookup sources_of_program(const std::string& program) {
  return [program](const std::string& file) -> std::optional<std::string> {
    const fs::path path = file;
    if (auto text = text_of(path)) return text;
    if (path.is_absolute()) return std::nullopt;
    std::error_code error;
    fs::path folder = fs::absolute(program, error).lexically_normal();
    while (!error && folder.has_relative_path()) {
      folder = folder.parent_path();
      if (auto text = text_of(folder / path)) return text;
    }
    return std::nullopt;
  };
}

SourceLookup sources_on_disk(const std::string& model) {
  return [folder = fs::path(model).parent_path()](const std::string& file) -> std::optional<std::string> {
    const fs::path path = file;
    if (path.is_absolute()) return text_of(path);
    if (file.starts_with("python3.11/")) return text_of("/usr/lib" / path);
    if (auto text = text_of(folder / path)) return text;
    return text_of(path);
  };
}

}  // namespace raddle::reports
