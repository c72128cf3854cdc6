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

void ClassSample::save(engine::WireWriter& out) const {
  out.number(classes_.size());
  classes_.for_each([&out](std::uint64_t print, Met met) {
    out.digest(print);
    out.number(std::uint64_t{met.draws} << 1 | met.otherwise);
  });
  out.number(counts_.draws);
}

void ClassSample::restore(engine::WireReader& in) {
  clear();
  for (std::size_t n = in.count(); n; --n) {
    const std::uint64_t print = in.digest(), met = in.number();
    if (met & 1) add(print, false);
    for (std::uint64_t draws = met >> 1; draws; --draws) add(print, true);
  }
  counts_.draws = in.number();  // many of them of the same classes
}

}  // namespace raddle::explore
