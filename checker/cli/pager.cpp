#include "checker/cli/pager.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include "checker/cli/terminal.h"

namespace raddle::cli {
namespace {

bool is_on_path(std::string_view program) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path ? path : "/usr/bin:/bin";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string file = std::string(rest.substr(0, end)) + '/' + std::string(program);
    if (::access(file.c_str(), X_OK) == 0) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

/// While it lives, Ctrl-C is the pager's: it stops a search in there, and must not take the terminal away from it.
class InterruptIgnored {
 public:
  InterruptIgnored() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGINT, &ignore, &before_);
  }
  ~InterruptIgnored() { give_back(); }
  InterruptIgnored(const InterruptIgnored&) = delete;
  InterruptIgnored& operator=(const InterruptIgnored&) = delete;

  void give_back() const { ::sigaction(SIGINT, &before_, nullptr); }

 private:
  struct sigaction before_ {};
};

bool is_paged() {
  const char* kind = std::getenv("TERM");
  return output_is_terminal() && kind && std::string_view(kind) != "dumb";
}

/// false: there is no such pager.
bool print_through(const std::string& command, std::string_view text) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0) return false;
  const InterruptIgnored ignored;
  const pid_t process = ::fork();
  if (process == 0) {
    ignored.give_back();
    ::dup2(ends[0], STDIN_FILENO);
    for (const int signal : {SIGPIPE, SIGXFSZ}) ::signal(signal, SIG_DFL);
    ::setenv("LESS", "FRX", 0);
    ::setenv("LV", "-c", 0);
    ::execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(ends[0]);
  if (process > 0) {
    const int before = exchange_output(ends[1]);
    print(text);  // a pager that has been left is no error
    exchange_output(before);
  }
  ::close(ends[1]);
  int status = 0;
  while (process > 0 && ::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  // What a shell says of a command that it cannot execute, or does not find.
  const bool started = !WIFEXITED(status) || (WEXITSTATUS(status) != 126 && WEXITSTATUS(status) != 127);
  return process > 0 && started;
}

}  // namespace

std::string pager_command() {
  for (const char* variable : {"RADDLE_PAGER", "PAGER"})
    if (const char* command = std::getenv(variable)) return std::string_view(command) == "cat" ? "" : command;
  return is_on_path("less") ? "less" : "";
}

void page(std::string_view text, bool wanted) {
  const std::string command = wanted && is_paged() ? pager_command() : "";
  if (command.empty() || !print_through(command, text)) print(text);
}

}  // namespace raddle::cli
