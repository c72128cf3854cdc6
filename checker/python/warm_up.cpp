#include "checker/python/warm_up.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

#include "checker/engine/engine.h"
#include "checker/engine/error.h"
#include "checker/python/instrument/name_facts.h"
#include "checker/python/interrupt.h"
#include "checker/python/locations.h"

namespace raddle::python {
namespace {

constexpr int kMostRuns = 12;
constexpr int kQuietRuns = 2;  // this many in a row without anything new are enough
constexpr engine::Step kMostSteps = 5000;
constexpr std::chrono::milliseconds kMostTime{1000};
constexpr std::chrono::seconds kNoProgress{1}, kStuck{30};

bool is_import_error(const std::string& type) {
  return type == "ImportError" || type == "ModuleNotFoundError" || type == "SyntaxError" ||
         type == "IndentationError" || type == "TabError";
}

// Random schedules, always the same ones.
class Sampler : public engine::Strategy {
 public:
  std::string import_error;

  bool begin(engine::Engine&) override {
    ++run_;
    if (run_ > 1) {
      const bool news = visibility_changed() || epoch_ != visibility_epoch();
      quiet_ = news ? 0 : quiet_ + 1;
    }
    epoch_ = visibility_epoch();
    random_ = run_ * 0x9E3779B97F4A7C15ull;
    return import_error.empty() && run_ <= kMostRuns && quiet_ < kQuietRuns &&
           std::chrono::steady_clock::now() - start_ < kMostTime;
  }

  engine::Decision pick(engine::Engine& e, engine::Tid) override {
    progress.fetch_add(1, std::memory_order_relaxed);
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    int count = 0;
    e.ready().for_each([&](engine::Tid t) { count += e.runnable(t); });
    if (count == 0) return engine::kStop;
    random_ = engine::mix(random_ + 1);
    int chosen = static_cast<int>(random_ % static_cast<unsigned>(count));
    engine::Decision decision;
    e.ready().for_each([&](engine::Tid t) {
      if (e.runnable(t) && chosen-- == 0) decision.tid = t;
    });
    const engine::Tid t = decision.tid;
    const engine::Operation& op = e.thread(t).op;
    if (!e.enabled(t)) {
      decision.alt = engine::kExpire;
    } else if (op.kind == engine::OpKind::NotifyOne) {
      const auto& waiters = e.waiters(engine::object_of(op.a0));
      decision.alt = static_cast<engine::Alternative>(waiters.empty() ? 0 : waiters.front() + 1);
    } else if (op.kind == engine::OpKind::Choose) {
      decision.alt = static_cast<engine::Alternative>(random_ >> 32) % op.arity;
    }
    return decision;
  }

  void end(engine::Engine& e, engine::Outcome) override {
    progress.fetch_add(1, std::memory_order_relaxed);
    if (e.failures().empty() || e.thread_count() > 1) return;
    const engine::Failure& failure = e.failures().front();
    if (!is_import_error(failure.type)) return;
    import_error = std::string(failure.site.file ? failure.site.file : "?") + ":" +
                   std::to_string(failure.site.line) + ": cannot be imported: " + failure.type + ": " +
                   failure.message;
  }

  std::atomic<long> progress = 0;

 private:
  std::uint64_t run_ = 0, random_ = 0;
  int quiet_ = 0;
  std::uint32_t epoch_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Interrupts executions that make no progress, from an OS thread of its own.
class Watchdog {
 public:
  explicit Watchdog(const std::atomic<long>& progress) : progress_(progress), thread_([this] { watch(); }) {}
  ~Watchdog() {
    {
      std::lock_guard lock(mutex_);
      done_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

 private:
  void watch() {
    long latest = -1;
    auto since = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kNoProgress / 4, [this] { return done_; })) {
      const long now = progress_.load(std::memory_order_relaxed);
      if (std::exchange(latest, now) != now) since = std::chrono::steady_clock::now();
      const auto idle = std::chrono::steady_clock::now() - since;
      if (idle < kNoProgress) continue;
      if (!request_interrupt() && idle > kStuck) {
        std::fputs("raddle: the model does not come back from a call of C code\n", stderr);
        _exit(3);
      }
    }
  }

  const std::atomic<long>& progress_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace

void warm_up(engine::Program& program) {
  Sampler sampler;
  engine::Engine engine;
  engine.set_max_steps(kMostSteps);
  engine.set_notify_any(false);
  visibility_changed();
  set_warming_up(true);
  {
    Watchdog watchdog(sampler.progress);
    engine.run(sampler, program);
  }
  set_warming_up(false);
  if (!sampler.import_error.empty()) throw engine::UserError(sampler.import_error);
}

}  // namespace raddle::python
