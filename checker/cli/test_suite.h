// `raddle check FOLDER`: each test in the folder's test files is a model of its own.
#pragma once
#include "checker/cli/check_options.h"

namespace raddle::cli {

/// Checks them one after another, in the order of their files, and returns the exit status: the worst of all. Goes on
/// behind one that fails. Throws engine::UserError if there is none.
int check_tests(const CheckRequest& request);

}  // namespace raddle::cli
