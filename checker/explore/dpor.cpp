#include "checker/explore/dpor.h"

#include <algorithm>
#include <cassert>

#include "checker/explore/contiguous.h"
#include "checker/explore/endless_loop.h"
#include "checker/explore/transitions.h"
#include "checker/explore/weak_initials.h"

namespace raddle::explore {

using namespace engine;
using Branch = WakeupTree::Branch;

namespace {

// As weak_initial. `seen`: the depth of the item that decided, INT_MAX for the end of v.
template <class Item>
int initial_in(const Transition& x, const Item* v, int n, Step& seen) {
  int decider;
  const int at = weak_initial(
      x, n, [v](int k) -> const Transition& { return v[k].t; }, decider);
  seen = decider < n ? v[decider].at : INT_MAX;
  return at;
}

}  // namespace

Dpor::Dpor(Inspector& inspector, Options options)
    : inspector_(inspector),
      history_(inspector.history()),
      options_(options),
      races_(history_),
      random_(options.shuffle) {
  make_room();
  if (!options_.optimal) inspector_.count_classes(true);
}

void Dpor::make_room() {
  capacity_ = std::max<std::size_t>(64, 2 * capacity_);
  nodes_.resize(capacity_ + 1);  // the state behind the last event has one, too
  script_.resize(capacity_);
}

std::size_t Dpor::bytes() const {
  return history_.bytes() + races_.bytes() + tree_.bytes() + nodes_.capacity() * sizeof(Node) +
         script_.capacity() * sizeof(Decision) + done_.capacity() * sizeof(Transition) +
         v_.capacity() * sizeof(Item);
}

void Dpor::restart(Engine&) {
  inspector_.restart();
  races_.rewind(0);
  tree_.clear();
  done_.clear();
  counters_ = {};
  branch_ = root_ = 0;
  catching_up_ = kNever;
  started_ = retain_ = undone_ = false;
  way_root_ = WakeupTree::kNone;
}

// --- executing

bool Dpor::begin(Engine& e) {
  if (!inspector_.may_continue()) return false;
  if (!started_) {
    started_ = true;
    nodes_[0] = {.done_end = static_cast<std::uint32_t>(done_.size()), .pending = way_root_};
    return true;
  }
  const Step d = deepest_pending();
  if (d < root_) {
    counters_.exhausted = true;
    inspector_.exhausted();
    return false;
  }
  if (retain_) fold(d);
  Node& node = nodes_[static_cast<std::size_t>(d)];
  done_.resize(node.done_end);
  done_.push_back(history_[d].t);
  ++node.done_end;
  races_.rewind(d);
  inspector_.rewind(d);
  branch_ = d;
  counters_.replayed += static_cast<std::uint64_t>(d);
  e.set_script(script_.data(), d);
  return true;
}

// Less than the depth of the root: there is none.
Step Dpor::deepest_pending() const {
  Step d = history_.size() - 1;
  while (d >= root_ && nodes_[static_cast<std::size_t>(d)].pending == WakeupTree::kNone) --d;
  return d;
}

std::uint64_t Dpor::pending() const {
  std::uint64_t n = 0;
  for (Step d = root_; d < history_.size(); ++d)
    n += tree_.leaves(nodes_[static_cast<std::size_t>(d)].pending);
  return n;
}

Decision Dpor::pick(Engine& e, Tid current) {
  Node& node = nodes_[static_cast<std::size_t>(history_.size())];
  Branch subtree = WakeupTree::kNone;
  const Choice c =
      node.pending != WakeupTree::kNone ? guided_choice(e, node, subtree) : free_choice(e, current);
  if (c.commits) commit(e, c.decision, subtree);
  return c.decision;
}

// An exit waits until all operations are known that it would kill.
static bool waits_for_launches(const Engine& e, OpKind kind) {
  return kind == OpKind::Exit && !e.launchable().empty();
}

// Is it a notification of somebody who does not wait, or of nobody although somebody does?
static bool notifies_nobody(const Engine& e, const Transition& t) {
  if (t.kind != OpKind::NotifyOne) return false;
  const auto& waiters = e.waiters(object_of(t.a0));
  return t.alt ? std::find(waiters.begin(), waiters.end(), t.alt - 1) == waiters.end() : !waiters.empty();
}

// What a thread does instead of the event that is to come next.
static std::string difference(const Engine& e, const Transition& expected) {
  const Operation& op = e.thread(expected.tid).op;
  const std::string kind = name(op.kind);
  std::string text = "the next event of thread " + std::to_string(expected.tid) + " was to be \"" +
                     name(expected.kind) + '"';
  if (op.kind != expected.kind)
    text += ", and is \"" + kind + '"';
  else if (op.a0 != expected.a0 || op.a1 != expected.a1)
    text += ", and is the same on something else";
  else
    text += ", which is not possible";
  if (op.site.file) text += std::string(" at ") + op.site.file + ':' + std::to_string(op.site.line);
  return text;
}

// The first pending branch.
[[gnu::always_inline]] inline Dpor::Choice Dpor::guided_choice(Engine& e, Node& node, Branch& subtree) {
  const Branch b = node.pending;
  const WakeupTree::Node& w = tree_[b];
  const Tid t = w.t.tid;
  if (!e.ready().contains(t)) return {{t, 0}};  // not there yet: let it run to its next operation
  if (waits_for_launches(e, w.t.kind)) [[unlikely]]
    return {{e.launchable().first(), 0}};
  const Alternative alt = w.t.alt;
  const Transition now = History::transition(e, t, alt);
  if (now.a0 != w.t.a0 || now.a1 != w.t.a1 || now.kind != w.t.kind || notifies_nobody(e, now) ||
      !(alt == kExpire ? e.expirable(t) : e.enabled(t))) [[unlikely]] {  // invariant (2)
    e.abort_from_strategy("the model did not do the same again under the same schedule: " +
                          difference(e, w.t));
    return {};
  }
  subtree = w.child;
  node.pending = w.next;
  tree_.release(b);
  return {{t, alt}, true};
}

// Behind the guided part any enabled transition will do; staying on the thread costs no switch.
[[gnu::always_inline]] inline Dpor::Choice Dpor::free_choice(Engine& e, Tid current) {
  const Node& node = nodes_[static_cast<std::size_t>(history_.size())];
  Decision d;
  if (options_.shuffle) [[unlikely]] {
    if (!e.launchable().empty()) return {{e.launchable().first(), 0}};
    d = random_choice(e);
    return {d, d.tid != kNoThread};
  }
  if (sampler_) [[unlikely]]
    return sampled_choice(e);
  assert(!options_.optimal || node.done_begin == node.done_end);  // invariant (1)
  if (node.done_begin != node.done_end) [[unlikely]] {
    d = awake_choice(e, node);
  } else if (current != kNoThread && e.runnable(current)) {  // for ever, if it can: see endless_loop.h
    d = {current, first_alternative(e, current)};
  } else {
    d.tid = latest_runnable(e);
    if (d.tid != kNoThread) d.alt = first_alternative(e, d.tid);
  }
  if (d.tid == kNoThread) return {{e.launchable().empty() ? kNoThread : e.launchable().first(), 0}};
  if (waits_for_launches(e, e.thread(d.tid).op.kind)) [[unlikely]]
    return {{e.launchable().first(), 0}};
  return {d, true};
}

// Who ran last: threads that keep one another going for ever keep at it.
Tid Dpor::latest_runnable(const Engine& e) {
  Tid latest = kNoThread;
  e.ready().for_each([&](Tid t) {
    if ((latest == kNoThread || e.thread(t).last_step > e.thread(latest).last_step) && e.runnable(t))
      latest = t;
  });
  return latest;
}

// Source only: the first transition that does not sleep.
Decision Dpor::awake_choice(Engine& e, const Node& node) const {
  Decision d;
  for_each_enabled(e, [&](Tid t, Alternative a) {
    if (d.tid == kNoThread && !asleep(History::transition(e, t, a), node)) d = {t, a};
  });
  return d;
}

Decision Dpor::random_choice(Engine& e) {
  const Node& node = nodes_[static_cast<std::size_t>(history_.size())];
  std::vector<Decision> enabled;
  for_each_enabled(e, [&](Tid t, Alternative a) {
    if (options_.optimal || !asleep(History::transition(e, t, a), node)) enabled.push_back({t, a});
  });
  if (enabled.empty()) return kStop;
  assert(!options_.optimal || node.done_begin == node.done_end);  // invariant (1)
  return enabled[random_() % enabled.size()];
}

// The order of threads is that of their names, as samplers want it.
Dpor::Choice Dpor::sampled_choice(Engine& e) {
  order_.look(e);
  if (!e.launchable().empty())
    return {{*std::find_if(order_.all().begin(), order_.all().end(),
                           [&](Tid t) { return e.launchable().contains(t); }),
             0}};
  enabled_.clear();
  const auto add = [this](Tid t, Alternative a) { enabled_.push_back({t, a}); };
  if (const Tid holder = e.gluing() ? held(e) : kNoThread; holder != kNoThread)
    for_each_alternative(e, holder, add);
  else
    for (const Tid t : order_.all())
      if (e.ready().contains(t)) for_each_alternative(e, t, add);
  if (enabled_.empty()) return {kStop};
  return {sampler_->choose(e, enabled_, *rng_), true};
}

bool Dpor::asleep(const Transition& t, const Node& node) const {
  for (std::uint32_t s = node.done_begin; s != node.done_end; ++s)
    if (done_[s].tid == t.tid && done_[s].alt == t.alt) return true;
  return false;
}

[[gnu::always_inline]] inline void Dpor::commit(Engine& e, Decision choice, Branch subtree) {
  const auto d = static_cast<std::size_t>(history_.size());
  if (d == capacity_) [[unlikely]]
    make_room();
  HistoryEvent& ev = inspector_.commit(e, choice.tid, choice.alt);
  races_.add_event(e, ev);
  script_[d] = choice;

  // The next node: whatever is independent of this event stays asleep.
  const Node& node = nodes_[d];
  Node& child = nodes_[d + 1];
  child.pending = subtree;
  child.done_begin = child.done_end = node.done_end;
  if (node.done_begin != node.done_end) {
    done_.resize(node.done_end);
    for (std::uint32_t s = node.done_begin; s != node.done_end; ++s)
      if (const Transition x = done_[s]; independent(x, ev.t)) done_.push_back(x);
    child.done_end = static_cast<std::uint32_t>(done_.size());
  }
  if (history_.size() <= catching_up_) [[unlikely]]
    catch_up(child);
}

void Dpor::end(Engine& e, Outcome o) {
  assert(o != Outcome::Stopped || !options_.optimal);
  if (o == Outcome::Truncated && bound_endless_loop(e, history_)) return;
  Contiguous order;
  if (e.gluing() && o != Outcome::Stopped && o != Outcome::Aborted)
    order = make_contiguous(e, history_, races_);
  if (order.possible)
    inspector_.end(e, o, order.order);
  else
    inspector_.drop(e);
  if (o != Outcome::Aborted) detect_races(e, o);
}

bool Dpor::unordered_access(const Engine& e, ObjectId o) const {
  return !races_.ordered(e, o, const_cast<Engine&>(e).self().id);
}

// --- races, at the end of an execution

void Dpor::detect_races(Engine& e, Outcome outcome) {
  auto& races = races_.list();
  counters_.races += races.size();
  for (Race& r : races) {
    if (r.decided < branch_ && !options_.rescan_all) continue;
    if (!options_.optimal && r.j < branch_ && !options_.rescan_all) continue;
    ++counters_.tested;
    const Reversal v = races_.reversal(e, r);
    if (options_.optimal)
      r.decided = std::max(reverse(v), v.unsettled ? INT_MAX : 0);
    else
      insert_initial(v);
  }
  // Blocked operations: of a deadlock, of threads that an exit killed, or behind sleeping ones (Source).
  if (outcome != Outcome::Complete || e.exited())
    races_.for_each_pending(e, [&](const Reversal& v) {
      ++counters_.races;
      ++counters_.tested;
      if (options_.optimal)
        reverse(v);
      else
        insert_initial(v);
    });
}

// v_ := notdep(E[i], E) up to depth `end`, with e2 in its place. For an executed e2 that is its own depth (nothing
// that follows it in v depends on it), for one that was only pending the first depth at which it was. That is
// equivalent to e2 at the end, keeps v alike between executions with a common prefix, and makes short sequences.
void Dpor::collect_notdep(const Reversal& r, Step end) {
  if (end >= v_capacity_) [[unlikely]]
    v_.resize(static_cast<std::size_t>(v_capacity_ = 2 * end + 1));
  Item* out = v_.data();
  auto take = [&](Step k) { *out++ = {history_[k].t, k}; };
  races_.for_each_not_after(r.i, r.i + 1, std::min(r.place, end), take);
  *out++ = {r.e2, r.place};
  races_.for_each_not_after(r.i, r.place + r.executed, end, take);
  v_size_ = static_cast<int>(out - v_.data());
}

// Makes sure that v gets explored from node i. Returns the depth up to which events must stay for the same verdict.
Step Dpor::reverse(const Reversal& r) {
  collect_notdep(r, history_.size());
  const Node& node = nodes_[static_cast<std::size_t>(r.i)];
  // Covered by what is asleep or explored? Prefer the witness that lasts longest.
  Step lasts = INT_MAX;
  bool covered = false;
  for (std::uint32_t s = node.done_begin; s != node.done_end && lasts > r.place; ++s) {
    Step seen;
    if (initial_in(done_[s], v_.data(), v_size_, seen) != kNotInitial) {
      covered = true;
      lasts = std::min(lasts, seen);
    }
  }
  if (covered) return lasts;
  if (r.i < root_) return give_away(r.i, r.place);
  return insert(r.i, r.place);
}

// What sleeps while v_ is followed: executing t wakes what depends on it.
inline void Dpor::wake(const Transition& t) {
  std::size_t n = 0;
  for (const Transition& s : asleep_)
    if (independent(s, t)) asleep_[n++] = s;
  asleep_.resize(n);
}

// Inserts v_ into the wakeup tree of node i. A sequence ends where nothing sleeps any more: a free continuation
// explores the rest.
Step Dpor::insert(Step i, Step place) {
  Node& node = nodes_[static_cast<std::size_t>(i)];
  if (options_.trim) {
    asleep_.assign(done_.begin() + node.done_begin, done_.begin() + node.done_end);
    asleep_.push_back(history_[i].t);
  }
  Item* const v = v_.data();
  Step decided = place;  // e2 itself must be there
  Branch owner = WakeupTree::kNone, first = node.pending;
  for (;;) {
    Branch last = WakeupTree::kNone, b = first;
    int at = kNotInitial;
    for (; b != WakeupTree::kNone; last = b, b = tree_[b].next) {
      Step seen;
      at = initial_in(tree_[b].t, v, v_size_, seen);
      decided = std::max(decided, seen);
      if (at != kNotInitial) break;
      if (options_.trim) asleep_.push_back(tree_[b].t);  // an earlier sibling will be asleep by then
    }
    if (b == WakeupTree::kNone) {  // append v as a new chain
      ++counters_.inserted;
      bool sibling = last != WakeupTree::kNone;
      if (sibling) owner = last;
      for (int k = 0; k < v_size_; ++k) {
        const Item& item = v[k];
        const Branch nb = tree_.add(item.t);
        if (owner == WakeupTree::kNone)
          node.pending = nb;
        else if (sibling)
          tree_.set_next(owner, nb);
        else
          tree_.set_child(owner, nb);
        owner = nb;
        sibling = false;
        decided = std::max(decided, item.at);
        if (options_.trim) {
          wake(item.t);
          if (asleep_.empty()) return decided;
        }
      }
      return INT_MAX;
    }
    if (at >= 0) std::copy(v + at + 1, v + v_size_--, v + at);
    if (options_.trim) wake(tree_[b].t);
    if (v_size_ == 0) return decided;
    owner = b;
    first = tree_[b].child;
    if (first == WakeupTree::kNone) return decided;  // a leaf: its exploration covers v
  }
}

// Source-DPOR: unless an initial of the short sequence is explored, asleep or pending already, adds one.
void Dpor::insert_initial(const Reversal& r) {
  if (r.i < root_) return;
  collect_notdep(r, std::max(r.place, r.i + 1));
  Node& node = nodes_[static_cast<std::size_t>(r.i)];
  auto is_initial = [&](std::size_t k) {
    for (std::size_t x = 0; x < k; ++x)
      if (!independent(v_[x].t, v_[k].t)) return false;
    return true;
  };
  const auto size = static_cast<std::size_t>(v_size_);
  std::size_t chosen = size;
  Branch last = WakeupTree::kNone;
  for (std::size_t k = 0; k < size; ++k) {
    if (!is_initial(k)) continue;
    if (chosen == size) chosen = k;
    auto same = [&](const Transition& t) { return t.tid == v_[k].t.tid && t.alt == v_[k].t.alt; };
    if (same(history_[r.i].t) || asleep(v_[k].t, node)) return;
    for (Branch b = node.pending; b != WakeupTree::kNone; last = b, b = tree_[b].next)
      if (same(tree_[b].t)) return;
  }
  ++counters_.inserted;
  const Branch nb = tree_.add(v_[chosen].t);
  if (last == WakeupTree::kNone)
    node.pending = nb;
  else
    tree_.set_next(last, nb);
}

}  // namespace raddle::explore
