// Seeds mistakes of synchronisation into models that pass, and looks whether their checks notice: a check that cannot
// fail is worth nothing.
#pragma once
#include <chrono>
#include <cstddef>

#include "checker/cli/model_list.h"

namespace raddle::cli {

struct MutationTestOptions {
  std::size_t most = 20;  // mutants of a model
  double seconds = 10;    // for each mutant, at most
  bool all = false;       // each has to be noticed, not only one of each model
};

/// Returns the exit status: 1 if there are models of which no mutant is noticed (or `all` are not), 2 if one cannot be run, 3 if one could not be
/// tested, or none has mutants.
int test_by_mutation(ModelList list, const MutationTestOptions& options);

}  // namespace raddle::cli
