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
  const engine::ObjectId object = engine::object_of(w.t.a0);
  for (;; k = History::previous(h[k], object)) {
    if (k == kNever) return;
    if (h[k].t.tid == w.t.tid) break;
    if (overwritten == kNever && engine::is_write(History::access_to(h[k], object)) && h.changed(e, k))
      overwritten = k;
  }
  const HistoryEvent& r = h[k];
  // One that could have changed something, but has found it as it was, and says what it has found, is a read.
  const bool reads =
      r.t.kind == OpKind::Read || (r.t.kind == OpKind::ReadModifyWrite && r.result != 0 && !h.changed(e, k));
  if (!reads || engine::object_of(r.t.a0) != object) return;
  const std::uint64_t key =
      engine::mix(place(r.site) * 0x9E3779B97F4A7C15ull + place(w.site) * 0xD1B54A32D192ED03ull +
                  e.objects().name(object) * 0x8CB92BA72F3D8DD7ull);
  // When the thread executes w its result of r has long been filled in, even if r is its previous event.
  const bool united = w.memory & engine::kUnited;
  if (!united && !proven_.contains(key)) sample(h, k, at, key, e.thread(w.t.tid).kin);
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

void LostUpdate::restart() {
  proven_.clear();
  samples_.clear();
  proofs_ = ids_ = {};
}

void LostUpdate::sample(const History& h, Step read, Step write, std::uint64_t key, std::uint64_t thread) {
  const HistoryEvent &r = h[read], &w = h[write];
  add(engine::mix((h.past(write) - History::lesson(r, r.result)) ^ key * 7 ^ thread),
      {key, r.result, w.value});
}

void LostUpdate::add(std::uint64_t id, const Sample& sample) {
  const Sample* known = samples_.find(id);
  if (!known) {
    if (samples_.size() == kMaxSamples) return;
    *samples_.insert(id).first = sample;
    ids_.entries.push_back(id);
  } else if (known->read != sample.read && known->written != sample.written) {
    prove(sample.key);
  }
}

void LostUpdate::prove(std::uint64_t key) {
  if (proven_.insert(key).second) proofs_.entries.push_back(key);
}

void LostUpdate::save(engine::WireWriter& out, bool everything) {
  auto save = [&](Log& log, auto&& each) {
    const std::size_t first = everything ? 0 : log.saved;
    out.number(log.entries.size() - first);
    for (std::size_t i = first; i < log.entries.size(); ++i) each(log.entries[i]);
    log.saved = log.entries.size();
  };
  save(proofs_, [&](std::uint64_t key) { out.digest(key); });
  save(ids_, [&](std::uint64_t id) {
    const Sample& s = *samples_.find(id);
    for (const std::uint64_t d : {id, s.key, s.read, s.written}) out.digest(d);
  });
}

void LostUpdate::merge(engine::WireReader& in) {
  for (std::size_t n = in.count(); n; --n) prove(in.digest());
  for (std::size_t n = in.count(); n; --n) {
    const std::uint64_t id = in.digest();
    Sample s;
    s.key = in.digest(), s.read = in.digest(), s.written = in.digest();
    if (!proven_.contains(s.key)) add(id, s);
  }
}

bool LostUpdate::is_worse(engine::WireReader& in) const {
  bool proves = false;
  for (std::size_t n = in.count(); n; --n) proves |= !proven_.contains(in.digest());
  for (std::size_t n = in.count(); n; --n) {
    const Sample* known = samples_.find(in.digest());
    const std::uint64_t key = in.digest(), read = in.digest(), written = in.digest();
    proves |= known && known->read != read && known->written != written && !proven_.contains(key);
  }
  return proves;
}

}  // namespace raddle::detect
