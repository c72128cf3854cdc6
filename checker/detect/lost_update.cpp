#include "checker/detect/lost_update.h"

namespace raddle::detect {

using engine::History;
using engine::HistoryEvent;
using engine::kNever;
using engine::OpKind;
using engine::Step;

void LostUpdate::event(const engine::Engine& e, const History& h, Step at, Sink& sink) {
  const HistoryEvent& w = h[at];
  // The thread's latest access, and the latest foreign write behind it.
  Step overwritten = kNever, k = w.prev0;
  for (; k != kNever && h[k].t.tid != w.t.tid; k = h[k].prev0)
    if (overwritten == kNever && engine::is_write(h[k].t.a0)) overwritten = k;
  if (k == kNever || h[k].t.kind != OpKind::Read) return;
  const HistoryEvent& r = h[k];
  const std::uint64_t key = engine::mix(digest(r.site) * 3 + digest(w.site) * 5 + engine::object_of(w.t.a0));
  // When the thread executes w its result of r has long been filled in, unless r is its previous event.
  const bool known = proven_.contains(key);
  if (!known) sample(h, k, at, key, e.thread(w.t.tid).name);
  if (overwritten == kNever) return;
  if (const HistoryEvent& o = h[overwritten]; o.t.kind == OpKind::Write && o.value == r.result) return;
  Observation o;
  o.kind = Kind::LostUpdate;
  o.key = key;
  o.at = at + 1;
  o.steps[kRead] = k;
  o.steps[kOverwritten] = overwritten;
  o.steps[kWrite] = at;
  sink.observe(o);
}

void LostUpdate::sample(const History& h, Step read, Step write, std::uint64_t key, std::uint64_t thread) {
  const HistoryEvent &r = h[read], &w = h[write];
  const std::uint64_t past = w.past - History::lesson(r, r.result);
  auto [it, fresh] = samples_.try_emplace(engine::mix(past ^ key * 7 ^ thread), Sample{r.result, w.value});
  if (fresh) {
    if (samples_.size() > kMaxSamples) samples_.erase(it);
  } else if (it->second.read != r.result && it->second.written != w.value) {
    proven_.insert(key);
  }
}

}  // namespace raddle::detect
