#include "checker/cli/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "checker/cli/choices.h"
#include "checker/cli/parse.h"
#include "checker/engine/error.h"

namespace raddle::cli {
namespace {

// The standard streams, at numbers that no model closes by mistake.
std::array<int, 3> streams = {0, 1, 2};

/// A terminal that knows escape sequences.
bool is_able_terminal(std::size_t stream) {
  const char* kind = std::getenv("TERM");
  return ::isatty(streams[stream]) && kind && std::strcmp(kind, "dumb") != 0;
}

/// While it exists, those that ask for an end wait.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM}) ::sigaddset(&signals, signal);
    ::pthread_sigmask(SIG_BLOCK, &signals, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  const sigset_t& before() const { return before_; }

 private:
  sigset_t before_{};
};

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

std::size_t width_of(std::size_t stream) {
  constexpr std::size_t kDefault = 100, kLeast = 40, kMost = 240;
  winsize size{};
  if (!::isatty(streams[stream]) || ::ioctl(streams[stream], TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
    return kDefault;
  return std::clamp<std::size_t>(size.ws_col, kLeast, kMost);
}

}  // namespace

void prepare_streams() {
  // open() takes the lowest number that is free, so this fills the gaps.
  for (int fd = 0; fd <= 2; ++fd)
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) < 0) ::_exit(2);
  constexpr int kOutOfTheWay = 500;
  for (std::size_t i = 0; i < streams.size(); ++i)
    if (const int copy = ::fcntl(static_cast<int>(i), F_DUPFD_CLOEXEC, kOutOfTheWay); copy >= 0)
      streams[i] = copy;
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  for (const int signal : {SIGPIPE, SIGXFSZ}) ::sigaction(signal, &ignore, nullptr);
}

ModelStreams::ModelStreams() {
  if (streams[0] < 3 || streams[1] < 3) return;
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) return;
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  ::close(nothing);
  given_ = true;
}

void ModelStreams::give_back() {
  if (!std::exchange(given_, false)) return;
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO}) ::dup2(streams[static_cast<std::size_t>(fd)], fd);
}

void print(std::string_view text) {
  const int error = write_all(streams[STDOUT_FILENO], text);
  if (error != 0 && error != EPIPE)
    throw engine::UserError(std::string("standard output cannot be written: ") + std::strerror(error));
}

void print_error(std::string_view text) { write_all(streams[STDERR_FILENO], text); }

bool output_is_terminal() { return ::isatty(streams[STDOUT_FILENO]); }

bool input_is_terminal() { return ::isatty(streams[STDIN_FILENO]); }

int exchange_output(int fd) { return std::exchange(streams[STDOUT_FILENO], fd); }

std::optional<std::string> read_line(const std::atomic<bool>& interrupted) {
  // They come while it waits, not between a look at the flag and that.
  const SignalsBlocked blocked;
  std::string line;
  for (;;) {
    if (interrupted) return std::nullopt;
    // A read that a signal interrupts begins again, a poll does not.
    pollfd input{.fd = streams[STDIN_FILENO], .events = POLLIN, .revents = 0};
    if (::ppoll(&input, 1, nullptr, &blocked.before()) < 0) {
      if (errno == EINTR) continue;
      return std::nullopt;
    }
    char c = 0;
    const ssize_t n = ::read(streams[STDIN_FILENO], &c, 1);  // what comes behind the line is not ours yet
    if (n < 0 || (n == 0 && line.empty())) return std::nullopt;
    if (n == 0 || c == '\n') return line;
    line += c;
  }
}

Colour parse_colour(const std::string& value) {
  constexpr Colour kAll[] = {Colour::Auto, Colour::Always, Colour::Never};
  return kAll[parse_choice("--colour", value, kColours)];
}

bool use_colour(Colour colour) {
  if (colour != Colour::Auto) return colour == Colour::Always;
  const char* unwanted = std::getenv("NO_COLOR");
  return is_able_terminal(STDOUT_FILENO) && !(unwanted && *unwanted);
}

bool can_overwrite_errors() { return is_able_terminal(STDERR_FILENO); }

std::size_t output_width() { return width_of(STDOUT_FILENO); }

std::size_t error_width() { return width_of(STDERR_FILENO); }

}  // namespace raddle::cli
