// Random programs over what threads share: the optimal search sees the classes that brute force sees, and nothing that
// python3 does is missing. RADDLE_PYTHON_PROGRAMS says how many (default a few), RADDLE_PYTHON_SEED which comes first.

#include <doctest/doctest.h>

#include "random_program.h"
#include "support.h"

using namespace raddle::python::test;

namespace {

// What python3 prints in so many runs, with the shortest switch interval.
Outputs plain_outcomes(const std::string& text, int runs) {
  write_file("program.py", text);
  const std::string lines =
      plain_output("import sys\nsys.setswitchinterval(1e-6)\ncode = compile(open('" + scratch_folder() +
                   "/program.py').read(), 'program.py', 'exec')\nfor _ in range(" + std::to_string(runs) +
                   "): exec(code, {'__name__': '__main__'})\n");
  Outputs outcomes;
  for (std::size_t begin = 0, end; (end = lines.find('\n', begin)) != std::string::npos; begin = end + 1)
    outcomes.insert(lines.substr(begin, end + 1 - begin));
  return outcomes;
}

void check_random(bool gil) {
  const long programs = setting("RADDLE_PYTHON_PROGRAMS", 20), first = setting("RADDLE_PYTHON_SEED", 1);
  for (long seed = first; seed < first + programs; ++seed) {
    const std::string text = random_program(static_cast<unsigned>(seed));
    CAPTURE(seed);
    CAPTURE(text);
    const Seen seen = run_against_brute_force(text, !gil && seed % 4 == 0, gil);
    const Outputs found = seen.distinct();
    for (const std::string& outcome : plain_outcomes(text, 20)) {
      CAPTURE(outcome);
      CHECK(found.count(outcome) == 1);
    }
  }
}

}  // namespace

TEST_CASE("random programs: brute force sees nothing else, and python3 does nothing else") {
  check_random(false);
}

TEST_CASE("random programs: the same where threads are switched only as CPython does") { check_random(true); }
