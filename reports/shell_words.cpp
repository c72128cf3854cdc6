#include "reports/shell_words.h"

#include <algorithm>

namespace raddle::reports {

std::string shell_word(const std::string& word) {
  auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0 ||
           std::string_view("_./:=@%+,-").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return word;
  std::string text = "'";
  for (char c : word) {
    if (c == '\'')
      text += "'\\''";
    else
      text += c;
  }
  return text + "'";
}

std::string first_shell_word(std::string_view command) {
  std::string word;
  bool inside = false;
  for (std::size_t i = 0; i < command.size(); ++i) {
    if (command[i] == '\'')
      inside = !inside;
    else if (!inside && command[i] == ' ')
      break;
    else if (!inside && command[i] == '\\' && i + 1 < command.size())
      word += command[++i];
    else
      word += command[i];
  }
  return word;
}

}  // namespace raddle::reports
