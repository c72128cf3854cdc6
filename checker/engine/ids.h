// Names shared by the whole checker: threads, objects, places in the source. Plain data, no behaviour.
#pragma once
#include <cstdint>

namespace raddle::engine {

/// Index of a model thread within one search; 0 is the main thread. Ids are handed out when a (parent, child number)
/// pair is first seen, so the same thread has the same id in every execution of one search, but not across searches:
/// what leaves the process is named structurally (Thread::name, Thread::parent).
using Tid = std::int32_t;
inline constexpr Tid kNoThread = -1;

/// Documented limit of threads per model, the main thread included. A model that starts more is inconclusive.
inline constexpr int kMaxThreads = 1024;

/// Index of a visible object (variable, mutex, queue, ...) within one search; 0 means "none".
using ObjectId = std::uint32_t;

/// Position of an event within one execution, from 0.
using Step = std::int32_t;
inline constexpr Step kNever = -1;

/// Where in the model's source an operation is. The strings outlive the search.
struct Site {
  const char* file = nullptr;
  const char* function = nullptr;
  std::int32_t line = 0;
  std::int32_t column = 0;

  bool known() const { return line > 0; }
  friend bool operator==(const Site&, const Site&) = default;
};

}  // namespace raddle::engine
