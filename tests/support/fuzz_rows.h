// The combinations of features that searches are compared on, and how many programs of each.
#pragma once
#include <cstdlib>

#include "tests/support/random_program.h"

namespace raddle::test {

inline std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* s = std::getenv(name);
  return s ? std::strtoull(s, nullptr, 10) : otherwise;
}

struct FuzzRow {
  const char* name;
  unsigned features;
};

namespace fuzz_rows {
using namespace programs;
inline constexpr unsigned kAllOld = kCas | kLocks | kConditions | kSemaphores | kQueues | kChoices;
inline constexpr FuzzRow kFuzzRows[] = {
    {"memory", kCas},
    {"pairs", kPairs},
    {"pairs and conditions", kPairs | kLocks | kConditions},
    {"locks", kLocks},
    {"timed locks", kLocks | kTimeouts},
    {"conditions", kLocks | kConditions},
    {"timed conditions", kLocks | kConditions | kTimeouts},
    {"semaphores", kSemaphores},
    {"timed semaphores", kSemaphores | kTimeouts},
    {"queues", kQueues},
    {"timed queues", kQueues | kTimeouts},
    {"queues, mostly put and get", kQueues | kPutsAndGets},
    {"queues and tasks", kQueues | kTasks},
    {"queues, put, get and tasks", kQueues | kTasks | kPutsAndGets | kLarger},
    {"queues and locks", kQueues | kPutsAndGets | kLocks},
    {"queues, daemons and exits", kQueues | kPutsAndGets | kExits},
    {"events", kEvents | kTimeouts},
    {"barriers", kBarriers},
    {"once", kOnce | kLocks},
    {"lives of threads", kLives | kLocks},
    {"destroy", kDestroy | kLocks},
    {"choices", kLocks | kChoices},
    {"daemons and exits", kExits | kLocks | kSemaphores},
    {"daemons and exits, timed", kExits | kLocks | kTimeouts | kConditions | kChoices | kLives},
    {"tries", kTries | kCas | kLocks | kSemaphores | kQueues | kEvents | kOnce},
    {"tries, timed", kTries | kLocks | kSemaphores | kQueues | kEvents | kTimeouts},
    {"tries of locks, timed", kTries | kLocks | kTimeouts},
    {"tries of queues", kTries | kQueues | kPutsAndGets},
    {"tries of queues and tasks", kTries | kQueues | kTasks | kLarger},
    {"tries of queues, timed", kTries | kQueues | kTimeouts},
    {"tries and exits", kTries | kCas | kLocks | kSemaphores | kQueues | kExits},
    {"compare and exchange", kTries | kCas | kLarger},
    {"additions", kAdditions | kLarger},
    {"additions and tries", kAdditions | kTries | kCas | kLarger},
    {"additions, locks and exits", kAdditions | kLocks | kExits},
    {"all", kAllOld | kLarger},
    {"all, timed", kAllOld | kTimeouts | kEvents | kBarriers | kLives | kOnce | kDestroy | kExits | kLarger},
};
}  // namespace fuzz_rows
using fuzz_rows::kFuzzRows;

}  // namespace raddle::test
