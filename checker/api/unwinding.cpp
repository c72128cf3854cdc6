#include "checker/api/unwinding.h"

#include <unwind.h>

#include <algorithm>
#include <cstring>

namespace raddle::api {

namespace {

/// A cursor over DWARF-encoded data.
class Reader {
 public:
  explicit Reader(const std::uint8_t* p) : p_(p) {}
  const std::uint8_t* position() const { return p_; }
  std::uint8_t byte() { return *p_++; }
  std::uint64_t uleb() {
    std::uint64_t v = 0;
    for (int shift = 0;; shift += 7) {
      const std::uint8_t b = byte();
      v |= static_cast<std::uint64_t>(b & 0x7F) << shift;
      if (!(b & 0x80)) return v;
    }
  }
  std::int64_t sleb() {
    std::int64_t v = 0;
    for (int shift = 0;;) {
      const std::uint8_t b = byte();
      v |= static_cast<std::int64_t>(b & 0x7F) << shift;
      shift += 7;
      if (!(b & 0x80)) return b & 0x40 && shift < 64 ? v | -(std::int64_t{1} << shift) : v;
    }
  }
  /// A value in one of the encodings that call-site tables use (offsets, never relative to anything).
  std::uint64_t encoded(std::uint8_t encoding) {
    switch (encoding & 0x0F) {
      case 0x01: return uleb();
      case 0x02:
      case 0x0A: return fixed<std::uint16_t>();
      case 0x03:
      case 0x0B: return fixed<std::uint32_t>();
      case 0x09: return static_cast<std::uint64_t>(sleb());
      default: return fixed<std::uint64_t>();
    }
  }

 private:
  template <class T>
  T fixed() {
    T v;
    std::memcpy(&v, p_, sizeof v);
    p_ += sizeof v;
    return v;
  }
  const std::uint8_t* p_;
};

constexpr std::uint8_t kOmitted = 0xFF;

// Does the chain of actions at `record` contain a cleanup (filter 0)? The others are handlers and specifications.
bool has_cleanup(const std::uint8_t* record) {
  for (;;) {
    Reader r(record);
    if (r.sleb() == 0) return true;
    const std::uint8_t* at = r.position();
    const std::int64_t next = r.sleb();
    if (next == 0) return false;
    record = at + next;
  }
}

Unwinding examine_frame(const std::uint8_t* lsda, std::uint64_t offset) {
  Reader r(lsda);
  if (const std::uint8_t e = r.byte(); e != kOmitted) r.encoded(e);
  if (r.byte() != kOmitted) r.uleb();
  const std::uint8_t encoding = r.byte();
  const std::uint64_t length = r.uleb();
  const std::uint8_t* actions = r.position() + length;
  while (r.position() < actions) {
    const std::uint64_t start = r.encoded(encoding), size = r.encoded(encoding), pad = r.encoded(encoding);
    const std::uint64_t action = r.uleb();
    if (offset < start) break;
    if (offset >= start + size) continue;
    if (pad == 0) return Unwinding::NotNeeded;
    return action == 0 || has_cleanup(actions + action - 1) ? Unwinding::Needed : Unwinding::NotNeeded;
  }
  return Unwinding::Impossible;  // a call that the table does not list must not throw
}

struct Walk {
  const void* outermost;
  std::vector<Frame>* frames;
  Unwinding result = Unwinding::NotNeeded;
  bool complete = false;
};

_Unwind_Reason_Code visit(_Unwind_Context* c, void* data) {
  auto& walk = *static_cast<Walk*>(data);
  const auto function = reinterpret_cast<const void*>(_Unwind_GetRegionStart(c));
  if (function == walk.outermost) {
    walk.complete = true;
    return _URC_END_OF_STACK;
  }
  int before_instruction = 0;
  const auto ip = static_cast<std::uint64_t>(_Unwind_GetIPInfo(c, &before_instruction));
#if defined(__x86_64__)
  const auto* slot = reinterpret_cast<const void* const*>(_Unwind_GetCFA(c)) - 1;
  walk.frames->push_back({slot, function});
#endif
  const auto* lsda = reinterpret_cast<const std::uint8_t*>(_Unwind_GetLanguageSpecificData(c));
  if (!lsda) return _URC_NO_REASON;
  const std::uint64_t offset = ip - !before_instruction - reinterpret_cast<std::uintptr_t>(function);
  const Unwinding u = examine_frame(lsda, offset);
  if (u > walk.result) walk.result = u;
  return _URC_NO_REASON;
}

}  // namespace

Unwinding examine_stack(const void* outermost, std::vector<Frame>& frames) {
  frames.clear();
  Walk walk{outermost, &frames};
  _Unwind_Backtrace(&visit, &walk);
  // Frames that the unwinder cannot see through may hide anything; an exception would not get through either.
  return walk.complete ? walk.result : Unwinding::Impossible;
}

std::optional<Unwinding> KnownStacks::find(const char* top, const void* suspended) const {
  const auto* words = reinterpret_cast<const void* const*>(top);
  const std::ptrdiff_t depth = words - static_cast<const void* const*>(suspended);
  for (const Shape& s : shapes_) {
    if (s.depth != depth) continue;
    const bool same = std::all_of(s.addresses.begin(), s.addresses.end(),
                                  [words](const auto& a) { return words[-a.first] == a.second; });
    if (same) return s.answer;
  }
  return std::nullopt;
}

// Word by word, since AddressSanitizer has gaps between variables guarded.
#if defined(__GNUC__)
__attribute__((no_sanitize_address))
#endif
void KnownStacks::keep(const char* top, const void* suspended) {
  constexpr std::size_t kMaxWords = 8192;
  const auto* from = static_cast<const void* const volatile*>(suspended);
  const auto words = static_cast<std::size_t>(reinterpret_cast<const void* const volatile*>(top) - from);
  top_ = top;
  kept_.resize(words <= kMaxWords ? words : 0);
  for (std::size_t i = 0; i < kept_.size(); ++i) kept_[i] = from[i];
}

void KnownStacks::remember(const std::vector<Frame>& frames, Unwinding answer) {
  constexpr std::size_t kMaxShapes = 64;  // a linear search over more would cost as much as the walk
  if (kept_.empty() || shapes_.size() == kMaxShapes) return;
  const auto* top = reinterpret_cast<const void* const*>(top_);
  const auto words = static_cast<std::ptrdiff_t>(kept_.size());
  Shape s{words, answer, {}};
  for (const Frame& f : frames) {
    const std::ptrdiff_t depth = top - f.slot;
    if (depth > words) continue;
    const void* address = kept_[static_cast<std::size_t>(words - depth)];
    // Innermost are the functions on the way to the examination, which were not there when the stack was suspended.
    if (_Unwind_FindEnclosingFunction(const_cast<void*>(address)) == f.function)
      s.addresses.emplace_back(depth, address);
    else if (!s.addresses.empty())
      return;
  }
  if (!s.addresses.empty()) shapes_.push_back(std::move(s));
}

}  // namespace raddle::api
