#include "checker/explore/rff.h"

#include <algorithm>

namespace raddle::explore {

using namespace engine;

namespace {

constexpr std::size_t kMostConstraints = 12;

bool writes(const Operation& op, ObjectId o) {
  return (object_of(op.a0) == o && is_write(op.a0)) || (object_of(op.a1) == o && is_write(op.a1));
}

}  // namespace

void Rff::begin_block() {
  reads_from_.clear();
  corpus_.clear();
  frequency_.clear();
}

// In inverse proportion to how often its combination has been met.
const Rff::Schedule& Rff::pick_entry(Rng& rng) const {
  constexpr std::uint32_t kUnit = 1 << 16;
  const auto weight = [this](const Entry& entry) { return kUnit / *frequency_.find(entry.combination) + 1; };
  std::uint32_t sum = 0;
  for (const Entry& entry : corpus_) sum += weight(entry);
  std::uint32_t at = rng.below(sum);
  for (const Entry& entry : corpus_) {
    if (at < weight(entry)) return entry.schedule;
    at -= weight(entry);
  }
  return corpus_.back().schedule;
}

Rff::Constraint Rff::draw(Rng& rng) const {
  const auto below = [&rng](std::size_t n) { return rng.below(static_cast<std::uint32_t>(n)); };
  const ReadsFrom::Reader& reader = reads_from_.readers()[below(reads_from_.readers().size())];
  const auto& sources = reads_from_.sources(reader);
  return {sources[below(sources.size())], reader.event, reader.object, rng.below(2) == 1};
}

void Rff::mutate(Rng& rng) {
  do {
    const std::uint32_t how = rng.below(4);
    if (schedule_.empty() || (how == 0 && schedule_.size() < kMostConstraints)) {
      schedule_.push_back(draw(rng));
      continue;
    }
    const std::size_t i = rng.below(static_cast<std::uint32_t>(schedule_.size()));
    if (how == 1)
      schedule_.erase(schedule_.begin() + static_cast<std::ptrdiff_t>(i));
    else if (how == 2)
      schedule_[i].forbidden = !schedule_[i].forbidden;
    else
      schedule_[i] = draw(rng);
  } while (rng.below(2));
}

void Rff::begin(const Profile& profile, Rng& rng) {
  pos_.begin(profile, rng);
  reads_from_.begin_run();
  patience_ = profile.events + 16;
  schedule_.clear();
  if (corpus_.empty() || reads_from_.readers().empty()) return;
  schedule_ = pick_entry(rng);
  mutate(rng);
  for (Constraint& c : schedule_) c.over = false, c.held_back = 0;
}

// Would it break the constraint, or make it harder to follow, if `t` went on?
bool Rff::holds_back(Constraint& c, const Engine& e, Tid t, ReadsFrom::Id event) const {
  const bool there = reads_from_.latest(c.object) == c.write;
  if (event == c.read) return there == c.forbidden;
  return !c.forbidden && there && event != c.write && writes(e.thread(t).op, c.object);
}

void Rff::executed(const Operation& op, ReadsFrom::Id event) {
  for (Constraint& c : schedule_) {
    if (c.over || c.forbidden) continue;
    const bool there = reads_from_.latest(c.object) == c.write;
    if (event == c.read && there) c.over = true;
    if (c.write == ReadsFrom::kInitial && there && writes(op, c.object)) c.over = true;
  }
}

Decision Rff::choose(const Engine& e, std::span<const Decision> enabled, Rng& rng) {
  allowed_.clear();
  for (const Decision& d : enabled) {
    bool free = true;
    if (!schedule_.empty() && d.alt != kExpire) {
      const ReadsFrom::Id event = reads_from_.pending(e, d.tid);
      for (Constraint& c : schedule_) {
        if (c.over || !holds_back(c, e, d.tid, event)) continue;
        free = false;
        // Who waits for what is held back might wait actively.
        if (++c.held_back > patience_) c.over = true;
      }
    }
    if (free) allowed_.push_back(d);
  }
  const std::span<const Decision> from = allowed_.empty() ? enabled : std::span<const Decision>(allowed_);
  const Decision chosen = pos_.choose(e, from, rng);
  if (chosen.alt != kExpire) executed(e.thread(chosen.tid).op, reads_from_.pending(e, chosen.tid));
  reads_from_.execute(e, chosen);
  return chosen;
}

void Rff::end() {
  const std::uint64_t combination = reads_from_.combination();
  ++*frequency_.insert(combination).first;
  if (reads_from_.found_new()) corpus_.push_back({schedule_, combination});
}

}  // namespace raddle::explore
