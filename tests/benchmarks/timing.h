// Clocks for benchmarks.
#pragma once
#include <time.h>

namespace raddle::bench {

inline double seconds_of(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
/// CPU time of this process, in seconds.
inline double cpu() { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }
inline double wall() { return seconds_of(CLOCK_MONOTONIC); }

}  // namespace raddle::bench
