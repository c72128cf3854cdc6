// An exhaustive search in leases, several of them in flight, that are given back in any order.
#pragma once
#include <random>

#include "checker/explore/exploration_tree.h"
#include "tests/support/search.h"

namespace raddle::test {

struct LeaseOptions {
  unsigned seed = 1;
  std::size_t in_flight = 8;
  unsigned quota = 8;    // executions per lease: 1 to this
  unsigned cancel = 16;  // one in so many leases is lost
  bool retain_always = false;
};

/// Each lease is explored as soon as it is taken, and counts as in flight until it is given back: what it has explored
/// is the same whenever that was.
class LeaseSearch : public engine::Strategy {
 public:
  LeaseSearch(explore::Inspector& inspector, explore::Dpor::Options dpor, const LeaseOptions& o)
      : inspector_(inspector), dpor_(inspector, dpor), options_(o), random_(o.seed) {}

  bool begin(engine::Engine& e) override {
    if (leased_) {
      if (!dpor_.finished() && executed_ < quota_) return next(e);
      in_flight_.push_back({root_, lease_, dpor_.give_back()});
      leased_ = false;
    }
    for (;;) {
      const auto parts = tree_.parts();
      const bool full = in_flight_.size() >= options_.in_flight;
      if (!in_flight_.empty() && (full || parts.empty() || below(3) == 0)) {
        give_back_one();
        continue;
      }
      if (parts.empty()) {
        exhausted_ = tree_.finished();
        inspector_.exhausted();
        return false;
      }
      explore::ExplorationTree::Part part = parts[below(parts.size())];
      if (below(2) && tree_.split(part)) continue;
      if (options_.retain_always) part.first = false;
      lease_ = tree_.lease(part, root_);
      ++leases_;
      if (options_.cancel && below(options_.cancel) == 0) {
        tree_.cancel(root_, lease_);
        continue;
      }
      dpor_.take(lease_);
      leased_ = true;
      quota_ = 1 + below(options_.quota);
      executed_ = 0;
      return next(e);
    }
  }
  engine::Decision pick(engine::Engine& e, engine::Tid current) override { return dpor_.pick(e, current); }
  void end(engine::Engine& e, engine::Outcome o) override { dpor_.end(e, o); }
  void restart(engine::Engine& e) override {
    dpor_.restart(e);
    tree_ = {};
    in_flight_.clear();
    leased_ = false;
  }
  bool unordered_access(const engine::Engine& e, engine::ObjectId o) const override {
    return dpor_.unordered_access(e, o);
  }

  const explore::Dpor& dpor() const { return dpor_; }
  const explore::ExplorationTree& tree() const { return tree_; }
  bool exhausted() const { return exhausted_; }
  std::uint64_t leases() const { return leases_; }

 private:
  struct InFlight {
    explore::ExplorationTree::NodeId root;
    explore::Lease lease;
    explore::LeaseResult result;
  };
  bool next(engine::Engine& e) {
    ++executed_;
    return dpor_.begin(e);
  }
  void give_back_one() {
    const std::size_t k = below(in_flight_.size());
    tree_.give_back(in_flight_[k].root, in_flight_[k].result);
    in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(k));
  }
  std::size_t below(std::size_t n) { return random_() % n; }

  explore::Inspector& inspector_;
  explore::Dpor dpor_;
  LeaseOptions options_;
  explore::ExplorationTree tree_;
  std::minstd_rand random_;
  std::vector<InFlight> in_flight_;
  explore::ExplorationTree::NodeId root_ = 0;
  explore::Lease lease_;
  std::size_t quota_ = 0, executed_ = 0;
  std::uint64_t leases_ = 0;
  bool leased_ = false, exhausted_ = false;
};

struct LeaseSearched : Searched {
  std::uint64_t leases = 0;
  bool exhausted = false;
};

template <class F>
LeaseSearched search_in_leases(const F& program, const SearchOptions& o, const LeaseOptions& leases) {
  engine::Engine e;
  e.set_notify_any(o.notify_any);
  e.set_revealed(o.revealed);
  e.set_timeouts(o.timeouts);
  explore::Inspector inspector;
  inspector.set_limits({.executions = o.limit});
  inspector.count_classes(true);
  inspector.count_each_class(true);
  LeaseSearch search(inspector, o.dpor, leases);
  Model<F> model(program);
  e.run(search, model);
  return {{inspector.statistics(), search.dpor().counters(), inspector.class_counts(), e.revealed()},
          search.leases(),
          search.exhausted()};
}

}  // namespace raddle::test
