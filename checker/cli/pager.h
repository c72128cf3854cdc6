// Long output on a terminal, page by page, by the program that the user pages with: as git does it.
#pragma once
#include <string>
#include <string_view>

namespace raddle::cli {

/// The command: $RADDLE_PAGER, else $PAGER, else less if it is there. Empty: none is wanted (the variable is empty or
/// "cat"), or there is none.
std::string pager_command();

/// Prints `text`: through the pager, if standard output is a terminal and `wanted`, and then returns when the user has
/// seen enough. less gets the options FRX unless $LESS says otherwise: what fits on the screen is just printed. A pager
/// that cannot be started is as none.
void page(std::string_view text, bool wanted);

}  // namespace raddle::cli
