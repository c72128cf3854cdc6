// Standard output and standard error: what is written there, and whether somebody looks at it.
#pragma once
#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace raddle::cli {

/// Makes standard streams that are closed harmless (a file that is opened later must not become one of them), turns
/// writing to a pipe that nobody reads, or too much to a file, into an error instead of a signal, and keeps a way to the standard streams
/// that a model which closes them does not close.
void prepare_streams();

/// While it lives, standard input and output are /dev/null to the model and to whatever it calls or starts: what raddle
/// does not record of its output must not come between raddle's own, and what it reads must be the same each time.
class ModelStreams {
 public:
  ModelStreams();
  ~ModelStreams() { give_back(); }
  ModelStreams(const ModelStreams&) = delete;
  ModelStreams& operator=(const ModelStreams&) = delete;

  /// Ends it, so that files such as /dev/stdout can be written. The second time it does nothing.
  void give_back();

 private:
  bool given_ = false;
};

/// Writes to standard output. A reader that has left (`raddle ... | head -1`) has seen enough: no error.
/// Throws engine::UserError for any other reason why it cannot be written, such as a full disk.
void print(std::string_view text);
/// Writes to standard error, if possible.
void print_error(std::string_view text);

/// Is standard output, or standard input, a terminal?
bool output_is_terminal();
bool input_is_terminal();

/// From now on print() writes to this descriptor; returns where it wrote before.
int exchange_output(int fd);

/// The next line of raddle's standard input, without its end. nullopt: there is none, or SIGINT or SIGTERM came first,
/// whose handler sets `interrupted`.
std::optional<std::string> read_line(const std::atomic<bool>& interrupted);

enum class Colour { Auto, Always, Never };
/// "auto", "always", "never"; engine::UserError for anything else.
Colour parse_colour(const std::string& value);
/// Auto: standard output is a terminal that knows colours, and NO_COLOR is not set.
bool use_colour(Colour);

/// Is standard error a terminal on which a line can be written over?
bool can_overwrite_errors();

/// Of the terminal that standard output is, else 100, so that what is redirected is the same everywhere.
std::size_t output_width();
/// Of the terminal that standard error is, else 100.
std::size_t error_width();

}  // namespace raddle::cli
