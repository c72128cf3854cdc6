// Text for a terminal, built from pieces that are put at columns, with colours or without. Knows nothing of traces.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace raddle::reports {

/// Parameters of ANSI escape sequences; empty: plain.
namespace style {
inline constexpr std::string_view kPlain;
inline constexpr std::string_view kBold = "1";
inline constexpr std::string_view kDim = "2";
inline constexpr std::string_view kError = "1;31";
inline constexpr std::string_view kWarning = "1;33";
inline constexpr std::string_view kGood = "32";
/// The colour of a thread; never red, which is for what is wrong.
std::string_view thread(int index);
}  // namespace style

class StyledText {
 public:
  explicit StyledText(bool colour) : colour_(colour) {}

  /// Appends printable text; breaks no line.
  void add(std::string_view text, std::string_view style = style::kPlain);
  /// Goes on to the column, counted from 0, and appends. Where the line is already there or beyond, two spaces
  /// separate it from what comes. Nothing happens for empty text, so no line ends in spaces.
  void put(std::size_t column, std::string_view text, std::string_view style = style::kPlain);
  void end_line();
  /// A whole line, indented.
  void line(std::size_t indent, std::string_view text, std::string_view style = style::kPlain);
  /// The text in lines of at most `width` cells, indented.
  void paragraph(std::size_t indent, std::string_view text, std::size_t width,
                 std::string_view style = style::kPlain);

  /// Whole lines that are rendered already.
  void block(std::string_view lines) { text_ += lines; }

  std::size_t column() const { return column_; }
  bool empty() const { return text_.empty(); }
  std::string take() { return std::move(text_); }

 private:
  bool colour_;
  std::size_t column_ = 0;
  std::string text_;
};

}  // namespace raddle::reports
