#include "checker/explore/reads_from.h"

#include <algorithm>

namespace raddle::explore {

using namespace engine;

void ReadsFrom::clear() {
  // Runs go on being counted: what is remembered of objects and threads is out of date by that.
  last_ = kInitial;
  events_.clear();
  group_index_.clear();
  pairs_.clear();
  known_readers_.clear();
  known_sources_.clear();
  written_.clear();
  groups_.clear();
  readers_.clear();
}

void ReadsFrom::begin_run() {
  ++run_;
  found_new_ = false;
  combination_ = 0;
}

ReadsFrom::Id ReadsFrom::pending(const Engine& e, Tid t) {
  const auto i = static_cast<std::size_t>(t);
  if (pending_.size() <= i) pending_.resize(std::max(i + 1, static_cast<std::size_t>(e.thread_count())));
  Pending& known = pending_[i];
  const Thread& th = e.thread(t);
  if (known.run == run_ && known.count == th.count) return known.event;
  const Operation& op = th.op;
  std::uint64_t key = mix(static_cast<std::uint64_t>(op.kind) << 32 ^ object_of(op.a0));
  key = mix(key ^ reinterpret_cast<std::uintptr_t>(op.site.file));  // compared for equality alone
  key =
      mix(key ^ static_cast<std::uint64_t>(op.site.line) << 32 ^ static_cast<std::uint32_t>(op.site.column));
  const auto [event, fresh] = events_.insert(key);
  if (fresh) *event = ++last_;
  known = {run_, th.count, *event};
  return *event;
}

std::size_t ReadsFrom::group(OpKind kind, ObjectId object) {
  const std::uint64_t like = is_memory(kind) ? 0 : static_cast<std::uint64_t>(kind);
  const auto [index, fresh] = group_index_.insert(mix(like << 32 | object));
  if (fresh) {
    *index = groups_.size();
    groups_.push_back({kInitial});
  }
  return *index;
}

void ReadsFrom::add_source(std::size_t group, Id event) {
  if (event == kInitial) return;  // always there
  if (known_sources_.insert(mix(static_cast<std::uint64_t>(group) << 32 | event)).second)
    groups_[group].push_back(event);
}

// An event has read the object `object`.
void ReadsFrom::add_pair(OpKind kind, ObjectId object, Id event, Tid t) {
  const Latest source = is_current(object) ? latest_[object] : Latest{};
  const std::uint64_t pair =
      mix(mix(static_cast<std::uint64_t>(source.event) << 32 | event) ^ static_cast<std::uint64_t>(object));
  const auto [known, fresh] = pairs_.insert(pair);
  found_new_ |= fresh;
  if (known->run != run_) {
    known->run = run_;
    combination_ += pair;
  }
  // What a thread has written itself, as the lock that it unlocks, says nothing of the schedule.
  if (source.thread == t || known->of_another) return;
  known->of_another = true;
  const std::size_t g = group(kind, object);
  add_source(g, source.event);
  if (known_readers_.insert(mix(static_cast<std::uint64_t>(object) << 32 | event)).second)
    readers_.push_back({event, object, g});
}

void ReadsFrom::access(OpKind kind, Access access, Id event, Tid t, std::uint8_t which) {
  const ObjectId o = object_of(access);
  if (!o) return;
  if (kind != OpKind::Write) add_pair(kind, o, event, t);
  if (!is_write(access)) return;
  if (latest_.size() <= o) latest_.resize(std::max<std::size_t>(2 * latest_.size(), o + 1));
  latest_[o] = {event, t, run_};
  if (!is_memory(kind)) return;
  if (written_.size() <= event) written_.resize(event + 1);
  if (written_[event] & which) return;
  written_[event] |= which;
  add_source(group(kind, o), event);
}

void ReadsFrom::execute(const Engine& e, Decision d) {
  const Operation& op = e.thread(d.tid).op;
  if (d.alt == kExpire) return;
  const Id event = pending(e, d.tid);
  access(op.kind, op.a0, event, d.tid, 1);
  access(op.kind, op.a1, event, d.tid, 2);
}

}  // namespace raddle::explore
