// Values of options, from text. Each function names the option in its engine::UserError.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace raddle::cli {

/// A whole number in [least, most].
std::uint64_t parse_number(std::string_view option, const std::string& text, std::uint64_t least,
                           std::uint64_t most);

/// "10", "15s", "2m", "1h", "500ms", "1.5s": more than nothing.
std::chrono::nanoseconds parse_duration(std::string_view option, const std::string& text);

/// The index of the text in `choices`.
std::size_t parse_choice(std::string_view option, const std::string& text,
                         const std::vector<std::string_view>& choices);

/// {"a,b", "c"} -> {"a", "b", "c"}
std::vector<std::string> split_commas(const std::vector<std::string>& values);

/// Everything in a file (or pipe), named for the option in errors.
std::string read_input(std::string_view option, const std::string& path);

}  // namespace raddle::cli
