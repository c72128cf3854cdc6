// Bytes for other processes and files: numbers of any size in as few bytes as they need, digests, texts. What is read
// has to be read as it was written; anything else is an error, never undefined.
#pragma once
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace raddle::engine {

/// The bytes end too early, or cannot be what they are taken for.
struct WireError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class WireWriter {
 public:
  void number(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) bytes_.push_back(static_cast<char>(n | 0x80));
    bytes_.push_back(static_cast<char>(n));
  }
  /// One of which all bits are equally likely.
  void digest(std::uint64_t d) {
    char bytes[sizeof d];
    for (char& b : bytes) b = static_cast<char>(d), d >>= 8;
    bytes_.append(bytes, sizeof bytes);
  }
  void text(std::string_view s) {
    number(s.size());
    bytes_.append(s);
  }
  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class WireReader {
 public:
  /// `bytes` must outlive it.
  explicit WireReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto b = static_cast<unsigned char>(next(1)[0]);
      n |= static_cast<std::uint64_t>(b & 0x7F) << shift;
      if (!(b & 0x80)) return n;
    }
    throw WireError("a number is too long");
  }
  /// As many as there could be in what is left, each of at least one byte.
  std::size_t count() {
    const std::uint64_t n = number();
    if (n > bytes_.size()) throw WireError("there are fewer bytes than things");
    return static_cast<std::size_t>(n);
  }
  std::uint64_t digest() {
    const std::string_view bytes = next(8);
    std::uint64_t d = 0;
    for (std::size_t i = 8; i-- > 0;) d = d << 8 | static_cast<unsigned char>(bytes[i]);
    return d;
  }
  std::string_view text() { return next(count()); }
  std::string_view rest() { return next(bytes_.size()); }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view next(std::size_t n) {
    if (n > bytes_.size()) throw WireError("the bytes end too early");
    const std::string_view found = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return found;
  }
  std::string_view bytes_;
};

}  // namespace raddle::engine
