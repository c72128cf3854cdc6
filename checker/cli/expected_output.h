// --expect-output: what a program may write.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace raddle::cli {

/// True for outputs that match one of `values`: TEXT (all of it), @FILE (all of what is in the file), or /REGEX/ (somewhere in
/// it; as in Perl and Python, ^ and $ match at lines). Line breaks at the end do not count. Throws engine::UserError for a file that cannot
/// be read and for an expression that is none.
std::function<bool(std::string_view)> parse_expected_output(const std::vector<std::string>& values);

}  // namespace raddle::cli
