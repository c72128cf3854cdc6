// Executing one schedule again with full recording: the witness of a finding.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "checker/detect/daemon_killed.h"
#include "checker/detect/data_race.h"
#include "checker/detect/deadlock.h"
#include "checker/detect/failures.h"
#include "checker/detect/hang.h"
#include "checker/detect/lock_order.h"
#include "checker/detect/lost_update.h"
#include "checker/detect/outcomes.h"
#include "checker/engine/trace_recorder.h"
#include "checker/explore/breakpoint.h"
#include "checker/explore/replay.h"

namespace raddle::explore {

/// Which of the detectors that are not always there are wanted.
struct DetectorOptions {
  std::optional<detect::Severity> data_races;  // and how severe they are
  bool outcomes = false;
  detect::Outcomes::Predicate expected_output;  // empty: any
};

/// The detectors of a search, ready to be added to its inspector.
struct Detectors {
  detect::LostUpdate lost_update;
  detect::LockOrder lock_order;
  detect::Deadlock deadlock;
  detect::Hang hang;
  detect::Failures failures;
  detect::DaemonKilled daemon_killed;
  std::optional<detect::DataRace> data_race;
  std::optional<detect::Outcomes> outcomes;

  explicit Detectors(const DetectorOptions& o) {
    if (o.data_races) data_race.emplace(*o.data_races);
    if (o.outcomes) outcomes.emplace(o.expected_output);
  }
  void add_to(Inspector& i) {
    i.add(lost_update);
    if (data_race) i.add(*data_race);
    i.add(lock_order);
    i.add(deadlock);
    i.add(hang);
    i.add(failures);
    i.add(daemon_killed);
    if (outcomes) i.add(*outcomes);
  }
};

/// Detectors of an execution or a few, apart from those of the search. Keys of observations are those of one run of the
/// engine.
struct Watch {
  Inspector inspector;
  Detectors detectors;
  explicit Watch(const DetectorOptions& o) : detectors(o) { detectors.add_to(inspector); }
  const Finding* shown(std::uint64_t key) const {
    for (const Finding& f : inspector.findings())
      if (f.observation.key == key) return &f;
    return nullptr;
  }
};

struct CheckedFinding {
  engine::TraceFinding finding;
  std::uint64_t count = 0;            // executions that show it
  std::uint64_t first_execution = 0;  // the first that does, from 1
  engine::Trace trace;                // a witness; the finding comes first in it
  bool repeated = true;               // an error: the witness shows one of this kind, too
};

/// The finding in words, with its recorded execution. It is not `repeated` if the model did something else.
/// `explain`: is called with the recorder of it, before it is taken.
CheckedFinding witness(engine::Engine& e, engine::Program& program, const Finding& f,
                       const std::function<void(engine::TraceRecorder&)>& explain = {});

/// One recorded execution of a schedule, with everything that its detectors observed.
class Recording {
 public:
  /// `breakpoint`: where it stops; null: nowhere.
  Recording(engine::Engine& e, engine::Program& p, std::vector<NamedChoice> schedule,
            const DetectorOptions& detectors, const Breakpoint* breakpoint = nullptr);
  engine::TraceRecorder& recorder() { return *recorder_; }
  const std::vector<Finding>& findings() const { return inspector_.findings(); }
  const std::vector<engine::Failure>& failures() const { return failures_; }
  const std::string& abort_reason() const { return abort_reason_; }
  /// Could the schedule not be followed to its end?
  bool diverged() const { return diverged_; }

 private:
  class Strategy;
  std::unique_ptr<engine::TraceRecorder> recorder_;
  Inspector inspector_;
  Detectors detectors_;
  std::vector<engine::Failure> failures_;
  std::string abort_reason_;
  bool diverged_ = false;
};

}  // namespace raddle::explore
