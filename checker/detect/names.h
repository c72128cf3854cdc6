// What threads and objects of a trace are called in texts: by their labels, and never two the same.
#pragma once
#include <string>
#include <vector>

#include "checker/engine/trace.h"

namespace raddle::detect {

/// The threads' labels; those that several have are numbered: worker#1, worker#2. Index: as in Trace::threads.
std::vector<std::string> thread_names(const engine::Trace& trace);

/// The objects' labels; those that several objects of one kind have are numbered. What has none is called by its kind and number ("mutex 0#1"), or where that
/// says nothing by what it is used as ("queue"); the lock that a condition brings along is "ready's lock".
std::vector<std::string> object_names(const engine::Trace& trace);

}  // namespace raddle::detect
