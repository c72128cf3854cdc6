// What the program does anywhere to a name: decides which reads of it can be left out without missing a race.
#pragma once
#include <cstdint>

#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// Facts about one name, over all instrumented code. A fact only ever turns from false to true.
struct NameFacts {
  bool written_global = false;     // some function assigns or deletes a global of this name
  bool written_attribute = false;  // some code assigns or deletes an attribute of this name
  bool written_cell = false;       // a captured variable of this name is assigned more than at its definition
};

/// The facts of an interned name; the same object for the same name, for ever. Keeps the name alive.
NameFacts& facts_of(PyObject* interned_name);

/// Turns `fact` to true. A change moves the epoch on: what was quiet may be visible from now on.
void establish(bool& fact);

/// Counts changes of facts. When an execution moved it, some accesses before the change may have gone unreported, so
/// a search has to begin again (it now reports more, and sooner or later nothing changes any more).
std::uint32_t visibility_epoch();

namespace detail {
inline std::uint32_t epoch = 1;
}
inline std::uint32_t visibility_epoch() { return detail::epoch; }

}  // namespace raddle::python
