// What the library's types share: the engine that runs the model, and digests of values.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <type_traits>

#include "checker/engine/engine.h"
#include "checker/engine/recorder.h"
#include "raddle/site.h"

namespace raddle::detail {

[[noreturn]] void no_engine(const char* what);

/// The engine that runs the model. Throws std::logic_error outside of raddle::check.
inline engine::Engine& current(const char* what) {
  engine::Engine* e = engine::Engine::current();
  if (!e) [[unlikely]]
    no_engine(what);
  return *e;
}
/// The same where a live object proves that there is one.
inline engine::Engine& current() { return *engine::Engine::current(); }

inline void describe(engine::Engine& e, engine::ObjectId id, const char* kind, const char* label) {
  if (e.recorder()) [[unlikely]]
    e.recorder()->object(id, kind, label ? label : "");
}

/// Records a misuse of `object` (0: none) by the running thread, and ends the thread.
[[noreturn]] void misuse(engine::Engine& e, engine::ObjectId object, const char* type, const char* message,
                         const site& where);
/// A thread object is destroyed, or assigned to, while it is joinable.
void left_joinable(engine::Engine& e);
/// The running thread asks which thread it is.
void show_thread(engine::Engine& e);
[[noreturn]] void use_after_destroy(engine::Engine& e, engine::ObjectId object, const site& where);

/// The engine, for an operation on the object `id`, which has to be alive.
inline engine::Engine& using_object(engine::ObjectId id, const site& where) {
  engine::Engine& e = *engine::Engine::current();
  if (!e.usable(id) && !e.killing()) [[unlikely]] {
    // Where destroying is visible, using is announced all the same: the search has to know what it conflicts with.
    if (!e.is_revealed(engine::Hidden::Destroys) || id >= e.objects().size()) use_after_destroy(e, id, where);
  }
  return e;
}

/// Ends an object's life. Who uses it later is told so, as long as its memory is not used for something else.
inline bool destroy(engine::ObjectId id) { return current().destroy(id, {}); }

/// Equal values have equal digests, and for small trivial types different values have different ones.
template <class T>
std::uint64_t digest(const T& v) {
  if constexpr (std::is_trivially_copyable_v<T> && sizeof(T) <= 8 &&
                std::has_unique_object_representations_v<T>) {
    std::uint64_t d = 0;
    std::memcpy(&d, &v, sizeof v);
    return d;
  } else if constexpr (std::is_floating_point_v<T> && sizeof(T) <= 8) {
    return std::bit_cast<std::uint64_t>(static_cast<double>(v) + 0.0);
  } else if constexpr (requires { std::hash<T>{}(v); }) {
    return std::hash<T>{}(v);
  } else {
    return 0;
  }
}

/// For showing.
template <class T>
std::string text(const T& v) {
  if constexpr (std::is_same_v<T, bool>)
    return v ? "true" : "false";
  else if constexpr (std::is_same_v<T, char>)
    return std::string(1, v);
  else if constexpr (std::is_arithmetic_v<T>)
    return std::to_string(v);
  else if constexpr (std::is_enum_v<T>)
    return std::to_string(static_cast<std::underlying_type_t<T>>(v));
  else if constexpr (std::is_convertible_v<const T&, std::string>)
    return '"' + std::string(v) + '"';
  else if constexpr (std::is_pointer_v<T>)
    return v ? "pointer" : "null";
  else
    return "...";
}

}  // namespace raddle::detail
