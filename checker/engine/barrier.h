// Cyclic barrier.
//
// Used by a fixed set of threads, each arriving once per phase, the order of arrivals cannot be observed: arriving
// and passing are then no operations at all, and whoever passes inherits everything that the others did before they
// arrived (as in a join). Any other use makes arrivals visible (Hidden::Barriers): more threads than parties, a
// thread that arrives again before it has passed, a completion function, a timeout.
#pragma once
#include <algorithm>
#include <vector>

#include "checker/engine/engine.h"

namespace raddle::engine {

class Barrier {
 public:
  /// `parties` > 0. `order_matters`: there is a completion function, or arrivals get an index.
  Barrier(Engine& e, std::int32_t parties, bool order_matters)
      : id_(e.new_object()), seats_(parties), parties_(parties) {
    if (order_matters && !e.is_revealed(Hidden::Barriers)) e.reveal(Hidden::Barriers);
  }
  ObjectId id() const { return id_; }
  std::int32_t phase() const { return phase_; }
  std::int32_t parties() const { return parties_; }
  std::int32_t arrived() const { return static_cast<std::int32_t>(arrived_.size()); }

  static constexpr std::int32_t kTornDown = -1;

  /// Arrives without waiting. `drop`: takes part in this phase for the last time. `completion` runs on the last
  /// arrival, before anybody passes. Returns the phase that it arrived in, or kTornDown.
  template <class F>
  std::int32_t arrive(Engine& e, bool drop, const Site& site, F&& completion) {
    Thread& me = e.self();
    if (e.is_revealed(Hidden::Barriers)) {
      if (!e.visible(OpKind::Arrive, writes(id_), 0, site)) return kTornDown;
    } else {
      auto member =
          std::find_if(members_.begin(), members_.end(), [&](const Member& m) { return m.tid == me.id; });
      const bool known = member != members_.end();
      if (known ? member->inside : static_cast<std::int32_t>(members_.size()) == seats_) {
        e.reveal(Hidden::Barriers);
        return kTornDown;
      }
      if (known)
        member->inside = true;
      else
        members_.push_back({me.id, true});
    }
    if (!e.hand_on()) return kTornDown;
    const std::int32_t phase = phase_;
    arrived_.push_back(me.id);
    // What this arrival passes on to whoever passes.
    arriving_.insert(arriving_.end(), me.inherited.begin(), me.inherited.end());
    if (me.last_step != kNever) arriving_.push_back(me.last_step);
    if (drop) ++dropped_;
    if (static_cast<std::int32_t>(arrived_.size()) < parties_) return phase;
    completion();
    parties_ -= dropped_;
    dropped_ = 0;
    ++phase_;
    arrived_.clear();
    passed_.push_back(std::exchange(arriving_, {}));
    for (Tid t : std::exchange(blocked_, {})) e.release(t);
    return phase;
  }
  /// Waits until `phase` is over. false: torn down.
  bool pass(Engine& e, std::int32_t phase) {
    Thread& me = e.self();
    if (phase == phase_) {
      blocked_.push_back(me.id);
      me.waiting = Waiting::Barrier;
      me.waiting_on = id_;
      if (!e.block()) return false;
    }
    for (Member& m : members_)
      if (m.tid == me.id) m.inside = false;
    const auto& before = passed_[static_cast<std::size_t>(phase)];
    me.inherited.append(before.data(), before.data() + before.size());
    return true;
  }

 private:
  struct Member {
    Tid tid;
    bool inside;  // has arrived and not passed yet
  };
  ObjectId id_;
  const std::int32_t seats_;  // parties at the start: how many threads the fixed set has
  std::int32_t parties_, phase_ = 0, dropped_ = 0;
  std::vector<Member> members_;
  std::vector<Tid> arrived_, blocked_;
  std::vector<Step> arriving_;             // what the arrivals of this phase pass on
  std::vector<std::vector<Step>> passed_;  // the same of each completed phase
};

}  // namespace raddle::engine
