#include "checker/explore/portfolio.h"

namespace raddle::explore {

// By chance, which is a function of the run, and not in turn: then it does not matter which runs are executed.
void Portfolio::begin(const Profile& profile, Rng& rng) {
  const std::uint32_t twentieths = rng.below(20);
  current_ = twentieths < 10   ? static_cast<Sampler*>(&pos_)
             : twentieths < 14 ? &walk_
             : twentieths < 16 ? static_cast<Sampler*>(&pct2_)
             : twentieths < 18 ? &pct3_
             : twentieths < 19 ? static_cast<Sampler*>(&urw_)
                               : &surw_;
  current_->begin(profile, rng);
}

}  // namespace raddle::explore
