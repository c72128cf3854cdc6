// The visible objects of a search: ids that are stable over all its executions, and their abstract states.
//
// An object is named by (creating thread, number among that thread's objects), or by a structural name that the
// front end computes; never by address or by order of appearance, so that the same object has the same id whenever
// equivalent schedules create it.
#pragma once
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/engine/operation.h"
#include "checker/engine/queue_ends.h"

namespace raddle::engine {

/// When an object was last accessed, on the model's clock (ns). Kept only in executions in which time passes.
struct ObjectTimes {
  std::int64_t read = 0, added = 0, written = 0;
};

class ObjectTable {
 public:
  ObjectTable() { clear(); }

  std::size_t size() const { return states_.size(); }
  const ObjectState& state(ObjectId id) const { return states_[id]; }
  ObjectState& state(ObjectId id) { return states_[id]; }

  /// The id of the object with this structural name, which is a hash that is the same in every search; a new one, if it
  /// has not been met.
  ObjectId add(std::uint64_t name) {
    const auto [it, fresh] = by_name_.try_emplace(name, Named{0, 0});
    if (fresh) {
      it->second.id = static_cast<ObjectId>(states_.size());
      states_.emplace_back();
      waiters_index_.push_back(0);
      names_.push_back(name);
    }
    return it->second.id;
  }
  std::uint64_t name(ObjectId id) const { return names_[id]; }
  /// The object begins its life in this execution.
  void reset(ObjectId id, std::int32_t n, std::int32_t cap) {
    states_[id] = {n, cap};
    if (have_more_) [[unlikely]]
      reset_more(id);
  }
  /// The id with this structural name; its state is reset when it is first met in an execution.
  ObjectId named(std::uint64_t name, std::uint64_t execution) {
    auto it = by_name_.find(name);
    if (it == by_name_.end()) add(name), it = by_name_.find(name);
    if (it->second.execution != execution + 1) {
      it->second.execution = execution + 1;
      reset(it->second.id, 0, 0);
    }
    return it->second.id;
  }

  /// Is anything added to any object (OpKind::Add)? To be told before the first time.
  bool have_additions() const { return have_additions_; }
  void use_additions() { have_additions_ = true; }

  /// Has any object ever had waiters?
  bool have_waiters() const { return waiters_.size() > 1; }
  /// Waiters of a condition variable, longest first.
  const std::vector<Tid>& waiters(ObjectId id) const { return waiters_[waiters_index_[id]]; }
  std::vector<Tid>& waiters(ObjectId id) {
    if (!waiters_index_[id]) {
      waiters_index_[id] = static_cast<std::uint32_t>(waiters_.size());
      waiters_.emplace_back();
      have_more_ = true;
    }
    return waiters_[waiters_index_[id]];
  }

  /// Is it a queue whose ends are told apart, or the tail of one?
  bool has_ends(ObjectId id) const { return id < ends_index_.size() && ends_index_[id]; }
  const QueueEnds& ends(ObjectId id) const { return ends_[ends_index_[id]]; }
  /// Those of a queue that is about to be used. `length`: what it holds, if it has not been used in this execution.
  QueueEnds& ends(ObjectId queue, std::int32_t length, std::int32_t capacity);
  /// From now on no queue has two ends.
  void forget_ends() {
    ends_index_.clear();
    ends_.assign(1, {});
  }
  void forget_ends(ObjectId queue) {
    if (has_ends(queue)) ends_index_[ends(queue).tail] = ends_index_[queue] = 0;
  }
  /// An item has been put, or taken.
  void moved(ObjectId queue, bool put);

  ObjectTimes& times(ObjectId id) {
    if (times_.size() <= id) times_.resize(states_.size());
    return times_[id];
  }
  void clear_times() { times_.clear(); }

  void clear() {
    states_.assign(1, {});
    names_.assign(1, 0);
    waiters_index_.assign(1, 0);
    waiters_.assign(1, {});  // entry 0: no waiters, shared by all objects that never had any
    by_name_.clear();
    times_.clear();
    have_additions_ = false;
    forget_ends();
  }

 private:
  struct Named {
    ObjectId id;
    std::uint64_t execution;
  };
  std::vector<ObjectState> states_;
  std::vector<std::uint64_t> names_;
  std::vector<std::uint32_t> waiters_index_;
  std::vector<std::vector<Tid>> waiters_;
  std::vector<ObjectTimes> times_;
  std::vector<std::uint32_t> ends_index_;  // by id, as far as needed; 0: none
  std::vector<QueueEnds> ends_;
  std::unordered_map<std::uint64_t, Named> by_name_;
  void reset_more(ObjectId id) {
    if (waiters_index_[id]) waiters_[waiters_index_[id]].clear();
    if (has_ends(id)) ends_[ends_index_[id]].used = false;
  }
  void make_places(ObjectId queue, QueueEnds& q);

  bool have_additions_ = false;
  bool have_more_ = false;  // has any object ever had waiters, or two ends?
};

/// What an operation touches, were it executed now with this alternative.
std::pair<Access, Access> footprint(const ObjectTable& objects, const Operation& op, Alternative alt);

}  // namespace raddle::engine
