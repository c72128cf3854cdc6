// Leases and their results as bytes, for other processes and for files. Threads and objects go by their structural names:
// their ids are a process's own.
#pragma once
#include "checker/engine/wire.h"
#include "checker/explore/lease.h"

namespace raddle::explore {

/// Writes transitions. A name is written where it first occurs.
class TransitionWriter {
 public:
  TransitionWriter(const engine::Engine& e, engine::WireWriter& out) : engine_(e), out_(out) {}
  void transition(const engine::Transition& t);
  void transitions(const std::vector<engine::Transition>& all);
  void forest(const Forest& forest);

 private:
  void thread(engine::Tid t);
  void access(engine::Access a);

  const engine::Engine& engine_;
  engine::WireWriter& out_;
  std::vector<std::uint32_t> threads_, objects_;  // by id: 1 + the number that stands for it
  std::uint32_t threads_known_ = 0, objects_known_ = 0;
};

/// Reads what a TransitionWriter has written. Throws engine::WireError.
class TransitionReader {
 public:
  TransitionReader(engine::Engine& e, engine::WireReader& in) : engine_(e), in_(in) {}
  engine::Transition transition();
  std::vector<engine::Transition> transitions();
  Forest forest();

 private:
  engine::Tid thread();
  engine::Access access();

  engine::Engine& engine_;
  engine::WireReader& in_;
  std::vector<engine::Tid> threads_;
  std::vector<engine::ObjectId> objects_;
};

void write(engine::WireWriter& out, const engine::Engine& e, const Lease& lease);
Lease read_lease(engine::WireReader& in, engine::Engine& e);
void write(engine::WireWriter& out, const engine::Engine& e, const LeaseResult& result);
LeaseResult read_lease_result(engine::WireReader& in, engine::Engine& e);

}  // namespace raddle::explore
