#include "checker/python/warm_up.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>

#include "checker/engine/engine.h"
#include "checker/engine/error.h"
#include "checker/engine/watchdog.h"
#include "checker/python/instrument/name_facts.h"
#include "checker/python/interrupt.h"
#include "checker/python/locations.h"

namespace raddle::python {
namespace {

constexpr int kQuietRuns = 2;  // this many in a row without anything new are enough
constexpr engine::Step kMostSteps = 5000;
constexpr std::chrono::milliseconds kMostTime{1000};

bool is_import_error(const std::string& type) {
  return type == "ImportError" || type == "ModuleNotFoundError" || type == "SyntaxError" ||
         type == "IndentationError" || type == "TabError";
}

// Random schedules, always the same ones.
class Sampler : public engine::Strategy {
 public:
  explicit Sampler(const PythonOptions& options) : options_(options) { running = this; }
  ~Sampler() override { running = nullptr; }
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  std::string import_error;

  [[noreturn]] void crashed() const {
    options_.crashed(static_cast<int>(run_) - 1);
    std::abort();  // not reached
  }

  bool begin(engine::Engine&) override {
    ++run_;
    if (run_ > 1) {
      const bool news = visibility_changed() || epoch_ != visibility_epoch();
      quiet_ = news ? 0 : quiet_ + 1;
    }
    epoch_ = visibility_epoch();
    random_ = run_ * 0x9E3779B97F4A7C15ull;
    return import_error.empty() && run_ <= static_cast<std::uint64_t>(options_.most_runs) &&
           quiet_ < kQuietRuns && std::chrono::steady_clock::now() - start_ < kMostTime;
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

  std::atomic<std::uint64_t> progress = 0;
  static inline const Sampler* running = nullptr;

 private:
  const PythonOptions& options_;
  std::uint64_t run_ = 0, random_ = 0;
  int quiet_ = 0;
  std::uint32_t epoch_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

void crashed_while_warming_up() {
  if (Sampler::running) Sampler::running->crashed();
}

void warm_up(engine::Program& program, const PythonOptions& options) {
  Sampler sampler(options);
  engine::Engine engine;
  engine.set_max_steps(kMostSteps);
  engine.set_notify_any(false);
  visibility_changed();
  set_warming_up(true);
  {
    std::optional<engine::Watchdog> watchdog;
    if (options.watchdog.any())
      watchdog.emplace(options.watchdog,
                       engine::Watchdog::Hooks{
                           .progress = [&] { return sampler.progress.load(); },
                           .interrupt = [](bool out_of_time) { request_interrupt(out_of_time); },
                           .give_up = options.give_up,
                       });
    engine.run(sampler, program);
  }
  set_warming_up(false);
  if (!sampler.import_error.empty()) throw engine::UserError(sampler.import_error);
}

}  // namespace raddle::python
