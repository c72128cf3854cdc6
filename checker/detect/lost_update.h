// Lost updates without an assertion: a thread reads a location, another one writes it, and the first then overwrites
// that write with a value that it computed from what it had read.
//
// A candidate is a pair (r, w) of the same thread on the same location: r its latest read, w a plain write with no
// other access of the thread to the location in between, other threads' writes in between, and the value overwritten
// different from the value read (so a write that restored it does not count; that w itself may be silent, as in the
// classic 0 -> 1, 1, matters not). Locks are ignored: the pair may span several critical sections.
//
// A candidate is *proven* when w's value depends on r's: two executions in which the thread had learnt exactly the
// same before w except for r's result, which differed, and in which w's values differed too. Threads are
// deterministic functions of what their visible operations return, so that is a proof. Proven: error. Else the value
// written may be unrelated (a flag, a reset): note.
#pragma once
#include "checker/detect/detector.h"
#include "checker/engine/flat_map.h"

namespace raddle::detect {

class LostUpdate : public Detector {
 public:
  std::uint64_t interests() const override { return bit(engine::OpKind::Write); }
  void event(const engine::Engine&, const engine::History&, engine::Step, Sink&) override;
  void save(engine::WireWriter& out, bool everything) override;
  void merge(engine::WireReader& in) override;
  bool is_worse(engine::WireReader& in) const override;
  void restart() override;
  Severity severity(const Observation& o) const override {
    return proven_.contains(o.key) ? Severity::Error : Severity::Note;
  }
  /// Observation::steps: the stale read, the overwritten write, the write that loses it.
  enum Steps { kRead, kOverwritten, kWrite };

 private:
  struct Sample {
    std::uint64_t key = 0, read = 0, written = 0;
  };
  void sample(const engine::History&, engine::Step read, engine::Step write, std::uint64_t key,
              std::uint64_t thread);
  void add(std::uint64_t id, const Sample& sample);
  void prove(std::uint64_t key);

  static constexpr std::size_t kMaxSamples = 1 << 16;
  engine::FlatMap<engine::Nothing> proven_;  // keys: (place of r, place of w, object)
  engine::FlatMap<Sample> samples_;          // by key, thread and its past but for r's result
  struct Log {
    std::vector<std::uint64_t> entries;
    std::size_t saved = 0;  // of them
  };
  Log proofs_, ids_;  // all entries of the above, as they came
};

}  // namespace raddle::detect
