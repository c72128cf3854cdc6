// A result: what one search found and how far it came, as plain data. The command line and the C++ library fill it
// from a search; reports write and read it (raddle-result/1, docs/formats.md), texts and exit codes are made from it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/engine/trace.h"

namespace raddle::reports {

/// A loop that was cut after `rounds` rounds.
struct CutLoop {
  engine::TraceSite site;
  std::string thread;  // display name of (one of) the thread(s)
  std::uint64_t rounds = 0;
  friend bool operator==(const CutLoop&, const CutLoop&) = default;
};

/// How much was known when all schedules with so many preemptions or delays had been explored.
struct CoverageLevel {
  std::uint64_t executions = 0, classes = 0;
  friend bool operator==(const CoverageLevel&, const CoverageLevel&) = default;
};

/// How much of the model's behaviour the search has seen.
struct Coverage {
  std::string kind = "complete";  // "complete", "bounded", "sampled", "cut"
  // Why it is not complete. bounded: "loop-bound", "preemptions", "delays", "shard" (no more is known). sampled: "runs" (all that were asked for),
  // "time", ... cut: "first-finding", "time", "runs", "steps", "threads", "memory", "interrupted", ...
  std::string reason;
  std::string detail;          // the same for people, one phrase or sentence; may be empty
  std::uint64_t bound = 0;     // bounded: k
  std::uint64_t runs = 0;      // sampled: how many executions were samples
  bool requested = false;      // bounded, sampled: exactly what the user asked for, and it has finished
  std::vector<CutLoop> loops;  // bounded: which loops
  std::vector<CoverageLevel> levels;  // with 0, 1, 2, ... preemptions or delays, as far as that was explored
  std::vector<std::string> partial;   // what raddle does not control ("partial control"); empty: nothing
  friend bool operator==(const Coverage&, const Coverage&) = default;
};

/// Is its bound one of preemptions, or delays?
inline bool counts_switches(const Coverage& c) {
  return c.kind == "bounded" && (c.reason == "preemptions" || c.reason == "delays");
}

/// One of the accesses that a finding is about.
struct ResultPlace {
  std::string thread;  // display name
  std::string text;    // "write database_value = 1"
  engine::TraceSite site;
  friend bool operator==(const ResultPlace&, const ResultPlace&) = default;
};

/// An engine::TraceFinding that can be read without its trace.
struct ResultFinding {
  std::string kind;
  std::string severity;  // "error", "warning", "note", after the policy
  std::string message;
  std::string title;
  engine::TraceSite site;
  std::vector<std::string> threads;  // display names
  std::vector<std::string> objects;
  std::vector<ResultPlace> places;
  std::string detail;
  std::string fingerprint;
  std::string
      content_fingerprint;  // the same, whatever the numbers of its lines (content_fingerprint.h); or empty
  std::string context;      // for people: file, function and text of the line; or empty
  std::uint64_t count = 1;  // executions that show it
  std::string trace;        // path of the witness as the user would type it; empty if it was not written
  std::string suppressed;   // why it does not count: "--ignore deadlock", "baseline", ...; empty: it counts
  friend bool operator==(const ResultFinding&, const ResultFinding&) = default;
};

/// One distinct output of the model (--outcomes).
struct Outcome {
  std::string output;
  std::uint64_t count = 1;  // executions
  std::string trace;        // a witness, or empty
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Of a shard: what it takes to put it together with the others (raddle merge).
struct ShardPart {
  std::uint64_t index = 0, of = 0;   // 0: the result is of a whole search
  std::vector<std::string> command;  // what was typed behind "raddle check"
  std::string input_hash;            // of the standard input
  std::string state;                 // bytes
  friend bool operator==(const ShardPart&, const ShardPart&) = default;
};

/// What sampled executions say of others (explore/class_estimate.h).
struct SampleSummary {
  std::uint64_t draws = 0;                              // executions that are independent of one another
  std::uint64_t classes = 0, once = 0, twice = 0;       // that these have met
  std::optional<double> new_class_probability;          // of one more; none: nothing can be said
  std::optional<double> least_classes;                  // in all
  std::uint64_t ordered_pairs = 0, in_both_orders = 0;  // of places with conflicting accesses
  friend bool operator==(const SampleSummary&, const SampleSummary&) = default;
};

struct Result {
  std::string model;
  std::vector<std::string> arguments;
  std::string program_hash;
  std::string raddle_version;
  std::string strategy;  // "exhaustive", "source", "brute", "random", ...
  std::vector<std::pair<std::string, std::string>> options;
  std::uint64_t seed = 0;
  std::string verdict = "clean";    // "clean", "findings" (of error severity), "inconclusive": see verdict_of
  std::string inconclusive_reason;  // one sentence; set: nothing is known, whatever the coverage says
  Coverage coverage;
  std::uint64_t executions = 0;         // of the final round
  std::uint64_t executions_total = 0;   // of all rounds
  std::uint64_t classes = 0;            // distinct
  std::string class_checksum;           // hexadecimal; empty: not computed
  std::uint64_t blocked = 0;            // executions that ended sleep-set-blocked
  std::uint64_t deadlocks = 0;          // executions that ended in a deadlock
  std::uint64_t truncated = 0;          // executions that a bound cut
  std::optional<SampleSummary> sample;  // of sampling strategies
  std::vector<ResultFinding> findings;
  std::vector<Outcome> outcomes;
  std::vector<std::string> warnings;  // about the search itself: "traces not written: ..."
  double seconds = 0;
  ShardPart shard;
  friend bool operator==(const Result&, const Result&) = default;
};

/// The finding as a result lists it: names and places instead of indices. `trace_path`: where the trace is stored.
ResultFinding summarize(const engine::Trace& trace, const engine::TraceFinding& finding,
                        std::uint64_t count = 1, std::string trace_path = {});

}  // namespace raddle::reports
