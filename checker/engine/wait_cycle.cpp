#include "checker/engine/wait_cycle.h"

#include <algorithm>

namespace raddle::engine {
namespace {

// Who alone can let `t` go on; kNoThread: it can go on, or others can help it.
Tid awaited(const Engine& e, Tid t) {
  const Thread& th = e.thread(t);
  if (!e.ready().contains(t)) return th.waiting == Waiting::Join ? th.waiting_for : kNoThread;
  const bool locks = th.op.kind == OpKind::Lock || (th.op.kind == OpKind::Wake && th.notified);
  if (!locks || (th.op.timed && th.op.kind == OpKind::Lock && e.timeouts())) return kNoThread;
  const ObjectState& mutex = e.object(object_of(th.op.a0));
  return mutex.cap == kOwned ? mutex.n - 1 : kNoThread;
}

}  // namespace

std::vector<std::vector<Tid>> wait_cycles(const Engine& e) {
  std::vector<std::vector<Tid>> cycles;
  e.alive().for_each([&](Tid first) {
    std::vector<Tid> path;
    for (Tid t = first; t != kNoThread && e.alive().contains(t); t = awaited(e, t)) {
      if (t < first || (t != first && std::find(path.begin(), path.end(), t) != path.end())) return;
      if (t == first && !path.empty()) return cycles.push_back(path);
      path.push_back(t);
    }
  });
  return cycles;
}

}  // namespace raddle::engine
