#include "checker/explore/switch_cost.h"

#include <algorithm>
#include <cstring>

namespace raddle::explore {

using namespace engine;

namespace {

bool same_file(const char* a, const char* b) { return a == b || (a && b && !std::strcmp(a, b)); }

// Is it about to go round a loop that does not end by itself?
bool spins(const Engine& e, const Operation& op) {
  return std::any_of(e.loops().begin(), e.loops().end(), [&](const Loop& l) {
    return l.kind == op.kind && l.site.line == op.site.line && l.site.column == op.site.column &&
           same_file(l.site.file, op.site.file);
  });
}

std::vector<int> path_of(const Engine& e, Tid t) {
  std::vector<int> path;
  for (; t != kNoThread; t = e.thread(t).parent) path.push_back(e.thread(t).child_number);
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace

bool lets_go(const Engine& e, Tid t) {
  if (t == kNoThread || !e.ready().contains(t) || !e.enabled(t)) return true;
  const Thread& th = e.thread(t);
  return th.rested == th.count || th.op.kind == OpKind::Sleep || (!e.loops().empty() && spins(e, th.op));
}

void SwitchCost::look(const Engine& e, Tid last) {
  order_threads(e);
  last_ = last;
  free_ = false;
  const bool goes = lets_go(e, last);
  if (kind_ == BoundKind::Preemptions)
    free_ = goes;
  else
    count_delays(e);
  // Who lets others go on is passed over for nothing; its own turn comes when it comes.
  if (goes) last_ = kNoThread;
}

void SwitchCost::order_threads(const Engine& e) {
  if (order_.size() == static_cast<std::size_t>(e.thread_count())) return;
  std::vector<std::vector<int>> paths;
  order_.clear();
  for (Tid t = 0; t < e.thread_count(); ++t) {
    order_.push_back(t);
    paths.push_back(path_of(e, t));
  }
  std::sort(order_.begin(), order_.end(), [&](Tid a, Tid b) {
    return paths[static_cast<std::size_t>(a)] < paths[static_cast<std::size_t>(b)];
  });
  delays_.resize(order_.size());
  ranks_.resize(order_.size());
  for (std::size_t i = 0; i < order_.size(); ++i)
    ranks_[static_cast<std::size_t>(order_[i])] = static_cast<int>(i);
}

void SwitchCost::count_delays(const Engine& e) {
  const std::size_t n = order_.size();
  std::size_t first = 0;
  if (last_ != kNoThread) {
    first = static_cast<std::size_t>(std::find(order_.begin(), order_.end(), last_) - order_.begin());
    first += lets_go(e, last_);
  }
  int passed = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Tid t = order_[(first + i) % n];
    delays_[static_cast<std::size_t>(t)] = passed;
    passed += e.ready().contains(t) && e.enabled(t);
  }
}

}  // namespace raddle::explore
