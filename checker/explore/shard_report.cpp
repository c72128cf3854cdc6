#include "checker/explore/shard_report.h"

#include "checker/engine/wire.h"

namespace raddle::explore {

using namespace engine;

ShardReport::ShardReport(std::string_view state) {
  WireReader in(state);
  const std::uint64_t reason = in.number();
  if (reason > static_cast<std::uint64_t>(StopReason::Crashed)) throw WireError("there is no such end");
  stop = static_cast<StopReason>(reason);
  loop_bound = static_cast<int>(in.number());
  deepening_cut = in.number() != 0;
  for (std::size_t n = in.count(); n; --n) {
    auto& group = symmetric.emplace_back();
    for (std::size_t k = in.count(); k; --k) group.emplace_back(in.text());
  }
  round = in.text();
}

std::string state_of(const CheckReport& report) {
  WireWriter out;
  out.number(static_cast<std::uint64_t>(report.statistics.stop));
  out.number(static_cast<std::uint64_t>(report.loop_bound));
  out.number(report.deepening_cut);
  out.number(report.symmetric.size());
  for (const auto& group : report.symmetric) {
    out.number(group.size());
    for (const std::string& label : group) out.text(label);
  }
  out.text(report.state);
  return out.take();
}

}  // namespace raddle::explore
