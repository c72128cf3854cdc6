// Fatal signals that the model's code causes: they end its execution, not the process.
#pragma once
#include <memory>

namespace raddle::engine {

/// While one exists, a SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT that the code of a model's thread causes on this OS
/// thread ends its execution (Engine::crash). All others go to whoever was to handle them before: those from outside,
/// from other OS threads, and from code of raddle's own.
///
/// It does nothing where a sanitizer wants to report them itself, and with RADDLE_CATCH_CRASHES=0 in the environment:
/// for core dumps.
///
/// Not thread-safe for one object; different OS threads may each have one.
class CrashHandler {
 public:
  CrashHandler();
  ~CrashHandler();
  CrashHandler(const CrashHandler&) = delete;
  CrashHandler& operator=(const CrashHandler&) = delete;

 private:
  struct Stacks;
  std::unique_ptr<Stacks> stacks_;  // null: it does nothing
};

}  // namespace raddle::engine
