#include "checker/explore/finding_codec.h"

namespace raddle::explore {

using namespace engine;

void write(WireWriter& out, const std::vector<NamedChoice>& schedule) {
  out.number(schedule.size());
  for (const NamedChoice& c : schedule) {
    out.digest(c.thread);
    out.number(c.alternative);
    out.number(c.waiter != 0);
    if (c.waiter) out.digest(c.waiter);
  }
}

std::vector<NamedChoice> read_schedule(WireReader& in) {
  std::vector<NamedChoice> schedule(in.count());
  for (NamedChoice& c : schedule) {
    c.thread = in.digest();
    c.alternative = static_cast<Alternative>(in.number());
    if (in.number()) c.waiter = in.digest();
  }
  return schedule;
}

void write(WireWriter& out, const detect::Observation& o) {
  out.number(static_cast<std::uint64_t>(o.kind));
  out.number(static_cast<std::uint64_t>(o.severity));
  out.digest(o.key);
  out.number(static_cast<std::uint64_t>(o.at));
  for (const Step s : o.steps) out.number(static_cast<std::uint64_t>(s + 1));
  out.number(static_cast<std::uint64_t>(o.failure + 1));
  out.digest(o.thread);
}

detect::Observation read_observation(WireReader& in) {
  detect::Observation o;
  o.kind = static_cast<detect::Kind>(in.number());
  o.severity = static_cast<detect::Severity>(in.number());
  if (o.kind > detect::Kind::Atomicity || o.severity > detect::Severity::Error)
    throw WireError("there is no such kind of finding");
  o.key = in.digest();
  o.at = static_cast<Step>(in.number());
  for (Step& s : o.steps) s = static_cast<Step>(in.number()) - 1;
  o.failure = static_cast<std::int32_t>(in.number()) - 1;
  o.thread = in.digest();
  return o;
}

}  // namespace raddle::explore
