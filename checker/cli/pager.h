// Long output on a terminal, page by page, by the program that the user pages with: as git does it.
#pragma once
#include <string>

namespace raddle::cli {

/// The command: $RADDLE_PAGER, else $PAGER, else less if it is there. Empty: none is wanted (the variable is empty or
/// "cat"), or there is none.
std::string pager_command();

/// While it lives, what is printed goes through the pager, if standard output is a terminal and `wanted`. Its end waits
/// until the user has seen enough. less gets the options FRX unless $LESS says otherwise: what fits on the screen is
/// just printed.
class Pager {
 public:
  explicit Pager(bool wanted);
  ~Pager();
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;

 private:
  int process_ = -1;
  int pipe_ = -1, before_ = -1;
};

}  // namespace raddle::cli
