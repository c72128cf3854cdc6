#include "checker/cli/model_check.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>

#include "checker/cli/baseline.h"
#include "checker/cli/interruption.h"
#include "checker/cli/outputs.h"
#include "checker/cli/parse.h"
#include "checker/cli/progress.h"
#include "checker/cli/supervision.h"
#include "checker/cli/terminal.h"
#include "checker/engine/engine.h"
#include "checker/engine/error.h"
#include "checker/explore/recorded_search.h"
#include "reports/atomic_file.h"
#include "reports/baseline.h"
#include "reports/content_fingerprint.h"
#include "reports/graphviz.h"
#include "reports/inline_ignore.h"
#include "reports/json_result.h"
#include "reports/search_result.h"
#include "reports/text_result.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;
using engine::UserError;

constexpr std::size_t kDrawnExecutions = 300;

/// As short as it can be typed here.
std::string relative_below_here(const std::string& folder) {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  if (error || !fs::path(folder).is_absolute()) return folder;
  const fs::path relative = fs::path(folder).lexically_normal().lexically_relative(here);
  if (relative.empty() || relative == "." || *relative.begin() == "..") return folder;
  return relative.string();
}

/// Says now what would otherwise be said after the search.
void require_places(const CheckRequest& r) {
  if (r.trace_folder_given) {
    reports::make_trace_folder(r.trace_folder);
    if (::access(r.trace_folder.c_str(), W_OK | X_OK) != 0)
      throw UserError("--trace-dir: the folder " + r.trace_folder + " cannot be written");
  }
  std::vector<std::string> inputs = {r.model.model, r.model.stdin_file};
  inputs.insert(inputs.end(), r.also_read.begin(), r.also_read.end());
  require_writable(r.outputs, inputs,
                   {{"--baseline", r.baseline},
                    {"--write-baseline", r.write_baseline},
                    {"--report", r.report},
                    {"--checkpoint", r.checkpoint},
                    {"--graph", r.graph}});
}

/// Where raddle was started: the model may go elsewhere.
class WorkingFolder {
 public:
  WorkingFolder() : folder_(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)) {}
  ~WorkingFolder() {
    if (folder_ >= 0) ::close(folder_);
  }
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;

  void return_to() const {
    if (folder_ >= 0) static_cast<void>(!::fchdir(folder_));
  }

 private:
  int folder_;
};

/// The check of one model, in whose child process the rest of it happens.
class ModelCheck {
 public:
  explicit ModelCheck(const CheckRequest& request) : request_(request) {}

  int run() {
    std::string input;
    if (!request_.model.stdin_file.empty()) input = read_input("--stdin", request_.model.stdin_file);
    header_.model = request_.model.model;  // a test of it is an option
    header_.arguments = request_.model.arguments;
    header_.front_end = front_end_of(request_.model);
    header_.options = request_.given;
    const Options of_model = request_.model.options(input);
    header_.options.insert(header_.options.end(), of_model.begin(), of_model.end());
    header_.search = request_.search;
    engine::Watchdog::Limits limits{.standstill = request_.watchdog,
                                    .asked_to_end = Interruption::requested()};
    if (const double seconds = request_.search.limits.seconds; std::isfinite(seconds))
      limits.deadline = start_ + std::chrono::nanoseconds(std::llround(seconds * 1e9));
    Supervision supervision(limits);
    const int status = supervision.run([&] { return check(supervision, input); },
                                       [this](const Loss& loss) { return conclude(loss); });
    interrupted_ = supervision.interrupted();
    return status;
  }

  bool interrupted() const { return interrupted_; }

 private:
  int check(Supervision& supervision, const std::string& input) {
    const Interruption interruption;
    streams_.emplace();
    model_ = supervision.load(request_.model, input);
    here_.return_to();
    require_places(request_);
    if (request_.resumed) require_unchanged(*request_.resumed, input);
    if (!request_.shards.empty() &&
        (model_->program_hash() != request_.program_hash || content_hash(input) != request_.input_hash))
      throw UserError("merge: " + request_.model.model +
                      ", or its standard input, has changed since the shards were explored");

    explore::CheckReport report = search(supervision, input);
    header_.program_hash = model_->program_hash();
    reports::Result result = reports::make_result(header_, report, model_->uncontrolled());
    if (const explore::Shard& s = request_.search.shard; s.of)
      result.shard = {s.index, s.of, request_.typed, content_hash(input), report.state};
    return conclude(result, report);
  }

  /// Does a comment say that something is to be ignored? That must not end the search.
  bool ignores_inline() const {
    for (const std::string& file : model_->source_files()) {
      std::ifstream lines(file);
      for (std::string line; std::getline(lines, line);)
        if (reports::ignored_kinds(line)) return true;
    }
    return false;
  }

  void require_unchanged(const SavedSearch& saved, const std::string& input) const {
    const bool program = model_->program_hash() != saved.program_hash;
    if (!program && content_hash(input) == saved.input_hash) return;
    throw UserError(request_.checkpoint + ": " +
                    (program ? saved.model : "the standard input of " + saved.model) +
                    " has changed since this state was kept. Check it again");
  }

  void keep_states(const std::string& input) {
    if (request_.checkpoint.empty()) return;
    keeper_.emplace(request_.checkpoint, request_.checkpoint_interval,
                    SavedSearch{.model = request_.model.model,
                                .program_hash = model_->program_hash(),
                                .input_hash = content_hash(input),
                                .command = request_.typed,
                                .seconds = request_.resumed ? request_.resumed->seconds : 0,
                                .state = {}});
  }

  explore::CheckReport search(Supervision& supervision, const std::string& input) {
    engine::Engine engine;
    explore::CheckOptions options = request_.search;
    options.limits.interrupt = Interruption::requested();
    options.processes = &supervision;
    if (ignores_inline()) options.limits.first_finding = false;
    executions_.limit = kDrawnExecutions;
    if (!request_.graph.empty()) options.record = &executions_;
    keep_states(input);
    if (keeper_) options.keeper = &*keeper_;
    if (request_.resumed) options.resume = request_.resumed->state;
    engine::Program& program = supervision.watch(engine, *model_);
    std::atomic<std::uint64_t> pending = 0;
    options.pending = &pending;
    std::optional<Progress> progress;
    const auto state = [&] {
      return ProgressState{
          .executions = supervision.executions(), .pending = pending, .limit = options.limits.seconds};
    };
    if (request_.tell_progress)
      progress.emplace(request_.tell_progress, state);
    else if (!request_.quiet || request_.progress == ProgressKind::Json)
      progress.emplace(request_.progress, state, request_.progress_of);
    explore::CheckReport report = request_.shards.empty()
                                      ? explore::check(engine, program, options)
                                      : explore::merge(engine, program, options, request_.shards);
    supervision.stop_watching();
    report.seconds += request_.seconds;
    if (request_.resumed) report.seconds += request_.resumed->seconds;
    return report;
  }

  /// Applies the policy, writes and prints everything, and returns the exit status.
  int conclude(reports::Result& result, explore::CheckReport& report) {
    here_.return_to();
    if (streams_) streams_->give_back();
    // What cannot be written is said in the end: the findings are worth more.
    std::optional<UserError> unwritten;
    auto try_to = [&](auto&& write) {
      try {
        write();
      } catch (const UserError& e) {
        if (!unwritten) unwritten = e;
      }
    };
    if (!request_.list_outcomes) result.outcomes.clear();
    if (model_) {
      const auto line_of = [this](const std::string& file, int line) {
        return model_->source_line(file, line);
      };
      if (request_.keep_traces) try_to([&] { write_traces(result, report); });
      reports::apply_inline_ignores(result, line_of);
      reports::describe_content(result, line_of);
      if (request_.accepted && !request_.expected.wants_errors())
        reports::apply_baseline(result, request_.baseline_model, *request_.accepted);
    }
    reports::apply_policy(result, request_.policy);
    if (!request_.write_baseline.empty() && !request_.expected.wants_errors()) reports::accept_errors(result);
    if (keeper_ && keeper_->error()) try_to([&] { throw UserError(*keeper_->error()); });
    if (request_.deliver) {
      deliver(result, report, unwritten ? unwritten->what() : "");
      return reports::exit_code(result, request_.accept);
    }
    const Judgement judgement = judge(request_.expected, result, request_.accept);
    if (!request_.report.empty()) try_to([&] { reports::write_result(request_.report, result); });
    try_to([&] { write_outputs(result, report, judgement); });
    if (!request_.graph.empty() && model_) try_to([&] { write_graph(result); });
    std::string of_baseline;
    reports::BaselineModel baseline_model{request_.baseline_model, {}};
    if (!request_.expected.wants_errors()) baseline_model.results.push_back(&result);
    try_to([&] { of_baseline = conclude_baseline(request_, std::span(&baseline_model, 1), false); });
    if (request_.show_output && model_) print(model_->shown_output());
    const int status = judgement.status;
    const std::string summary = reports::summary_line(result) + '\n';
    if (request_.heading.empty())
      print(request_.quiet ? summary : text(result, report));
    else
      print(request_.quiet || status == reports::kExitClean
                ? request_.heading + ": " + summary
                : '\n' + request_.heading + ":\n" + text(result, report) + '\n');
    if (!request_.quiet && !judgement.message.empty()) print(judgement.message + '\n');
    if (!request_.quiet) print(of_baseline);
    const bool unfinished =
        result.coverage.kind == "cut" || (!report.finished && !is_broken_off(report.statistics.stop));
    if (keeper_ && (keeper_->written() || request_.resumed) && !request_.quiet && unfinished)
      print("to go on: raddle resume " + request_.checkpoint +
            (result.coverage.reason == "first-finding" ? " --all\n" : "\n"));
    if (unwritten) throw *unwritten;
    return status;
  }

  void deliver(const reports::Result& result, const explore::CheckReport& report,
               const std::string& unwritten) const {
    CheckedModel checked;
    checked.unwritten = unwritten;
    checked.report.result = result;
    for (std::size_t i = 0; i < result.findings.size(); ++i) {
      const bool there = i < report.findings.size() && !report.findings[i].trace.events.empty();
      checked.report.witnesses.push_back(there ? std::optional(report.findings[i].trace) : std::nullopt);
    }
    if (model_) checked.source_files = model_->source_files();
    request_.deliver(checked);
  }

  void write_traces(reports::Result& result, explore::CheckReport& report) {
    const std::string folder = relative_below_here(request_.trace_folder);
    const std::string stem =
        request_.trace_stem.empty() ? trace_stem_of(request_.model) : request_.trace_stem;
    reports::remove_outdated_traces(header_, folder, stem);
    if (report.findings.empty() && result.outcomes.empty()) return;
    reports::SearchHeader header = header_;
    header.sources = [this](const std::string& file) { return model_->source_text(file); };
    if (const std::string visibility = model_->visibility(); !visibility.empty())
      header.options.emplace_back(kVisibility, visibility);
    reports::write_witnesses(header, report, result, folder, stem, request_.trace_folder_given);
  }

  reports::ModelReport model_report(const reports::Result& result, const explore::CheckReport& report,
                                    const Judgement& judgement) const {
    reports::ModelReport all{.result = result,
                             .witnesses = {},
                             .name = request_.heading,
                             .status = judgement.status,
                             .problem = judgement.met ? std::string() : judgement.message,
                             .skipped = {}};
    for (const explore::CheckedFinding& f : report.findings) all.witnesses.emplace_back(f.trace);
    return all;
  }

  void write_outputs(const reports::Result& result, const explore::CheckReport& report,
                     const Judgement& judgement) {
    const bool last_line = request_.progress == ProgressKind::Json;
    if (!request_.outputs.any() && !last_line) return;
    const reports::ModelReport all = model_report(result, report, judgement);
    if (last_line) print_error(verdict_json(all) + '\n');
    write(request_.outputs, {&all, 1}, [this](const std::string& file) { return source_of(file); });
    outputs_written_ = true;
  }

  void write_graph(const reports::Result& result) const {
    if (executions_.too_many)
      throw UserError("--graph: more than " + std::to_string(kDrawnExecutions) +
                      " executions are too many for a picture. Make the model smaller, or draw a part: "
                      "--preemptions 1, or --runs " +
                      std::to_string(kDrawnExecutions));
    reports::write_file(request_.graph, reports::graphviz(result, executions_));
  }

  std::optional<std::string> source_of(const std::string& file) const {
    if (!model_) return std::nullopt;
    return model_->source_text(file);
  }

  std::string text(const reports::Result& result, const explore::CheckReport& report) const {
    reports::ResultTextOptions options;
    options.trace.width = output_width();
    options.trace.colour = use_colour(request_.colour);
    if (outputs_written_) options.trace.html = request_.outputs.html;
    options.accept = request_.accept;
    auto trace_of = [&](const reports::ResultFinding& f) -> const engine::Trace* {
      const auto i = static_cast<std::size_t>(&f - result.findings.data());
      return i < report.findings.size() ? &report.findings[i].trace : nullptr;
    };
    return reports::text_result(result, trace_of, options);
  }

  /// The search that knows more is gone: says what is certain.
  int conclude(const Loss& loss) {
    explore::CheckReport report;
    report.statistics.executions = loss.executions;
    report.statistics.stop = explore::StopReason::Aborted;
    report.statistics.abort_reason = loss.message;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    reports::Result result = reports::make_result(header_, report, {});
    result.coverage.reason = loss.reason;
    result.coverage.detail = loss.detail;
    return conclude(result, report);
  }

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const WorkingFolder here_;
  const CheckRequest request_;
  bool interrupted_ = false;
  bool outputs_written_ = false;
  std::optional<ModelStreams> streams_;
  std::unique_ptr<Model> model_;
  reports::SearchHeader header_;
  std::optional<CheckpointFile> keeper_;
  explore::RecordedExecutions executions_;
};

}  // namespace

std::string trace_stem_of(const ModelSpec& model) {
  std::string stem = model.as_module ? model.model : fs::path(model.model).stem().string();
  for (std::size_t at = 0; at < model.test.size(); ++at)  // "test_file-TestClass-test_it"
    stem += at == 0                     ? std::string("-") + model.test[at]
            : model.test[at] != ':'     ? std::string(1, model.test[at])
            : model.test[at - 1] != ':' ? "-"
                                        : "";
  // Nobody can type a control character to replay.
  std::replace_if(
      stem.begin(), stem.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, '_');
  return stem.empty() || stem.starts_with('.') ? "model" + stem : stem;
}

CheckOutcome check_model(const CheckRequest& request) {
  ModelCheck check(request);
  const int status = check.run();
  return {status, check.interrupted()};
}

}  // namespace raddle::cli
