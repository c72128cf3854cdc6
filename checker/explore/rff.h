// Reads-from fuzzing (Wolff, Shi, Duck, Mathur, Roychoudhury: Greybox Fuzzing for Concurrency Testing, ASPLOS 2024). An
// *abstract schedule* is a set of constraints: an abstract event is to read from another one (see reads_from.h), or is not
// to. It is followed as far as it can be: who would break a constraint waits as long as others can go on; otherwise the
// order is that of partial order sampling. Abstract schedules whose runs have shown a new pair are kept, and mutated: one
// constraint more, less, another, or the opposite. Those are preferred whose combination of pairs has been rare (the
// paper's power schedule).
//
// What has been learnt is forgotten at the beginning of each block of runs: so blocks can be executed anywhere.
#pragma once
#include "checker/explore/pos.h"
#include "checker/explore/reads_from.h"

namespace raddle::explore {

class Rff : public Sampler {
 public:
  void begin_block() override;
  void begin(const Profile& profile, Rng& rng) override;
  engine::Decision choose(const engine::Engine& e, std::span<const engine::Decision> enabled,
                          Rng& rng) override;
  bool learns() const override { return true; }
  void end() override;

 private:
  struct Constraint {
    ReadsFrom::Id write = 0, read = 0;
    engine::ObjectId object = 0;
    bool forbidden = false;  // to read from it; else required
    // in this run
    bool over = false;  // followed, or given up
    engine::Step held_back = 0;
  };
  using Schedule = std::vector<Constraint>;
  struct Entry {
    Schedule schedule;
    std::uint64_t combination = 0;
  };

  const Schedule& pick_entry(Rng& rng) const;
  Constraint draw(Rng& rng) const;
  void mutate(Rng& rng);
  bool holds_back(Constraint& c, const engine::Engine& e, engine::Tid t, ReadsFrom::Id event) const;
  void executed(const engine::Operation& op, ReadsFrom::Id event);

  ReadsFrom reads_from_;
  Pos pos_;
  std::vector<Entry> corpus_;
  engine::FlatMap<std::uint32_t> frequency_;  // of combinations
  Schedule schedule_;                         // of this run
  engine::Step patience_ = 0;                 // steps for which a constraint may hold somebody back
  std::vector<engine::Decision> allowed_;
};

}  // namespace raddle::explore
