// raddle::atomic<T>: as std::atomic<T>. Memory orders are accepted and treated as sequentially consistent.
//
// A compare-exchange that fails is a read, where the engine can tell beforehand: of integers and enumerations of up to 32
// bits, whose value is the state of the object (ObjectState::n). Of others it is a write in any case. (The value of a pointer,
// or of what may hold one, differs from execution to execution.)
#pragma once
#include <atomic>

#include "raddle/detail.h"

namespace raddle {

template <class T>
class atomic {
 public:
  explicit atomic(T value = T(), const char* label = nullptr)
      : id_(detail::current("raddle::atomic").new_object(state_of(value))), value_(value) {
    detail::describe(detail::current(), id_, "atomic", label);
  }
  ~atomic() noexcept(false) { detail::destroy(id_); }
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  [[gnu::always_inline]] T load(std::memory_order = std::memory_order_seq_cst, site where = here()) const {
    engine::Engine& e = detail::using_object(id_, where);
    e.visible(engine::OpKind::Read, engine::reads(id_), 0, where);
    e.self().result = detail::digest(value_);
    if (e.recorder()) [[unlikely]]
      e.recorder()->effect({}, {}, detail::text(value_));
    return value_;
  }
  [[gnu::always_inline]] void store(T value, std::memory_order = std::memory_order_seq_cst,
                                    site where = here()) {
    engine::Engine& e = detail::using_object(id_, where);
    e.visible(engine::OpKind::Write, engine::writes(id_), 0, where, detail::digest(value));
    if (e.recorder()) [[unlikely]]
      e.recorder()->effect(detail::text(value_), detail::text(value), {});
    set(e, value);
  }
  T exchange(T value, std::memory_order = std::memory_order_seq_cst, site where = here()) {
    return modify([&](T) { return value; }, where);
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order = std::memory_order_seq_cst,
                               std::memory_order = std::memory_order_seq_cst, site where = here()) {
    bool same = false;
    const T old = modify(
        [&](T now) {
          same = equal(now, expected);
          return same ? desired : now;
        },
        where, kHasState ? kBits << 32 | detail::digest(expected) : 0, kHasState ? engine::kTries : 0);
    if (!same) expected = old;
    return same;
  }
  /// Never fails spuriously.
  bool compare_exchange_weak(T& expected, T desired, std::memory_order o = std::memory_order_seq_cst,
                             std::memory_order f = std::memory_order_seq_cst, site where = here()) {
    return compare_exchange_strong(expected, desired, o, f, where);
  }
  T fetch_add(T d, std::memory_order = std::memory_order_seq_cst, site where = here()) {
    return modify([&](T now) { return static_cast<T>(now + d); }, where);
  }
  /// Adds `d` and does not say what was there before. Two such additions commute, and are not explored in both orders. It
  /// publishes what its thread has done (memory_order_release), and acquires nothing.
  void add(T d, site where = here()) requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    engine::Engine& e = detail::using_object(id_, where);
    e.objects().use_additions();
    e.visible(engine::OpKind::Add, engine::adds(id_), 0, where, detail::digest(d));
    const T old = value_;
    set(e, static_cast<T>(old + d));
    if (e.recorder()) [[unlikely]]
      e.recorder()->effect(detail::text(old), detail::text(value_), {});
  }
  T fetch_sub(T d, std::memory_order = std::memory_order_seq_cst, site where = here()) {
    return modify([&](T now) { return static_cast<T>(now - d); }, where);
  }
  T fetch_and(T d, std::memory_order = std::memory_order_seq_cst, site where = here()) {
    return modify([&](T now) { return static_cast<T>(now & d); }, where);
  }
  T fetch_or(T d, std::memory_order = std::memory_order_seq_cst, site where = here()) {
    return modify([&](T now) { return static_cast<T>(now | d); }, where);
  }

  operator T() const { return load(std::memory_order_seq_cst, {}); }  // NOLINT: as std::atomic
  T operator=(detail::located<T> v) {                                 // NOLINT: as std::atomic
    store(v.value, std::memory_order_seq_cst, v.where);
    return v.value;
  }
  T operator++() { return fetch_add(1, std::memory_order_seq_cst, {}) + 1; }
  T operator++(int) { return fetch_add(1, std::memory_order_seq_cst, {}); }
  T operator--() { return fetch_sub(1, std::memory_order_seq_cst, {}) - 1; }
  T operator--(int) { return fetch_sub(1, std::memory_order_seq_cst, {}); }
  T operator+=(detail::located<T> d) {
    return fetch_add(d.value, std::memory_order_seq_cst, d.where) + d.value;
  }
  T operator-=(detail::located<T> d) {
    return fetch_sub(d.value, std::memory_order_seq_cst, d.where) - d.value;
  }

 private:
  static constexpr bool kHasState = (std::is_integral_v<T> || std::is_enum_v<T>)&&sizeof(T) <= 4;
  /// Of ObjectState::n, which of them are the value's.
  static constexpr std::uint64_t kBits = kHasState ? ~std::uint64_t{0} >> (64 - 8 * (sizeof(T) & 7)) : 0;
  static std::int32_t state_of(const T& value) {
    return kHasState ? static_cast<std::int32_t>(detail::digest(value)) : 0;
  }
  static bool equal(const T& x, const T& y) {
    if constexpr (kHasState)
      return detail::digest(x) == detail::digest(y);
    else
      return x == y;
  }
  [[gnu::always_inline]] void set(engine::Engine& e, const T& value) {
    value_ = value;
    if constexpr (kHasState) e.object(id_).n = state_of(value);
  }
  template <class F>
  [[gnu::always_inline]] T modify(F&& f, const site& where, std::uint64_t digest = 0,
                                  std::uint8_t memory = 0) {
    engine::Engine& e = detail::using_object(id_, where);
    e.visible(engine::OpKind::ReadModifyWrite, engine::writes(id_), 0, where, digest, memory);
    const T old = value_;
    e.self().result = detail::digest(old);
    set(e, f(old));
    e.set_changed(std::memcmp(&value_, &old, sizeof value_) != 0);
    if (e.recorder()) [[unlikely]]
      e.recorder()->effect(detail::text(old), detail::text(value_), detail::text(old));
    return old;
  }
  engine::ObjectId id_;
  T value_;
};

}  // namespace raddle
