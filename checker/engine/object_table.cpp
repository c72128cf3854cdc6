#include "checker/engine/object_table.h"

#include "checker/engine/structural_names.h"

namespace raddle::engine {

namespace {

/// The structural name of a queue's n-th part.
std::uint64_t part_of(std::uint64_t queue, std::size_t n) {
  return mix(queue * 0x9E3779B97F4A7C15ull + n + 0x9A27ull);
}

}  // namespace

QueueEnds& ObjectTable::ends(ObjectId queue, std::int32_t length, std::int32_t capacity) {
  if (!has_ends(queue)) {
    have_more_ = true;
    QueueEnds q;
    q.tail = add(part_of(name(queue), 0));
    q.capacity = capacity;
    ends_index_.resize(states_.size());
    ends_index_[queue] = ends_index_[q.tail] = static_cast<std::uint32_t>(ends_.size());
    ends_.push_back(std::move(q));
  }
  QueueEnds& q = ends_[ends_index_[queue]];
  if (!q.used) {
    q.used = true;
    q.now = {static_cast<std::uint32_t>(length), 0};
    make_places(queue, q);
  }
  return q;
}

void ObjectTable::moved(ObjectId queue, bool put) {
  QueueEnds& q = ends_[ends_index_[queue]];
  ++(put ? q.now.put : q.now.taken);
  make_places(queue, q);
}

// That of the next item to be put, and so of all before.
void ObjectTable::make_places(ObjectId queue, QueueEnds& q) {
  while (q.places.size() <= q.now.put && q.places.size() < static_cast<std::size_t>(q.capacity))
    q.places.push_back(add(part_of(name(queue), q.places.size() + 1)));
}

namespace {

// Of an operation with kTwoEnds.
std::pair<Access, Access> queue_footprint(const ObjectTable& objects, const Operation& op, bool writes_both) {
  if (!objects.has_ends(object_of(op.a0))) return {op.a0, 0};  // any more: the search is about to start again
  const QueueEnds& q = objects.ends(object_of(op.a0));
  switch (op.kind) {
    case OpKind::Put: return {writes(q.tail), writes(q.place(q.now.put))};
    case OpKind::Get: return {op.a0, writes(q.place(q.now.taken))};
    // How many items have not been dealt with is nothing to who gets one.
    case OpKind::QueueUpdate: return {writes(q.tail), 0};
    case OpKind::QueueJoin: return {reads(q.tail), 0};
    default: break;
  }
  if (writes_both) return {op.a0, writes(q.tail)};
  return {reads(object_of(op.a0)), reads(q.tail)};
}

}  // namespace

std::pair<Access, Access> footprint(const ObjectTable& objects, const Operation& op, Alternative alt) {
  if (alt == kExpire && op.timed)
    return {op.kind == OpKind::Wake ? writes(op.expires_on) : reads(op.expires_on), 0};
  const bool fails = op.memory & kTries && !succeeds(op, objects.state(object_of(op.a0)));
  if (op.arity && op.kind != OpKind::Choose) return queue_footprint(objects, op, is_write(op.a0) && !fails);
  if (fails) return {reads(object_of(op.a0)), 0};  // its second object is the watcher, if any
  return {op.a0, op.a1};
}

}  // namespace raddle::engine
