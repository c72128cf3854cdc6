// The command line: which command, with which options, and what becomes of its errors.
#pragma once
#include <string>
#include <vector>

namespace raddle::cli {

/// An error in raddle itself (as EX_SOFTWARE in sysexits.h); the other exit codes are in reports/policy.h.
inline constexpr int kExitInternalError = 70;

/// Runs the program with these arguments (its name not among them) and returns its exit status.
int run(const std::vector<std::string>& arguments);

}  // namespace raddle::cli
