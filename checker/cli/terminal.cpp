#include "checker/cli/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "checker/engine/error.h"

namespace raddle::cli {
namespace {

/// Returns errno, or 0.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

}  // namespace

void prepare_streams() {
  // open() takes the lowest number that is free, so this fills the gaps.
  for (int fd = 0; fd <= 2; ++fd)
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) < 0) ::_exit(2);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, nullptr);
}

void print(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error != 0 && error != EPIPE)
    throw engine::UserError(std::string("standard output cannot be written: ") + std::strerror(error));
}

void print_error(std::string_view text) { write_all(STDERR_FILENO, text); }

Colour parse_colour(const std::string& value) {
  if (value == "auto") return Colour::Auto;
  if (value == "always") return Colour::Always;
  if (value == "never") return Colour::Never;
  throw engine::UserError("--colour: there is no '" + value + "'. It takes auto, always or never.");
}

bool use_colour(Colour colour) {
  if (colour != Colour::Auto) return colour == Colour::Always;
  const char* unwanted = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) && !(unwanted && *unwanted) && terminal &&
         std::strcmp(terminal, "dumb") != 0;
}

std::size_t output_width() {
  constexpr std::size_t kDefault = 100, kLeast = 40, kMost = 240;
  winsize size{};
  if (!::isatty(STDOUT_FILENO) || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
    return kDefault;
  return std::clamp<std::size_t>(size.ws_col, kLeast, kMost);
}

}  // namespace raddle::cli
