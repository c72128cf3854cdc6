#include "checker/cli/models_progress.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "checker/cli/terminal.h"
#include "checker/engine/error.h"
#include "reports/text_result.h"
#include "reports/utf8.h"

namespace raddle::cli {

using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kFirst{1000}, kEvery{500};

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

}  // namespace

std::string models_progress_text(std::size_t done, std::size_t models, const ProgressState& all,
                                 const std::vector<RunningModel>& running) {
  std::string text =
      reports::grouped(done) + " of " + reports::grouped(models) + " models, " + progress_text(all);
  for (const RunningModel& r : running)
    text += "; " + reports::printable(r.name) +
            (r.state.executions > 0 ? ": " + progress_text(r.state) : std::string());
  return text;
}

/// What a process has told.
struct ModelsProgress::Slot {
  std::atomic<std::uint64_t> executions = 0, pending = 0;
  std::atomic<double> seconds = 0, limit = std::numeric_limits<double>::infinity();
};

ModelsProgress::ModelsProgress(ProgressKind kind, std::vector<std::string> names)
    : names_(std::move(names)),
      json_(kind == ProgressKind::Json),
      start_(steady_clock::now()),
      next_(steady_clock::time_point::max()) {
  static_assert(std::atomic<double>::is_always_lock_free && std::atomic<std::uint64_t>::is_always_lock_free);
  if (names_.empty() || kind == ProgressKind::Never || (!json_ && !can_overwrite_errors())) return;
  void* memory = ::mmap(nullptr, names_.size() * sizeof(Slot), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    throw engine::UserError(std::string("cannot share memory with processes: ") + std::strerror(errno));
  slots_ = static_cast<Slot*>(memory);
  for (std::size_t i = 0; i < names_.size(); ++i) new (&slots_[i]) Slot;
  next_ = start_ + kFirst;
}

ModelsProgress::~ModelsProgress() {
  hide();
  if (slots_) ::munmap(slots_, names_.size() * sizeof(Slot));
}

std::function<void(const ProgressState&)> ModelsProgress::teller(std::size_t model) const {
  if (!slots_) return {};
  return [slot = &slots_[model]](const ProgressState& state) {
    slot->pending = state.pending;
    slot->seconds = state.seconds;
    slot->limit = state.limit;
    slot->executions = state.executions;
  };
}

void ModelsProgress::begun(std::size_t model) { running_.push_back(model); }

void ModelsProgress::ended(std::size_t model, std::uint64_t executions) {
  std::erase(running_, model);
  ++done_;
  executions_ += executions;
}

ProgressState ModelsProgress::state_of(std::size_t model) const {
  const Slot& slot = slots_[model];
  return {
      .executions = slot.executions, .pending = slot.pending, .seconds = slot.seconds, .limit = slot.limit};
}

void ModelsProgress::show() {
  next_ = std::max(next_ + kEvery, steady_clock::now());
  std::vector<RunningModel> running;
  ProgressState all{.executions = executions_,
                    .seconds = seconds_since(start_),
                    .limit = std::numeric_limits<double>::infinity()};
  for (const std::size_t model : running_) {
    running.push_back({names_[model], state_of(model)});
    all.executions += running.back().state.executions;
  }
  if (json_) {
    for (const RunningModel& r : running)
      print_error(progress_json(r.state, {r.name, done_, names_.size()}) + '\n');
    return;
  }
  const std::string text = models_progress_text(done_, names_.size(), all, running);
  print_error('\r' + reports::elide(text, error_width() - 1) + "\x1b[K");
  shown_ = true;
}

void ModelsProgress::hide() {
  if (std::exchange(shown_, false)) print_error("\r\x1b[K");
}

}  // namespace raddle::cli
