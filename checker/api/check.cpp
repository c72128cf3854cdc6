#include "raddle/check.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <ostream>
#include <string>

#include "checker/api/debugger.h"
#include "checker/api/library_program.h"
#include "checker/engine/crash_handler.h"
#include "checker/engine/error.h"
#include "checker/explore/checker.h"
#include "checker/explore/verification.h"
#include "reports/json_trace.h"
#include "reports/policy.h"
#include "reports/search_result.h"
#include "reports/shell_words.h"
#include "reports/source_files.h"
#include "reports/text_result.h"

namespace raddle {

namespace {

explore::StrategyKind strategy_kind(Strategy s) {
  switch (s) {
    case Strategy::exhaustive: return explore::StrategyKind::Exhaustive;
    case Strategy::source: return explore::StrategyKind::Source;
    case Strategy::brute: return explore::StrategyKind::Brute;
    case Strategy::preemptions: return explore::StrategyKind::Preemptions;
    case Strategy::delays: return explore::StrategyKind::Delays;
    case Strategy::sample: return explore::StrategyKind::Sample;
    case Strategy::random: return explore::StrategyKind::Random;
    case Strategy::pct: return explore::StrategyKind::Pct;
    case Strategy::pos: return explore::StrategyKind::Pos;
    case Strategy::urw: return explore::StrategyKind::Urw;
    case Strategy::surw: return explore::StrategyKind::Surw;
    case Strategy::rff: return explore::StrategyKind::Rff;
  }
  return explore::StrategyKind::Exhaustive;
}

std::optional<detect::Severity> severity(DataRaces d) {
  switch (d) {
    case DataRaces::off: break;
    case DataRaces::warn: return detect::Severity::Warning;
    case DataRaces::error: return detect::Severity::Error;
  }
  return std::nullopt;
}

explore::Order order(Order o) {
  switch (o) {
    case Order::mixed: return explore::Order::Mixed;
    case Order::depth_first: return explore::Order::DepthFirst;
    case Order::diverse: return explore::Order::Diverse;
  }
  return explore::Order::Mixed;
}

/// This program and its arguments, for a shell.
std::string own_command() {
  std::string command = reports::shell_word(program_invocation_name);
  std::ifstream arguments("/proc/self/cmdline", std::ios::binary);
  std::string word;
  for (int i = 0; std::getline(arguments, word, '\0'); ++i)
    if (i > 0) command += ' ' + reports::shell_word(word);
  return command;
}

reports::SearchHeader header_of(const Options& o) {
  reports::SearchHeader h;
  h.model = o.name;
  h.front_end = "library";
  h.replay_command = "RADDLE_REPLAY={trace} " + own_command();
  h.sources = reports::sources_of_program(program_invocation_name);
  h.options = {{"timeouts", o.timeouts ? "any" : "never"},
               {"clock", o.virtual_clock ? "virtual" : "free"},
               {"notify", o.notify_any ? "any" : "first"}};
  if (o.symmetric) h.options.emplace_back("symmetric", "yes");
  h.search.strategy = strategy_kind(o.strategy);
  h.search.order = order(o.order);
  h.search.bound = o.bound;
  h.search.limits.executions = o.runs;
  h.search.limits.seconds = o.seconds;
  h.search.limits.first_finding = !o.all;
  h.search.seed = o.seed;
  h.search.timeouts = o.timeouts;
  h.search.minimise = o.minimise;
  h.search.virtual_clock = o.virtual_clock;
  h.search.notify_any = o.notify_any;
  h.search.symmetric = o.symmetric;
  h.search.detectors.data_races = severity(o.data_races);
  h.search.verify_determinism = true;
  h.search.max_steps = o.max_steps;
  h.search.loop_bound = o.loop_bound;
  return h;
}

Result replayed(engine::Engine& e, engine::Program& p, const engine::Trace& trace, const char* path,
                const Options& o, const explore::Breakpoint* breakpoint) {
  e.set_timeouts(o.timeouts);
  e.set_notify_any(o.notify_any);
  e.set_virtual_clock(o.virtual_clock);
  reports::bound_loops_as_in(trace, e);
  const explore::ReplayReport report = explore::replay(e, p, trace, reports::revealed_in(trace), breakpoint);
  Result r;
  r.executions = r.executions_total = 1;
  r.coverage = "cut";
  r.reason = "replay";
  if (report.diverged) {
    r.verdict = Verdict::inconclusive;
    r.text = std::string(path) + ": the replay diverged at step " + std::to_string(report.step) +
             ": expected " + report.expected + ", but the program did " + report.actual + "\n";
  } else {
    r.verdict = report.reproduced ? Verdict::findings : Verdict::clean;
    r.text = std::string(path) +
             (report.reproduced ? ": reproduced " + trace.findings.front().kind + "\n" : ": replayed\n");
    if (report.reproduced) {
      const engine::TraceFinding& f = trace.findings.front();
      r.findings.push_back({f.kind, f.severity, f.message, f.site.file, f.site.line, 1, path, report.trace});
    }
  }
  return r;
}

// Not thrown: whoever typed the variable did not write the program, and nobody would catch it.
[[noreturn]] void refuse(const char* variable, const char* why) {
  std::fprintf(stderr, "%s: %s\n", variable, why);
  std::exit(reports::kExitBadInput);
}

engine::Trace trace_to_replay(const char* path) {
  try {
    return reports::read_trace(path);
  } catch (const engine::UserError& error) {
    refuse("RADDLE_REPLAY", error.what());
  }
}

std::optional<explore::Breakpoint> breakpoint_in(const engine::Trace& trace) {
  try {
    return api::wanted_breakpoint(trace);
  } catch (const engine::UserError& error) {
    refuse("RADDLE_BREAK", error.what());
  }
}

}  // namespace

Result detail::check(void (*function)(void*), void* argument, const Options& o) {
  engine::Engine e;
  api::LibraryProgram program(function, argument, o.stack_size);
  std::optional<engine::CrashHandler> crash_handler(std::in_place);
  if (const char* path = std::getenv("RADDLE_REPLAY"); path && *path) {
    const engine::Trace trace = trace_to_replay(path);
    if (trace.model == o.name) {
      const auto breakpoint = breakpoint_in(trace);
      if (breakpoint) crash_handler.reset();  // there is a debugger
      try {
        return replayed(e, program, trace, path, o, breakpoint ? &*breakpoint : nullptr);
      } catch (const engine::UserError& error) {
        refuse("RADDLE_REPLAY", error.what());
      }
    }
  } else if (api::is_break_wanted()) {
    refuse("RADDLE_BREAK", "a step of which trace? Its file is to be in RADDLE_REPLAY");
  }
  const reports::SearchHeader header = header_of(o);
  explore::CheckReport report = explore::check(e, program, header.search);
  reports::Result document = reports::make_result(header, report);
  if (!o.trace_dir.empty()) reports::write_witnesses(header, report, document, o.trace_dir, o.name, true);
  reports::apply_policy(document, {});
  Result r;
  r.verdict = document.verdict == "findings" ? Verdict::findings
              : document.verdict == "clean"  ? Verdict::clean
                                             : Verdict::inconclusive;
  r.coverage = document.coverage.kind;
  r.reason = document.coverage.reason == "aborted" ? document.coverage.detail : document.coverage.reason;
  r.bound = document.coverage.bound;
  r.executions = report.statistics.executions;
  r.executions_total = document.executions_total;
  r.classes = report.statistics.classes;
  r.checksum = report.statistics.checksum;
  r.blocked = report.statistics.blocked;
  r.deadlocks = report.statistics.deadlocks;
  r.truncated = report.statistics.truncated;
  std::size_t next = 0;
  const auto trace_of = [&](const reports::ResultFinding& f) -> const engine::Trace* {
    const std::size_t i = static_cast<std::size_t>(&f - document.findings.data());
    return i < report.findings.size() ? &report.findings[i].trace : nullptr;
  };
  r.text = reports::text_result(document, trace_of, {.command_line = false});
  for (explore::CheckedFinding& f : report.findings)
    r.findings.push_back({f.finding.kind, f.finding.severity, f.finding.message, f.finding.site.file,
                          f.finding.site.line, f.count, document.findings[next++].trace, std::move(f.trace)});
  return r;
}

std::ostream& operator<<(std::ostream& out, const Result& r) { return out << r.text; }

std::ostream& operator<<(std::ostream& out, Verdict v) {
  return out << (v == Verdict::clean ? "clean" : v == Verdict::findings ? "findings" : "inconclusive");
}

}  // namespace raddle
