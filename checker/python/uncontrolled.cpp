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
  if (std::find(all.begin(), all.end(), entry) == all.end()) all.push_back(std::move(entry));
}

}  // namespace raddle::python
