// Replays one schedule; behind its end it keeps to the running thread, or takes the lowest that can go on.
#pragma once
#include <vector>

#include "checker/explore/inspector.h"

namespace raddle::explore {

class Replay : public engine::Strategy {
 public:
  Replay(Inspector& inspector, std::vector<NamedChoice> schedule)
      : inspector_(inspector), schedule_(std::move(schedule)) {}

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine&, engine::Tid current) override;
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;

  /// Behind the end of the schedule this thread (its name) goes on only where no other can.
  void put_off(std::uint64_t thread) { put_off_ = thread; }

  engine::Outcome outcome() const { return outcome_; }
  /// The step (from 0) at which the schedule could not be followed, or kNever.
  engine::Step diverged_at() const { return diverged_at_; }

 protected:
  /// `d` is about to be returned from pick, and is a decision on the next event.
  virtual void commit(engine::Engine& e, engine::Decision d) { inspector_.commit(e, d.tid, d.alt); }

 private:
  engine::Decision follow(engine::Engine&, const NamedChoice&);

  Inspector& inspector_;
  std::vector<NamedChoice> schedule_;
  std::uint64_t put_off_ = 0;
  engine::Outcome outcome_ = engine::Outcome::Complete;
  engine::Step diverged_at_ = engine::kNever;
  bool done_ = false;
};

}  // namespace raddle::explore
