// The source files of the program, as it was when it was loaded.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace raddle::python {

/// Line `line` (from 1) of a file that was shown (see sites.h), without its line break; empty if there is none.
std::string source_line_of(std::string_view shown_file, int line);

/// The whole file; none if it cannot be read.
std::optional<std::string> source_text_of(std::string_view shown_file);

/// Real paths of all instrumented files so far, sorted.
std::vector<std::string> instrumented_files();

/// Hexadecimal hash over the instrumented files: their places relative to the program's folder, and their text.
std::string hash_sources();

/// Another program.
void forget_sources();

}  // namespace raddle::python
