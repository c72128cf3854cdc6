// Texts of models in a terminal: how wide they are, making them safe to print, shortening and wrapping them.
// Widths come from a table of our own, not from the locale, so that output is the same everywhere.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace raddle::reports {

/// Number of terminal cells: 0 for combining marks, 2 for East Asian wide characters and emoji, 1 for others.
std::size_t display_width(std::string_view text);

/// On one line and harmless: control and bidirectional-override characters as \n, \x1b, \u202e; what is not UTF-8 as
/// the replacement character.
std::string printable(std::string_view text);

/// Valid UTF-8: every byte that is not becomes the replacement character.
std::string valid_utf8(std::string_view text);

/// At most `width` cells; "..." marks what was cut off at the end.
std::string elide(std::string_view text, std::size_t width);

/// The same, with the cut in the middle: what tells names apart is often at their end.
std::string elide_middle(std::string_view text, std::size_t width);

/// Lines of at most `width` cells, broken at spaces; longer words are left whole (they may be paths to copy). Keeps
/// the text's own line breaks; each line is printable().
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace raddle::reports
