// The manual page, made from what the commands declare.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "checker/cli/command.h"

namespace raddle::cli {

/// raddle(1), for troff with the macros of man(7). Without a date: the same program has the same page.
std::string manual_page(const std::vector<std::unique_ptr<Command>>& commands);

}  // namespace raddle::cli
