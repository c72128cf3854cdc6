// Ctrl-C.
#pragma once
#include <atomic>

namespace raddle::cli {

/// While it lives, the first SIGINT or SIGTERM asks for an orderly end, and the second one kills (unless the model
/// sends it). One at a time.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// Set by the signal.
  const std::atomic<bool>* requested() const;
};

}  // namespace raddle::cli
