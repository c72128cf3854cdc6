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

}  // namespace

std::string pager_command() {
  for (const char* variable : {"RADDLE_PAGER", "PAGER"})
    if (const char* command = std::getenv(variable)) return std::string_view(command) == "cat" ? "" : command;
  return is_on_path("less") ? "less" : "";
}

Pager::Pager(bool wanted) {
  const char* kind = std::getenv("TERM");
  if (!wanted || !output_is_terminal() || !kind || std::string_view(kind) == "dumb") return;
  const std::string command = pager_command();
  std::array<int, 2> ends{};
  if (command.empty() || ::pipe2(ends.data(), O_CLOEXEC) < 0) return;
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(ends[0], STDIN_FILENO);
    ::signal(SIGPIPE, SIG_DFL);
    ::setenv("LESS", "FRX", 0);
    ::setenv("LV", "-c", 0);
    ::execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(ends[0]);
  if (process_ < 0) {
    ::close(ends[1]);
    return;
  }
  pipe_ = ends[1];
  before_ = exchange_output(pipe_);
}

Pager::~Pager() {
  if (process_ < 0) return;
  exchange_output(before_);
  ::close(pipe_);
  // Ctrl-C is the pager's: it stops a search in there, and must not take the terminal away from it.
  struct sigaction ignore {
  }, then{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGINT, &ignore, &then);
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  ::sigaction(SIGINT, &then, nullptr);
}

}  // namespace raddle::cli
