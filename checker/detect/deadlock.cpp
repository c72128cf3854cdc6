#include "checker/detect/deadlock.h"

namespace raddle::detect {

void Deadlock::end(const engine::Engine& e, const engine::History& h, engine::Outcome outcome, Sink& sink) {
  if (outcome != engine::Outcome::Deadlock) return;
  Observation o;
  o.kind = Kind::Deadlock;
  o.at = h.size();
  // The same deadlock: the same operations at the same places, whoever is stuck in them.
  e.alive().for_each([&](engine::Tid t) {
    const engine::Thread& th = e.thread(t);
    if (e.ready().contains(t))
      o.key += engine::mix(digest(th.op.site) + engine::object_of(th.op.a0) * 31 +
                           static_cast<std::uint64_t>(th.op.kind));
    else if (th.waiting == engine::Waiting::Barrier)
      o.key += engine::mix(th.waiting_on * 31 + 0xBA881E8ull);
  });
  o.key = engine::mix(o.key + static_cast<std::uint64_t>(Kind::Deadlock));
  sink.observe(o);
}

}  // namespace raddle::detect
