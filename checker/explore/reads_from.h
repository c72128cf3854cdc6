// Which write each event has read, by what the two are in the source: the feedback of RFF (see rff.h). An *abstract event*
// is a kind of operation on an object at a place, whichever thread executes it; a pair of them says that an execution of
// the second has read what one of the first has left in an object they share.
//
// Nothing here depends on addresses: abstract events are numbered in the order in which they turn up.
#pragma once
#include <cstdint>
#include <vector>

#include "checker/engine/engine.h"
#include "checker/engine/flat_map.h"

namespace raddle::explore {

class ReadsFrom {
 public:
  /// An abstract event. As a write, kInitial stands for what was there at the start.
  using Id = std::uint32_t;
  static constexpr Id kInitial = 0;

  /// An abstract event that has read what another thread, or nobody, had written.
  struct Reader {
    Id event = 0;
    engine::ObjectId object = 0;
    std::size_t group = 0;
  };

  /// Forgets everything.
  void clear();
  void begin_run();
  /// What the pending operation of `t` is.
  Id pending(const engine::Engine& e, engine::Tid t);
  /// The abstract event that has written `o` last in this run.
  Id latest(engine::ObjectId o) const { return is_current(o) ? latest_[o].event : kInitial; }
  /// The pending operation of the thread is executed.
  void execute(const engine::Engine& e, engine::Decision d);

  /// Has this run had a pair that was never there before?
  bool found_new() const { return found_new_; }
  /// A digest of the set of pairs of this run.
  std::uint64_t combination() const { return combination_; }

  const std::vector<Reader>& readers() const { return readers_; }
  /// What may be read there: what has been read by an operation like this, or was written to the same variable.
  const std::vector<Id>& sources(const Reader& r) const { return groups_[r.group]; }

 private:
  struct Latest {
    Id event = kInitial;
    engine::Tid thread = engine::kNoThread;
    std::uint32_t run = 0;
  };
  struct Pair {
    std::uint32_t run = 0;    // the latest that had it
    bool of_another = false;  // its two events were of different threads once
  };
  struct Pending {
    std::uint32_t run = 0;
    std::int32_t count = -1;
    Id event = 0;
  };

  bool is_current(engine::ObjectId o) const { return o < latest_.size() && latest_[o].run == run_; }
  void access(engine::OpKind kind, engine::Access access, Id event, engine::Tid t, std::uint8_t which);
  void add_pair(engine::OpKind kind, engine::ObjectId object, Id event, engine::Tid t);
  std::size_t group(engine::OpKind kind, engine::ObjectId object);
  void add_source(std::size_t group, Id event);

  std::uint32_t run_ = 1;
  Id last_ = kInitial;  // the highest number
  engine::FlatMap<Id> events_;
  engine::FlatMap<std::size_t> group_index_;
  engine::FlatMap<Pair> pairs_;
  engine::FlatMap<engine::Nothing> known_readers_, known_sources_;
  std::vector<std::uint8_t>
      written_;  // by abstract event: is it a source of its first (1), second (2) object?
  std::vector<std::vector<Id>> groups_;
  std::vector<Reader> readers_;
  std::vector<Latest> latest_;    // by object
  std::vector<Pending> pending_;  // by thread
  bool found_new_ = false;
  std::uint64_t combination_ = 0;
};

}  // namespace raddle::explore
