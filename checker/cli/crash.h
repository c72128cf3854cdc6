// What only the process that crashes can find out about it.
#pragma once
#include <atomic>

namespace raddle::cli {

/// From now on, a fatal signal that comes from a used-up stack sets `flag` before it ends the process.
void note_used_up_stack(std::atomic<bool>& flag);

}  // namespace raddle::cli
