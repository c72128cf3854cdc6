// Names of threads and objects that are the same in every execution, search and process: hashes of how they came about.
#pragma once
#include <cstdint>

namespace raddle::engine {

/// 64-bit mixing of structural names and digests (a multiply-xorshift permutation).
constexpr std::uint64_t mix(std::uint64_t h) {
  h ^= h >> 32;
  h *= 0xD6E8FEB86659FD93ull;
  h ^= h >> 32;
  h *= 0xD6E8FEB86659FD93ull;
  return h ^ h >> 32;
}

/// Structural name of the n-th object that a thread creates, from 0.
constexpr std::uint64_t object_name(std::uint64_t thread, std::uint64_t n) {
  return mix(thread * 0xD1B54A32D192ED03ull + n + 0x0B7Eull);
}
/// Structural name of a thread's n-th child, from 0.
constexpr std::uint64_t child_name(std::uint64_t parent, std::uint64_t n) {
  return mix(parent * 0x9E3779B97F4A7C15ull + n + 1);
}

}  // namespace raddle::engine
