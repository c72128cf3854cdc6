// The random numbers of the sampling strategies: xoroshiro-class quality is not needed, speed and reproducibility
// are. xorshift64*, seeded by mixing, so that neighbouring seeds give unrelated sequences.
#pragma once
#include <cstdint>

#include "checker/engine/engine.h"

namespace raddle::explore {

class Rng {
 public:
  Rng() = default;
  /// Stream `run` of `seed`.
  Rng(std::uint64_t seed, std::uint64_t run)
      : state_(engine::mix(engine::mix(seed + 0x9E3779B97F4A7C15ull) + run * 0xD1B54A32D192ED03ull) | 1) {}

  std::uint32_t operator()() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<std::uint32_t>(state_ * 0x2545F4914F6CDD1Dull >> 32);
  }
  /// Uniform in 0..n-1. Precondition: n > 0.
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(static_cast<std::uint64_t>((*this)()) * n >> 32);
  }

 private:
  std::uint64_t state_ = 1;
};

}  // namespace raddle::explore
