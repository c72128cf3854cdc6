#include "checker/detect/data_race.h"

#include <algorithm>
#include <climits>

namespace raddle::detect {

using namespace engine;

namespace {

/// Rows that one event may need: its thread's, and one for each thing that it publishes.
constexpr Step kRowsPerEvent = 3;

/// What the event touches besides its object. (That watched objects are watched orders nothing in the program.)
Access second_access(const Engine& e, const HistoryEvent& ev) {
  return ev.t.a1 && object_of(ev.t.a1) == e.watcher() ? 0 : ev.t.a1;
}

/// Does a queue of this state have a limit, so that who puts may have to wait for who gets?
bool is_bounded(const ObjectState& queue) { return queue.cap < INT_MAX / 2; }

}  // namespace

// --- clocks

[[gnu::always_inline]] inline DataRace::Row DataRace::new_row(Row copy) {
  clocks_.copy(clocks_.row(rows_), clocks_.row(copy));
  return rows_++;
}

// The row of the event's thread, to be changed.
[[gnu::always_inline]] inline DataRace::Row DataRace::own_row(Point& p) {
  if (p.row < rows_before_) p.row = new_row(p.row);
  return p.row;
}

// Event `s` and what happens before it happens before the event of `p`, too.
[[gnu::always_inline]] inline void DataRace::follow(const History& h, Point& p, Step s) {
  const HistoryEvent& x = h[s];
  if (x.t.tid == h[h.size() - 1].t.tid || covers(p.row, x)) return;
  const Row mine = own_row(p);
  ClockTable::Component* clock = clocks_.row(mine);
  clocks_.join(clock, clocks_.row(points_[static_cast<std::size_t>(s)].row));
  clock[x.t.tid] = std::max(clock[x.t.tid], x.index);
}

[[gnu::always_inline]] inline void DataRace::acquire(const History& h, Point& p, Published published) {
  if (published > 0) return follow(h, p, published - 1);
  if (!published) return;
  const Row mine = own_row(p);
  clocks_.join(clocks_.row(mine), clocks_.row(-published));
}

// By the latest event. `adds`: what others have published on the object stays.
[[gnu::always_inline]] inline void DataRace::publish(const History& h, Point& p, int channel, bool adds) {
  const Step at = h.size() - 1;
  Published& there = p.published[channel];
  const bool more =
      adds && (there < 0 || (there > 0 && h[there - 1].t.tid != h[at].t.tid && !covers(p.row, h[there - 1])));
  if (!more) {
    there = at + 1;
    return;
  }
  const Row row = new_row(p.row);
  ClockTable::Component* clock = clocks_.row(row);
  clock[h[at].t.tid] = h[at].index;
  if (there < 0) {
    clocks_.join(clock, clocks_.row(-there));
  } else {
    const HistoryEvent& x = h[there - 1];
    clocks_.join(clock, clocks_.row(points_[static_cast<std::size_t>(there - 1)].row));
    clock[x.t.tid] = std::max(clock[x.t.tid], x.index);
  }
  there = -row;
}

// What had been published on `o` after event k and those before it on `o`.
[[gnu::always_inline]] inline std::array<DataRace::Published, 2> DataRace::published_before(
    const History& h, Step k, ObjectId o) const {
  while (k != kNever && h[k].memory & kUnordered) k = History::previous(h[k], o);
  if (k == kNever) return {};
  const Point& p = points_[static_cast<std::size_t>(k)];
  if (object_of(h[k].t.a0) == o) [[likely]]
    return p.published;
  return {p.published[1], 0};
}

// --- order

// Whether an atomic read-modify-write changes anything is not known yet, unless it is a read: a compare-and-swap of which
// that cannot be told counts as one that succeeds.
void DataRace::access_atomic(const Engine& e, const History& h, const HistoryEvent& ev, Point& p) {
  const bool adds = ev.t.kind == OpKind::ReadModifyWrite || ev.t.kind == OpKind::Add || ev.memory & kPartial;
  const Access accesses[] = {ev.t.a0, second_access(e, ev)};
  if (ev.t.kind != OpKind::Write && ev.t.kind != OpKind::Add)
    for (int i = 0; i < 2; ++i)
      if (accesses[i]) acquire(h, p, p.published[i]);
  for (int i = 0; i < 2; ++i)
    if (is_write(accesses[i])) publish(h, p, i, adds);
}

// What has been published in a queue whose ends are told apart, as event k knows it, which is at one of them.
DataRace::Published DataRace::published_in_queue(Step k, int channel) const {
  return k == kNever ? 0 : points_[static_cast<std::size_t>(k)].published[channel];
}

// The later of two: both have been published by the same kind of operation, so that one includes the other.
DataRace::Published DataRace::both(const History& h, Published a, Published b) {
  if (!a || a == b) return b;
  if (!b) return a;
  const Row row = new_row(0);
  ClockTable::Component* clock = clocks_.row(row);
  for (const Published p : {a, b}) {
    if (p < 0) {
      clocks_.join(clock, clocks_.row(-p));
    } else {
      const HistoryEvent& x = h[p - 1];
      clocks_.join(clock, clocks_.row(points_[static_cast<std::size_t>(p - 1)].row));
      clock[x.t.tid] = std::max(clock[x.t.tid], x.index);
    }
  }
  return -row;
}

// Operations on a queue are ordered, and pass on what they know, as far as that is so in all executions of the class:
// those at one end, and those that use the same place. [0]: what has been put, or dealt with; [1]: what has been taken.
void DataRace::synchronize_ends(const Engine& e, const History& h, const HistoryEvent& ev, Point& p) {
  const bool bounded = is_bounded({0, e.objects().ends(object_of(ev.t.a0)).capacity});
  switch (ev.t.kind) {
    case OpKind::Put:  // at the tail, in a place that somebody may have emptied
      p.published = {published_in_queue(ev.prev0, 0),
                     both(h, published_in_queue(ev.prev0, 1), published_in_queue(ev.prev1, 1))};
      if (bounded) acquire(h, p, p.published[1]);
      return publish(h, p, 0, true);
    case OpKind::Get:  // at the head, from a place that somebody may have filled
      p.published = {both(h, published_in_queue(ev.prev0, 0), published_in_queue(ev.prev1, 0)),
                     published_in_queue(ev.prev0, 1)};
      acquire(h, p, p.published[0]);
      return publish(h, p, 1, true);
    case OpKind::QueueUpdate:
    case OpKind::QueueJoin:  // at the tail
      p.published = {published_in_queue(ev.prev0, 0), published_in_queue(ev.prev0, 1)};
      break;
    default:  // at both ends: the head comes first
      p.published = {published_in_queue(ev.prev1, 0), published_in_queue(ev.prev0, 1)};
  }
  use_queue(h, ev, p, bounded);
}

// Of a queue: all but blocking puts and gets in one whose ends are told apart.
void DataRace::use_queue(const History& h, const HistoryEvent& ev, Point& p, bool bounded) {
  switch (ev.t.kind) {
    case OpKind::TryPut:
      if (!(ev.guards & kIfRoom)) return;
      [[fallthrough]];
    case OpKind::Put:
      if (bounded) acquire(h, p, p.published[1]);
      return publish(h, p, 0, true);
    case OpKind::TryGet:
      if (!(ev.guards & kIfPositive)) return;
      [[fallthrough]];
    case OpKind::Get: acquire(h, p, p.published[0]); return publish(h, p, 1, true);
    case OpKind::QueueTest: acquire(h, p, p.published[0]); return acquire(h, p, p.published[1]);
    case OpKind::QueueUpdate: return publish(h, p, 0, true);
    case OpKind::QueueJoin: return acquire(h, p, p.published[0]);
    default: return;
  }
}

[[gnu::always_inline]] inline void DataRace::synchronize(const Engine& e, const History& h,
                                                         const HistoryEvent& ev, Point& p) {
  const ObjectId o = object_of(ev.t.a0);
  p.published = published_before(h, ev.prev0, o);
  if (second_access(e, ev)) [[unlikely]]
    p.published[1] = published_before(h, ev.prev1, object_of(ev.t.a1))[0];
  const bool positive = ev.guards & kIfPositive;
  switch (ev.t.kind) {
    case OpKind::Read:
    case OpKind::Write:
    case OpKind::ReadModifyWrite:
    case OpKind::Add: return access_atomic(e, h, ev, p);
    case OpKind::Lock:
    case OpKind::Acquire:
    case OpKind::EventWait:
    case OpKind::OnceBegin:
    case OpKind::TimedJoin: return acquire(h, p, p.published[0]);
    case OpKind::Wake:
      acquire(h, p, p.published[0]);
      if (ev.notifier != kNever) follow(h, p, ev.notifier);
      return;
    // Those that may fail, and then have learnt nothing from anybody.
    case OpKind::TryLock:
      if (ev.guards & kIfZero) acquire(h, p, p.published[0]);
      return;
    case OpKind::TryAcquire:
    case OpKind::EventTest:
    case OpKind::ThreadAlive:
      if (positive) acquire(h, p, p.published[0]);
      return;
    case OpKind::EventSet:  // one that is set already has nothing to say to those who wait
      if (!is_write(ev.t.a0)) return;
      [[fallthrough]];
    case OpKind::Unlock:
    case OpKind::Wait:
    case OpKind::Release:
    case OpKind::OnceEnd:
    case OpKind::ThreadEnd: return publish(h, p, 0, true);
    case OpKind::Put:
    case OpKind::TryPut:
    case OpKind::Get:
    case OpKind::TryGet:
    case OpKind::QueueTest:
    case OpKind::QueueUpdate:
    case OpKind::QueueJoin:
      if (e.objects().has_ends(o)) return synchronize_ends(e, h, ev, p);
      return use_queue(h, ev, p, is_bounded(e.object(o)));
    // Wakers are found through HistoryEvent::notifier, arrivals and ends through Thread::inherited.
    case OpKind::NotifyOne:
    case OpKind::NotifyAll:
    case OpKind::Arrive:
    case OpKind::Exit:
    case OpKind::Locked:
    case OpKind::EventClear:
    case OpKind::Destroy:
    case OpKind::Choose:
    case OpKind::Sleep:
    case OpKind::Expire:
    case OpKind::None:
    case OpKind::kCount: return;
  }
}

// --- races

void DataRace::meet(const Engine& e, const History& h, Step k, Step at, ObjectId object, const Point& p,
                    Sink& sink) {
  const HistoryEvent &x = h[k], &y = h[at];
  if (x.t.tid == y.t.tid || covers(p.row, x)) return;
  if (!(x.memory & (object_of(x.t.a0) == object ? kPlainFirst : kPlainSecond))) return;
  const auto [first, second] = std::minmax({place(x.site), place(y.site)});
  const std::uint64_t places = first * 0x9E3779B97F4A7C15ull + second * 0xD1B54A32D192ED03ull +
                               e.objects().name(object) * 0x8CB92BA72F3D8DD7ull + 0xDA7Aull;
  const auto slot = static_cast<std::uint8_t>(places >> 56);
  static_assert(kRemembered == 256);
  if (remembered_[slot] == places) return;
  remembered_[slot] = places;
  reported_.push_back(slot);
  Observation o;
  o.kind = Kind::DataRace;
  o.severity = severity_;
  o.key = mix(places);
  o.at = at + 1;
  o.steps[kFirst] = k;
  o.steps[kSecond] = at;
  sink.observe(o);
}

[[gnu::always_inline]] inline void DataRace::check(const Engine& e, const History& h, Step at, Access a,
                                                   Step previous, Step previous_write, const Point& p,
                                                   Sink& sink) {
  const ObjectId o = object_of(a);
  if (!is_write(a)) {
    if (previous_write != kNever) meet(e, h, previous_write, at, o, p, sink);
    return;
  }
  for (Step k = previous; k != kNever; k = History::previous(h[k], o)) {
    meet(e, h, k, at, o, p, sink);
    if (History::writes_to(h[k], o)) break;
  }
}

// Everything above is inlined here: this runs between any two operations.
void DataRace::event(const Engine& e, const History& h, Step at, Sink& sink) {
  const HistoryEvent& ev = h[at];
  if (static_cast<std::size_t>(at) >= points_.size()) points_.resize(static_cast<std::size_t>(at) * 2 + 64);
  // What followed the step before has been rewound.
  const Point* before = at ? &points_[static_cast<std::size_t>(at - 1)] : nullptr;
  rows_ = rows_before_ = before ? before->rows : 1;
  while (reported_.size() > (before ? before->reported : 0)) {
    remembered_[reported_.back()] = 0;
    reported_.pop_back();
  }
  clocks_.ensure(rows_ + kRowsPerEvent, e.thread_count());
  Point& p = points_[static_cast<std::size_t>(at)];
  p.row = ev.prev_own == kNever ? 0 : points_[static_cast<std::size_t>(ev.prev_own)].row;
  for (Step s : e.thread(ev.t.tid).inherited)
    if (s != ev.prev_own) follow(h, p, s);
  p.published = {};
  if (ev.memory & kUnordered) {
    if (ev.memory & kPlainFirst) check(e, h, at, ev.t.a0, ev.prev0, ev.prev_write0, p, sink);
    if (ev.memory & kPlainSecond) [[unlikely]]
      check(e, h, at, ev.t.a1, ev.prev1, ev.prev_write1, p, sink);
  } else if (ev.t.a0) {
    synchronize(e, h, ev, p);
  }
  p.rows = rows_;
  p.reported = static_cast<std::uint32_t>(reported_.size());
}

}  // namespace raddle::detect
