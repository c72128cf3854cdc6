#include "checker/engine/engine.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "checker/engine/polling.h"
#include "checker/engine/recorder.h"

namespace raddle::engine {

thread_local constinit Engine* Engine::current_engine_ = nullptr;

/// How far a function may reach behind the end of its stack, and it is still that.
constexpr std::uintptr_t kBehind = std::uintptr_t{64} << 10;

constexpr const char* kDeeds = "they do not do the same";

Engine::Engine() {
  // Threads are constructed when their ids are first used: most models have few of the possible ones.
  threads_ =
      static_cast<Thread*>(::operator new (sizeof(Thread) * kMaxThreads, std::align_val_t{alignof(Thread)}));
}

Engine::~Engine() {
  for (int t = constructed_; t-- > 0;) {
    if (threads_[t].fiber.stack) stacks_->give(threads_[t].fiber.stack);
    threads_[t].~Thread();
  }
  ::operator delete (threads_, std::align_val_t{alignof(Thread)});
}

Site Program::crashed(Engine&, Thread& thread) { return thread.count > 0 ? thread.op.site : Site(); }

// --- a search

void Engine::run(Strategy& strategy, Program& program) {
  Engine* outer = std::exchange(current_engine_, this);
  exceptions_ = exception_globals();
  strategy_ = &strategy;
  program_ = &program;
  gluing_ = false;
  if (!stacks_ || stacks_->stack_size() != program.stack_size()) {
    for (int t = 0; t < constructed_; ++t) {
      if (threads_[t].fiber.stack) stacks_->give(threads_[t].fiber.stack);
      threads_[t].fiber = {};
    }
    stacks_ = std::make_unique<StackPool>(program.stack_size());
  }
  for (int t = 0; t < constructed_; ++t) {
    threads_[t].child_ids.clear();
    threads_[t].object_ids.clear();
  }
  thread_count_ = 1;
  objects_.clear();
  symmetry_.clear();
  watched_.clear();
  watcher_ = 0;
  construct_thread(0).name = 1;
  script_length_ = 0;
  executions_ = 0;
  restart_ = false;
  while (strategy.begin(*this)) {
    execute();
    ++executions_;
    if (std::exchange(restart_, false)) strategy.restart(*this);
  }
  current_engine_ = outer;
}

void Engine::execute() {
  start_execution();
  program_->begin(*this);
  current_ = &threads_[0];
  switch_fiber(host_, current_->fiber, exceptions_);
  if (crash_.signal) [[unlikely]]
    note_crash();
  if (grouped_ && !restart_ && !aborted_ && was_told_apart()) [[unlikely]] {
    revealed_ |= static_cast<std::uint8_t>(Hidden::Symmetry);
    difference_ = kJoins;
    restart_ = true;
  }
  if (!restart_) strategy_->end(*this, aborted_ ? Outcome::Aborted : outcome_);
  if (!alive_.empty()) crash_.signal ? leave_leftovers() : tear_down_leftovers();
  script_length_ = 0;
  program_->end(*this);
}

void Engine::start_execution() {
  step_ = 0;
  limit_.store(max_steps_, std::memory_order_relaxed);
  if (special_ & kTime) objects_.clear_times();
  set_special((recorder_ ? kRecording : 0) | (is_revealed(Hidden::ThreadEnds) ? kEnds : 0) |
              (virtual_clock_ ? kVirtual : 0) | (loops_.empty() ? 0 : kBounded) | (watcher_ ? kWatching : 0));
  exited_ = aborted_ = cut_ = stopped_polling_ = spawned_killable_ = false;
  grouped_ = false;
  symmetry_.begin();
  spawned_.clear();
  unjoined_ = 0;
  eager_parent_ = nullptr;
  virtual_now_ = 0;
  failures_.clear();
  crash_ = {};
  watched_site_ = {};
  ready_.clear();
  launchable_.clear();
  alive_.clear();
  reset_thread(0);
  threads_[0].daemon = threads_[0].killable = false;
  threads_[0].body.set([this] { program_->main(*this); });
  alive_.insert(0);
}

Thread& Engine::construct_thread(Tid t) {
  while (constructed_ <= t) {
    Thread* th = new (threads_ + constructed_) Thread;
    th->id = constructed_++;
  }
  return threads_[t];
}

void Engine::reset_thread(Tid t) {
  Thread& th = threads_[t];
  th.started = th.notified = th.joined = false;
  th.waiting = Waiting::No;
  th.count = 0;
  th.last_step = th.notifier = th.turn = kNever;
  th.kin = th.name;
  th.result = th.learned = 0;
  th.now = 0;
  th.inherited.clear();
  th.joiners.clear();
  th.children = th.created = 0;
  th.rested = -1;
  if (special_ & kBounded) [[unlikely]] {
    th.rounds.clear();
    th.latest = OpKind::None;
    th.deeds = 0;
  }
  th.unsettled = false;
  th.front_end = nullptr;
  if (!th.fiber.context || th.dropped) {
    th.dropped = false;
    if (!th.fiber.stack) th.fiber.stack = stacks_->take();
    prepare_fiber(th.fiber, &Engine::entry);
  }
}

void Engine::tear_down_leftovers() {
  set_special(special_ | kKilling);
  while (!alive_.empty()) {  // children before parents: bodies may refer to their parents' stacks
    Thread& th = threads_[alive_.last()];
    if (th.started) program_->tear_down(*this, th);
    th.body.clear();
    alive_.erase(th.id);
  }
  set_special(special_ & ~kKilling);
}

// --- crashes

bool Engine::runs_model_at(std::uintptr_t stack_pointer) const {
  if (!current_ || !current_->fiber.stack || killing()) return false;
  // It announces something, waits, or has ended: then it is ours what runs.
  const bool ours = ready_.contains(current_->id) || current_->waiting != Waiting::No || ended(current_->id);
  const auto top = reinterpret_cast<std::uintptr_t>(current_->fiber.stack->top());
  const bool on_stack =
      stack_pointer <= top && top - stack_pointer <= current_->fiber.stack->size() + kBehind;
  return on_stack && !ours;
}

bool Engine::is_behind_stack(std::uintptr_t address) const {
  const auto limit = reinterpret_cast<std::uintptr_t>(current_->fiber.stack->limit());
  return address < limit && limit - address <= kBehind;
}

void Engine::end_by_crash(Crash crash) {
  crash_ = crash;
  switch_fiber(current_->fiber, host_, exceptions_);
  std::abort();  // not reached: nobody resumes it
}

void Engine::note_crash() {
  Failure f;
  f.site = program_->crashed(*this, *current_);  // first: whatever comes now may be in vain
  restart_ = false;
  aborted_ = true;
  abort_reason_ = "the model crashed: " + crash_.words();
  f.kind = Failure::Kind::Crash;
  f.type = words_of_signal(crash_.signal);
  f.message = crash_.words();
  fail(std::move(f));
}

// What is on their stacks may be in use by whatever the threads have left elsewhere.
void Engine::leave_leftovers() {
  while (!alive_.empty()) {
    Thread& th = threads_[alive_.last()];
    if (th.started) th.fiber = {};
    alive_.erase(th.id);
  }
}

void Engine::resume_for_teardown(Thread& t) {
  current_ = &t;
  switch_fiber(host_, t.fiber, exceptions_);
}

// --- scheduling

bool Engine::timeout_due(Tid t) const {
  const Thread& th = threads_[t];
  if (!timeouts_) return false;
  if (virtual_clock_ && th.op.deadline > virtual_now_) return false;
  return th.op.kind == OpKind::Wake ? !th.notified : !enabled(t);
}

bool Engine::can_continue() const {
  return !launchable_.empty() || ready_.find([this](Tid t) { return runnable(t); }) != kNoThread;
}

void Engine::stamp(Thread& th) {
  const std::pair<Access, Access> touched = footprint(objects_, th.op, th.alt);
  for (Access a : {touched.first, touched.second}) {
    if (!a) continue;
    const ObjectTimes& o = objects_.times(object_of(a));
    th.now = std::max(th.now, o.written);
    if (mode_of(a) != kReads) th.now = std::max(th.now, o.read);
    if (mode_of(a) != kAdds) th.now = std::max(th.now, o.added);
  }
  for (Access a : {touched.first, touched.second}) {
    if (!a) continue;
    ObjectTimes& o = objects_.times(object_of(a));
    std::int64_t& latest = mode_of(a) == kReads ? o.read : mode_of(a) == kAdds ? o.added : o.written;
    latest = std::max(latest, th.now);
  }
}

// A thread that has local code to run before its next operation: `wanted` itself, or one that may start it.
inline Tid Engine::launch_for(Tid wanted) {
  if (launchable_.empty()) [[unlikely]] {
    abort_from_strategy(
        "the model did not do the same again: a thread that was to go on does not exist or is blocked");
    return kNoThread;
  }
  const Tid t = launchable_.contains(wanted) ? wanted : launchable_.first();
  launchable_.erase(t);
  return t;
}

void Engine::grant_specially(Thread& th, Alternative alt) {
  if (virtual_clock_ && (alt == kExpire || th.op.kind == OpKind::Sleep))
    virtual_now_ = std::max(virtual_now_, th.op.deadline);  // in a script, nobody else advances it
  if (recorder_) recorder_->event(*this, th, alt);
  if (special_ & kInStep) {
    if (const Tid next = symmetry_.executed(objects_, th, alt, step_); next != kNoThread) release(next);
    if (!symmetry_.in_step()) set_special(special_ & ~kInStep);
    th.turn = kNever;
  }
  grant(th, alt);
  if (special_ & kTime) stamp(th);
  if (watcher_ && footprint(objects_, th.op, alt).second == writes(watcher_)) {
    th.unsettled = true;
    watched_site_ = th.op.site;
  }
  if (recorder_ && &th == current_) recorder_->perform(*this, th);  // it goes on; others: see chosen()
}

// The strategy has nothing to continue with: why, and what comes instead.
Decision Engine::pick_after_none(Tid me) {
  for (;;) {
    if (alive_.empty()) {
      finish(Outcome::Complete);
      return kStop;
    }
    if (can_continue()) {
      finish(Outcome::Stopped);
      return kStop;
    }
    if (!virtual_clock_) break;
    // Nothing can go on before time passes: advance to the earliest deadline.
    std::int64_t earliest = INT64_MAX;
    ready_.for_each([&](Tid t) {
      const Operation& op = threads_[t].op;
      if (op.deadline > virtual_now_ && (op.kind == OpKind::Sleep || (op.timed && timeouts_)))
        earliest = std::min(earliest, op.deadline);
    });
    if (earliest == INT64_MAX) break;
    virtual_now_ = earliest;
    if (const Decision d = strategy_->pick(*this, me); d.tid != kNoThread) return d;
  }
  if (special_ & kInStep && !show_held()) {
    revealed_ |= static_cast<std::uint8_t>(Hidden::Symmetry);
    difference_ = kDeeds;
    restart_ = true;
  }
  finish(cut_ || stopped_polling_ ? Outcome::Truncated : Outcome::Deadlock);
  return kStop;
}

// This and what it is inlined into run between any two operations: every function less between a model's code and the
// switch to another thread is one mispredicted return less.
[[gnu::always_inline]] inline Tid Engine::next(Tid me) {
  Decision d;
  if (step_ < script_length_) {
    d = script_[step_];
    // A deadline counts from when its thread gets there: under a virtual clock threads start as early as they can.
    if (special_ & kVirtual && !launchable_.empty()) [[unlikely]]
      return launch_for(d.tid);
  } else if (step_ < limit_.load(std::memory_order_relaxed)) [[likely]] {
    d = strategy_->pick(*this, me);
    if (d.tid == kNoThread) [[unlikely]]
      d = pick_after_none(me);
    if (d.tid == kNoThread) return kNoThread;
  } else {
    finish(Outcome::Truncated);
    return kNoThread;
  }
  if (!ready_.contains(d.tid)) [[unlikely]]
    return launch_for(d.tid);
  Thread& th = threads_[d.tid];
  if (special_) [[unlikely]] {
    grant_specially(th, d.alt);
  } else {
    grant(th, d.alt);
  }
  ready_.erase(d.tid);
  return d.tid;
}

// --- threads

[[gnu::always_inline]] inline void Engine::thread_end(Thread& me) {
  if (special_) [[unlikely]] {
    if (special_ & kEnds && me.life && !killing() && visible(OpKind::ThreadEnd, writes(me.life), 0, {}))
      object(me.life).n = 1;
    if (recorder_ && !killing()) recorder_->note(*this, me, NoteKind::End, kNoThread, {}, {});
  }
  me.body.clear();
  alive_.erase(me.id);
  if (killing()) [[unlikely]] {
    switch_fiber(me.fiber, host_, exceptions_);
    return;
  }
  for (Tid j : me.joiners) release(j);
  if (special_ & kEager) [[unlikely]] {
    set_special(special_ & ~kEager);
    switch_to(me.fiber, *eager_parent_);
  } else if (alive_.empty()) {
    finish(Outcome::Complete);
    switch_fiber(me.fiber, host_, exceptions_);
  } else {
    leave_to(me, next(kNoThread));
  }
  // Parked here until the next execution starts this thread again.
}

void Engine::entry(boost::context::detail::transfer_t t) {
  fiber_entered(t);
  Engine& e = *current_engine_;
  Thread& me = *e.current_;
  for (;;) {  // one round per execution: a finished fiber is parked in thread_end
    me.started = true;
    me.body();
    e.thread_end(me);
  }
}

// An id for the running thread's next child, which has none yet.
Tid Engine::intern_thread(std::uint64_t name) {
  if (const Tid t = thread_named(name); t != kNoThread) return t;
  if (thread_count_ == kMaxThreads) return kNoThread;
  Thread& th = construct_thread(thread_count_++);
  th.name = name;
  th.parent = kNoThread;
  return th.id;
}

[[gnu::noinline]] bool Engine::new_child(Thread& me) {
  const Tid t = intern_thread(child_name(me.name, me.child_ids.size()));
  if (t == kNoThread) {
    abort("the model starts more than " + std::to_string(kMaxThreads) + " threads");
    return false;
  }
  Thread& th = threads_[t];
  th.parent = me.id;
  th.child_number = static_cast<std::int32_t>(me.child_ids.size());
  me.child_ids.push_back(th.id);
  return true;
}

Tid Engine::spawn(bool daemon) {
  Thread& me = *current_;
  if (grouped_) [[unlikely]] {
    symmetry_.leave(me.id);
    if (!hand_on()) return kNoThread;
  }
  const auto i = static_cast<std::size_t>(me.children);
  if (i == me.child_ids.size() && !new_child(me)) [[unlikely]]
    return kNoThread;
  ++me.children;
  ++me.deeds;
  const Tid t = me.child_ids[i];
  reset_thread(t);
  Thread& th = threads_[t];
  th.daemon = daemon;
  th.killable = daemon || me.killable;
  spawned_.push_back(t);
  ++unjoined_;
  spawned_killable_ |= th.killable;
  th.now = me.now;
  th.inherited = me.inherited;
  if (me.last_step != kNever) th.inherited.push_back(me.last_step);
  if (special_ & kEnds) [[unlikely]]
    th.life = named_object(mix(th.name ^ 0x11FEull));
  alive_.insert(t);
  launchable_.insert(t);
  return t;
}

bool Engine::launch_now(Tid t) {
  Thread& me = *current_;
  settle();
  if (killing()) return killed();
  Thread* outer = std::exchange(eager_parent_, &me);
  set_special(special_ | kEager);
  launchable_.erase(t);
  switch_to(me.fiber, threads_[t]);
  eager_parent_ = outer;
  if (outer) set_special(special_ | kEager);
  return !killing() || killed();
}

void Engine::set_loop_bound(int rounds) {
  loop_bound_ = rounds;
  for (Loop& l : loops_) l.cuts = 0;
}

// Is the operation that `me` announces one too many in a loop?
bool Engine::beyond_bound(Thread& me) {
  const Operation& op = me.op;
  if (me.latest != OpKind::None && !is_mere_look(me.latest, me.alt, me.result, me.changed)) ++me.deeds;
  me.latest = op.kind;
  const auto loop = std::find_if(loops_.begin(), loops_.end(), [&](const Loop& l) {
    return l.kind == op.kind && l.site.line == op.site.line && l.site.column == op.site.column &&
           (l.site.file == op.site.file ||
            (l.site.file && op.site.file && !std::strcmp(l.site.file, op.site.file)));
  });
  if (loop == loops_.end()) return false;
  while (me.rounds.size() < loops_.size()) me.rounds.push_back({});
  Rounds& rounds = me.rounds.begin()[loop - loops_.begin()];
  const std::uint64_t state = program_->local_state(*this, me);
  me.unchanged = state && state == rounds.state;
  const bool fruitless = me.unchanged && rounds.deeds == me.deeds;
  if (!fruitless && ++rounds.count <= loop_bound_) {
    rounds.events = me.count;
    rounds.deeds = me.deeds;
    rounds.state = state;
    return false;
  }
  if (fruitless) {
    stopped_polling_ = true;
  } else {
    cut_ = true;
    ++loop->cuts;
  }
  me.waiting = Waiting::Cut;
  me.round = rounds.events;
  return true;
}

void Engine::watch(ObjectId id) {
  if (!watcher_) {
    watcher_ = named_object(mix(0x57617463686572ull));
    set_special(special_ | kWatching);
  }
  if (watched_.size() <= id) watched_.resize(id + 1);
  watched_[id] = true;
}

// Operations that write two objects have no room: the front end keeps watched objects away from them, and does not tell
// the ends of a watched queue apart.
void Engine::add_watcher(Operation& op) {
  if (is_write(op.a0) && !op.a1 && watched(object_of(op.a0))) op.a1 = writes(watcher_);
}

void Engine::tell_program(Thread& me) {
  me.unsettled = false;
  if (!killing()) program_->watched_change(*this);
}

bool Engine::announce_slowly(Thread& me) {
  if (special_ & (kKilling | kEager | kBounded | kWatching | kInStep)) [[unlikely]] {
    if (killing()) return killed();
    if (special_ & kBounded && beyond_bound(me)) return block();
    settle();
    if (killing()) return killed();
    if (special_ & kWatching) add_watcher(me.op);
    if (special_ & kInStep && !take_turn(me)) return false;
  }
  if (special_ & kEager) [[unlikely]] {
    // Eager start: the new thread has reached its first operation; go back to the thread that started it.
    set_special(special_ & ~kEager);
    ready_.insert(me.id);
    switch_to(me.fiber, *eager_parent_);
  } else {
    ready_.insert(me.id);
    const Tid t = next(me.id);
    if (t == me.id) return true;
    leave_to(me, t);
  }
  return !(special_ & (kKilling | kRecording)) || chosen(me);
}

// Back from another thread: what `me` has announced is chosen, or it is being torn down.
[[gnu::noinline]] bool Engine::chosen(Thread& me) {
  if (killing()) return killed();
  if (recorder_) recorder_->perform(*this, me);
  return true;
}

bool Engine::killed() {
  program_->killed(*this);
  return false;
}

[[gnu::always_inline]] inline bool Engine::suspend(Thread& me) {
  if (special_ & kEager) [[unlikely]] {
    set_special(special_ & ~kEager);
    switch_to(me.fiber, *eager_parent_);
  } else {
    leave_to(me, next(kNoThread));
  }
  return !killing() || killed();
}

[[gnu::always_inline]] inline bool Engine::block_here() {
  Thread& me = *current_;
  ++me.deeds;  // arriving at a barrier, say
  if (killing()) return killed();
  settle();
  if (killing()) return killed();
  return suspend(me);
}

bool Engine::block() { return block_here(); }

bool Engine::wait_for_end(Tid t) {
  Thread& me = *current_;
  if (!killing()) threads_[t].joiners.push_back(me.id);
  me.waiting = Waiting::Join;
  me.waiting_for = t;
  return block_here();
}

void Engine::end_thread_here() {
  Thread& me = *current_;
  me.dropped = true;  // the frames below stay as they are: the thread's next start prepares the stack afresh
  thread_end(me);
  std::abort();  // not reached: a dropped fiber is never resumed
}

bool Engine::exit(bool everything, const Site& site, const std::function<void()>* done) {
  Thread& me = *current_;
  if (killing()) return killed();
  if (!everything) {
    // Those that have ended already too: what they did happens before in any case. The list may grow meanwhile.
    for (std::size_t i = 0; i < spawned_.size(); ++i)
      if (const Tid t = spawned_.begin()[i]; t != me.id && !threads_[t].killable && !join(t)) return false;
  }
  // An operation even if its victims have ended by now: in other schedules they have not.
  if (everything ? spawned_.empty() : !spawned_killable_) {
    if (done) (*done)();
    return true;
  }
  Operation& op = me.op;
  op = {};
  op.kind = OpKind::Exit;
  op.arity = 1;
  op.exclusive = everything;
  op.site = site;
  if (!announce()) return false;
  // A script goes straight to its next thread. Whoever is left gets to the operation in which the exit finds it.
  while (!launchable_.empty())
    if (!launch_now(launchable_.first())) return false;
  if (special_ & kInStep) show_held();
  if (done) (*done)();
  exited_ = true;
  finish(Outcome::Complete);
  switch_fiber(me.fiber, host_, exceptions_);
  return killed();
}

// --- threads that are alike

void Engine::differ(const char* difference) {
  difference_ = difference;
  reveal(Hidden::Symmetry);
}

void Engine::alike(Tid other, Tid t) {
  if (!symmetric() || !symmetry_.add(objects_, threads_[other], threads_[t])) return;
  grouped_ = true;
  set_special(special_ | kInStep);
}

// What `me` has announced is not pending before it is its turn.
bool Engine::take_turn(Thread& me) {
  for (;;) {
    switch (symmetry_.announce(me)) {
      case Symmetry::Turn::Go: return true;
      case Symmetry::Turn::Wait: break;
      case Symmetry::Turn::Differs: return differ(kDeeds), false;
    }
    me.waiting = Waiting::Turn;
    if (!suspend(me)) return false;
  }
}

// Nothing can go on, or the process has exited: who waits for its turn is where it would be without. false: it would go on.
bool Engine::show_held() {
  bool alike = true;
  symmetry_.for_each_held([&](Tid t, Tid before) {
    const Operation &op = threads_[t].op, &other = threads_[before].op;
    ready_.insert(t);
    threads_[t].waiting = Waiting::No;
    alike = alike && ready_.contains(before) && op.kind == other.kind && op.a0 == other.a0 && !runnable(t);
  });
  return alike;
}

bool Engine::join_alike(Tid t) {
  if (killing()) return true;
  symmetry_.leave(current_->id);
  if (symmetry_.join(*current_, threads_[t])) return true;
  return differ(kJoins), false;
}

// Has somebody joined some of those that are alike, and then gone on without the others?
bool Engine::was_told_apart() const {
  bool apart = false;
  symmetry_.for_each_partly_joined([&](Tid joiner, std::int32_t events) {
    const bool ended_with_it = joiner != 0 && ended(joiner);
    apart |= threads_[joiner].count != events || ended_with_it;
  });
  return apart;
}

void Engine::fail(Failure f) {
  if (f.tid == kNoThread) f.tid = current_->id;
  f.step = step_;
  failures_.push_back(std::move(f));
}

void Engine::stop_execution() {
  switch_fiber(current_->fiber, host_, exceptions_);
  killed();
}

void Engine::abort(std::string reason) {
  if (killing()) return void(killed());
  aborted_ = true;
  abort_reason_ = std::move(reason);
  stop_execution();
}

void Engine::reveal(Hidden h) {
  if (killing()) return void(killed());
  revealed_ |= static_cast<std::uint8_t>(h);
  if (h == Hidden::QueueEnds) objects_.forget_ends();
  restart_ = true;
  stop_execution();
}

// Of an object that is to be destroyed, which is in conflict with operations at both of them.
bool Engine::has_ends(ObjectId id) {
  if (!objects_.has_ends(id)) return false;
  reveal(Hidden::QueueEnds);
  return true;
}

bool Engine::announce_destroy(ObjectId id, const Site& site) {
  return !has_ends(id) && visible(OpKind::Destroy, writes(id), 0, site);
}

bool Engine::may_destroy(ObjectId id) {
  if (has_ends(id)) return false;
  if (!strategy_->unordered_access(*this, id)) [[likely]]
    return true;
  reveal(Hidden::Destroys);
  return false;
}

}  // namespace raddle::engine
