// A hash table from addresses to names, open-addressed and without tombstones: objects come and go all the time.
#pragma once
#include <cstdint>
#include <vector>

namespace raddle::python {

/// What is known about an object.
struct NameEntry {
  const void* object = nullptr;
  std::uint64_t name = 0;
  std::uint32_t execution = 0;  // in which it was given; 0: outside of executions, for good
  bool hashed = false;          // the name is in use as a hash, so it has to stay as long as the object lives
  bool shows_maker = false;     // which of several threads that are alike has given it
};

class NameTable {
 public:
  NameTable() : slots_(1 << 10) {}

  std::size_t size() const { return size_; }

  NameEntry* find(const void* object) {
    for (std::size_t i = home(object);; i = next(i)) {
      if (slots_[i].object == object) return &slots_[i];
      if (!slots_[i].object) return nullptr;
    }
  }
  /// The entry of `object`, new if there was none.
  NameEntry& insert(const void* object) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    for (std::size_t i = home(object);; i = next(i)) {
      if (slots_[i].object == object) return slots_[i];
      if (!slots_[i].object) {
        ++size_;
        slots_[i].object = object;
        return slots_[i];
      }
    }
  }
  /// false: there was none.
  bool erase(const void* object) {
    NameEntry* entry = find(object);
    if (!entry) return false;
    // Close the gap: move back what a search could no longer find.
    std::size_t gap = static_cast<std::size_t>(entry - slots_.data());
    for (std::size_t i = next(gap); slots_[i].object; i = next(i)) {
      if (((i - home(slots_[i].object)) & mask()) < ((i - gap) & mask())) continue;
      slots_[gap] = slots_[i];
      gap = i;
    }
    slots_[gap] = {};
    --size_;
    return true;
  }

 private:
  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t next(std::size_t i) const { return (i + 1) & mask(); }
  std::size_t home(const void* object) const {
    return (reinterpret_cast<std::uintptr_t>(object) >> 4) * 0x9E3779B97F4A7C15ull >> 20 & mask();
  }
  void grow() {
    std::vector<NameEntry> old(slots_.size() * 2);
    old.swap(slots_);
    size_ = 0;
    for (const NameEntry& entry : old)
      if (entry.object) insert(entry.object) = entry;
  }

  std::vector<NameEntry> slots_;
  std::size_t size_ = 0;
};

}  // namespace raddle::python
