#include "checker/explore/workers.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <utility>

#include "checker/engine/error.h"

namespace raddle::explore {

namespace {

constexpr std::size_t kHeader = sizeof(std::uint64_t);

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Channel::Channel(Channel&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      arrived_(std::move(other.arrived_)),
      read_(std::exchange(other.read_, 0)) {}

Channel& Channel::operator=(Channel&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(arrived_, other.arrived_);
  std::swap(read_, other.read_);
  return *this;
}

Channel::~Channel() {
  if (fd_ >= 0) ::close(fd_);
}

bool Channel::send(std::string_view message) {
  const std::uint64_t size = message.size();
  std::string header(kHeader, '\0');
  std::memcpy(header.data(), &size, kHeader);
  return write_all(fd_, header) && write_all(fd_, message);
}

bool Channel::next(std::string& message) {
  if (arrived_.size() - read_ < kHeader) return false;
  std::uint64_t size = 0;
  std::memcpy(&size, arrived_.data() + read_, kHeader);
  if (arrived_.size() - read_ - kHeader < size) return false;
  message.assign(arrived_, read_ + kHeader, size);
  read_ += kHeader + size;
  if (read_ == arrived_.size()) arrived_.clear(), read_ = 0;
  return true;
}

bool Channel::take_in() {
  std::array<char, std::size_t{64} << 10> bytes;
  for (;;) {
    const ssize_t n = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (n > 0) {
      arrived_.append(bytes.data(), static_cast<std::size_t>(n));
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
}

bool Channel::receive(std::string& message) {
  while (!next(message)) {
    pollfd p{fd_, POLLIN, 0};
    if (::poll(&p, 1, -1) < 0 && errno != EINTR) return false;
    if (p.revents && !take_in()) return next(message);
  }
  return true;
}

Channel* Workers::start(std::size_t i) {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    throw engine::UserError(std::string("cannot connect to a worker process: ") + std::strerror(errno));
  const pid_t self = ::getpid(), pid = ::fork();
  if (pid < 0) {
    const int error = errno;
    ::close(fds[0]);
    ::close(fds[1]);
    throw engine::UserError(std::string("cannot start a worker process: ") + std::strerror(error) +
                            ". Use fewer of them (-j)");
  }
  if (pid > 0) {
    ::close(fds[1]);
    if (i >= workers_.size()) workers_.resize(i + 1);
    workers_[i].pid = pid;
    workers_[i].channel = Channel(fds[0]);
    return nullptr;
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != self) ::_exit(0);
  ::close(fds[0]);
  for (Worker& w : workers_) w.pid = 0;
  workers_.clear();
  back_ = Channel(fds[1]);
  return &back_;
}

void Workers::wait(int milliseconds) {
  std::vector<pollfd> all;
  for (const Worker& w : workers_)
    if (w.pid) all.push_back({w.channel.fd(), POLLIN, 0});
  ::poll(all.data(), all.size(), milliseconds);
}

int Workers::bury(std::size_t i) {
  int status = 0;
  while (::waitpid(workers_[i].pid, &status, 0) < 0 && errno == EINTR) {
  }
  workers_[i].pid = 0;
  workers_[i].channel = Channel();
  return status;
}

void Workers::signal_all(int signal) {
  for (const Worker& w : workers_)
    if (w.pid) ::kill(w.pid, signal);
}

void Workers::kill_all() {
  signal_all(SIGKILL);
  for (std::size_t i = 0; i < workers_.size(); ++i)
    if (workers_[i].pid) bury(i);
}

}  // namespace raddle::explore
