#include "reports/search_result.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "checker/engine/error.h"
#include "checker/engine/kept_text.h"
#include "checker/explore/class_estimate.h"
#include "reports/atomic_file.h"
#include "reports/json_trace.h"
#include "reports/source_files.h"
#include "reports/text_result.h"

#ifndef RADDLE_VERSION
#define RADDLE_VERSION "unknown"
#endif

namespace raddle::reports {

using explore::StopReason;
using explore::StrategyKind;

namespace {

namespace fs = std::filesystem;

constexpr const char* kRevealedOption = "revealed";
constexpr const char* kLoopsOption = "loops";

/// The bound, and then LINE:COLUMN:OPERATION:FILE for each loop.
std::string text_of(const explore::CheckReport& report) {
  std::string text = std::to_string(report.loop_bound);
  for (const engine::Loop& l : report.bounded)
    text += '\n' + std::to_string(l.site.line) + ':' + std::to_string(l.site.column) + ':' +
            std::to_string(static_cast<int>(l.kind)) + ':' + (l.site.file ? l.site.file : "");
  return text;
}

Coverage cut(const char* reason, std::string detail) {
  Coverage c;
  c.kind = "cut";
  c.reason = reason;
  c.detail = std::move(detail);
  return c;
}

constexpr const char* kFreeSwitches =
    "switches away from a thread that could have gone on; where it blocks, sleeps, yields or ends they are "
    "free, and so "
    "are timeouts";
constexpr const char* kTurns =
    "of a scheduler that takes threads in turn and lets each run as long as it can; a delay passes over the "
    "thread "
    "whose turn it is";

std::string no_violation(const explore::CheckOptions& options) {
  const bool preemptions = options.strategy == StrategyKind::Preemptions;
  return "no violation in any schedule with at most " + std::to_string(options.bound) +
         (preemptions ? " preemption" : " delay") + (options.bound == 1 ? "" : "s") + " (" +
         (preemptions ? kFreeSwitches : kTurns) + ")";
}

/// Of a search with preemptions or delays that has left something out, or was cut. nullopt: as any other.
std::optional<Coverage> coverage_of_levels(const explore::CheckOptions& options,
                                           const explore::CheckReport& report) {
  const StopReason stop = report.statistics.stop;
  Coverage c;
  c.kind = "bounded";
  c.reason = explore::name(options.strategy);
  if (stop == StopReason::Exhausted && report.left_out) {
    c.bound = static_cast<std::uint64_t>(options.bound);
    c.requested = report.loops.empty() ? report.statistics.truncated == 0 : options.loop_bound != 0;
    const bool fine = std::none_of(report.findings.begin(), report.findings.end(),
                                   [](const auto& f) { return f.finding.severity == "error"; });
    if (fine && c.requested) c.detail = no_violation(options);
  } else if ((stop == StopReason::Time || stop == StopReason::Executions ||
              stop == StopReason::Interrupted) &&
             !report.levels.empty()) {
    c.bound = report.levels.size() - 1;
    c.detail = stop == StopReason::Time         ? "the time budget ran out"
               : stop == StopReason::Executions ? "the given number of executions was reached"
                                                : "interrupted";
  } else {
    return std::nullopt;
  }
  return c;
}

Coverage coverage_without_levels(const explore::CheckOptions& options, const explore::CheckReport& report) {
  const explore::Statistics& s = report.statistics;
  Coverage c;
  const bool samples = is_sampling(options.strategy) || report.samples;
  switch (s.stop) {
    case StopReason::Exhausted:
    case StopReason::None: break;
    case StopReason::FirstFinding: return cut("first-finding", "stopped at the first finding");
    case StopReason::Executions:
      c.kind = samples ? "sampled" : "cut";
      c.reason = "runs";
      c.runs = samples ? s.executions : 0;
      c.requested = samples && s.truncated < s.executions;  // samples that were all cut are none
      if (!samples) c.detail = "the given number of executions was reached";
      return c;
    case StopReason::Time:
      if (samples && s.truncated == s.executions)
        return cut("time", "the time budget ran out");  // none, or all cut
      c.kind = samples ? "sampled" : "cut";
      c.reason = "time";
      c.runs = report.samples ? report.samples : samples ? s.executions : 0;
      c.detail = "the time budget ran out";
      if (report.samples)
        c.detail += ", and the exhaustive search has come to " + grouped(s.executions - report.samples) +
                    (s.executions - report.samples == 1 ? " execution" : " executions");
      return c;
    case StopReason::Interrupted: return cut("interrupted", "interrupted");
    case StopReason::Aborted: return cut("aborted", s.abort_reason);
    case StopReason::Crashed: return cut("crash", "the model crashed");
  }
  if (!report.loops.empty()) {
    c.kind = "bounded";
    c.reason = "loop-bound";
    c.bound = static_cast<std::uint64_t>(report.loop_bound);
    c.requested = options.loop_bound != 0;
    if (report.deepening_cut) c.detail = "more rounds were not explored to the end";
    for (const engine::TraceSite& site : report.loops)
      c.loops.push_back({site, "", static_cast<std::uint64_t>(report.loop_bound)});
  } else if (s.truncated) {
    c.kind = "bounded";
    c.reason = "steps";
    c.bound = static_cast<std::uint64_t>(options.max_steps);
    const bool one = s.executions == 1;
    c.detail = std::to_string(s.truncated) + " of " + std::to_string(s.executions) +
               (one ? " execution was" : " executions were") + " cut after " +
               std::to_string(options.max_steps) + " operations";
  }
  return c;
}

/// A shard knows nothing of the others.
void name_shard(const explore::Shard& shard, Coverage& c) {
  const std::string name = "shard " + std::to_string(shard.index) + " of " + std::to_string(shard.of);
  if (c.kind == "complete") {
    c.kind = "bounded";
    c.reason = "shard";
    c.requested = true;
  }
  c.detail = name + (c.detail.empty() ? "" : ": " + c.detail);
}

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

/// Up to what everything has been explored.
void name_symmetric_threads(const explore::CheckReport& report, Coverage& c) {
  std::string text;
  for (const auto& group : report.symmetric)
    text += (text.empty() ? "up to exchanging " : ", and ") + list(group);
  if (!text.empty()) c.detail = text + (c.detail.empty() ? "" : "; " + c.detail);
}

Coverage coverage_of(const explore::CheckOptions& options, const explore::CheckReport& report) {
  const auto of_levels = is_bounded(options.strategy) ? coverage_of_levels(options, report) : std::nullopt;
  Coverage c = of_levels ? *of_levels : coverage_without_levels(options, report);
  for (const explore::Bounded::Level& l : report.levels) c.levels.push_back({l.executions, l.classes});
  if (of_levels)
    for (const engine::TraceSite& site : report.loops)
      c.loops.push_back({site, "", static_cast<std::uint64_t>(report.loop_bound)});
  const bool everything = c.kind == "complete" || c.kind == "bounded";
  if (everything && !report.symmetric.empty()) name_symmetric_threads(report, c);
  if (options.shard.of) name_shard(options.shard, c);
  return c;
}

/// To so many digits behind the point.
double rounded(double x, double digits) { return std::round(x * digits) / digits; }

SampleSummary sample_of(const explore::CheckReport& report) {
  const explore::ClassCounts& s = report.sample;
  SampleSummary sample{.draws = s.draws, .classes = s.classes, .once = s.once, .twice = s.twice};
  if (s.draws > 0 && report.statistics.stop != StopReason::FirstFinding) {
    sample.new_class_probability = rounded(explore::new_class_probability(s), 1e9);
    sample.least_classes = rounded(explore::least_classes(s), 10);
  }
  sample.ordered_pairs = report.ordered_pairs;
  sample.in_both_orders = report.in_both_orders;
  return sample;
}

std::string hexadecimal(std::uint64_t n) {
  char digits[17];
  auto [end, error] = std::to_chars(digits, digits + sizeof digits, n, 16);
  return std::string(static_cast<std::size_t>(16 - (end - digits)), '0') + std::string(digits, end);
}

std::string join_folder(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder.back() == '/' ? folder + name : folder + '/' + name;
}

/// "STEM-12.json"?
bool is_numbered(std::string_view name, std::string_view stem) {
  constexpr std::string_view kEnding = ".json";
  if (!name.starts_with(stem) || !name.ends_with(kEnding) || name.size() < stem.size() + 2 + kEnding.size())
    return false;
  name.remove_prefix(stem.size());
  name.remove_suffix(kEnding.size());
  return name.front() == '-' && name.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

/// However the two were typed here.
bool is_same_model(const std::string& a, const std::string& b) {
  std::error_code error;
  return a == b || fs::absolute(a, error).lexically_normal() == fs::absolute(b, error).lexically_normal();
}

}  // namespace

Result make_result(const SearchHeader& h, const explore::CheckReport& report,
                   const std::vector<std::string>& partial) {
  const explore::Statistics& s = report.statistics;
  Result r;
  r.model = h.model;
  r.arguments = h.arguments;
  r.program_hash = h.program_hash;
  r.raddle_version = RADDLE_VERSION;
  r.strategy = explore::name(h.search.strategy);
  r.options = h.options;
  r.seed = h.search.seed;
  r.coverage = coverage_of(h.search, report);
  r.coverage.partial = partial;
  if (s.stop == StopReason::Aborted) r.inconclusive_reason = s.abort_reason;
  r.executions = s.executions;
  r.executions_total = s.executions + s.discarded + s.dropped;
  r.classes = s.classes;
  r.class_checksum = hexadecimal(s.checksum);
  if (is_sampling(h.search.strategy) || report.samples) r.sample = sample_of(report);
  r.blocked = s.blocked;
  r.deadlocks = s.deadlocks;
  r.truncated = s.truncated;
  r.seconds = report.seconds;
  for (const explore::CheckedFinding& f : report.findings)
    r.findings.push_back(summarize(f.trace, f.finding, f.count));
  for (const explore::CheckedOutcome& o : report.outcomes) r.outcomes.push_back({o.text, o.count, {}});
  if (report.told_apart)
    r.warnings.push_back("threads that seemed alike are told apart" +
                         (report.difference.empty() ? std::string() : ": " + report.difference) +
                         "; so all executions were explored");
  else if (h.search.symmetric && report.symmetric.empty() && s.stop == StopReason::Exhausted)
    r.warnings.push_back("no threads are alike; so all executions were explored");
  if (report.without_threads && r.findings.empty() && partial.empty())
    r.warnings.push_back("the program starts no thread, so there was nothing to choose");
  if (report.unrecorded)
    r.warnings.push_back(
        std::to_string(report.unrecorded) +
        " more findings that are no errors were left out: recording them would take too long");
  return r;
}

void make_trace_folder(const std::string& folder) {
  fs::path path;
  std::error_code error;
  for (const fs::path& part : fs::path(folder)) {
    path /= part;
    if (part != kTraceFolder || fs::exists(path, error)) continue;
    make_folder(path.string());
    write_file((path / ".gitignore").string(), "*\n");
  }
  make_folder(folder);
}

void write_witnesses(const SearchHeader& h, explore::CheckReport& report, Result& result,
                     const std::string& folder, const std::string& stem, bool required) {
  int number = 0;
  bool usable = true;
  auto write = [&](engine::Trace& t, std::string& stored) {
    const std::string path = join_folder(folder, stem + '-' + std::to_string(++number) + ".json");
    t.model = h.model;
    t.arguments = h.arguments;
    t.front_end = h.front_end;
    t.program_hash = h.program_hash;
    t.raddle_version = RADDLE_VERSION;
    t.options = h.options;
    note_revealed(t, report.revealed);
    if (!report.bounded.empty()) t.options.emplace_back(kLoopsOption, text_of(report));
    t.seed = h.search.seed;
    t.replay_command = h.replay_command;
    t.sources = sources_of(t, h.sources ? h.sources : sources_on_disk(h.model));
    t.output.clear();
    for (const engine::TraceEvent& event : t.events)
      if (event.operation == "output") t.output += event.text + '\n';
    if (!usable) return;
    try {
      make_trace_folder(folder);
      write_trace(path, t);
      stored = path;
    } catch (const engine::UserError& e) {
      if (required) throw;
      usable = false;
      result.warnings.push_back(std::string("traces are not kept: ") + e.what());
    }
  };
  for (std::size_t i = 0; i < report.findings.size(); ++i)
    write(report.findings[i].trace, result.findings[i].trace);
  // Each is the witness of how that output comes about; there is nothing wrong with it.
  for (std::size_t i = 0; i < std::min(report.outcomes.size(), result.outcomes.size()); ++i) {
    if (!report.outcomes[i].witness) continue;
    report.outcomes[i].witness->trace.findings.clear();
    write(report.outcomes[i].witness->trace, result.outcomes[i].trace);
  }
}

void remove_outdated_traces(const SearchHeader& h, const std::string& folder, const std::string& stem) {
  std::error_code error;
  std::vector<fs::path> outdated;
  for (fs::directory_iterator file(folder, error), end; !error && file != end; file.increment(error)) {
    const fs::path& path = file->path();
    if (!is_numbered(path.filename().string(), stem) || !fs::is_regular_file(file->symlink_status(error)))
      continue;
    try {
      const engine::Trace t = read_trace(path.string());
      if (t.front_end == h.front_end && is_same_model(t.model, h.model) && t.program_hash != h.program_hash)
        outdated.push_back(path);
    } catch (const engine::UserError&) {
      // No trace, or not one of ours.
    }
  }
  for (const fs::path& path : outdated) fs::remove(path, error);
}

void bound_loops_as_in(const engine::Trace& trace, engine::Engine& e) {
  for (const auto& [name, value] : trace.options) {
    if (name != kLoopsOption) continue;
    std::vector<engine::Loop> loops;
    const char *at = value.data(), *end = at + value.size();
    auto number = [&](int& n, char separator) {
      const auto [next, error] = std::from_chars(at, end, n);
      at = next;
      const bool fine = error == std::errc() && (at == end || *at == separator);
      at += at != end;
      return fine;
    };
    int bound = 0, kind = 0;
    bool fine = number(bound, '\n');
    while (fine && at != end) {
      engine::Loop l;
      fine = number(l.site.line, ':') && number(l.site.column, ':') && number(kind, ':') && kind >= 0 &&
             kind < static_cast<int>(engine::OpKind::kCount);
      const char* line_end = std::find(at, end, '\n');
      l.site.file = engine::kept_text({at, line_end});
      l.kind = static_cast<engine::OpKind>(kind);
      at = line_end + (line_end != end);
      loops.push_back(l);
    }
    if (!fine) throw engine::UserError("the trace's option \"loops\" is malformed");
    e.set_loops(std::move(loops), bound);
  }
}

void note_revealed(engine::Trace& trace, std::uint8_t revealed) {
  std::erase_if(trace.options, [](const auto& option) { return option.first == kRevealedOption; });
  trace.options.emplace_back(kRevealedOption, std::to_string(revealed));
}

std::uint8_t revealed_in(const engine::Trace& trace) {
  for (const auto& [name, value] : trace.options) {
    unsigned n = 0;
    if (name == kRevealedOption &&
        std::from_chars(value.data(), value.data() + value.size(), n).ec == std::errc())
      return static_cast<std::uint8_t>(n);
  }
  return 0;
}

}  // namespace raddle::reports
