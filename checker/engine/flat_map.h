// A hash table of 64-bit keys that are digests already: open addressing in one array, no allocation per entry.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace raddle::engine {

/// Value of a FlatMap that is a set.
struct Nothing {};

template <class V>
class FlatMap {
 public:
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }
  const V* find(std::uint64_t key) const {
    if (slots_.empty()) return nullptr;
    const Slot& s = slots_[position(key)];
    return s.key ? &s.value : nullptr;
  }
  bool contains(std::uint64_t key) const { return find(key) != nullptr; }
  /// The key's value, and whether it is new (then V()).
  std::pair<V*, bool> insert(std::uint64_t key) {
    if (2 * (size_ + 1) > slots_.size()) [[unlikely]]
      grow();
    Slot& s = slots_[position(key)];
    if (s.key) return {&s.value, false};
    s.key = stored(key);
    ++size_;
    return {&s.value, true};
  }
  /// Calls f(key, value) for each, in no particular order (but always in the same one).
  template <class F>
  void for_each(const F& f) const {
    for (const Slot& s : slots_)
      if (s.key) f(s.key, s.value);
  }
  void clear() {
    slots_.clear();
    size_ = 0;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;  // 0: free
    [[no_unique_address]] V value{};
  };
  static std::uint64_t stored(std::uint64_t key) { return key ? key : 0x9E3779B97F4A7C15ull; }
  /// Where the key is, or the free slot where it belongs. Precondition: there is a free slot.
  std::size_t position(std::uint64_t key) const {
    key = stored(key);
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = key & mask;
    while (slots_[i].key && slots_[i].key != key) i = (i + 1) & mask;
    return i;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : 2 * slots_.size());
    old.swap(slots_);
    for (Slot& s : old)
      if (s.key) slots_[position(s.key)] = std::move(s);
  }

  std::vector<Slot> slots_;  // a power of two
  std::size_t size_ = 0;
};

}  // namespace raddle::engine
