#include "checker/detect/deadlock.h"

#include "checker/engine/wait_cycle.h"

namespace raddle::detect {

namespace {

// The same deadlock: the same operations at the same places, whoever is stuck in them.
std::uint64_t key_of(const engine::Engine& e, engine::Tid t) {
  const engine::Thread& th = e.thread(t);
  switch (th.waiting) {
    case engine::Waiting::Join: return 0x501Dull;  // for one that is stuck itself
    case engine::Waiting::Barrier: return engine::mix(e.objects().name(th.waiting_on) * 31 + 0xBA881E8ull);
    case engine::Waiting::Cut:   // no deadlock then
    case engine::Waiting::Turn:  // nor has it come to anything
    case engine::Waiting::No: break;
  }
  return engine::mix(digest(th.op.site) + e.objects().name(engine::object_of(th.op.a0)) * 31 +
                     static_cast<std::uint64_t>(th.op.kind));
}

}  // namespace

void Deadlock::end(const engine::Engine& e, const engine::History& h, engine::Outcome outcome, Sink& sink) {
  auto observe = [&](std::uint64_t key) {
    Observation o;
    o.kind = Kind::Deadlock;
    o.at = h.size();
    o.key = engine::mix(key + static_cast<std::uint64_t>(Kind::Deadlock));
    sink.observe(o);
  };
  std::uint64_t key = 0;
  if (outcome == engine::Outcome::Deadlock) {
    e.alive().for_each([&](engine::Tid t) { key += key_of(e, t); });
    return observe(key);
  }
  for (const auto& cycle : engine::wait_cycles(e)) {
    key = 0;
    for (engine::Tid t : cycle) key += key_of(e, t);
    observe(key);
  }
}

}  // namespace raddle::detect
