#include "checker/explore/contiguous.h"

namespace raddle::explore {
namespace {

using namespace engine;

bool glued(const HistoryEvent& ev) {
  return ev.prev_own != kNever && is_memory(ev.base) && ev.memory & kGlued;
}

// A thread that an exit has killed where it cannot be interrupted.
bool killed_inside(const Engine& e) {
  bool found = false;
  if (!e.exited()) return false;
  e.ready().for_each([&](Tid t) {
    const Thread& th = e.thread(t);
    found |= th.last_step != kNever && is_memory(th.op.kind) && (th.op.memory & kGlued) != 0;
  });
  return found;
}

// Executes one block (a run of glued events) after the other, as soon as all that happens before it has been executed.
// That never prevents another one, so it gets stuck only where blocks wait for one another.
class Order {
 public:
  Order(const History& history, const Races& races, int threads)
      : history_(history), races_(races), events_(static_cast<std::size_t>(threads)), next_(events_.size()) {
    for (Step s = 0; s < history.size(); ++s) events_[history[s].t.tid].push_back(s);
  }

  Contiguous run() {
    Contiguous result;
    const auto size = static_cast<std::size_t>(history_.size());
    while (result.order.size() < size) {
      const std::size_t before = result.order.size();
      for (std::size_t t = 0; t < events_.size(); ++t) take_block(t, result.order);
      if (result.order.size() == before) return {.possible = false, .order = {}};
    }
    return result;
  }

 private:
  bool can_follow(std::size_t tid, Step s) const {
    const auto* clock = races_.clock(s);
    for (std::size_t t = 0; t < events_.size(); ++t)
      if (t != tid && clock[t] > static_cast<int>(next_[t])) return false;
    return true;
  }

  void take_block(std::size_t t, std::vector<Step>& order) {
    const std::vector<Step>& own = events_[t];
    std::size_t end = next_[t];
    if (end == own.size()) return;
    do {
      if (!can_follow(t, own[end])) return;
    } while (++end < own.size() && glued(history_[own[end]]));
    for (; next_[t] < end; ++next_[t]) order.push_back(own[next_[t]]);
  }

  const History& history_;
  const Races& races_;
  std::vector<std::vector<Step>> events_;  // of each thread
  std::vector<std::size_t> next_;          // how many of them have been executed
};

}  // namespace

Contiguous make_contiguous(const Engine& e, const History& history, const Races& races) {
  if (killed_inside(e)) return {.possible = false, .order = {}};
  bool together = true;
  for (Step s = 0; s < history.size(); ++s) together &= !glued(history[s]) || history[s].prev_own == s - 1;
  if (together) return {};
  return Order(history, races, e.thread_count()).run();
}

}  // namespace raddle::explore
