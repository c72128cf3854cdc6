#include "checker/cli/model_process.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <nlohmann/json.hpp>

#include "checker/cli/command_line.h"
#include "checker/cli/interruption.h"
#include "checker/cli/model_check.h"
#include "checker/engine/error.h"
#include "reports/json_result.h"
#include "reports/json_trace.h"
#include "reports/policy.h"

namespace raddle::cli {
namespace {

using engine::UserError;

constexpr int kInterrupted = 0x80;  // in the exit status of a process that was told to end

/// A file in memory, which the process that checks fills; its number is one that no model closes by mistake.
int make_mailbox() {
  constexpr int kOutOfTheWay = 600;
  const int fd = ::memfd_create("raddle", MFD_CLOEXEC);
  const int moved = fd < 0 ? fd : ::fcntl(fd, F_DUPFD_CLOEXEC, kOutOfTheWay);
  if (moved < 0) throw UserError(std::string("cannot make a file in memory: ") + std::strerror(errno));
  ::close(fd);
  return moved;
}

/// Each text behind its length, so that one that was cut is noticed.
std::string framed(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += std::to_string(text.size()) + '\n' + text;
  return all;
}

std::optional<std::vector<std::string>> unframed(const std::string& all) {
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = all.find('\n', at);
    if (end == std::string::npos) return std::nullopt;
    const std::size_t size = std::stoul(all.substr(at, end - at));
    if (all.size() - end - 1 < size) return std::nullopt;
    texts.push_back(all.substr(end + 1, size));
    at = end + 1 + size;
  }
  return texts;
}

void post(int mailbox, const std::vector<std::string>& texts) {
  const std::string all = framed(texts);
  static_cast<void>(!::ftruncate(mailbox, 0));
  for (std::size_t done = 0; done < all.size();) {
    const ssize_t n = ::pwrite(mailbox, all.data() + done, all.size() - done, static_cast<off_t>(done));
    if (n < 0 && errno != EINTR) return;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
}

std::string contents(int mailbox) {
  std::string all;
  char buffer[1 << 16];
  for (ssize_t n; (n = ::pread(mailbox, buffer, sizeof buffer, static_cast<off_t>(all.size()))) > 0;)
    all.append(buffer, static_cast<std::size_t>(n));
  return all;
}

std::vector<std::string> packed(const CheckedModel& checked) {
  std::vector<std::string> texts = {
      "checked", checked.unwritten, reports::result_to_json(checked.report.result),
      nlohmann::json(checked.source_files).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
  for (const auto& witness : checked.report.witnesses)
    texts.push_back(witness ? reports::trace_to_json(*witness) : "");
  return texts;
}

void unpack(const std::vector<std::string>& texts, ModelOutcome& outcome) {
  CheckedModel checked;
  outcome.error = checked.unwritten = texts.at(1);
  checked.report.result = reports::result_from_json(texts.at(2), "the result");
  checked.source_files = nlohmann::json::parse(texts.at(3)).get<std::vector<std::string>>();
  for (std::size_t i = 4; i < texts.size(); ++i)
    checked.report.witnesses.push_back(
        texts[i].empty() ? std::nullopt : std::optional(reports::trace_from_json(texts[i], "the witness")));
  outcome.checked = std::move(checked);
}

struct Process {
  pid_t pid = 0;
  int mailbox = -1;
  std::size_t jobs = 1;
};

[[noreturn]] void check_here(CheckRequest request, int mailbox) {
  request.deliver = [mailbox](const CheckedModel& checked) { post(mailbox, packed(checked)); };
  int status = kExitInternalError;
  try {
    const CheckOutcome outcome = check_model(request);
    status = outcome.interrupted ? outcome.status | kInterrupted : outcome.status;
  } catch (const UserError& e) {
    status = reports::kExitBadInput;
    post(mailbox, {"error", e.what()});
  } catch (const std::bad_alloc&) {
    post(mailbox, {"error", "out of memory"});
  } catch (const std::exception& e) {
    post(mailbox, {"error", std::string("internal error: ") + e.what()});
  }
  ::_exit(status);
}

Process start(const CheckRequest& request, std::size_t jobs, const SignalQueue& signals) {
  Process process{.mailbox = make_mailbox(), .jobs = jobs};
  const pid_t self = ::getpid();
  process.pid = ::fork();
  if (process.pid < 0) throw UserError(std::string("cannot start a process: ") + std::strerror(errno));
  if (process.pid > 0) return process;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != self) ::_exit(reports::kExitInconclusive);  // too late for that
  signals.give_back();
  CheckRequest own = request;
  own.search.jobs = jobs;
  check_here(std::move(own), process.mailbox);
}

ModelOutcome outcome_of(const Process& process, int status) {
  ModelOutcome outcome;
  const auto texts = unframed(contents(process.mailbox));
  ::close(process.mailbox);
  outcome.interrupted = WIFEXITED(status) && (WEXITSTATUS(status) & kInterrupted);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) & ~kInterrupted : int{reports::kExitInconclusive};
  if (WIFSIGNALED(status)) {
    outcome.interrupted = WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGTERM;
    outcome.error = std::string("its process was ended by SIG") + ::sigabbrev_np(WTERMSIG(status));
  } else if (!texts || texts->size() < 2) {
    outcome.error = "its process ended without a result";
    if (outcome.status == reports::kExitClean) outcome.status = reports::kExitInconclusive;
  } else if (texts->front() == "checked") {
    unpack(*texts, outcome);
  } else {
    outcome.error = texts->at(1);
  }
  if (!outcome.error.empty() && outcome.checked) outcome.status = reports::kExitBadInput;
  return outcome;
}

class Pool {
 public:
  Pool(const std::vector<CheckRequest>& requests, std::size_t jobs,
       const std::function<void(std::size_t, ModelOutcome)>& report, ModelsProgress* progress)
      : requests_(requests),
        jobs_(jobs),
        report_(report),
        progress_(progress),
        outcomes_(requests.size()),
        running_(requests.size()) {}

  ~Pool() {
    for (const Process& p : running_) {
      if (p.pid == 0) continue;
      ::kill(p.pid, SIGKILL);
      ::waitpid(p.pid, nullptr, 0);
    }
  }

  bool run() {
    std::signal(SIGCHLD, SIG_DFL);  // were it ignored, as some parents have it, nobody could wait
    const SignalQueue signals;
    for (;;) {
      while (!interrupted_ && may_start()) begin_next(signals);
      if (interrupted_)
        for (; next_ < requests_.size(); ++next_)
          outcomes_[next_] = {.status = reports::kExitInconclusive, .interrupted = true};
      tell();
      if (told_ == requests_.size()) return interrupted_;
      const int signal = progress_ ? signals.next(progress_->next()) : signals.next();
      if (signal == 0) {
        progress_->show();
        continue;
      }
      if (signal == SIGCHLD) {
        reap();
        continue;
      }
      interrupted_ = true;
      for (const Process& p : running_)
        if (p.pid) ::kill(p.pid, signal);
    }
  }

 private:
  std::size_t used() const {
    std::size_t sum = 0;
    for (const Process& p : running_) sum += p.pid ? p.jobs : 0;
    return sum;
  }

  bool may_start() const {
    if (next_ == requests_.size()) return false;
    const std::size_t in_use = used();
    return in_use == 0 || in_use + std::max<std::size_t>(requests_[next_].search.jobs, 1) <= jobs_;
  }

  /// Processes do best for models of their own; those that no model needs help another.
  void begin_next(const SignalQueue& signals) {
    const std::size_t i = next_++, waiting = requests_.size() - i, free = jobs_ - std::min(jobs_, used());
    const std::size_t wanted = requests_[i].search.jobs;
    CheckRequest request = requests_[i];
    if (progress_) {
      request.tell_progress = progress_->teller(i);
      progress_->begun(i);
    }
    running_[i] = start(request, wanted ? wanted : std::max<std::size_t>(free / waiting, 1), signals);
  }

  void reap() {
    for (std::size_t i = 0; i < running_.size(); ++i) {
      Process& p = running_[i];
      int status = 0;
      if (p.pid == 0 || ::waitpid(p.pid, &status, WNOHANG) != p.pid) continue;
      p.pid = 0;
      outcomes_[i] = outcome_of(p, status);
      if (const auto& checked = outcomes_[i]->checked; progress_)
        progress_->ended(i, checked ? checked->report.result.executions : 0);
      interrupted_ |= outcomes_[i]->interrupted;
    }
  }

  void tell() {
    for (; told_ < outcomes_.size() && outcomes_[told_]; ++told_) {
      report_(told_, std::move(*outcomes_[told_]));
      outcomes_[told_] = ModelOutcome{};
    }
  }

  const std::vector<CheckRequest>& requests_;
  const std::size_t jobs_;
  const std::function<void(std::size_t, ModelOutcome)>& report_;
  ModelsProgress* const progress_;
  std::vector<std::optional<ModelOutcome>> outcomes_;
  std::vector<Process> running_;  // by model; pid 0: not, or not any more
  std::size_t next_ = 0, told_ = 0;
  bool interrupted_ = false;
};

}  // namespace

bool check_models(const std::vector<CheckRequest>& requests, std::size_t jobs,
                  const std::function<void(std::size_t, ModelOutcome)>& report, ModelsProgress* progress) {
  return Pool(requests, std::max<std::size_t>(jobs, 1), report, progress).run();
}

}  // namespace raddle::cli
