#include "checker/explore/class_sample.h"

namespace raddle::explore {

bool ClassSample::add(std::uint64_t print, bool draw) {
  const auto [met, fresh] = classes_.insert(print);
  const bool alone = met->draws == 1 && !met->otherwise;
  if (!draw) {
    met->otherwise = true;
    counts_.once_at_all -= alone;
    return fresh;
  }
  ++counts_.draws;
  switch (met->draws) {
    case 0: met->draws = 1, ++counts_.classes, ++counts_.once, counts_.once_at_all += !met->otherwise; break;
    case 1: met->draws = 2, --counts_.once, ++counts_.twice, counts_.once_at_all -= alone; break;
    case 2: met->draws = 3, --counts_.twice; break;
    default: break;
  }
  return fresh;
}

void ClassSample::clear() { *this = {}; }

}  // namespace raddle::explore
