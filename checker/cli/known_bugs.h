// Programs of raddle's own, in pairs: one with a bug of a kind that raddle finds, and nearly the same one without.
#pragma once
#include <cstddef>

namespace raddle::cli {

/// Checks all of them, in so many processes, and prints what came out. Returns the exit status: 1 if a bug was not found, or
/// something was where there is nothing.
int check_known_bugs(std::size_t jobs, bool quiet);

}  // namespace raddle::cli
