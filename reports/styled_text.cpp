#include "reports/styled_text.h"

#include <array>

#include "reports/utf8.h"

namespace raddle::reports {

std::string_view style::thread(int index) {
  constexpr std::array<std::string_view, 6> kColours = {"36", "33", "35", "32", "34", "96"};
  return kColours[static_cast<std::size_t>(index < 0 ? 0 : index) % kColours.size()];
}

void StyledText::add(std::string_view text, std::string_view style) {
  if (text.empty()) return;
  bool styled = colour_ && !style.empty();
  if (styled) text_ += "\x1b[" + std::string(style) + "m";
  text_ += text;
  if (styled) text_ += "\x1b[0m";
  column_ += display_width(text);
}

void StyledText::put(std::size_t column, std::string_view text, std::string_view style) {
  if (text.empty()) return;
  std::size_t spaces = column > column_ || column_ == 0 ? column - column_ : 2;
  text_.append(spaces, ' ');
  column_ += spaces;
  add(text, style);
}

void StyledText::end_line() {
  text_ += '\n';
  column_ = 0;
}

void StyledText::line(std::size_t indent, std::string_view text, std::string_view style) {
  put(indent, text, style);
  end_line();
}

void StyledText::paragraph(std::size_t indent, std::string_view text, std::size_t width,
                           std::string_view style) {
  for (const std::string& part : wrap(text, width > indent ? width - indent : 1)) line(indent, part, style);
}

}  // namespace raddle::reports
