// raddle::variable<T>: a plain shared variable. Every load and every store is visible to the checker.
#pragma once
#include "raddle/detail.h"

namespace raddle {

/// `v += 1` and `++v` are a load and a store, as for a plain variable: another thread may come in between.
template <class T>
class variable {
 public:
  /// `label`: the name to show; must outlive the variable.
  explicit variable(T value = T(), const char* label = nullptr, site = here())
      : id_(detail::current("raddle::variable").new_object()), value_(std::move(value)) {
    detail::describe(detail::current(), id_, "variable", label);
  }
  ~variable() noexcept(false) { detail::destroy(id_); }
  variable(const variable&) = delete;
  variable& operator=(const variable&) = delete;

  [[gnu::always_inline]] T load(site where = here()) const {
    engine::Engine& e = detail::using_object(id_, where);
    e.visible(engine::OpKind::Read, engine::reads(id_), 0, where, 0, engine::kPlain);
    e.self().result = detail::digest(value_);
    if (e.recorder()) [[unlikely]]
      e.recorder()->effect({}, {}, detail::text(value_));
    return value_;
  }
  [[gnu::always_inline]] void store(T value, site where = here()) {
    engine::Engine& e = detail::using_object(id_, where);
    e.visible(engine::OpKind::Write, engine::writes(id_), 0, where, detail::digest(value), engine::kPlain);
    if (e.recorder()) [[unlikely]]
      e.recorder()->effect(detail::text(value_), detail::text(value), {});
    value_ = std::move(value);
  }

  operator T() const { return load({}); }  // NOLINT: as a plain variable
  variable& operator=(detail::located<T> v) {
    store(std::move(v.value), v.where);
    return *this;
  }
  variable& operator+=(detail::located<T> v) {
    store(load(v.where) + v.value, v.where);
    return *this;
  }
  variable& operator-=(detail::located<T> v) {
    store(load(v.where) - v.value, v.where);
    return *this;
  }
  T operator++() { return add(1); }
  T operator--() { return add(-1); }

 private:
  T add(int d) {
    T next = load({}) + d;
    store(next, {});
    return next;
  }
  engine::ObjectId id_;
  T value_;
};

}  // namespace raddle
