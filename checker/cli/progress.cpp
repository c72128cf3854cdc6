#include "checker/cli/progress.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <utility>

#include <nlohmann/json.hpp>

#include "checker/cli/choices.h"
#include "checker/cli/parse.h"
#include "checker/cli/terminal.h"
#include "reports/text_result.h"
#include "reports/utf8.h"

namespace raddle::cli {

ProgressKind parse_progress(const std::string& text) {
  constexpr ProgressKind kKinds[] = {ProgressKind::Auto, ProgressKind::Json, ProgressKind::Never};
  return kKinds[parse_choice("--progress", text, kProgressKinds)];
}

namespace {

std::uint64_t rate(const ProgressState& s) {
  return s.seconds > 0 ? static_cast<std::uint64_t>(static_cast<double>(s.executions) / s.seconds) : 0;
}

}  // namespace

std::string progress_text(const ProgressState& s, const ProgressModel& model) {
  std::string text;
  if (model.models > 0)
    text = reports::grouped(model.done + 1) + " of " + reports::grouped(model.models) + ", " +
           reports::printable(model.name) + ": ";
  text += reports::grouped(s.executions);
  if (s.pending) text += " of at least " + reports::grouped(s.executions + s.pending);
  text += (s.executions == 1 && !s.pending ? " execution, " : " executions, ") + reports::grouped(rate(s)) +
          "/s, " + std::to_string(std::lround(s.seconds)) + " s";
  if (std::isfinite(s.limit)) text += " of " + std::to_string(std::lround(s.limit)) + " s";
  return text;
}

std::string progress_json(const ProgressState& s, const ProgressModel& model) {
  nlohmann::ordered_json json;
  if (model.models > 0) json = {{"model", model.name}, {"done", model.done}, {"models", model.models}};
  json["executions"] = s.executions;
  if (s.pending) json["at_least"] = s.executions + s.pending;
  json["per_second"] = rate(s);
  json["seconds"] = std::round(s.seconds * 1000) / 1000;
  if (std::isfinite(s.limit)) json["limit"] = s.limit;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string verdict_json(const reports::ModelReport& model) {
  const reports::Result& r = model.result;
  nlohmann::ordered_json json = {{"model", reports::name_of(model)},    {"verdict", r.verdict},
                                 {"status", reports::status_of(model)}, {"coverage", r.coverage.kind},
                                 {"executions", r.executions},          {"classes", r.classes}};
  for (const std::string severity : {"error", "warning", "note"})
    json[severity + 's'] = std::count_if(
        r.findings.begin(), r.findings.end(),
        [&](const reports::ResultFinding& f) { return f.suppressed.empty() && f.severity == severity; });
  json["seconds"] = std::round(r.seconds * 1000) / 1000;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Progress::Progress(ProgressKind kind, std::function<ProgressState()> state, ProgressModel model)
    : json_(kind == ProgressKind::Json),
      model_(std::move(model)),
      tell_([this](const ProgressState& s) { show(s); }),
      state_(std::move(state)) {
  if (kind != ProgressKind::Never && (json_ || can_overwrite_errors())) begin();
}

Progress::Progress(std::function<void(const ProgressState&)> tell, std::function<ProgressState()> state)
    : tell_(std::move(tell)), state_(std::move(state)) {
  begin();
}

void Progress::begin() {
  // Signals are for the thread that searches.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread(&Progress::run, this);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Progress::stop() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Progress::show(const ProgressState& state) {
  if (json_)
    print_error(progress_json(state, model_) + '\n');
  else
    print_error('\r' + reports::elide(progress_text(state, model_), error_width() - 1) + "\x1b[K");
  shown_ = !json_;
}

void Progress::run() {
  using std::chrono::steady_clock;
  const auto start = steady_clock::now();
  auto next = start + std::chrono::seconds(1);
  std::unique_lock lock(mutex_);
  while (!wake_.wait_until(lock, next, [this] { return done_; })) {
    ProgressState state = state_();
    state.seconds = std::chrono::duration<double>(steady_clock::now() - start).count();
    tell_(state);
    next += std::chrono::milliseconds(500);
  }
  if (shown_) print_error("\r\x1b[K");
}

}  // namespace raddle::cli
