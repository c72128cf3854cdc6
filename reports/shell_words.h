// Words of commands for a POSIX shell.
#pragma once
#include <string>
#include <string_view>

namespace raddle::reports {

/// The word as it can be typed: quoted if need be.
std::string shell_word(const std::string& word);

/// The first word of a command that was made with shell_word, without its quotes.
std::string first_shell_word(std::string_view command);

}  // namespace raddle::reports
