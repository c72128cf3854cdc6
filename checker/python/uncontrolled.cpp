#include "checker/python/uncontrolled.h"

#include <algorithm>

#include "checker/python/runtime.h"
#include "checker/python/sites.h"

namespace raddle::python {

std::vector<Uncontrolled>& all_uncontrolled() {
  static std::vector<Uncontrolled> all;
  return all;
}

void uncontrolled(const std::string& what) {
  if (!runtime.engine) return;
  Uncontrolled entry{what, current_site()};
  auto& all = all_uncontrolled();
  // The first at its place: one call of the program's does one thing after another in the library.
  const bool known = std::any_of(all.begin(), all.end(), [&](const Uncontrolled& u) {
    return entry.site.known() ? u.site == entry.site : u == entry;
  });
  if (!known) all.push_back(std::move(entry));
}

}  // namespace raddle::python
