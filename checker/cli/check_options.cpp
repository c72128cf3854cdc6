#include "checker/cli/check_options.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <CLI/CLI.hpp>

#include "checker/cli/baseline.h"
#include "checker/cli/choices.h"
#include "checker/cli/expected_output.h"
#include "checker/cli/parse.h"
#include "checker/cli/supervision.h"
#include "checker/engine/error.h"
#include "reports/json_result.h"
#include "reports/search_result.h"

namespace raddle::cli {

using engine::UserError;
using explore::Limits;

namespace {

constexpr const char* kDefaultTime = "60s";
constexpr double kSampled = 0.2;  // of the time, if that is too short for the whole search
constexpr const char* kIntervalHelp = "how often the state is kept meanwhile (default 30s)";
constexpr const char* kReportHelp = "write the result as JSON";
constexpr const char* kTraceFolderHelp = "where traces are written (default .raddle)";
constexpr const char* kProgressHelp =
    "auto (default: on a line of standard error, if that is a terminal), json (there, a line now and then), "
    "never";
constexpr const char* kQuietHelp = "print the last line only: what was explored and found";
constexpr const char* kJobsHelp =
    "explore in N processes (default: one for each processor; source and brute take one); what is found does "
    "not depend on it";
constexpr const char* kAllHelp = "do not stop at the first error";

std::size_t parse_jobs(const std::string& text) {
  if (text.empty()) return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostJobs);
  return static_cast<std::size_t>(parse_number("--jobs", text, 1, kMostJobs));
}

void set_trace_folder(CheckRequest& r, const std::string& folder) {
  r.trace_folder_given = !folder.empty();
  r.trace_folder = folder.empty() ? reports::kTraceFolder : folder;
}

void set_limits(CheckRequest& r, const std::string& runs, const std::string& time) {
  Limits& limits = r.search.limits;
  if (!runs.empty()) {
    limits.executions = parse_number("--runs", runs, 1, UINT64_MAX);
    r.given.emplace_back("runs", std::to_string(limits.executions));
  }
  if (time.empty() && !runs.empty()) return;
  limits.seconds =
      std::chrono::duration<double>(parse_duration("--time", time.empty() ? kDefaultTime : time)).count();
  if (!time.empty()) r.given.emplace_back("time", time);
}

}  // namespace

std::chrono::nanoseconds parse_watchdog(const std::string& text) {
  return text == "off" ? std::chrono::nanoseconds(0) : parse_duration("--watchdog", text);
}

void CheckOptionTexts::declare(CLI::App& app) {
  const char* group = "Model";
  app.add_option(
         "MODEL", models_,
         "a Python program, FILE::TEST for one of its tests, or a folder for all tests in it; several: one "
         "after another, or at the same time; none: those of the project")
      ->group(group);
  add_value(
      app, "--project", project_, "FILE", group,
      "what to check, and how (default, if no model is given: raddle.json in this folder); with models, only "
      "these of it");
  add_value(app, "-m", module_, "MODULE", group,
            "check a module found on the Python path, as python3 -m does");
  add_value(app, "--stdin", stdin_, "FILE", group,
            "what the model reads from its standard input, the same in every execution (default: nothing)");
  add_values(
      app, "--instrument", instrument_, "NAME", group,
      "look into this module or package too, although it belongs to the library or to site-packages; may be "
      "repeated");

  add_value(app, "--atomicity", atomicity_, "WHAT", group, kAtomicityHelp);

  group = "Search";
  add_value(app, "--strategy", strategy_, "NAME", group,
            "exhaustive (default; then the last fifth of --time is for samples, if that is too short): one "
            "execution for "
            "each class of interleavings that differ in nothing a thread can notice; source: the same with "
            "more executions, for comparison; brute: every interleaving; "
            "preemptions, delays: without and with 1, 2, 3, ... of them, until everything is explored; "
            "sample: random ones, by all of the following in turn; random: random walks; pct: random "
            "priorities that "
            "change at --depth minus one points; pos: random priorities that are drawn anew after each race; "
            "urw: walks that are uniform over interleavings; surw: the same over what happens to one shared "
            "object; rff: who reads what from whom, varied by what earlier executions have shown");
  add_value(
      app, "--order", order_, "WHAT", group,
      "what comes first in the exhaustive search: depth-first: each execution as like the one before it as "
      "can be; diverse: some hundred executions unlike each other; mixed (default): the same behind the "
      "first thousand");
  add_value(app, "--preemptions", preemptions_, "K", group,
            "every schedule with at most K preemptions: switches away from a thread that could have gone on");
  add_value(app, "--delays", delays_, "D", group,
            "every schedule with at most D delays: threads run in turn, each as long as it can, and a delay "
            "passes over the one whose turn it is");
  add_value(app, "--depth", depth_, "D", group,
            "of the bugs that pct looks for: in how many places the order has to be right (default 3)");
  add_value(app, "--runs", runs_, "N", group, "stop after N executions");
  add_value(app, "--time", time_, "DURATION", group,
            "stop after this much time: 10, 15s, 2m, 1h, 500ms (default 60s, or none if --runs is given)");
  add_value(app, "-j,--jobs", jobs_, "N", group, kJobsHelp);
  add_value(app, "--shard", shard_, "I/N", group,
            "explore the I-th of N parts of the exhaustive search, in one process, or of the --runs of a "
            "sampling strategy; the --report of each goes to raddle merge");
  add_value(app, "--knowing", knowing_, "RESULT", group,
            "begin a shard with what another one has learnt about the program, if merge asks for that");
  add_flag(app, "--symmetric", symmetric_, group,
           "of executions that differ in nothing but which of several threads did what, explore one, where "
           "these threads run the same function with the same arguments and nothing tells them apart "
           "(exhaustive, source, brute)");
  add_flag(app, "--all", all_, group, kAllHelp);
  add_value(app, "--seed", seed_, "N", group, "of the sampling strategies (default 0)");
  add_value(app, "--clock", clock_, "KIND", group,
            "free (default): a sleep may end at any time; virtual: sleeps and timeouts end in the order of "
            "their times "
            "and only when nothing else can run (not for exhaustive and source)");
  add_value(app, "--timeouts", timeouts_, "WHEN", group,
            "any (default): a timeout may expire at any time; never");
  add_value(app, "--max-steps", max_steps_, "N", group,
            "cut executions that are longer than N operations (default 20000)");
  add_value(app, "--loop-bound", loop_bound_, "K", group,
            "follow loops that would go on for ever, like polling, for K rounds in each thread (default: 1, "
            "then 2, 4, 8 and 16)");
  add_value(app, "--watchdog", watchdog_, "DURATION", group, kWatchdogHelp);

  add_flag(app, "--fine", fine_, group, kFineHelp);
  add_flag(app, "--outcomes", outcomes_, group,
           "all orders of what the model prints, and the distinct outputs in which they end; implies --all");

  group = "Verdict";
  add_values(
      app, "--expect-output", expect_output_, "TEXT", group,
      "another output is an error. TEXT is all of the output, @FILE a file with it, /REGEX/ something in "
      "it; may be repeated: each is fine");
  add_flag(app, "--strict", strict_, group, "warnings are errors");
  add_values(app, "--fail-on", fail_on_, "KIND", group, "findings of this kind are errors; may be repeated");
  add_values(app, "--ignore", ignore_, "KIND[:PLACE]", group,
             "findings of this kind (*: of any) do not count, or only those at this FILE, FILE:LINE, object "
             "or thread; "
             "may be repeated; implies --all");
  add_values(app, "--expect", expect_, "KIND", group,
             "exit with 0 if errors of this kind are found and of no other kind, else with 1; clean, "
             "inconclusive: if "
             "that is the verdict; findings: if there are errors of any kind; may be repeated");
  add_value(app, "--baseline", baseline_, "FILE", group,
            "the findings in this file are accepted: they do not count; implies --all");
  add_value(app, "--write-baseline", write_baseline_, "FILE", group,
            "accept the errors that are found, from now on: write them to this file (and those of --baseline "
            "that are "
            "still there); implies --all");
  add_values(app, "--accept", accept_, "WHAT", group,
             "exit with 0 although not everything was explored: bounded (loops or executions were cut), "
             "sampled (time "
             "ran out while sampling), partial (the model does things that raddle does not control); may be "
             "repeated");

  group = "Output";
  add_value(app, "--report", report_, "FILE", group, kReportHelp);
  cli::declare(app, outputs_, group);
  add_value(app, "--graph", graph_, "FILE", group,
            "write the tree of what is explored for Graphviz, of up to 300 executions, in one process");
  add_value(app, "--trace-dir", trace_dir_, "DIR", group, kTraceFolderHelp);
  add_value(app, "--checkpoint", checkpoint_, "FILE", group,
            "keep the state of the search there, every --checkpoint-every and when it stops, so that raddle "
            "resume FILE can go on with it (not for source and brute); all of --time is for that search "
            "then, and none "
            "for samples");
  add_value(app, "--checkpoint-every", interval_, "DURATION", group, kIntervalHelp);
  add_flag(app, "--quiet", quiet_, group, kQuietHelp);
  add_value(app, "--progress", progress_, "WHEN", group, kProgressHelp);
  add_value(app, "--colour,--color", colour_, "WHEN", group, kColourHelp);
  add_value(app, "--alone", alone_, "DURATION", "", "for tests: how long before other processes help");
  add_flag(app, "--show-output", show_output_, "", "for tests: what the last execution wrote, by thread");
  offer(app, {{"--atomicity", kAtomicities},
              {"--strategy", strategy_names()},
              {"--order", kOrders},
              {"--clock", kClocks},
              {"--timeouts", kTimeouts},
              {"--fail-on", finding_kinds()},
              {"--ignore", finding_kinds()},
              {"--expect", expectations()},
              {"--accept", kAccepted},
              {"--progress", kProgressKinds},
              {"--colour", kColours}});
}

CheckRequest CheckOptionTexts::parse() const {
  const bool none = models_.empty() || models_.front().empty();
  if (none == module_.empty())
    throw UserError(
        none ? "check: no model given" +
                   std::string(arguments_.empty() ? "" : " before --, only arguments for it behind") +
                   ". Try raddle check PROGRAM.py, or raddle help check"
             : "check: both a model (" + models_.front() + ") and -m " + module_ +
                   " given. The model's own arguments come behind --");
  return parse(none ? module_ : models_.front());
}

CheckRequest CheckOptionTexts::parse(const std::string& model) const {
  CheckRequest r;
  r.model = {.model = model,
             .as_module = !module_.empty(),
             .arguments = arguments_,
             .stdin_file = stdin_,
             .instrument = split_commas(instrument_),
             .gil = parse_atomicity(atomicity_),
             .fine = fine_};
  r.model.split_test();
  parse_search(r);
  r.policy.strict = strict_;
  for (const std::string& value : split_commas(fail_on_))
    r.policy.fail_on.push_back(reports::parse_fail_on(value));
  r.expected = parse_expectation(split_commas(expect_));
  for (const std::string& kind : r.expected.kinds) r.policy.fail_on.push_back(kind);
  // As an error, a data race has to end the search.
  const std::string race = detect::name(detect::Kind::DataRace);
  const auto& fail_on = r.policy.fail_on;
  const bool fails = strict_ || std::find(fail_on.begin(), fail_on.end(), race) != fail_on.end();
  r.search.detectors.data_races = fails ? detect::Severity::Error : detect::Severity::Warning;
  for (const std::string& value : ignore_) r.policy.ignore.push_back(reports::parse_ignore(value));
  r.search.detectors.outcomes = r.model.ordered_output = outcomes_ || !expect_output_.empty();
  if (!expect_output_.empty()) r.search.detectors.expected_output = parse_expected_output(expect_output_);
  for (const std::string& value : expect_output_)
    if (value.starts_with('@')) r.also_read.push_back(value.substr(1));
  r.list_outcomes = outcomes_;
  r.search.verify_determinism = true;
  r.accept = reports::parse_accept(split_commas(accept_));
  r.report = report_;
  r.outputs = outputs_;
  set_trace_folder(r, trace_dir_);
  r.baseline = baseline_;
  r.write_baseline = write_baseline_;
  load_baseline(r);
  r.checkpoint = checkpoint_;
  r.checkpoint_interval = parse_duration("--checkpoint-every", interval_);
  using explore::StrategyKind;
  const StrategyKind kind = r.search.strategy;
  if (!r.checkpoint.empty() && (kind == StrategyKind::Source || kind == StrategyKind::Brute))
    throw UserError("--checkpoint: a search with --strategy " + std::string(explore::name(kind)) +
                    " cannot be gone on with. Leave out one of the two");
  r.watchdog = parse_watchdog(watchdog_);
  r.graph = graph_;
  if (!r.graph.empty() && (!checkpoint_.empty() || !shard_.empty()))
    throw UserError(std::string("--graph does not go together with ") +
                    (shard_.empty() ? "--checkpoint" : "--shard"));
  if (!r.graph.empty()) r.search.jobs = 1;
  r.quiet = quiet_;
  r.progress = parse_progress(progress_);
  r.show_output = show_output_;
  r.colour = parse_colour(colour_);
  return r;
}

static explore::Shard parse_shard(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos)
    throw UserError("--shard: '" + text + "' is not like 2/4, the second part of four");
  const std::uint64_t of = parse_number("--shard", text.substr(slash + 1), 1, 10000);
  return {parse_number("--shard", text.substr(0, slash), 1, of), of};
}

reports::Result read_shard(const std::string& path) {
  reports::Result result = reports::read_result(path);
  if (!result.shard.of)
    throw UserError(
        path +
        ": this is the result of a whole search, not of a shard (raddle check --shard I/N --report FILE)");
  return result;
}

// Which strategy it is, a bound says by itself.
static void parse_bound(CheckRequest& r, const std::string& name, const std::string& value,
                        explore::StrategyKind kind) {
  if (value.empty()) return;
  explore::CheckOptions& s = r.search;
  const std::string option = "--" + name;
  if (s.strategy != kind && s.strategy != explore::StrategyKind::Exhaustive)
    throw UserError(option + " does not go together with " +
                    (s.bound >= 0 ? std::string("another bound")
                                  : "--strategy " + std::string(explore::name(s.strategy))));
  s.strategy = kind;
  s.bound = static_cast<int>(parse_number(option, value, 0, 1000));
  r.given.emplace_back(name, std::to_string(s.bound));
}

void CheckOptionTexts::parse_search(CheckRequest& r) const {
  using explore::StrategyKind;
  explore::CheckOptions& s = r.search;
  s.notify_any = false;  // Python wakes who has waited longest
  if (!strategy_.empty())
    s.strategy = explore::kStrategies[parse_choice("--strategy", strategy_, strategy_names())];
  parse_bound(r, "preemptions", preemptions_, StrategyKind::Preemptions);
  parse_bound(r, "delays", delays_, StrategyKind::Delays);
  constexpr explore::Order orders[] = {explore::Order::Mixed, explore::Order::DepthFirst,
                                       explore::Order::Diverse};
  s.order = orders[parse_choice("--order", order_, kOrders)];
  if (s.order != explore::Order::Mixed) {
    if (s.strategy != StrategyKind::Exhaustive)
      throw UserError("--order: only the exhaustive search has one, not --strategy " +
                      std::string(explore::name(s.strategy)));
    r.given.emplace_back("order", order_);
  }
  if (!depth_.empty()) {
    s.depth = static_cast<int>(parse_number("--depth", depth_, 1, 100));
    r.given.emplace_back("depth", depth_);
  }
  set_limits(r, runs_, time_);
  // What is ignored must not end the search.
  const bool accepts = !ignore_.empty() || !baseline_.empty() || !write_baseline_.empty();
  s.limits.first_finding = !all_ && !accepts && !outcomes_ && split_commas(expect_).size() < 2;
  if (all_) r.given.emplace_back("all", "yes");
  s.symmetric = symmetric_;
  if (symmetric_) {
    r.given.emplace_back("symmetric", "yes");
    if (is_sampling(s.strategy) || is_bounded(s.strategy))
      throw UserError("--symmetric: only the exhaustive search leaves out executions, not --strategy " +
                      std::string(explore::name(s.strategy)));
    if (r.model.gil) throw UserError("--symmetric does not go together with --atomicity gil");
  }
  if (!seed_.empty()) s.seed = parse_number("--seed", seed_, 0, UINT64_MAX);
  s.virtual_clock = parse_choice("--clock", clock_, kClocks) == 1;
  if (s.virtual_clock) r.given.emplace_back("clock", "virtual");
  s.timeouts = parse_choice("--timeouts", timeouts_, kTimeouts) == 0;
  if (!s.timeouts) r.given.emplace_back("timeouts", "never");
  s.jobs = parse_jobs(jobs_);
  if (!shard_.empty()) {
    s.shard = parse_shard(shard_);
    r.given.emplace_back("shard", shard_);
    if (s.strategy != StrategyKind::Exhaustive && !is_sampling(s.strategy))
      throw UserError("--shard: only the exhaustive search and sampling have parts, not --strategy " +
                      std::string(explore::name(s.strategy)));
    if (is_sampling(s.strategy) && runs_.empty())
      throw UserError("--shard: how many runs are there to share, with --strategy " +
                      std::string(explore::name(s.strategy)) +
                      "? Say so with --runs N, the same for all shards");
    if (!checkpoint_.empty()) throw UserError("--shard does not go together with --checkpoint");
  }
  if (!knowing_.empty()) {
    if (shard_.empty()) throw UserError("--knowing goes together with --shard only");
    s.knowing = read_shard(knowing_).shard.state;
  }
  // Who has asked for the exhaustive search gets it, and so does who wants to go on with it.
  if (strategy_.empty() && s.strategy == StrategyKind::Exhaustive && checkpoint_.empty() && shard_.empty())
    s.sampled = kSampled;
  if (!alone_.empty()) s.alone = std::chrono::duration<double>(parse_duration("--alone", alone_)).count();
  if (!loop_bound_.empty()) {
    s.loop_bound = static_cast<int>(parse_number("--loop-bound", loop_bound_, 1, 1'000'000));
    r.given.emplace_back("loop-bound", std::to_string(s.loop_bound));
  }
  if (!max_steps_.empty()) {
    s.max_steps = static_cast<engine::Step>(parse_number("--max-steps", max_steps_, 1, 1'000'000'000));
    r.given.emplace_back("max-steps", std::to_string(s.max_steps));
  }
}

void MergeOptionTexts::declare(CLI::App& app, const char* group) {
  add_value(app, "--report", report_, "FILE", group, kReportHelp);
  cli::declare(app, outputs_, group);
  add_value(app, "--trace-dir", trace_dir_, "DIR", group, kTraceFolderHelp);
  add_flag(app, "--quiet", quiet_, group, kQuietHelp);
  add_value(app, "--progress", progress_, "WHEN", group, kProgressHelp);
  add_value(app, "--colour,--color", colour_, "WHEN", group, kColourHelp);
  offer(app, {{"--progress", kProgressKinds}, {"--colour", kColours}});
}

void MergeOptionTexts::change(CheckRequest& r) const {
  if (!report_.empty()) r.report = report_;
  r.outputs.change(outputs_);
  if (!trace_dir_.empty()) set_trace_folder(r, trace_dir_);
  r.quiet |= quiet_;
  if (!progress_.empty()) r.progress = parse_progress(progress_);
  if (!colour_.empty()) r.colour = parse_colour(colour_);
}

void ResumeOptionTexts::declare(CLI::App& app, const char* group) {
  add_value(app, "--time", time_, "DURATION", group,
            "stop after this much more time (default 60s, or none if --runs is given)");
  add_value(app, "--runs", runs_, "N", group, "stop after N executions in all, those before included");
  add_value(app, "-j,--jobs", jobs_, "N", group, kJobsHelp);
  add_flag(app, "--all", all_, group, "do not stop at the first error, nor at those that were found before");
  add_value(app, "--checkpoint-every", interval_, "DURATION", group, kIntervalHelp);
  output_.declare(app, group);
}

void ResumeOptionTexts::change(CheckRequest& r) const {
  explore::CheckOptions& s = r.search;
  std::erase_if(r.given, [](const auto& option) { return option.first == "runs" || option.first == "time"; });
  s.limits.executions = Limits().executions;
  s.limits.seconds = Limits().seconds;
  set_limits(r, runs_, time_);
  if (all_ && std::exchange(s.limits.first_finding, false)) r.given.emplace_back("all", "yes");
  s.jobs = parse_jobs(jobs_);
  if (!interval_.empty()) r.checkpoint_interval = parse_duration("--checkpoint-every", interval_);
  output_.change(r);
}

}  // namespace raddle::cli
