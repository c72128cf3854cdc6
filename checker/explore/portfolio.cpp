#include "checker/explore/portfolio.h"

namespace raddle::explore {

// By chance, which is a function of the run, and not in turn: then it does not matter which runs are executed.
void Portfolio::begin(const Profile& profile, Rng& rng) {
  const struct {
    Sampler* sampler;
    std::uint32_t twentieths;
  } shares[] = {{&rff_, 6},  {&pos_, 5},  {&walk_, 2}, {&sticky_, 2},
                {&pct2_, 1}, {&pct3_, 2}, {&urw_, 1},  {&surw_, 1}};
  std::uint32_t at = rng.below(20);
  for (const auto& share : shares) {
    current_ = share.sampler;
    if (at < share.twentieths) break;
    at -= share.twentieths;
  }
  current_->begin(profile, rng);
}

}  // namespace raddle::explore
