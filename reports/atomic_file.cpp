#include "reports/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "checker/engine/error.h"

namespace raddle::reports {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, const std::string& what, int error) {
  throw engine::UserError(path + ": " + what + ": " + std::generic_category().message(error) +
                          ". Choose another place, or make this one writable.");
}

/// Everything or false, with errno set.
bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// A file name that no other thread or process uses at the moment.
fs::path temporary_beside(const fs::path& target) {
  static std::atomic<unsigned> counter = 0;
  return target.parent_path() /
         (".raddle-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp");
}

void write_directly(const std::string& path, std::string_view content) {
  int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0) fail(path, "cannot be written", errno);
  bool good = write_all(fd, content);
  int error = errno;
  ::close(fd);
  if (!good) fail(path, "cannot be written", error);
}

}  // namespace

void write_file(const std::string& path, std::string_view content) {
  std::error_code ignored;
  fs::file_status status = fs::status(path, ignored);
  if (fs::is_directory(status)) {
    throw engine::UserError(path + ": is a folder. Give the name of a file in it.");
  }
  // /dev/stdout may be a regular file, but the shell that opened it wants its own file filled, not replaced.
  bool device = fs::exists(status) && (!fs::is_regular_file(status) || path.starts_with("/dev/"));
  if (device) return write_directly(path, content);

  fs::path target = path;
  if (fs::is_symlink(fs::symlink_status(path, ignored))) {
    fs::path resolved = fs::canonical(path, ignored);  // fails for a dangling link, which is then replaced
    if (!resolved.empty()) target = resolved;
  }
  std::string folder = target.parent_path().empty() ? "." : target.parent_path().string();
  fs::path temporary = temporary_beside(target);
  int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) fail(path, "no file can be written in the folder " + folder, errno);

  bool good = write_all(fd, content);
  if (good && fs::exists(status)) good = ::fchmod(fd, static_cast<mode_t>(status.permissions())) == 0;
  int error = errno;
  if (::close(fd) != 0 && good) {
    good = false;
    error = errno;
  }
  if (good && std::rename(temporary.c_str(), target.c_str()) != 0) {
    good = false;
    error = errno;
  }
  if (good) return;
  ::unlink(temporary.c_str());
  fail(path, "cannot be written in the folder " + folder, error);
}

void make_folder(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return;
  error.clear();
  fs::create_directories(path, error);
  if (error) fail(path, "the folder cannot be made", error.value());
}

}  // namespace raddle::reports
