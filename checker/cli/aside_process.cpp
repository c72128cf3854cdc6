#include "checker/cli/aside_process.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "checker/engine/error.h"

namespace raddle::cli {

using engine::UserError;

std::string from_child(const std::function<std::string()>& write, const char* failure) {
  int ends[2];
  if (::pipe(ends) != 0) throw UserError(std::string("cannot make a pipe: ") + std::strerror(errno));
  const pid_t self = ::getpid(), child = ::fork();
  if (child < 0) throw UserError(std::string("cannot start a process: ") + std::strerror(errno));
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // whoever ends us ends it
    if (::getppid() != self) ::_exit(0);
    ::close(ends[0]);
    std::string text;
    try {
      text = write();
    } catch (const UserError& e) {
      text = std::string("!") + e.what();
    }
    text += '\0';  // where it ends: processes that imported code has left behind may keep the pipe open
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t n = ::write(ends[1], text.data() + done, text.size() - done);
      if (n < 0 && errno != EINTR) break;
      if (n > 0) done += static_cast<std::size_t>(n);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n = 0; !text.ends_with('\0') && (n = ::read(ends[0], buffer, sizeof buffer)) != 0;) {
    if (n > 0) text.append(buffer, static_cast<std::size_t>(n));
    if (n < 0 && errno != EINTR) break;
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (text.ends_with('\0')) text.pop_back();
  if (text.starts_with('!')) throw UserError(text.substr(1));
  if (!WIFEXITED(status) || text.empty()) throw UserError(failure);
  return text;
}

}  // namespace raddle::cli
