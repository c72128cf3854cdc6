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

}  // namespace

bool lets_go(const Engine& e, Tid t) {
  if (t == kNoThread || !e.ready().contains(t) || !e.enabled(t)) return true;
  const Thread& th = e.thread(t);
  return th.rested == th.count || th.op.kind == OpKind::Sleep || (!e.loops().empty() && spins(e, th.op));
}

void SwitchCost::look(const Engine& e, Tid last) {
  order_.look(e);
  delays_.resize(order_.all().size());
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

void SwitchCost::count_delays(const Engine& e) {
  const std::size_t n = order_.all().size();
  std::size_t first = 0;
  if (last_ != kNoThread) first = static_cast<std::size_t>(order_.rank(last_) + lets_go(e, last_));
  int passed = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Tid t = order_.all()[(first + i) % n];
    delays_[static_cast<std::size_t>(t)] = passed;
    passed += e.ready().contains(t) && e.enabled(t);
  }
}

}  // namespace raddle::explore
