// A quick "certainly not" for the question whether an address belongs to a named object: Python frees objects by the
// million, and next to none of them have names.
#pragma once
#include <cstdint>

namespace raddle::python {

/// Counts the named objects per 16-byte granule, modulo the table's size.
class AddressFilter {
 public:
  void add(const void* object) {
    if (std::uint8_t& n = counts_[granule(object) & kMask]; n < 255) ++n;
  }
  void remove(const void* object) {
    // A full counter has forgotten how many there are, so it stays.
    if (std::uint8_t& n = counts_[granule(object) & kMask]; n < 255) --n;
  }
  /// May a named object begin at `block`, or up to 32 bytes behind it, where Python's headers end?
  bool may_contain(const void* block) const {
    const std::uintptr_t g = granule(block);
    return counts_[g & kMask] | counts_[(g + 1) & kMask] | counts_[(g + 2) & kMask];
  }
  bool may_be(const void* object) const { return counts_[granule(object) & kMask]; }

 private:
  static std::uintptr_t granule(const void* p) { return reinterpret_cast<std::uintptr_t>(p) >> 4; }
  static constexpr std::uintptr_t kMask = (1 << 14) - 1;
  std::uint8_t counts_[kMask + 1] = {};
};

/// The filter of object_names.h.
inline AddressFilter named_addresses;

}  // namespace raddle::python
