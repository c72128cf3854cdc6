#include "checker/explore/class_sample.h"

namespace raddle::explore {

bool ClassSample::add(std::uint64_t print, bool draw) {
  const auto [met, fresh] = classes_.insert(print);
  const bool alone = met->draws == 1 && !met->otherwise;
  if (!draw) {
    met->otherwise = true;
    once_at_all_ -= alone;
    return fresh;
  }
  ++draws_;
  switch (met->draws) {
    case 0: met->draws = 1, ++drawn_, ++once_, once_at_all_ += !met->otherwise; break;
    case 1: met->draws = 2, --once_, ++twice_, once_at_all_ -= alone; break;
    case 2: met->draws = 3, --twice_; break;
    default: break;
  }
  return fresh;
}

void ClassSample::clear() { *this = {}; }

}  // namespace raddle::explore
