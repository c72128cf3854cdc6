#include "checker/explore/bounded.h"

#include <algorithm>

#include "checker/explore/endless_loop.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr std::uint64_t kRunning = 0xBF58476D1CE4E5B9ull;
constexpr std::uint64_t kNobody = 0x94D049BB133111EBull;

}  // namespace

Bounded::Bounded(Inspector& inspector, Options options)
    : inspector_(inspector),
      history_(inspector.history()),
      options_(options),
      races_(history_),
      switches_(options.kind) {
  inspector_.count_classes(true);
}

void Bounded::restart(Engine&) {
  inspector_.restart();
  races_.rewind(0);
  states_.clear();
  buckets_.clear();
  moves_.clear();
  levels_.clear();
  schedule_.clear();
  places_.clear();
  cost_ = 0;
  cost_begin_ = 0;
  started_ = left_out_ = false;
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
  if (!started_) {
    started_ = true;
    moves_.push_back({});
    places_.push_back({0, 0});  // main is running
    buckets_.resize(1);
    return true;
  }
  Branch b;
  if (!next_branch(b)) {
    inspector_.exhausted();
    return false;
  }
  follow(e, b);
  return true;
}

// What has been reached meanwhile is passed over: each execution begins with something new.
bool Bounded::next_branch(Branch& b) {
  for (;;) {
    auto& bucket = buckets_[static_cast<std::size_t>(cost_)];
    while (!bucket.empty()) {
      b = bucket.back();
      bucket.pop_back();
      if (states_.insert(b.state).second) return true;
    }
    finish_cost();
    if (cost_ == options_.bound) return false;
    const bool more = std::any_of(buckets_.begin(), buckets_.end(), [](const auto& x) { return !x.empty(); });
    if (!more && options_.bound < 0) return false;
    ++cost_;
    cost_begin_ = static_cast<Node>(moves_.size());
    if (buckets_.size() <= static_cast<std::size_t>(cost_))
      buckets_.resize(static_cast<std::size_t>(cost_) + 1);
  }
}

void Bounded::finish_cost() {
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
  way.back() = {b.tid, b.alt};
  Node n = b.from;
  for (std::size_t at = kept + length; at > kept; n = moves_[n].parent) {
    places_[at].node = n;
    way[--at] = {moves_[n].tid, moves_[n].alt};
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
    if (beyond && left_out_) return;
    const Branch b{state_after(e, d), here.node, static_cast<std::uint16_t>(t), a};
    if (states_.contains(b.state)) return;
    if (beyond)
      left_out_ = true;
    else
      candidates_.push_back({b, cost, switches_.rank(t), e.thread(t).last_step});
  });
  // Taken from the back. As unfair as the reductions: who ran last goes on, so that loops that never end are found
  // (endless_loop.h). By rank, so that the order is one of the program, and not of the search.
  std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& x, const Candidate& y) {
    if (x.latest != y.latest) return x.latest < y.latest;
    return x.rank != y.rank ? x.rank > y.rank : x.branch.alt > y.branch.alt;
  });
  for (const Candidate& c : candidates_) {
    const auto cost = static_cast<std::size_t>(c.cost);
    if (buckets_.size() <= cost) buckets_.resize(cost + 1);
    buckets_[cost].push_back(c.branch);
  }
  return any;
}

Decision Bounded::free(Engine& e) {
  auto size = [this] { return buckets_[static_cast<std::size_t>(cost_)].size(); };
  const std::size_t before = size();
  if (!collect(e)) return kStop;
  if (options_.kind == BoundKind::Preemptions && switches_.forgets() && history_.size() > 0 &&
      !states_.insert(inspector_.class_fingerprint() + kNobody).second) {
    buckets_[static_cast<std::size_t>(cost_)].resize(before);
    return kStop;  // all that can follow has been explored, or will be
  }
  while (size() > before) {
    const Branch b = buckets_[static_cast<std::size_t>(cost_)].back();
    buckets_[static_cast<std::size_t>(cost_)].pop_back();
    if (!states_.insert(b.state).second) continue;
    const Decision d{static_cast<Tid>(b.tid), b.alt};
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
    moves_.push_back({places_[at].node, static_cast<std::uint16_t>(d.tid), d.alt});
    places_.push_back(next);
  } else {
    places_[at + 1].last = next.last;
  }
  races_.add_event(e, inspector_.commit(e, d.tid, d.alt));
  return d;
}

void Bounded::end(Engine& e, Outcome o) {
  if (o == Outcome::Truncated && bound_endless_loop(e, history_)) return;
  inspector_.end(e, o);
}

bool Bounded::unordered_access(const Engine& e, ObjectId o) const {
  return !races_.ordered(e, o, const_cast<Engine&>(e).self().id);
}

}  // namespace raddle::explore
