// Schedules with some of their preemptions left out: each preempted thread goes on for as long as it can, and the rest
// follows as far as it is still possible.
#pragma once
#include <functional>
#include <memory>

#include "checker/explore/costed_replay.h"

namespace raddle::explore {

/// What a thread does in one go.
struct Stretch {
  std::uint64_t thread = 0;         // its name
  std::vector<NamedChoice> events;  // whose alternatives are taken again, if they are there
  std::int32_t until = 0;           // the number of its events behind it
  bool preempted = false;           // at its end
};

/// One execution.
class LenientReplay : public CostedReplay {
 public:
  LenientReplay(Inspector& inspector, std::vector<Stretch> stretches)
      : CostedReplay(inspector, {}), stretches_(std::move(stretches)) {}
  engine::Decision pick(engine::Engine& e, engine::Tid current) override;

 private:
  engine::Decision choose(engine::Engine& e, engine::Tid current);

  std::vector<Stretch> stretches_;
  std::size_t at_ = 0;
};

/// Delta debugging over preemptions, one execution after another.
class LeavingOut : public engine::Strategy {
 public:
  /// `may_spend`: is there budget for another execution? `fresh`: the inspector of the next one. `better`: is what the
  /// execution has shown an improvement?
  LeavingOut(std::vector<NamedChoice> schedule, std::uint64_t executions, std::function<bool()> may_spend,
             std::function<Inspector&()> fresh,
             std::function<bool(engine::Engine&, const LenientReplay&)> better);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine& e, engine::Tid current) override { return replay_->pick(e, current); }
  void end(engine::Engine&, engine::Outcome) override;
  bool unordered_access(const engine::Engine&, engine::ObjectId) const override { return false; }

 private:
  void divide(const CostedReplay& replay);
  bool next_attempt();

  std::uint64_t executions_;
  std::function<bool()> may_spend_;
  std::function<Inspector&()> fresh_;
  std::function<bool(engine::Engine&, const LenientReplay&)> better_;
  std::vector<NamedChoice> schedule_;
  std::vector<Stretch> stretches_;        // of the best schedule so far
  std::vector<std::size_t> preemptions_;  // those of them that end in one
  std::size_t chunk_ = 0, from_ = 0;      // which are left out next
  bool divided_ = false;
  std::unique_ptr<CostedReplay> replay_;
};

}  // namespace raddle::explore
