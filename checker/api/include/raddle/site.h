// Where an operation is in the source: captured by default arguments, so that callers write nothing.
#pragma once
#include <type_traits>
#include <utility>

#include "checker/engine/ids.h"

namespace raddle {

using site = engine::Site;

/// The place of the call in whose default argument it stands.
constexpr site here(const char* file = __builtin_FILE(), const char* function = __builtin_FUNCTION(),
                    int line = __builtin_LINE()) {
  return {file, function, line, 0};
}

namespace detail {
/// A value with the place where it was written; for operators, which take no further arguments.
template <class T>
struct located {
  template <class U>
  requires std::is_convertible_v<U, T>
  constexpr located(U&& v, site s = here())
      : value(std::forward<U>(v)), where(s) {}  // NOLINT: implicit by design
  T value;
  site where;
};
}  // namespace detail

}  // namespace raddle
