// Sampling: one execution after another, each chosen by a Sampler, until a limit is reached. The schedule of run i is a
// function of (seed, i), of the first run, and of the earlier runs of its own block of Sampler::kBlock, as far as the
// sampler learns from them; whatever else was executed in between.
#pragma once
#include "checker/explore/class_sample.h"
#include "checker/explore/inspector.h"
#include "checker/explore/ordered_pairs.h"
#include "checker/explore/random_walk.h"
#include "checker/explore/sampler.h"
#include "checker/explore/thread_order.h"

namespace raddle::explore {

class Sampling : public engine::Strategy {
 public:
  /// The number of runs is the inspector's limit. `sampler` must outlive the strategy.
  Sampling(Inspector& inspector, Sampler& sampler, std::uint64_t seed);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine&, engine::Tid current) override;
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;

  /// The number of the run that comes next, from 0.
  std::uint64_t next_run() const { return run_; }
  /// May runs depend on those before them in their block?
  bool learns() const { return wanted_.may_learn(); }
  const ClassSample& classes() const { return classes_; }
  const OrderedPairs& pairs() const { return pairs_; }

  // --- for searches in several processes, or in parts
  /// Goes on with run `run`, the first of its block unless it is the next one. What has been met counts for nothing
  /// here: it is for `save`. Precondition: the first run has been executed.
  void take(std::uint64_t run);
  /// Goes on with run `run`, as `take`, but what is met counts here.
  void go_on_with(std::uint64_t run) { run_ = run; }
  /// Takes over how the first run looked like, which another one has executed here. The sampler must be the same.
  void take_first_run(const Sampling& other) { profile_ = other.profile_; }
  /// From now on, what runs meet is also for `save`.
  void begin_news();
  /// What the runs since `take` or `begin_news` have met; and that of others here, which have executed all up to run
  /// `next`.
  void save(engine::WireWriter& out) const;
  /// Throws engine::WireError.
  void merge(engine::WireReader& in, std::uint64_t next);
  /// All that has been met; and to start from that instead. Throws engine::WireError.
  void save_all(engine::WireWriter& out) const;
  void restore_all(engine::WireReader& in);

 private:
  /// What one run has met.
  struct Met {
    std::uint64_t print = 0;
    bool draw = false;
  };
  void count_run();
  void save_pairs(engine::WireWriter& out, std::size_t from) const;
  void merge_pairs(engine::WireReader& in);
  engine::Tid to_launch(const engine::Engine&);
  engine::Decision pick_event(engine::Engine&);
  void collect_in_order(const engine::Engine&);

  Inspector& inspector_;
  Sampler& wanted_;
  RandomWalk first_;  // the first run is a random walk, always
  Sampler* sampler_ = nullptr;
  std::uint64_t seed_, run_ = 0;
  Profile profile_;
  Rng rng_;
  ThreadOrder order_;
  ClassSample classes_;  // elsewhere_: of the runs since `take`, as pairs_
  OrderedPairs pairs_;
  bool elsewhere_ = false;        // what is met counts in another process
  bool news_ = false;             // what is met is for `save`
  std::vector<Met> met_;          // for that
  std::size_t pairs_before_ = 0;  // the news
  engine::List<engine::Decision> enabled_;
};

}  // namespace raddle::explore
