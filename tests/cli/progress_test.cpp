// The line that says how far a search has come.
#include "checker/cli/progress.h"

#include <limits>

#include <doctest/doctest.h>

using namespace raddle::cli;

TEST_CASE("progress in words") {
  CHECK(progress_text(1, 1.02, 60) == "1 execution, 1 s of 60 s");
  CHECK(progress_text(1234567, 61.7, std::numeric_limits<double>::infinity()) ==
        "1,234,567 executions, 62 s");
}
