// A trace: one recorded execution as plain data. Front ends and searches produce it, reports write and read it
// (raddle-trace/1, docs/formats.md), replays compare against it.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "checker/engine/operation.h"

namespace raddle::engine {

/// A place in the model's source; line 0 = unknown.
struct TraceSite {
  std::string file;
  int line = 0;
  int column = 0;
  std::string function;
  friend bool operator==(const TraceSite&, const TraceSite&) = default;
};

struct TraceThread {
  std::string id;     // "0" for main, "0.1" for main's second child, "0.1.0" for that one's first
  std::string label;  // what people see: "main", "t1", or the model's own name for it
  int parent = -1;    // index into Trace::threads
  bool daemon = false;
  TraceSite start;  // where it was started
  friend bool operator==(const TraceThread&, const TraceThread&) = default;
};

struct TraceObject {
  std::string
      id;  // creating thread's id + "#" + number among its objects, or the front end's structural name
  std::string kind;   // "variable", "mutex", "condition", ...
  std::string label;  // the model's own name for it, or empty
  int capacity = 0;   // of a queue: how many items it can hold; 0: any number, or not known
  friend bool operator==(const TraceObject&, const TraceObject&) = default;
};

/// Exactly what a replay needs: one entry per decision.
struct TraceChoice {
  int thread = 0;           // index into Trace::threads
  std::string alternative;  // "" | "expire" | "value 2" (choose) | "wake 0.1" (notify-one)
  friend bool operator==(const TraceChoice&, const TraceChoice&) = default;
};

struct TraceEvent {
  int step = 0;           // 1, 2, ... as shown
  int thread = 0;         // index into Trace::threads
  std::string operation;  // "read", "write", "lock", ..., "start", "join", "end", "sleep", "output", "note"
  bool visible = true;    // false: no decision belongs to it (start, join, end, output, ...)
  int object = -1;        // index into Trace::objects, or -1
  int object2 = -1;       // condition wait: the condition variable
  std::string part;       // of the object, where it stands for more: "scores['bob']" of "scores"; or empty
  int other = -1;         // start, join: the other thread
  std::string before, after, result;  // values; empty if there is none
  std::string text;                   // output, note
  int items = -1;  // of an operation on a queue, or a semaphore: how many items or units it has then
  TraceSite site;
  // Step of the write whose value it read or overwrote, of a get the put of its item; 0 = initial value or none.
  int reads_from = 0;
  std::string
      switched;  // why the thread before it did not go on: "preempted", "blocked on x held by t1", "ended",
                 // "waits for t1", or empty where there was no switch
  std::string
      mark;  // role in the finding: "stale-read", "overwritten", "lost-update", "blocked", "failure", ...
  friend bool operator==(const TraceEvent&, const TraceEvent&) = default;
};

/// Did it fail, of those operations that may?
inline bool has_failed(const TraceEvent& x) {
  // What a queue gives may be anything.
  if (const OpKind op = operation_named(x.operation);
      op == OpKind::Get || op == OpKind::Put || op == OpKind::TryGet || op == OpKind::TryPut)
    return x.result == "false" || x.result == "timeout" || x.result == "Empty" || x.result == "Full";
  return x.result == "false" || x.result == "False" || x.result == "0" || x.result == "timeout";
}
/// Does its thread have a lock by it?
inline bool has_taken_lock(const TraceEvent& x) {
  return takes_lock(operation_named(x.operation)) && !has_failed(x);
}
/// Or a unit of a semaphore?
inline bool has_taken(const TraceEvent& x) {
  return has_taken_lock(x) || (takes_unit(operation_named(x.operation)) && !has_failed(x));
}

/// A thread that could not go on at the end.
struct TraceBlocked {
  int thread = 0;
  std::string operation;
  int object = -1;     // what it waits for (of a condition wait: the condition variable)
  int holder = -1;     // thread that holds it, if somebody does
  int waits_for = -1;  // join: thread
  std::string reason;  // one sentence
  TraceSite site;
  std::string mark;  // "lost-wakeup", "holder-gone", or empty
  friend bool operator==(const TraceBlocked&, const TraceBlocked&) = default;
};

/// One finding, as it is stored in its witness trace and listed in a result.
struct TraceFinding {
  std::string kind;      // "lost-update", "deadlock", ... (docs/formats.md)
  std::string severity;  // "error", "warning", "note"
  std::string message;   // one or two sentences
  std::string title;     // what it is about: the object, or the exception
  TraceSite site;
  std::vector<int> threads;
  std::vector<int> objects;
  std::vector<int> steps;   // the events that matter most
  std::string detail;       // traceback, cycle, ...
  std::string fingerprint;  // stable over runs: kind, sites, labels
  friend bool operator==(const TraceFinding&, const TraceFinding&) = default;
};

/// A source file that the trace names, as it was then.
struct TraceSource {
  std::string file;
  std::string digest;  // content_digest() of its text
  friend bool operator==(const TraceSource&, const TraceSource&) = default;
};

/// Two events of which one came too early: had it come after the other, the run would have passed.
struct TraceCriticalOrder {
  int first = 0;    // step; 0: none is known
  int second = 0;   // step, or 0: what a thread waits for at the end
  int waiter = -1;  // that thread
  friend bool operator==(const TraceCriticalOrder&, const TraceCriticalOrder&) = default;
};

/// What happened in another run of the same program: indices are those of its own lists.
struct TraceRun {
  std::vector<TraceThread> threads;
  std::vector<TraceObject> objects;
  std::vector<TraceEvent> events;  // empty: there is no such run
  friend bool operator==(const TraceRun&, const TraceRun&) = default;
};

struct Trace {
  std::string model;  // as given by the user
  std::vector<std::string> arguments;
  std::string front_end;  // "python", "library"
  std::string program_hash;
  std::string raddle_version;
  // How to replay it: a shell command in which "{trace}" stands for this trace's path; empty: `raddle replay {trace}`.
  std::string replay_command;
  std::vector<std::pair<std::string, std::string>> options;  // those that change what the model does
  std::uint64_t seed = 0;
  std::vector<TraceThread> threads;
  std::vector<TraceObject> objects;
  std::vector<TraceChoice> schedule;
  std::vector<TraceEvent> events;
  std::vector<TraceBlocked> blocked;
  std::string outcome;                 // "complete", "deadlock", "exited", "truncated", "aborted"
  std::string output;                  // what the model wrote, in order
  std::vector<TraceFinding> findings;  // first: the one it was kept for
  std::string explanation;             // what would have had to be different for the run to pass
  TraceCriticalOrder critical;         // which order decided it
  std::vector<TraceChoice> passing;    // the schedule of such a run; empty: none is known
  TraceRun passing_run;                // and what happens in it
  std::vector<TraceSource> sources;    // sorted by file
  friend bool operator==(const Trace&, const Trace&) = default;
};

}  // namespace raddle::engine
