#include "checker/explore/bounded.h"

#include <algorithm>

#include "checker/explore/endless_loop.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr std::uint64_t kRunning = 0xBF58476D1CE4E5B9ull;
constexpr std::uint64_t kNobody = 0x94D049BB133111EBull;
constexpr std::uint64_t kEnded = 0xD6E8FEB86659FD93ull;
constexpr std::size_t kMostBeyond = 4096;

}  // namespace

Bounded::Bounded(Inspector& inspector, Options options)
    : inspector_(inspector),
      history_(inspector.history()),
      options_(options),
      races_(history_),
      switches_(options.kind) {
  inspector_.count_classes_elsewhere();
}

void Bounded::restart(Engine&) {
  inspector_.restart();
  races_.rewind(0);
  states_.clear();
  shared_ = nullptr;
  entered_ = 0;
  beyond_.clear();
  entered_now_.clear();
  buckets_.clear();
  moves_.clear();
  levels_.clear();
  schedule_.clear();
  places_.clear();
  cost_ = 0;
  cost_begin_ = 0;
  started_ = leased_ = false;
  switches_ = SwitchCost(options_.kind);
}

std::size_t Bounded::bytes() const {
  std::size_t all = states_.bytes() + moves_.capacity() * sizeof(Move);
  for (const auto& bucket : buckets_) all += bucket.capacity() * sizeof(Branch);
  return all;
}

// --- which execution comes next

bool Bounded::begin(Engine& e) {
  if (!may_continue()) return false;
  entered_now_.clear();
  if (!started_) {
    started_ = true;
    moves_.push_back({});
    places_.push_back({0, 0});  // main is running
    buckets_.resize(1);
    return true;
  }
  if (!next_branch(begun_with_)) {
    if (!leased_) inspector_.exhausted();
    return false;
  }
  sizes_before_.clear();
  for (const auto& branches : buckets_) sizes_before_.push_back(branches.size());
  follow(e, begun_with_);
  return true;
}

bool Bounded::enter(std::uint64_t state) {
  const bool fresh = shared_ ? shared_->insert(state) : states_.insert(state).second;
  if (fresh) {
    ++entered_;
    entered_now_.push_back(state);
  }
  return fresh;
}

bool Bounded::is_known(std::uint64_t state) const {
  return shared_ ? shared_->contains(state) : states_.contains(state);
}

std::vector<Bounded::Branch>& Bounded::bucket(int cost) {
  const auto i = static_cast<std::size_t>(cost);
  if (buckets_.size() <= i) buckets_.resize(i + 1);
  return buckets_[i];
}

// What has been reached meanwhile is passed over: each execution begins with something new.
bool Bounded::next_pending(Branch& b) {
  auto& branches = bucket(cost_);
  while (!branches.empty()) {
    b = branches.back();
    branches.pop_back();
    if (enter(b.state)) return true;
  }
  return false;
}

bool Bounded::next_branch(Branch& b) {
  for (;;) {
    if (next_pending(b)) return true;
    if (leased_ || !next_cost()) return false;
  }
}

bool Bounded::next_cost() {
  finish_cost();
  if (cost_ == options_.bound) return false;
  bool more = false;
  for (auto& branches : buckets_) {
    std::erase_if(branches, [this](const Branch& b) { return is_known(b.state); });
    more |= !branches.empty();
  }
  if (!more && options_.bound < 0) return false;
  ++cost_;
  cost_begin_ = static_cast<Node>(moves_.size());
  bucket(cost_);
  return true;
}

bool Bounded::left_out() const {
  return beyond_.size() >= kMostBeyond ||
         std::any_of(beyond_.begin(), beyond_.end(),
                     [this](std::uint64_t state) { return !is_known(state); });
}

Bounded::Choice Bounded::choice_of(const Engine& e, Decision d) {
  const bool wakes = d.alt != 0 && d.alt != kExpire && e.thread(d.tid).op.kind == OpKind::NotifyOne;
  Choice c;
  c.tid = static_cast<std::uint16_t>(d.tid & 0x7FFF);
  c.wakes = wakes;
  c.alt = d.alt;
  return c;
}

void Bounded::finish_cost() {
  if (levels_.size() > static_cast<std::size_t>(cost_)) return;
  std::vector<Branch>().swap(buckets_[static_cast<std::size_t>(cost_)]);
  levels_.push_back({inspector_.statistics().executions, inspector_.statistics().classes});
}

// At the highest cost nothing refers to nodes of subtrees that are finished, since branches are taken depth first.
void Bounded::forget_finished(Node from) {
  if (cost_ == options_.bound) moves_.resize(std::max(cost_begin_, from + 1));
}

// The next execution leads to `b`. The events that it shares with the one before stay.
void Bounded::follow(Engine& e, const Branch& b) {
  // Nodes are numbered as they are made: along a path they ascend.
  auto shared = [this](Node n) {
    const auto at = std::lower_bound(places_.begin(), places_.end(), n,
                                     [](const Place& p, Node node) { return p.node < node; });
    return at != places_.end() && at->node == n ? at - places_.begin() : -1;
  };
  std::vector<Decision>& way = schedule_;
  std::ptrdiff_t common;
  std::size_t length = 0;
  for (Node n = b.from; (common = shared(n)) < 0; n = moves_[n].parent) ++length;
  const auto kept = static_cast<std::size_t>(common);
  places_.resize(kept + 1);
  way.resize(kept + length + 1);
  places_.resize(kept + length + 1);
  way.back() = {static_cast<Tid>(b.choice.tid), b.choice.alt};
  Node n = b.from;
  for (std::size_t at = kept + length; at > kept; n = moves_[n].parent) {
    places_[at].node = n;
    way[--at] = {static_cast<Tid>(moves_[n].choice.tid), moves_[n].choice.alt};
  }
  expected_ = b.state;
  races_.rewind(static_cast<engine::Step>(kept));
  inspector_.rewind(static_cast<engine::Step>(kept));
  forget_finished(b.from);
  e.set_script(way.data(), static_cast<engine::Step>(kept));
}

// --- one execution

Decision Bounded::pick(Engine& e, Tid) {
  if (!e.launchable().empty()) return {e.launchable().first(), 0};
  return static_cast<std::size_t>(history_.size()) < schedule_.size() ? guided(e) : free(e);
}

std::uint64_t Bounded::state_after(const Engine& e, Decision d) const {
  const Tid last = switches_.running_after(e, places_[static_cast<std::size_t>(history_.size())].last, d);
  return inspector_.class_fingerprint() + next_fingerprint(e, history_, d.tid, d.alt) +
         (last == kNoThread ? 0 : e.thread(last).name * kRunning);
}

// The way to a branch, which was possible when it was made.
Decision Bounded::guided(Engine& e) {
  const auto at = static_cast<std::size_t>(history_.size());
  const Decision d = schedule_[at];
  bool possible = false;
  if (e.ready().contains(d.tid))
    for_each_alternative(e, d.tid, [&](Tid, Alternative a) { possible |= a == d.alt; });
  const bool arrives = at + 1 == schedule_.size();
  if (!possible || (arrives && state_after(e, d) != expected_)) {
    e.abort_from_strategy("the model did not do the same again under the same schedule: thread " +
                          std::to_string(d.tid) + " was to go on in another way");
    return kStop;
  }
  return commit(e, d);
}

// Collects what can come next. false: nothing can.
bool Bounded::collect(Engine& e) {
  const Place& here = places_[static_cast<std::size_t>(history_.size())];
  bool any = false;
  switches_.look(e, here.last);
  candidates_.clear();
  for_each_possible(e, [&](Tid t, Alternative a) {
    any = true;
    const Decision d{t, a};
    if (!allows(e, d)) return;
    const int cost = cost_ + switches_.of(d);
    const bool beyond = options_.bound >= 0 && cost > options_.bound;
    if (beyond && beyond_.size() >= kMostBeyond) return;
    const Branch b{state_after(e, d), here.node, choice_of(e, d)};
    if (is_known(b.state)) return;
    if (beyond)
      beyond_.push_back(b.state);
    else
      candidates_.push_back({b, cost, switches_.rank(t), e.thread(t).last_step});
  });
  // Taken from the back. As unfair as the reductions: who ran last goes on, so that loops that never end are found
  // (endless_loop.h). By rank, so that the order is one of the program, and not of the search.
  std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& x, const Candidate& y) {
    if (x.latest != y.latest) return x.latest < y.latest;
    return x.rank != y.rank ? x.rank > y.rank : x.branch.choice.alt > y.branch.choice.alt;
  });
  for (const Candidate& c : candidates_) bucket(c.cost).push_back(c.branch);
  return any;
}

Decision Bounded::free(Engine& e) {
  const std::size_t before = pending();
  if (!collect(e)) return kStop;
  if (options_.kind == BoundKind::Preemptions && switches_.forgets() && history_.size() > 0 &&
      !enter(inspector_.class_fingerprint() + kNobody)) {
    bucket(cost_).resize(before);
    return kStop;  // all that can follow has been explored, or will be
  }
  if (!has_room()) return kStop;  // what can follow is pending
  while (pending() > before) {
    const Branch b = bucket(cost_).back();
    bucket(cost_).pop_back();
    if (!enter(b.state)) continue;
    const Decision d{static_cast<Tid>(b.choice.tid), b.choice.alt};
    schedule_.push_back(d);
    return commit(e, d);
  }
  return kStop;
}

Decision Bounded::commit(Engine& e, Decision d) {
  const auto at = static_cast<std::size_t>(history_.size());
  const bool arrives = at + 1 == schedule_.size();
  Place next{0, switches_.running_after(e, places_[at].last, d)};
  if (arrives) {
    next.node = static_cast<Node>(moves_.size());
    moves_.push_back({places_[at].node, choice_of(e, d)});
    places_.push_back(next);
  } else {
    places_[at + 1].last = next.last;
  }
  races_.add_event(e, inspector_.commit(e, d.tid, d.alt));
  return d;
}

void Bounded::end(Engine& e, Outcome o) {
  if (o == Outcome::Truncated && bound_endless_loop(e, history_)) return;
  const std::uint64_t before = inspector_.statistics().executions;
  inspector_.end(e, o);
  if (inspector_.statistics().executions == before || inspector_.ended_in_haste()) return;
  // A class may end with one thread or another running.
  const std::uint64_t print = inspector_.class_fingerprint();
  if (enter(print + kEnded)) inspector_.add_class(print);
}

bool Bounded::unordered_access(const Engine& e, ObjectId o) const {
  return !races_.ordered(e, o, const_cast<Engine&>(e).self().id);
}

}  // namespace raddle::explore
