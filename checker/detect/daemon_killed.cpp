#include "checker/detect/daemon_killed.h"

namespace raddle::detect {

using namespace engine;

namespace {

// A lock that `t` has acquired and still holds; 0: none.
ObjectId held_by(const Engine& e, const History& h, Tid t) {
  for (Step s = h.last_own(t); s != kNever; s = h[s].prev_own) {
    if (!takes_lock(h[s].t.kind)) continue;
    if (const ObjectId lock = object_of(h[s].t.a0); e.object(lock).n == t + 1) return lock;
  }
  return 0;
}

}  // namespace

void DaemonKilled::end(const Engine& e, const History& h, Outcome outcome, Sink& sink) {
  if (outcome != Outcome::Complete || !e.exited() || h.size() == 0) return;
  if (h[h.size() - 1].t.flags & Transition::kKillsAll) return;  // os._exit and the like mean it
  e.alive().for_each([&](Tid t) {
    const Thread& th = e.thread(t);
    if (!th.killable || !th.started) return;
    const ObjectId lock = held_by(e, h, t);
    const bool could_go_on = e.ready().contains(t) && e.runnable(t);
    if (!lock && !could_go_on) return;
    Observation o;
    o.kind = Kind::DaemonKilled;
    o.severity = Severity::Note;
    o.at = h.size();
    o.thread = th.name;
    o.key = mix(th.name + e.objects().name(lock) * 31 + static_cast<std::uint64_t>(o.kind));
    sink.observe(o);
  });
}

}  // namespace raddle::detect
