// `raddle check FOLDER`, or FILE: each test in the folder's test files, or in the file, is a model of its own.
#pragma once
#include <optional>

#include "checker/cli/check_options.h"

namespace raddle::cli {

/// The tests of request.model, a folder or file of them; none: it has none. Throws engine::UserError.
std::vector<Test> collect_tests(const CheckRequest& request);

/// Checks them one after another, in the order of their files, and returns the exit status: the worst of all. Goes on
/// behind one that fails. Throws engine::UserError if there is none.
int check_tests(const CheckRequest& request);

/// The same for a file, if it is named like a file of tests and has some.
std::optional<int> check_tests_of_file(const CheckRequest& request);

}  // namespace raddle::cli
