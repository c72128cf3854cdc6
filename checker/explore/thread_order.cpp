#include "checker/explore/thread_order.h"

#include <algorithm>

namespace raddle::explore {

using namespace engine;

namespace {

std::vector<int> path_of(const Engine& e, Tid t) {
  std::vector<int> path;
  for (; t != kNoThread; t = e.thread(t).parent) path.push_back(e.thread(t).child_number);
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace

[[gnu::noinline]] void ThreadOrder::update(const Engine& e) {
  std::vector<std::vector<int>> paths;
  order_.clear();
  for (Tid t = 0; t < e.thread_count(); ++t) {
    order_.push_back(t);
    paths.push_back(path_of(e, t));
  }
  const auto before = [&](Tid a, Tid b) {
    return paths[static_cast<std::size_t>(a)] < paths[static_cast<std::size_t>(b)];
  };
  that_of_ids_ = std::is_sorted(order_.begin(), order_.end(), before);
  if (!that_of_ids_) std::sort(order_.begin(), order_.end(), before);
  ranks_.resize(order_.size());
  for (std::size_t i = 0; i < order_.size(); ++i)
    ranks_[static_cast<std::size_t>(order_[i])] = static_cast<int>(i);
}

}  // namespace raddle::explore
