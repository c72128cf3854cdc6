// What one part of a search says about itself to whoever joins the parts (CheckReport::state).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "checker/explore/checker.h"

namespace raddle::explore {

struct ShardReport {
  /// `state` must outlive it. Throws engine::WireError.
  explicit ShardReport(std::string_view state);

  StopReason stop;
  int loop_bound;
  bool deepening_cut;
  std::vector<std::vector<std::string>> symmetric;
  std::string_view round;  // as of Checkpoints
};

/// As ShardReport reads it; `report.state` is what Checkpoints or samples have kept.
std::string state_of(const CheckReport& report);

}  // namespace raddle::explore
