#include "checker/explore/diverse_search.h"

#include <algorithm>
#include <utility>

namespace raddle::explore {

using namespace engine;
using Part = ExplorationTree::Part;

namespace {

// Of the first so many executions every second one comes in depth-first order: it finds at once what takes two events that
// have come last. Of the others, so that a loop that goes on for ever is noticed, one in so many.
constexpr std::uint64_t kHalfAndHalf = 16, kOneIn = 8;

constexpr std::uint64_t kFirst = 1000;  // executions of Order::Mixed in depth-first order

}  // namespace

DiverseSearch::Options DiverseSearch::Options::of(Order order, Dpor::Options dpor) {
  Options o{.dpor = dpor};
  if (order == Order::Mixed) o.depth_first = kFirst;
  if (order == Order::DepthFirst) o.executions = 0;
  return o;
}

DiverseSearch::DiverseSearch(Inspector& inspector, Options options)
    : inspector_(inspector), options_(options), dpor_(inspector, options.dpor) {}

void DiverseSearch::restart(Engine& e) {
  dpor_.restart(e);
  go_on_with({});
  executed_ = 0;
}

void DiverseSearch::end(Engine& e, Outcome o) {
  dpor_.end(e, o);
  ++executed_;
}

// Of the execution that comes next: from 0, where those begin that are unlike each other. Huge before that.
std::uint64_t DiverseSearch::number() const {
  return inspector_.statistics().executions + inspector_.statistics().dropped - options_.depth_first;
}

bool DiverseSearch::is_early() const {
  return number() < options_.executions && tree_.size() < options_.most_nodes;
}

bool DiverseSearch::begin(Engine& e) {
  if (leased_ && executed_ > 0) {
    if (!single_ && !is_early() && !dpor_.finished()) return dpor_.begin(e);
    if (inspector_.is_to_stop()) return false;
    give_back();
  }
  if (tree_.finished()) {
    inspector_.exhausted();
    return false;
  }
  single_ = is_early();
  lease_ = tree_.lease(choose(), root_);
  leased_ = true;
  executed_ = 0;
  dpor_.take(lease_, this);
  return dpor_.begin(e);
}

// What comes next, and who chooses behind it.
Part DiverseSearch::choose() {
  dpor_.set_free_choice(nullptr, nullptr);
  const std::uint64_t i = number();
  if (!single_ || i % (i < kHalfAndHalf ? 2 : kOneIn) == 0) return tree_.first_part();
  rng_ = Rng(0, i);
  Sampler* const samplers[] = {&pos_, &pos_, &walk_, &sticky_};
  Sampler* const sampler = samplers[rng_.below(std::size(samplers))];
  Profile profile;
  profile.events = inspector_.statistics().longest;
  sampler->begin(profile, rng_);
  dpor_.set_free_choice(sampler, &rng_);
  // As likely near the root as anywhere below it: what is pending there leads furthest away.
  const Part part = tree_.find_part([this](std::size_t children, bool may_end) -> std::size_t {
    if (may_end && rng_.below(2) == 0) return children;
    return rng_.below(static_cast<std::uint32_t>(children));
  });
  return part.node == ExplorationTree::kNone ? tree_.first_part() : part;
}

void DiverseSearch::give_back() {
  tree_.give_back(root_, dpor_.give_back());
  peak_ = std::max(peak_, tree_.size());
  leased_ = false;
}

// --- its state

std::uint64_t DiverseSearch::pending() const {
  // A part that is leased counts as one.
  return tree_.pending() + (leased_ ? dpor_.pending() - 1 : 0);
}

ExplorationTree& DiverseSearch::left() {
  if (!leased_) return tree_;
  if (executed_ == 0) return left_without_latest();
  give_back();
  return tree_;
}

ExplorationTree& DiverseSearch::left_without_latest() {
  if (!leased_) return tree_;
  if (executed_ > 1) {
    dpor_.undo();
    give_back();
  } else {
    tree_.cancel(root_, lease_);
    leased_ = false;
  }
  return tree_;
}

void DiverseSearch::go_on_with(ExplorationTree tree) {
  tree_ = std::move(tree);
  leased_ = false;
}

}  // namespace raddle::explore
