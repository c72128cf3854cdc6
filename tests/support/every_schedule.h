// The reference for bounded search: runs every single schedule of a program, with no regard for which of them are
// equivalent, and counts what each costs, from the definition. Shares nothing with bounded.cpp and switch_cost.cpp.
#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

#include "checker/explore/inspector.h"
#include "checker/explore/transitions.h"
#include "tests/support/search.h"

namespace raddle::test {

/// Of a class of executions: the least that one of its schedules costs.
struct LeastCost {
  int preemptions = 1 << 20, delays = 1 << 20;
};

class EverySchedule : public engine::Strategy {
 public:
  EverySchedule(explore::Inspector& inspector, std::uint64_t most) : inspector_(inspector), most_(most) {}

  bool begin(engine::Engine& e) override {
    if (!started_) return started_ = true;
    while (!untried_.empty() && untried_.back().empty()) untried_.pop_back();
    if (untried_.empty()) return !(complete = true);
    if (++runs_ > most_) return false;
    const auto d = untried_.size() - 1;
    taken_.resize(d);
    inspector_.rewind(static_cast<engine::Step>(d));
    e.set_script(taken_.data(), static_cast<engine::Step>(d));
    costs_.resize(d + 1);
    return true;
  }

  engine::Decision pick(engine::Engine& e, engine::Tid) override {
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    const auto d = taken_.size();
    if (untried_.size() == d) {
      untried_.emplace_back();
      explore::for_each_possible(e, [&](engine::Tid t, engine::Alternative a) {
        untried_[d].push_back({t, a});
      });
      if (untried_[d].empty()) {
        untried_.pop_back();
        return engine::kStop;
      }
    }
    const engine::Decision c = untried_[d].back();
    untried_[d].pop_back();
    if (costs_.size() == d) costs_.push_back({});
    costs_.push_back(after(e, costs_[d], c));
    taken_.push_back(c);
    inspector_.commit(e, c.tid, c.alt);
    return c;
  }

  void end(engine::Engine& e, engine::Outcome o) override {
    inspector_.end(e, o);
    if (o == engine::Outcome::Stopped) return;
    const Cost cost = costs_.empty() ? Cost() : costs_.back();
    LeastCost& c = classes[inspector_.class_fingerprint()];
    c.preemptions = std::min(c.preemptions, cost.preemptions);
    most_preemptions = std::max(most_preemptions, cost.preemptions);
    c.delays = std::min(c.delays, cost.delays);
    if (on_end) on_end(e, o, cost.preemptions);
  }

  void restart(engine::Engine&) override {
    inspector_.restart();
    untried_.clear();
    taken_.clear();
    costs_.clear();
    classes.clear();
    most_preemptions = 0;
    started_ = false;
    if (on_restart) on_restart();
  }
  /// Not found out here: programs are run with what has to be visible visible from the start.
  bool unordered_access(const engine::Engine&, engine::ObjectId) const override { return false; }

  bool complete = false;
  int most_preemptions = 0;                              // of any schedule
  std::unordered_map<std::uint64_t, LeastCost> classes;  // by fingerprint
  std::function<void(engine::Engine&, engine::Outcome, int preemptions)> on_end;
  std::function<void()> on_restart;

 private:
  struct Cost {
    int preemptions = 0, delays = 0;
    engine::Tid running = 0;            // main
    bool preempted_if_switched = true;  // false: it had let others go on already when a timeout expired
  };

  static std::vector<int> ancestors(const engine::Engine& e, engine::Tid t) {
    std::vector<int> path;
    for (; t != engine::kNoThread; t = e.thread(t).parent)
      path.insert(path.begin(), e.thread(t).child_number);
    return path;
  }

  static Cost after(const engine::Engine& e, Cost c, engine::Decision d) {
    std::map<std::vector<int>, engine::Tid> able;  // in the order of turns
    e.ready().for_each([&](engine::Tid t) {
      if (e.enabled(t)) able[ancestors(e, t)] = t;
    });
    auto rests = [&](engine::Tid t) {
      return e.thread(t).rested == e.thread(t).count || e.thread(t).op.kind == engine::OpKind::Sleep;
    };
    bool goes_on = false;
    for (const auto& [path, t] : able) goes_on |= t == c.running && !rests(t);
    if (d.alt == engine::kExpire) {  // time passes: nobody is scheduled
      c.preempted_if_switched &= goes_on;
      return c;
    }
    c.preemptions += goes_on && c.preempted_if_switched && d.tid != c.running;
    // Whose turn it is: first, then those that it is passed on to.
    std::vector<engine::Tid> turns;
    for (const auto& [path, t] : able) turns.push_back(t);
    if (c.running != engine::kNoThread) {
      const auto me = ancestors(e, c.running);
      auto first =
          std::find_if(turns.begin(), turns.end(), [&](engine::Tid t) { return ancestors(e, t) >= me; });
      std::rotate(turns.begin(), first, turns.end());
      if (!turns.empty() && turns.front() == c.running && !goes_on)
        std::rotate(turns.begin(), turns.begin() + 1, turns.end());
    }
    c.delays += static_cast<int>(std::find(turns.begin(), turns.end(), d.tid) - turns.begin());
    c.running = d.tid;
    c.preempted_if_switched = true;
    return c;
  }

  explore::Inspector& inspector_;
  std::uint64_t most_, runs_ = 0;
  bool started_ = false;
  std::vector<std::vector<engine::Decision>> untried_;  // by depth
  std::vector<engine::Decision> taken_;
  std::vector<Cost> costs_;
};

struct EveryScheduleRun {
  bool complete = false;
  int most_preemptions = 0;
  std::unordered_map<std::uint64_t, LeastCost> classes;
  std::size_t with_preemptions(int k) const {
    return static_cast<std::size_t>(std::count_if(classes.begin(), classes.end(),
                                                  [k](const auto& c) { return c.second.preemptions <= k; }));
  }
};

template <class F>
EveryScheduleRun every_schedule(const F& program, std::uint64_t most, const SearchOptions& o = {}) {
  engine::Engine e;
  e.set_notify_any(o.notify_any);
  e.set_revealed(o.revealed);
  e.set_timeouts(o.timeouts);
  explore::Inspector inspector;
  EverySchedule all(inspector, most);
  Model<F> model(program);
  e.run(all, model);
  return {all.complete, all.most_preemptions, std::move(all.classes)};
}

}  // namespace raddle::test
