#include "reports/content_fingerprint.h"

#include <cstdint>
#include <cstdio>

namespace raddle::reports {
namespace {

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }  // npos + 1 == 0

std::string trimmed(const std::string& line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

/// "update" for "Counter.update.<locals>.update".
std::string last_name(const std::string& function) { return function.substr(function.rfind('.') + 1); }

bool begins(const std::string& line, const std::string& function) {
  const std::string text = trimmed(line);
  for (const char* word : {"def ", "async def "})
    if (text.starts_with(word + function + "(")) return true;
  return false;
}

/// How many lines before this one, in its function, say the same: `n += 1` may stand there twice.
int earlier_ones(const engine::TraceSite& site, const std::string& text, const SourceLine& line_of) {
  const std::string function = last_name(site.function);
  int earlier = 0;
  for (int line = site.line - 1; line > 0; --line) {
    const std::string there = line_of(site.file, line);
    if (begins(there, function)) break;
    earlier += trimmed(there) == text;
  }
  return earlier;
}

/// Without the numbers in a label like "Lock at bank.py:12".
std::string without_line(const std::string& label) {
  const std::size_t end = label.find_last_not_of("0123456789");
  const bool numbered = end != std::string::npos && end + 1 < label.size() && label[end] == ':';
  return numbered ? label.substr(0, end) : label;
}

}  // namespace

std::string content_fingerprint(const ResultFinding& f, const SourceLine& line_of) {
  std::uint64_t hash = 0xCBF29CE484222325ull;  // FNV-1a
  auto add = [&](const std::string& text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
    hash = (hash ^ 0xFF) * 0x100000001B3ull;
  };
  auto add_site = [&](const engine::TraceSite& site) {
    const std::string text = site.line > 0 ? trimmed(line_of(site.file, site.line)) : "";
    add(file_name(site.file));
    add(site.function);
    add(text);
    add(std::to_string(text.empty() ? 0 : earlier_ones(site, text, line_of)));
  };
  add(f.kind);
  add_site(f.site);
  for (const ResultPlace& place : f.places) add_site(place.site);
  for (const std::string& object : f.objects) add(without_line(object));
  if (f.kind == "exception" || f.kind == "exit-status" || f.kind == "crash") add(f.title);
  if (f.kind == "outcome") add(f.detail);
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
  return digits;
}

std::string context_of(const engine::TraceSite& site, const SourceLine& line_of) {
  if (site.file.empty()) return {};
  const std::string text = site.line > 0 ? trimmed(line_of(site.file, site.line)) : "";
  return file_name(site.file) +
         (site.function.empty() || site.function == "<module>" ? "" : ", " + site.function) +
         (text.empty() ? "" : ": " + text);
}

void describe_content(Result& result, const SourceLine& line_of) {
  for (ResultFinding& f : result.findings) {
    f.content_fingerprint = content_fingerprint(f, line_of);
    f.context = context_of(f.site, line_of);
  }
}

}  // namespace raddle::reports
