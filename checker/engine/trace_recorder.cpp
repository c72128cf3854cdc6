#include "checker/engine/trace_recorder.h"

#include <algorithm>
#include <charconv>

#include "checker/engine/wait_cycle.h"

namespace raddle::engine {

namespace {

// Operations whose outcome is a yes or no that the program sees.
bool answers(const Operation& op) {
  switch (op.kind) {
    case OpKind::TryLock:
    case OpKind::TryAcquire:
    case OpKind::TryPut:
    case OpKind::TryGet:
    case OpKind::Locked:
    case OpKind::EventTest:
    case OpKind::ThreadAlive: return true;
    default: return op.timed && op.kind != OpKind::Wake;
  }
}

// Does the event's value come from the latest that has changed the object? That of a get comes from the put of its item.
bool observes(OpKind k) {
  return k != OpKind::Get && k != OpKind::TryGet && k != OpKind::Write && k != OpKind::Add &&
         k != OpKind::Unlock && k != OpKind::Release && k != OpKind::EventSet && k != OpKind::EventClear &&
         k != OpKind::NotifyOne && k != OpKind::NotifyAll;
}

constexpr std::size_t kMostTold = 20000;

std::string thread_path(const Engine& e, Tid t) {
  const Thread& th = e.thread(t);
  return th.parent == kNoThread ? "0" : thread_path(e, th.parent) + '.' + std::to_string(th.child_number);
}

}  // namespace

std::string default_label(const Engine& e, Tid t) {
  const Thread& th = e.thread(t);
  if (th.parent == kNoThread) return "main";
  const std::string number = std::to_string(th.child_number + 1);
  return e.thread(th.parent).parent == kNoThread ? "t" + number : default_label(e, th.parent) + '.' + number;
}

TraceSite trace_site(const Site& s) {
  return {s.file ? s.file : "", s.line, s.column, s.function ? s.function : ""};
}

std::uint64_t thread_name_hash(const std::string& id) {
  std::uint64_t name = 1;
  const char *p = id.data(), *end = p + id.size();
  if (id.empty() || *p++ != '0') return 0;
  while (p != end) {
    std::uint64_t n = 0;
    if (*p++ != '.') return 0;
    auto [next, error] = std::from_chars(p, end, n);
    if (error != std::errc()) return 0;
    p = next;
    name = child_name(name, n);
  }
  return name;
}

void TraceRecorder::restart() { *this = TraceRecorder(); }

int TraceRecorder::thread_index(const Engine& e, Tid t) {
  if (auto it = threads_.find(t); it != threads_.end()) return it->second;
  const Thread& th = e.thread(t);
  const int parent = th.parent == kNoThread ? -1 : thread_index(e, th.parent);
  const int index = static_cast<int>(trace_.threads.size());
  threads_[t] = index;
  auto label = thread_labels_.find(t);
  trace_.threads.push_back({thread_path(e, t),
                            label != thread_labels_.end() ? label->second : default_label(e, t),
                            parent,
                            th.daemon,
                            {}});
  return index;
}

int TraceRecorder::object_index(const Engine& e, ObjectId id) {
  if (!id) return -1;
  if (auto it = objects_.find(id); it != objects_.end()) return it->second;
  TraceObject o;
  if (auto d = descriptions_.find(id); d != descriptions_.end()) {
    o.kind = d->second.kind;
    o.label = d->second.label;
  } else {
    o.kind = "object";
  }
  for (Tid t = 0; t < e.thread_count() && o.id.empty(); ++t) {
    const auto& ids = e.thread(t).object_ids;
    if (auto it = std::find(ids.begin(), ids.end(), id); it != ids.end())
      o.id = thread_path(e, t) + '#' + std::to_string(it - ids.begin());
  }
  if (o.id.empty()) {
    char hex[20];
    auto [end, error] = std::to_chars(hex, hex + sizeof hex, e.objects().name(id), 16);
    o.id = '@' + std::string(hex, end);
  }
  const int index = static_cast<int>(trace_.objects.size());
  objects_[id] = index;
  trace_.objects.push_back(std::move(o));
  return index;
}

void TraceRecorder::object(ObjectId id, std::string_view kind, std::string_view label) {
  descriptions_[id] = {std::string(kind), std::string(label)};
  if (auto it = objects_.find(id); it != objects_.end()) {
    TraceObject& o = trace_.objects[static_cast<std::size_t>(it->second)];
    o.kind = kind;
    if (!label.empty()) o.label = label;
  }
}

void TraceRecorder::thread(Tid t, std::string_view label) {
  thread_labels_[t] = label;
  if (auto it = threads_.find(t); it != threads_.end())
    trace_.threads[static_cast<std::size_t>(it->second)].label = label;
}

std::string TraceRecorder::why_switched(const Engine& e, Tid from) {
  if (!e.alive().contains(from)) return "ended";
  const Thread& th = e.thread(from);
  auto label = [&](Tid t) { return trace_.threads[static_cast<std::size_t>(thread_index(e, t))].label; };
  if (th.waiting == Waiting::Join) return "waits for " + label(th.waiting_for);
  if (th.waiting == Waiting::Barrier) return "waits at a barrier";
  if (th.waiting == Waiting::Cut)
    return th.unchanged ? "polls to no avail" : "cut: too many rounds of a loop";
  if (!e.ready().contains(from) || e.enabled(from)) return "preempted";
  std::string why = "blocked";
  if (const ObjectId o = object_of(th.op.a0)) {
    const TraceObject& object = trace_.objects[static_cast<std::size_t>(object_index(e, o))];
    why += " on " + (object.label.empty() ? object.kind : object.label);
    if (th.op.kind == OpKind::Lock && e.object(o).n > 0) why += " held by " + label(e.object(o).n - 1);
  }
  return why;
}

// The result of a thread's previous operation is known once it has gone on.
void TraceRecorder::complete_result(const Thread& t) {
  auto it = open_result_.find(t.id);
  if (it == open_result_.end()) return;
  TraceEvent& ev = trace_.events[static_cast<std::size_t>(it->second)];
  if (ev.result.empty()) ev.result = t.result ? "true" : "false";
  open_result_.erase(it);
}

// How many units a semaphore has after an event is known when something else happens.
void TraceRecorder::complete_units(const Engine& e) {
  if (!counted_ || trace_.events.empty()) return;
  TraceEvent& event = trace_.events.back();
  if (event.before.empty() && event.after.empty()) event.items = std::max(e.object(counted_).n, 0);
  counted_ = 0;
}

TraceEvent& TraceRecorder::add(const Engine& e, const Thread& t, const char* operation, const Site& site) {
  TraceEvent ev;
  ev.thread = thread_index(e, t.id);
  ev.step = static_cast<int>(trace_.events.size()) + 1;
  ev.operation = operation;
  ev.site = trace_site(site);
  if (last_thread_ != kNoThread && last_thread_ != t.id) ev.switched = why_switched(e, last_thread_);
  last_thread_ = t.id;
  return trace_.events.emplace_back(std::move(ev));
}

void TraceRecorder::event(const Engine& e, const Thread& t, Alternative alt) {
  const Operation& op = t.op;
  complete_units(e);
  complete_result(t);
  TraceChoice choice;
  choice.thread = thread_index(e, t.id);
  if (alt == kExpire && op.timed)
    choice.alternative = "expire";
  else if (op.kind == OpKind::Choose)
    choice.alternative = "value " + std::to_string(alt);
  else if (op.kind == OpKind::NotifyOne && alt)
    choice.alternative = "wake " + thread_path(e, alt - 1);
  index_of_step_.push_back(static_cast<int>(trace_.events.size()));
  TraceEvent& ev = add(e, t, name(op.kind), op.site);
  const std::size_t at = trace_.events.size() - 1;
  if (alt == kExpire && op.timed) {
    ev.result = "timeout";
  } else if (op.kind == OpKind::Choose) {
    ev.result = std::to_string(alt);
  } else if (op.kind == OpKind::NotifyOne && alt) {
    ev.other = thread_index(e, alt - 1);
  }
  trace_.schedule.push_back(std::move(choice));
  const ObjectId o = object_of(op.a0);
  const int object = object_index(e, o),
            object2 = object_of(op.a1) == e.watcher() ? -1 : object_index(e, object_of(op.a1));
  TraceEvent& event = trace_.events[at];
  event.object = object;
  event.object2 = object2;
  if (o) {
    auto w = last_write_.find(o);
    if (observes(op.kind) && w != last_write_.end()) event.reads_from = w->second;
    if (alt != kExpire && is_write(footprint(e.objects(), op, alt).first)) last_write_[o] = event.step;
  }
  if (takes_unit(op.kind) || op.kind == OpKind::Release) counted_ = o;
  if (answers(op) && event.result.empty()) open_result_[t.id] = static_cast<int>(at);
}

void TraceRecorder::effect(std::string_view before, std::string_view after, std::string_view result) {
  if (trace_.events.empty()) return;
  TraceEvent& ev = trace_.events.back();
  ev.before = before;
  ev.after = after;
  if (!result.empty()) ev.result = result;
}

void TraceRecorder::part(std::string_view text) {
  if (!trace_.events.empty()) trace_.events.back().part = text;
}

void TraceRecorder::items(int count, int capacity) {
  if (trace_.events.empty()) return;
  TraceEvent& event = trace_.events.back();
  event.items = count;
  if (event.object < 0) return;
  trace_.objects[static_cast<std::size_t>(event.object)].capacity = capacity;
  // Somebody may have taken items out without a method of the queue.
  if (auto it = queued_.find(event.object); it != queued_.end())
    while (it->second.size() > static_cast<std::size_t>(std::max(count, 0))) it->second.pop_front();
}

void TraceRecorder::item_put(std::uint64_t item) {
  if (trace_.events.empty()) return;
  const TraceEvent& event = trace_.events.back();
  queued_[event.object].push_back({item, event.step});
}

// What is equal may be the same object several times: the order decides. Of a queue that sorts its items nobody can tell the same object
// from itself.
void TraceRecorder::item_got(std::uint64_t item, QueueOrder order) {
  if (trace_.events.empty()) return;
  TraceEvent& event = trace_.events.back();
  auto& queue = queued_[event.object];
  const auto is_it = [item](const QueuedItem& q) { return q.item == item; };
  auto it = std::find_if(queue.begin(), queue.end(), is_it);
  if (order == QueueOrder::LastInFirstOut && it != queue.end())
    it = std::find_if(queue.rbegin(), queue.rend(), is_it).base() - 1;
  if (it == queue.end()) return;
  event.reads_from = it->step;
  queue.erase(it);
}

void TraceRecorder::note(const Engine& e, const Thread& t, NoteKind kind, Tid other, std::string_view text,
                         const Site& site) {
  static const char* const names[] = {"start", "join", "end", "sleep", "output", "note", "pass"};
  const bool told = kind == NoteKind::Sleep || kind == NoteKind::Output || kind == NoteKind::Note;
  if (told && ++told_ > kMostTold) return;
  complete_units(e);
  if (kind != NoteKind::Start) complete_result(t);
  TraceEvent& ev = add(e, t, names[static_cast<int>(kind)], site);
  ev.visible = false;
  ev.text = text;
  const std::size_t at = trace_.events.size() - 1;
  if (other != kNoThread) {
    const int index = thread_index(e, other);
    trace_.events[at].other = index;
    if (kind == NoteKind::Start) trace_.threads[static_cast<std::size_t>(index)].start = trace_site(site);
  }
}

void TraceRecorder::finish(const Engine& e, Outcome outcome) {
  complete_units(e);
  for (Tid t = 0; t < e.thread_count(); ++t) complete_result(e.thread(t));
  thread_index(e, 0);
  for (TraceEvent& x : trace_.events)
    if (x.object >= 0 && x.part == trace_.objects[static_cast<std::size_t>(x.object)].label) x.part.clear();
  trace_.outcome = outcome == Outcome::Deadlock    ? "deadlock"
                   : outcome == Outcome::Truncated ? "truncated"
                   : outcome == Outcome::Aborted   ? "aborted"
                   : outcome == Outcome::Stopped   ? "stopped"
                   : e.exited()                    ? "exited"
                                                   : "complete";
  auto blocked = [&](Tid t) {
    const Thread& th = e.thread(t);
    TraceBlocked b;
    b.thread = thread_index(e, t);
    b.site = trace_site(th.op.site);
    if (th.waiting == Waiting::Join) {
      b.operation = "join";
      b.waits_for = thread_index(e, th.waiting_for);
    } else if (th.waiting == Waiting::Barrier) {
      b.operation = "barrier";
      b.object = object_index(e, th.waiting_on);
    } else if (th.waiting == Waiting::Cut) {
      b.operation = "poll";
    } else {
      b.operation = name(th.op.kind);
      const ObjectId o = object_of(th.op.a0);
      // Who waits to be notified waits for the condition variable, not for the mutex.
      const bool unnotified = th.op.kind == OpKind::Wake && !th.notified;
      b.object = object_index(e, unnotified && th.op.expires_on ? th.op.expires_on : o);
      if ((th.op.kind == OpKind::Lock || (th.op.kind == OpKind::Wake && th.notified)) && e.object(o).n > 0)
        b.holder = thread_index(e, e.object(o).n - 1);
    }
    trace_.blocked.push_back(std::move(b));
  };
  if (outcome == Outcome::Deadlock) return e.alive().for_each(blocked);
  if (outcome == Outcome::Truncated && !e.full()) {
    e.alive().for_each(blocked);
    left_.swap(trace_.blocked);
  }
  for (const auto& cycle : wait_cycles(e)) std::for_each(cycle.begin(), cycle.end(), blocked);
}

}  // namespace raddle::engine
