// What the program does beyond our control: the run goes on where that is sound, and the coverage says so.
#pragma once
#include <string>
#include <vector>

#include "checker/python/model.h"

namespace raddle::python {

/// The running thread does `what`. Recorded once per place, by what comes first there; nothing outside of executions.
void uncontrolled(const std::string& what);

/// All so far.
std::vector<Uncontrolled>& all_uncontrolled();

}  // namespace raddle::python
