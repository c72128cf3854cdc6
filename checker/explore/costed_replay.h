// A replay that counts the preemptions of its execution, and learns which events come before which.
#pragma once
#include <optional>

#include "checker/explore/class_order.h"
#include "checker/explore/replay.h"
#include "checker/explore/switch_cost.h"

namespace raddle::explore {

class CostedReplay : public Replay {
 public:
  CostedReplay(Inspector& inspector, std::vector<NamedChoice> schedule)
      : Replay(inspector, std::move(schedule)), inspector_(inspector), races_(inspector.history()) {}

  void end(engine::Engine& e, engine::Outcome o) override {
    Replay::end(e, o);
    schedule_ = inspector_.schedule(e);
    order_ = ClassOrder(e, inspector_.history(), races_, schedule_);
  }
  void restart(engine::Engine& e) override {
    Replay::restart(e);
    races_.rewind(0);
    costs_.clear();
    last_ = 0;
  }

  int preemptions() const {
    int all = 0;
    for (bool c : costs_) all += c;
    return all;
  }
  /// Of each event: is it executed in the place of a thread that could have gone on?
  const std::vector<bool>& costs() const { return costs_; }
  /// What was executed, also behind the end of the given schedule.
  const std::vector<NamedChoice>& executed() const { return schedule_; }
  const ClassOrder& order() const { return order_; }
  Races& races() { return races_; }

 protected:
  void commit(engine::Engine& e, engine::Decision d) override {
    switches_.look(e, last_);
    costs_.push_back(switches_.of(d) > 0);
    last_ = switches_.running_after(e, last_, d);
    races_.add_event(e, inspector_.commit(e, d.tid, d.alt));
  }

 private:
  Inspector& inspector_;
  Races races_;
  SwitchCost switches_{BoundKind::Preemptions};
  engine::Tid last_ = 0;
  std::vector<bool> costs_;
  std::vector<NamedChoice> schedule_;
  ClassOrder order_;
};

}  // namespace raddle::explore
