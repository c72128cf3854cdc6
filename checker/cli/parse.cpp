#include "checker/cli/parse.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>

#include "checker/engine/error.h"

namespace raddle::cli {
namespace {

engine::UserError bad(std::string_view option, const std::string& text, const std::string& expected) {
  return engine::UserError(std::string(option) + ": '" + text + "' is not " + expected);
}

bool has_digits_only(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::uint64_t parse_number(std::string_view option, const std::string& text, std::uint64_t least,
                           std::uint64_t most) {
  std::uint64_t number = 0;
  const char *first = text.data(), *last = first + text.size();
  const bool digits = has_digits_only(text);
  const auto [end, error] = std::from_chars(first, last, number);
  if (digits && error == std::errc() && end == last && number >= least && number <= most) return number;
  if (!digits) throw bad(option, text, "a whole number");
  if (most == UINT64_MAX && error == std::errc())
    throw bad(option, text, "a number from " + std::to_string(least) + " on");
  throw bad(option, text, "a number from " + std::to_string(least) + " to " + std::to_string(most));
}

std::chrono::nanoseconds parse_duration(std::string_view option, const std::string& text) {
  const std::string expected = "a duration, such as 10, 15s, 2m, 1h or 500ms";
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string unit = text.substr(digits);
  double seconds = 0;
  const char *first = text.data(), *last = first + digits;
  const auto [end, error] = std::from_chars(first, last, seconds);
  if (error != std::errc() || end != last || digits == 0) throw bad(option, text, expected);
  if (unit == "ms") {
    seconds /= 1000;
  } else if (unit == "m") {
    seconds *= 60;
  } else if (unit == "h") {
    seconds *= 3600;
  } else if (!unit.empty() && unit != "s") {
    throw bad(option, text, expected);
  }
  constexpr double kMost = 100.0 * 365 * 24 * 3600;
  if (!(seconds > 0 && seconds < kMost))
    throw bad(option, text, seconds > 0 ? "less than 100 years" : "more than nothing");
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

std::size_t parse_choice(std::string_view option, const std::string& text,
                         const std::vector<std::string_view>& choices) {
  std::string all;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (text == choices[i]) return i;
    all += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + std::string(choices[i]);
  }
  throw engine::UserError(std::string(option) + ": there is no '" + text + "'. It takes " + all + ".");
}

std::vector<std::string> split_commas(const std::vector<std::string>& values) {
  std::vector<std::string> all;
  for (const std::string& value : values) {
    std::size_t from = 0;
    for (std::size_t comma; (comma = value.find(',', from)) != std::string::npos; from = comma + 1)
      all.push_back(value.substr(from, comma - from));
    all.push_back(value.substr(from));
  }
  return all;
}

std::string read_input(std::string_view option, const std::string& path) {
  auto fail = [&]() -> engine::UserError {
    return engine::UserError(std::string(option) + ": " + path + " cannot be read: " + std::strerror(errno));
  };
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw fail();
  std::string content;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const engine::UserError error = fail();
      ::close(fd);
      throw error;
    }
    if (n == 0) break;
    content.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return content;
}

}  // namespace raddle::cli
