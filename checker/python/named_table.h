// A hash table of records by 64-bit names that are well mixed already. Records are made when first asked for, live at
// stable addresses, and go all at once.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

namespace raddle::python {

/// `T` has a member `std::uint64_t name`.
template <class T>
class NamedTable {
 public:
  T& operator[](std::uint64_t name) {
    for (std::size_t i = name & mask();; i = (i + 1) & mask()) {
      if (!slots_[i].record) return insert(name, i);
      if (slots_[i].name == name) return *slots_[i].record;
    }
  }
  void clear() {
    all_.clear();
    slots_.assign(kInitial, {});
  }
  const std::vector<std::unique_ptr<T>>& all() const { return all_; }

 private:
  struct Slot {
    std::uint64_t name = 0;
    T* record = nullptr;
  };
  static constexpr std::size_t kInitial = 1 << 10;

  std::size_t mask() const { return slots_.size() - 1; }
  T& insert(std::uint64_t name, std::size_t at) {
    all_.push_back(std::make_unique<T>());
    T& record = *all_.back();
    record.name = name;
    slots_[at] = {name, &record};
    if (2 * all_.size() > slots_.size()) grow();
    return record;
  }
  void grow() {
    slots_.assign(slots_.size() * 2, {});
    for (auto& record : all_) {
      std::size_t i = record->name & mask();
      while (slots_[i].record) i = (i + 1) & mask();
      slots_[i] = {record->name, record.get()};
    }
  }

  std::vector<std::unique_ptr<T>> all_;
  std::vector<Slot> slots_ = std::vector<Slot>(kInitial);
};

}  // namespace raddle::python
