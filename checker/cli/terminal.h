// Standard output and standard error: what is written there, and whether somebody looks at it.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace raddle::cli {

/// Makes standard streams that are closed harmless (a file that is opened later must not become one of them), and
/// turns writing to a pipe that nobody reads into an error instead of a signal.
void prepare_streams();

/// Writes to standard output. A reader that has left (`raddle ... | head -1`) has seen enough: no error.
/// Throws engine::UserError for any other reason why it cannot be written, such as a full disk.
void print(std::string_view text);
/// Writes to standard error, if possible.
void print_error(std::string_view text);

enum class Colour { Auto, Always, Never };
/// "auto", "always", "never"; engine::UserError for anything else.
Colour parse_colour(const std::string& value);
/// Auto: standard output is a terminal that knows colours, and NO_COLOR is not set.
bool use_colour(Colour);

/// Of the terminal that standard output is, else 100, so that what is redirected is the same everywhere.
std::size_t output_width();

}  // namespace raddle::cli
