#include "checker/explore/pos.h"

#include <algorithm>

namespace raddle::explore {

using namespace engine;

void Pos::begin(const Profile&, Rng& rng) {
  key_ = static_cast<std::uint64_t>(rng()) << 32;
  key_ |= rng();
  draws_.clear();
}

std::uint64_t Pos::priority(const Engine& e, Decision d) const {
  const std::uint64_t event = static_cast<std::uint64_t>(d.tid) << 48 ^
                              static_cast<std::uint64_t>(d.alt) << 32 ^
                              static_cast<std::uint64_t>(e.thread(d.tid).count);
  return mix(key_ ^ mix(event + 1) ^ mix(events_of(draws_, d.tid) * 0x9E3779B97F4A7C15ull));
}

Decision Pos::choose(const Engine& e, std::span<const Decision> enabled, Rng&) {
  const Decision chosen = *std::max_element(enabled.begin(), enabled.end(), [&](Decision a, Decision b) {
    return priority(e, a) < priority(e, b);
  });
  draws_.resize(std::max(draws_.size(), static_cast<std::size_t>(e.thread_count())));
  e.ready().for_each([&](Tid t) {
    if (t != chosen.tid && conflict(e.thread(t).op, e.thread(chosen.tid).op))
      ++draws_[static_cast<std::size_t>(t)];
  });
  return chosen;
}

}  // namespace raddle::explore
