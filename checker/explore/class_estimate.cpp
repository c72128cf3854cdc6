#include "checker/explore/class_estimate.h"

namespace raddle::explore {

double new_class_probability(const ClassCounts& sample) {
  return static_cast<double>(sample.once_at_all) / static_cast<double>(sample.draws);
}

double least_classes(const ClassCounts& sample) {
  const auto n = static_cast<double>(sample.draws), once = static_cast<double>(sample.once),
             twice = static_cast<double>(sample.twice);
  return static_cast<double>(sample.classes) + (n - 1) / n * once * (once - 1) / (2 * (twice + 1));
}

}  // namespace raddle::explore
