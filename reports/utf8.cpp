#include "reports/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace raddle::reports {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Character {
  char32_t code = 0;
  std::size_t length = 1;
  bool valid = true;
};

/// The character at the beginning of a text that is not empty. What is invalid is one byte long.
Character decode(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char first = byte(0);
  if (first < 0x80) return {first};
  std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {0xFFFD, 1, false};
  char32_t code = first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {0xFFFD, 1, false};
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {0xFFFD, 1, false};
  return {code, length};
}

struct Range {
  char32_t first, last;
};

// Combining marks and other characters without a width of their own: the blocks that occur in practice.
constexpr std::array<Range, 22> kNarrowest = {{
    {0x0300, 0x036F}, {0x0483, 0x0489},   {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x06D6, 0x06DC}, {0x0711, 0x0711},   {0x0730, 0x074A}, {0x0900, 0x0902}, {0x093C, 0x093C},
    {0x0941, 0x0948}, {0x094D, 0x094D},   {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},   {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF},
}};

constexpr std::array<Range, 19> kWide = {{
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F7E0, 0x1F7EB}, {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t code) {
  auto it = std::lower_bound(ranges.begin(), ranges.end(), code,
                             [](const Range& range, char32_t c) { return range.last < c; });
  return it != ranges.end() && it->first <= code;
}

std::size_t width_of(char32_t code) {
  if (code < 0x300) return 1;
  return within(kNarrowest, code) ? 0 : within(kWide, code) ? 2 : 1;
}

/// Would move the cursor, end the line, or reorder what is around it.
bool unsafe(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E || code == 0x200F ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

std::string escaped(char32_t code) {
  if (code == '\n') return "\\n";
  if (code == '\t') return "\\t";
  if (code == '\r') return "\\r";
  char text[16];
  std::snprintf(text, sizeof text, code < 0x100 ? "\\x%02x" : "\\u%04x", static_cast<unsigned>(code));
  return text;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    Character c = decode(text);
    width += width_of(c.code);
    text.remove_prefix(c.length);
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    Character c = decode(text);
    if (unsafe(c.code)) {
      result += escaped(c.code);
    } else {
      result += c.valid ? text.substr(0, c.length) : kReplacement;
    }
    text.remove_prefix(c.length);
  }
  return result;
}

std::string valid_utf8(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    Character c = decode(text);
    result += c.valid ? text.substr(0, c.length) : kReplacement;
    text.remove_prefix(c.length);
  }
  return result;
}

std::string elide(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width <= 3) return std::string(width, '.');
  std::size_t used = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    Character c = decode(text.substr(end));
    used += width_of(c.code);
    if (used > width - 3) break;
    end += c.length;
  }
  return std::string(text.substr(0, end)) + "...";
}

std::string elide_middle(std::string_view text, std::size_t width) {
  std::size_t all = display_width(text);
  if (all <= width || width < 8) return elide(text, width);
  std::size_t last = (width - 3) / 2;
  std::string beginning = elide(text, width - last);
  std::size_t skipped = 0;
  while (all - skipped > last) {
    Character c = decode(text);
    skipped += width_of(c.code);
    text.remove_prefix(c.length);
  }
  return beginning + std::string(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string line;
    std::string_view rest = text.substr(0, end);
    // Indentation belongs to the first word, so that tracebacks keep their shape.
    std::size_t indent = std::min(rest.find_first_not_of(' '), rest.size());
    bool first = true;
    while (!rest.empty()) {
      std::size_t stop = std::min(rest.find(' ', first ? indent : 0), rest.size());
      std::string word = printable(rest.substr(0, stop));
      if (!first && display_width(line) + 1 + display_width(word) > width) {
        lines.push_back(line);
        line = word;
      } else {
        line += (first ? "" : " ") + word;
      }
      first = false;
      rest.remove_prefix(std::min(stop + 1, rest.size()));
    }
    while (line.ends_with(' ')) line.pop_back();
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace raddle::reports
