// A crash of the model's code.
#pragma once
#include <string>

namespace raddle::engine {

/// How the code of a thread has crashed. signal 0: it has not.
struct Crash {
  int signal = 0;
  bool stack_used_up = false;

  /// "segmentation fault", and because of what, if that is known.
  std::string words() const;
};

/// "segmentation fault", "abort", ...; the signal's name, if there are no words for it.
std::string words_of_signal(int signal);

}  // namespace raddle::engine
