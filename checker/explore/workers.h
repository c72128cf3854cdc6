// Worker processes: copies of the calling process, each at the end of a channel for messages.
#pragma once
#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace raddle::explore {

/// One end of a connection that carries messages of any length.
class Channel {
 public:
  explicit Channel(int fd = -1) : fd_(fd) {}
  Channel(Channel&& other) noexcept;
  Channel& operator=(Channel&& other) noexcept;
  ~Channel();

  int fd() const { return fd_; }
  /// Waits until all is sent. false: nobody is there any more.
  bool send(std::string_view message);
  /// Waits for a message. false: nobody is there any more.
  bool receive(std::string& message);
  /// Takes in what has arrived, without waiting. false: nobody is there any more (there may be messages all the same).
  bool take_in();
  /// The next message that has arrived completely.
  bool next(std::string& message);

 private:
  int fd_;
  std::string arrived_;
  std::size_t read_ = 0;  // of arrived_
};

/// The processes of one search. Those that are left when it is destroyed are killed.
class Workers {
 public:
  struct Worker {
    pid_t pid = 0;  // 0: gone
    Channel channel;
  };

  Workers() = default;
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { kill_all(); }

  /// Starts worker `i`, or starts it again. In the new process returns the channel to the old one and forgets about all
  /// other workers; in the old one returns nullptr. Throws engine::UserError if there can be no more processes.
  Channel* start(std::size_t i);
  std::size_t size() const { return workers_.size(); }
  Worker& operator[](std::size_t i) { return workers_[i]; }
  /// Waits up to so long until one of them has something to say, or has ended.
  void wait(int milliseconds);
  /// How worker `i` has ended, whose channel says so: as waitpid does.
  int bury(std::size_t i);
  void signal_all(int signal);
  void kill_all();

 private:
  std::vector<Worker> workers_;
  Channel back_;  // in a worker
};

}  // namespace raddle::explore
