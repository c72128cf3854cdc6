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

std::string progress_text(const ProgressState& s) {
  std::string text = reports::grouped(s.executions);
  if (s.pending) text += " of at least " + reports::grouped(s.executions + s.pending);
  text += (s.executions == 1 && !s.pending ? " execution, " : " executions, ") + reports::grouped(rate(s)) +
          "/s, " + std::to_string(std::lround(s.seconds)) + " s";
  if (std::isfinite(s.limit)) text += " of " + std::to_string(std::lround(s.limit)) + " s";
  return text;
}

std::string progress_json(const ProgressState& s) {
  nlohmann::ordered_json json = {{"executions", s.executions}};
  if (s.pending) json["at_least"] = s.executions + s.pending;
  json["per_second"] = rate(s);
  json["seconds"] = std::round(s.seconds * 1000) / 1000;
  if (std::isfinite(s.limit)) json["limit"] = s.limit;
  return json.dump();
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

Progress::Progress(ProgressKind kind, std::function<ProgressState()> state)
    : json_(kind == ProgressKind::Json), state_(std::move(state)) {
  if (kind == ProgressKind::Never || (!json_ && !can_overwrite_errors())) return;
  // Signals are for the thread that searches.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread(&Progress::show, this);
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

void Progress::show() {
  using std::chrono::steady_clock;
  const auto start = steady_clock::now();
  auto next = start + std::chrono::seconds(1);
  bool shown = false;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_until(lock, next, [this] { return done_; })) {
    ProgressState state = state_();
    state.seconds = std::chrono::duration<double>(steady_clock::now() - start).count();
    print_error(json_ ? progress_json(state) + '\n' : '\r' + progress_text(state) + "\x1b[K");
    shown = !json_;
    next += std::chrono::milliseconds(500);
  }
  if (shown) print_error("\r\x1b[K");
}

}  // namespace raddle::cli
