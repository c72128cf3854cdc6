// Schedules and observations as bytes, for other processes and for files.
#pragma once
#include <vector>

#include "checker/engine/wire.h"
#include "checker/explore/inspector.h"

namespace raddle::explore {

void write(engine::WireWriter& out, const std::vector<NamedChoice>& schedule);
/// Throws engine::WireError, as all of these do that read.
std::vector<NamedChoice> read_schedule(engine::WireReader& in);

void write(engine::WireWriter& out, const detect::Observation& o);
detect::Observation read_observation(engine::WireReader& in);

}  // namespace raddle::explore
