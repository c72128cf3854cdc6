// The engine: one execution of a model, operation by operation.
//
// Threads are fibers. A thread announces its next operation (`visible`), and the decision who goes on is taken right
// there, on its own stack: staying on the same thread costs no switch, and another thread is switched to directly.
// Decisions come from the script (the prefix that a search wants to see again) and behind it from the Strategy.
//
// Starting, ending and joining threads are no operations: they commute with everything that they do not order
// anyway, so they cost no decision; their order is inherited (Thread::inherited). Threads start lazily, when they are
// first chosen, and finished fibers are kept for the next execution.
//
// The engine knows no language, no strategy and no file format. Front ends turn their world's calls into the
// operations of operation.h, mostly through the primitives beside this file (mutex.h, condition.h, ...).
//
// Not thread-safe: an engine and all its fibers live on one OS thread. Different OS threads may each run an engine.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/engine/crash.h"
#include "checker/engine/object_table.h"
#include "checker/engine/program.h"
#include "checker/engine/strategy.h"
#include "checker/engine/structural_names.h"
#include "checker/engine/symmetry.h"
#include "checker/engine/thread.h"
#include "checker/engine/thread_set.h"

namespace raddle::engine {

class Recorder;

/// One step of a script. Same meaning as Decision.
using ScriptStep = Decision;

/// What went wrong inside an execution, as seen by whoever ran the thread.
struct Failure {
  /// OutOfTime is nobody's fault: the time for the search was over in the middle of an execution.
  enum class Kind : std::uint8_t { Assertion, Exception, ExitStatus, Misuse, Divergence, Crash, OutOfTime };
  Kind kind = Kind::Assertion;
  Tid tid = kNoThread;
  Step step = 0;  // number of events before it
  Site site;
  std::string type;        // exception type, misuse name
  std::string message;     // what(), assertion text, exit status
  ObjectId object = 0;     // misuse: the object
  std::string detail;      // e.g. a traceback, for showing
  bool swallowed = false;  // kept for somebody who has never asked
  bool gone_on = false;    // its thread has: it knows nothing of it, or has handled it (misuse)
};

/// Things that are kept out of the search because almost no program can observe them. The first time that one is
/// observed, the search starts again with it visible (Engine::reveal).
enum class Hidden : std::uint8_t {
  ThreadEnds = 1,  // somebody asks whether a thread is alive, or joins with a timeout
  Barriers = 2,    // a barrier is used by other than its fixed set of threads, or with a completion function
  Destroys = 4,    // an object is destroyed while an access to it is not ordered before
  LibraryLocks =
      8,  // a thread waits for a lock with which the language's library protects its own bookkeeping
  ThreadList = 16,  // somebody asks which threads there are
  Places = 32,      // a memory location that nobody seemed to share is shared
  QueueEnds = 64,   // a queue is used in a way that has no place at one of its ends (see queue.h)
  Symmetry = 128,   // threads that were taken to be alike can be told apart (see symmetry.h)
};

/// A loop that keeps executions from ending, by an operation in it.
struct Loop {
  Site site;
  OpKind kind = OpKind::None;
  std::uint64_t cuts = 0;  // how often its bound has stopped a thread
};

class Engine {
 public:
  Engine();
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// The engine whose search is running on this OS thread, or null.
  static Engine* current() { return current_engine_; }

  /// Runs executions of `program` until the strategy ends the search. Not reentrant for one engine.
  void run(Strategy& strategy, Program& program);

  // --- settings, before run
  /// Events per execution, after which it is truncated.
  void set_max_steps(Step n) { max_steps_ = n; }
  /// May the timeouts of timed operations expire? (Else they wait for ever.)
  void set_timeouts(bool expire) { timeouts_ = expire; }
  bool timeouts() const { return timeouts_; }
  /// NotifyOne: explore every waiter (true), or the one that has waited longest (false).
  void set_notify_any(bool any) { notify_any_ = any; }
  bool notify_any() const { return notify_any_; }
  /// Virtual clock: sleeps and timeouts end in the order of their deadlines, and only when nothing else can go on.
  void set_virtual_clock(bool on) { virtual_clock_ = on; }
  bool virtual_clock() const { return virtual_clock_; }
  /// Of executions that differ in nothing but an exchange of threads that are alike, some are left out (symmetry.h).
  void set_symmetry(bool on) { symmetric_ = on; }
  /// Is it so, and has nothing told them apart?
  bool symmetric() const { return symmetric_ && !is_revealed(Hidden::Symmetry); }
  /// Receives every event with full detail; null (the default) records nothing and costs nothing.
  void set_recorder(Recorder* r) { recorder_ = r; }
  Recorder* recorder() const { return recorder_; }
  /// From now on no thread executes operations at the place of one of `loops()` more than `rounds` times: before the
  /// next one it stops for good, and the execution is cut; after a fruitless round (see polling.h) it stops at once. That is a bound on each thread's own history, so what is
  /// left is a program like others, and is explored completely.
  void set_loop_bound(int rounds);
  const std::vector<Loop>& loops() const { return loops_; }
  void clear_loops() { loops_.clear(); }
  /// That have happened in another process.
  void add_cuts(std::size_t loop, std::uint64_t n) { loops_[loop].cuts += n; }
  int loop_bound() const { return loop_bound_; }
  /// Those of another search, which a replay needs. The sites' texts must outlive all runs.
  void set_loops(std::vector<Loop> loops, int bound) {
    loops_ = std::move(loops);
    set_loop_bound(bound);
  }
  /// Start with these hidden things visible (a replay must use what the search ended with).
  void set_revealed(std::uint8_t hidden) { revealed_ = hidden; }
  std::uint8_t revealed() const { return revealed_; }

  // --- for strategies
  Step step() const { return step_; }  // events so far in this execution
  const Thread& thread(Tid t) const { return threads_[t]; }
  int thread_count() const { return thread_count_; }  // ids handed out in this search
  /// The thread of this name (Thread::name), or kNoThread.
  Tid thread_named(std::uint64_t name) const {
    for (Tid t = 0; t < thread_count_; ++t)
      if (threads_[t].name == name) return t;
    return kNoThread;
  }
  /// The same, and if it has not been met, the id that it will have; kNoThread if there are too many. (From other
  /// searches of the same program.)
  Tid intern_thread(std::uint64_t name);
  const ObjectTable& objects() const { return objects_; }
  const ObjectState& object(ObjectId id) const { return objects_.state(id); }
  /// Threads with a pending operation.
  const ThreadSet& ready() const { return ready_; }
  /// Threads that have local code to run before their next operation is known.
  const ThreadSet& launchable() const { return launchable_; }
  /// Threads that are alike, in this execution and in all of this search.
  const Symmetry& symmetry() const { return symmetry_; }
  /// Threads that have not ended.
  const ThreadSet& alive() const { return alive_; }
  /// Can the pending operation of `t` be executed (other than by its timeout)? Precondition: t is ready.
  bool enabled(Tid t) const {
    const Operation& op = threads_[t].op;
    const std::uint8_t guard = kGuards[static_cast<std::size_t>(op.kind)];
    if (!guard) [[likely]]
      return op.kind != OpKind::Sleep || op.deadline <= virtual_now_;
    if (op.kind == OpKind::Wake && !threads_[t].notified) return false;
    return guards_of(objects_.state(object_of(op.a0))) & guard;
  }
  /// Can the timeout of the pending operation of `t` expire? Precondition: t is ready.
  bool expirable(Tid t) const { return threads_[t].op.timed && timeout_due(t); }
  bool runnable(Tid t) const { return enabled(t) || expirable(t); }
  /// Has a thread that can go on, or one whose next operation is not known yet.
  bool can_continue() const;
  /// Waiters of condition variable `id`, longest first.
  const std::vector<Tid>& waiters(ObjectId id) const { return objects_.waiters(id); }
  /// Prefix of the next execution. The script must stay alive and unchanged during it.
  void set_script(const ScriptStep* s, Step n) { script_ = s, script_length_ = n; }
  Step script_length() const { return script_length_; }
  bool in_script() const { return step_ < script_length_; }
  /// Failures of this execution so far.
  const std::vector<Failure>& failures() const { return failures_; }
  /// Why the execution was Aborted.
  const std::string& abort_reason() const { return abort_reason_; }
  /// Has the code of the running thread crashed in this execution? Then it was Aborted, and that is a failure of kind
  /// Crash. Threads that were left stay as they are, for good: nobody knows what can still be done.
  const Crash& crash() const { return crash_; }
  /// From Strategy::end: another loop to be bounded. The search restarts.
  void bound_loop(const Site& site, OpKind kind) {
    loops_.push_back({site, kind});
    set_loop_bound(loop_bound_);
    restart_ = true;
  }
  /// Has the bound of a loop stopped a thread in this execution?
  bool cut() const { return cut_; }
  /// Has a thread been stopped because it has gone round a loop to no avail (see polling.h)? Nothing is missing for that.
  bool stopped_polling() const { return stopped_polling_; }
  /// Has the execution reached the limit of events?
  bool full() const { return step_ >= max_steps_; }
  /// From any OS thread or signal handler: the execution that runs ends at its next decision, Truncated. Those that come
  /// after it are not affected.
  void cut_short() { limit_.store(0, std::memory_order_relaxed); }
  bool was_cut_short() const { return limit_.load(std::memory_order_relaxed) < max_steps_; }
  /// Has the process exited (rather than all its threads ended)?
  bool exited() const { return exited_; }
  std::uint64_t executions() const { return executions_; }
  /// May operations be glued to others (kGlued)? Program::begin says so.
  bool gluing() const { return gluing_; }
  void set_gluing(bool on) { gluing_ = on; }
  /// What the model has written in this execution, where the front end captures it.
  std::string_view output() const { return program_->output(); }
  /// From pick, which then returns kStop: the execution is Aborted.
  void abort_from_strategy(std::string reason) {
    aborted_ = true;
    abort_reason_ = std::move(reason);
  }

  // --- for primitives and front ends, on a fiber
  Thread& self() { return *current_; }
  ObjectTable& objects() { return objects_; }
  ObjectState& object(ObjectId id) { return objects_.state(id); }
  /// A new object, named by (running thread, number among the objects that it has created).
  ObjectId new_object(std::int32_t n = 0, std::int32_t cap = 0) {
    Thread& me = *current_;
    auto i = static_cast<std::size_t>(me.created++);
    if (i == me.object_ids.size()) me.object_ids.push_back(objects_.add(object_name(me.name, i)));
    ObjectId id = me.object_ids[i];
    objects_.reset(id, n, cap);
    return id;
  }
  /// The object with the given structural name (a hash that is the same in every execution).
  ObjectId named_object(std::uint64_t name) { return objects_.named(name, executions_); }

  /// The running thread's next operation, to be filled in before `announce`. Fields keep old values: set them all.
  Operation& next_operation() { return current_->op; }
  /// Announces next_operation() and returns when it has been chosen: the caller now executes it, in one piece.
  /// false: the execution is over and this thread is being torn down; the caller does nothing and leaves.
  [[gnu::always_inline]] bool announce() {
    Thread& me = *current_;
    if (!granted_by_script(me) && !announce_slowly(me)) return false;
    check_alive(me.op.a0);
    return true;
  }
  [[gnu::always_inline]] bool visible(OpKind kind, Access a0, Access a1, const Site& site,
                                      std::uint64_t value = 0, std::uint8_t memory = 0) {
    Thread& me = *current_;
    Operation& op = me.op;
    op.site = site;
    if (!granted_by_script(me)) {  // else nobody looks at it: it is executed without having waited
      op.a0 = a0, op.a1 = a1;
      op.kind = kind;
      op.timed = false, op.exclusive = false;
      op.memory = memory;
      op.arity = 0;
      op.expires_on = 0;
      op.value = value;
      if (!announce_slowly(me)) return false;
    }
    check_alive(a0);
    return true;
  }
  /// Was the latest operation of the running thread ended by its timeout?
  bool expired() const { return current_->alt == kExpire; }

  /// Marks `t`, a waiter, as woken by the latest event of the running thread, unless it has been woken already (a
  /// front end may leave one whose timeout has expired among the waiters).
  void wake(Tid t) {
    if (threads_[t].notified) return;
    threads_[t].notified = true;
    threads_[t].notifier = current_->last_step;
    if (special_ & kTime && threads_[t].now < current_->now) threads_[t].now = current_->now;
  }

  /// A new thread, child of the running one. Its body is to be set before the running thread's next operation.
  /// kNoThread beyond kMaxThreads; the execution is then Aborted, and the caller leaves as when torn down.
  Tid spawn(bool daemon = false);
  Body& body(Tid t) { return threads_[t].body; }
  /// Runs the new thread up to its first operation now, instead of when it is first chosen.
  bool launch_now(Tid t);
  /// Returns when `t` has ended; what it did then happens before. false: torn down meanwhile.
  bool join(Tid t) {
    if (grouped_ && !join_alike(t)) [[unlikely]]
      return false;
    return (ended(t) || wait_for_end(t)) && inherit_end(t);
  }
  /// `t`, which the running thread has just started, does the same as `other`, which it has started before: the same
  /// function, with the same arguments. The program has no way to tell them apart that the engine is not told of.
  void alike(Tid other, Tid t);
  /// Something shows that `t` is not another one of the threads that are like it: its name, say. `difference`: in words,
  /// kept. false: torn down.
  bool tell_apart(Tid t, const char* difference) {
    if (!grouped_ || !symmetry_.is_member(t)) [[likely]]
      return true;
    return differ(difference), false;
  }
  /// The same of any of them.
  bool tell_all_apart(const char* difference) {
    if (!grouped_) [[likely]]
      return true;
    return differ(difference), false;
  }
  /// What has told them apart, in this process; null: nothing.
  const char* difference() const { return is_revealed(Hidden::Symmetry) ? difference_ : nullptr; }
  /// The running thread passes on what it knows, by no operation and to others than its joiners. false: torn down.
  bool hand_on() {
    if (!grouped_ || !symmetry_.is_between_joins(*current_)) [[likely]]
      return true;
    return differ(kJoins), false;
  }
  bool ended(Tid t) const { return !alive_.contains(t); }
  /// Blocks the running thread, which must have set Thread::waiting, until `release` is called for it.
  bool block();
  /// The running thread has learnt something other than by its latest event's result: what it does next may depend on
  /// it. (Detectors compare what threads have learnt; see History::past.)
  void learn(std::uint64_t digest);
  /// The running thread's latest event was on an object that protects what is not visible: what it does next may
  /// depend on all that those knew who used the object before.
  void learn_past() { current_->learned_past = true; }
  /// Did the running thread's latest event, a ReadModifyWrite, change anything? (A failed compare-and-swap did not.)
  void set_changed(bool changed) { current_->changed = changed; }
  /// Lets a blocked thread go on.
  void release(Tid t) {
    threads_[t].waiting = Waiting::No;
    launchable_.insert(t);
  }
  /// The process ends: with `everything` at once, else when all threads have ended but daemons and what daemons have
  /// started. Whoever is left is killed. Returns true if there never was anybody to kill, and the caller goes on;
  /// false when its execution is over. `done`, if any, is called when the process ends here, not where another thread
  /// ends it first.
  bool exit(bool everything, const Site& site, const std::function<void()>* done = nullptr);

  /// Records a failure, of the running thread unless it names one. Who goes on: the caller decides how a thread ends.
  void fail(Failure f);
  /// Takes back those failures of this execution for which `f` is true.
  template <class F>
  void withdraw_failures(F f) {
    std::erase_if(failures_, f);
  }
  /// Ends the execution: the model cannot be controlled. Like a tear-down for the caller.
  void abort(std::string reason);

  bool is_revealed(Hidden h) const { return revealed_ & static_cast<std::uint8_t>(h); }
  /// Makes something hidden visible; the search restarts. Like a tear-down for the caller.
  void reveal(Hidden h);
  /// Destroys an object: its `cap` is kDestroyed from then on. false: torn down meanwhile.
  bool destroy(ObjectId id, const Site& site) {
    if (killing()) return true;
    if (is_revealed(Hidden::Destroys)) [[unlikely]] {
      if (!announce_destroy(id, site)) return false;
    } else if (unjoined_ != 0 && !in_script() && !may_destroy(id)) {
      return false;
    }
    object(id).cap = kDestroyed;
    return true;
  }

  /// Is `id` the id of an object that has not been destroyed? (Dangling references may hold anything.)
  bool usable(ObjectId id) const {
    return id - 1 < objects_.size() - 1 && objects_.state(id).cap != kDestroyed;
  }

  /// The running thread's time passes by `ns` (it slept, or its timeout expired).
  void advance(std::int64_t ns) {
    set_special(special_ | kTime);
    current_->now += ns;
  }
  /// The running thread has waited for a time, and no clock wakes anybody on the dot: a thread that looks now sees that
  /// its time is over, whatever it rounds.
  void overshoot() {
    constexpr std::int64_t kLate = 1000;
    if (virtual_clock_)
      virtual_now_ += kLate;
    else
      advance(kLate);
  }
  /// Virtual clock only: ns since the start of the execution.
  std::int64_t virtual_now() const { return virtual_now_; }

  // --- watched objects: each write of one writes the watcher, too, so that no two of them commute
  /// From now on. To be told at the start of a search, before its first event: what is watched must not change in it.
  void watch(ObjectId id);
  bool watched(ObjectId id) const { return id < watched_.size() && watched_[id]; }
  /// The object that stands for all of them together; 0: nothing is watched.
  ObjectId watcher() const { return watcher_; }
  /// Where the latest write of a watched object was made.
  const Site& watched_site() const { return watched_site_; }
  /// The running thread may be suspended next: if its latest event has written a watched object, the program is told.
  void settle() {
    if (current_->unsettled) [[unlikely]]
      tell_program(*current_);
  }

  // --- for Program::tear_down, on the host
  /// Resumes the fiber of `t` once: it finds itself killed (announce returns false, Program::killed is called).
  void resume_for_teardown(Thread& t);
  /// Forgets the fiber's stack contents; the stack is reused.
  void drop(Thread& t) { t.dropped = true; }
  /// The function at the bottom of every fiber's stack.
  static const void* fiber_entry() { return reinterpret_cast<const void*>(&Engine::entry); }
  /// Is the running thread being torn down?
  bool killing() const { return special_ & kKilling; }
  /// On a fiber that is being torn down or has failed: ends the thread here, without unwinding its stack.
  [[noreturn]] void end_thread_here();

  // --- for CrashHandler
  /// Does the code of the running thread run, and is that its stack pointer? (Not the host, nor a strategy.)
  bool runs_model_at(std::uintptr_t stack_pointer) const;
  /// Is `address` behind the end of the running thread's stack?
  bool is_behind_stack(std::uintptr_t address) const;
  /// Ends the execution by a crash of the running thread. On any stack that nobody else uses.
  [[noreturn]] void end_by_crash(Crash crash);

 private:
  static void entry(boost::context::detail::transfer_t t);
  void execute();
  void start_execution();
  void tear_down_leftovers();
  void note_crash();
  void leave_leftovers();
  void reset_thread(Tid t);
  Thread& construct_thread(Tid t);
  bool announce_slowly(Thread& me);
  bool chosen(Thread& me);
  bool killed();
  bool beyond_bound(Thread& me);
  void add_watcher(Operation& op);
  void tell_program(Thread& me);
  bool timeout_due(Tid t) const;
  bool may_destroy(ObjectId id);
  bool announce_destroy(ObjectId id, const Site& site);
  bool has_ends(ObjectId id);
  bool block_here();
  bool suspend(Thread& me);
  void differ(const char* difference);
  bool take_turn(Thread& me);
  bool join_alike(Tid t);
  bool show_held();
  bool was_told_apart() const;
  bool wait_for_end(Tid t);
  bool inherit_end(Tid t) {
    Thread &me = *current_, &other = threads_[t];
    me.inherited.append(other.inherited.begin(), other.inherited.end());
    if (other.last_step != kNever) me.inherited.push_back(other.last_step);
    if (special_ & kTime) [[unlikely]]
      me.now = other.now > me.now ? other.now : me.now;
    unjoined_ -= !std::exchange(other.joined, true);
    return true;
  }
  bool new_child(Thread& me);
  void thread_end(Thread& me);
  void stop_execution();
  /// Who runs next; the operation is granted already, or the thread is launched. kNoThread: the execution is over.
  Tid next(Tid me);
  Decision pick_after_none(Tid me);
  void grant_specially(Thread& t, Alternative alt);
  /// The pending operation of `t` becomes the next event.
  void grant(Thread& t, Alternative alt) {
    t.last_step = step_++;
    ++t.count;
    t.alt = alt;
    t.result = t.learned = 0;
    t.changed = true, t.learned_past = false;
    t.inherited.clear();
  }
  /// The object of the operation that is about to be executed may have been destroyed since it was announced.
  [[gnu::always_inline]] void check_alive(Access a0) {
    if (objects_.state(object_of(a0)).cap == kDestroyed) [[unlikely]]
      program_->used_after_destroy(*this, object_of(a0));
  }
  /// The fast path of a replayed prefix: the script says that the running thread goes on.
  [[gnu::always_inline]] bool granted_by_script(Thread& me) {
    if (step_ >= unattended_) return false;
    const ScriptStep d = script_[step_];
    if (d.tid != me.id) return false;
    grant(me, d.alt);
    return true;
  }
  Tid launch_for(Tid wanted);
  void stamp(Thread& t);
  void switch_to(Fiber& from, Thread& to) {
    current_ = &to;
    switch_fiber(from, to.fiber, exceptions_);
  }
  /// Suspends `me` in favour of `t`, or of the host if the execution is over.
  void leave_to(Thread& me, Tid t) {
    if (t == kNoThread) [[unlikely]]
      switch_fiber(me.fiber, host_, exceptions_);
    else
      switch_to(me.fiber, threads_[t]);
  }
  void finish(Outcome o) { outcome_ = o; }

  /// What the usual path leaves out: the running thread is being torn down; it is on its way to its first operation
  /// in launch_now; there is a recorder; time has passed; ends of threads are visible; the clock is virtual; loops are
  /// bounded; objects are watched; threads are kept in step.
  enum Special : std::uint16_t {
    kKilling = 1,
    kEager = 2,
    kRecording = 4,
    kTime = 8,
    kEnds = 16,
    kVirtual = 32,
    kBounded = 64,
    kWatching = 128,
    kInStep = 256
  };
  void set_special(int s) {
    special_ = static_cast<std::uint16_t>(s);
    unattended_ = s ? 0 : script_length_;
  }

  Thread* current_ = nullptr;
  Thread* threads_ = nullptr;  // constructed up to constructed_
  const ScriptStep* script_ = nullptr;
  Step step_ = 0;
  Step unattended_ =
      0;  // up to here the script is followed and nothing else is to be done: script_length_, or 0
  Step script_length_ = 0;
  std::uint16_t special_ = 0;
  bool timeouts_ = true, notify_any_ = true, virtual_clock_ = false;
  std::uint8_t revealed_ = 0;
  bool gluing_ = false, symmetric_ = false;
  bool grouped_ = false;  // threads of this execution are alike
  const char* difference_ = nullptr;
  bool restart_ = false, exited_ = false, aborted_ = false, cut_ = false, stopped_polling_ = false;
  int loop_bound_ = 2;
  std::vector<Loop> loops_;
  std::vector<bool> watched_;  // by object
  ObjectId watcher_ = 0;
  Site watched_site_;
  // Of this execution:
  bool spawned_killable_ = false;  // a thread that an exit kills has been started
  List<Tid> spawned_;              // threads that have been started, in order
  /// Started threads that nobody has joined. At 0, all that ever happened happens before what comes: only the main
  /// thread is left, and every other one was joined by it or by one that has ended and was joined in turn.
  int unjoined_ = 0;
  Step max_steps_ = 1 << 20;
  std::atomic<Step> limit_ = 0;  // of this execution: max_steps_, unless it is cut short
  ThreadSet ready_, launchable_, alive_;
  ObjectTable objects_;
  Symmetry symmetry_;
  Strategy* strategy_ = nullptr;
  Program* program_ = nullptr;
  Recorder* recorder_ = nullptr;
  Thread* eager_parent_ = nullptr;
  Fiber host_;
  ExceptionGlobals* exceptions_ = nullptr;
  int thread_count_ = 0, constructed_ = 0;
  std::uint64_t executions_ = 0;
  Outcome outcome_ = Outcome::Complete;
  std::int64_t virtual_now_ = 0;
  std::vector<Failure> failures_;
  std::string abort_reason_;
  Crash crash_;
  std::unique_ptr<StackPool> stacks_;

  static constexpr const char* kJoins = "they are not all waited for at once";

  static thread_local constinit Engine* current_engine_;
};

inline void Engine::learn(std::uint64_t digest) { current_->learned += mix(digest + 1); }

}  // namespace raddle::engine
