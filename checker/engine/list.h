// A list of plain values that is cleared far more often than it grows: its size is one word of its owner, and its
// storage is kept.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace raddle::engine {

template <class T>
class List {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  List() = default;
  ~List() { delete[] data_; }
  List(const List&) = delete;
  List& operator=(const List& other) {
    if (this == &other) return *this;
    clear();
    append(other.begin(), other.end());
    return *this;
  }

  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t bytes() const { return capacity_ * sizeof(T); }
  void clear() { size_ = 0; }
  /// Keeps the first `n`. Precondition: n <= size().
  void shrink(std::size_t n) { size_ = static_cast<std::uint32_t>(n); }
  void push_back(T v) {
    if (size_ == capacity_) [[unlikely]]
      grow(size_ + 1);
    data_[size_++] = v;
  }
  /// The range must not lie in this list.
  void append(const T* first, const T* last) {
    const auto n = static_cast<std::uint32_t>(last - first);
    if (n == 0) return;
    if (size_ + n > capacity_) grow(size_ + n);
    std::memcpy(data_ + size_, first, n * sizeof(T));
    size_ += n;
  }

 private:
  [[gnu::noinline, gnu::cold]] void grow(std::uint32_t least) {
    const std::uint32_t capacity = least < 8 ? 8 : 2 * least;
    T* wider = new T[capacity];
    if (size_) std::memcpy(wider, data_, size_ * sizeof(T));
    delete[] std::exchange(data_, wider);
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  std::uint32_t size_ = 0, capacity_ = 0;
};

}  // namespace raddle::engine
