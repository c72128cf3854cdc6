// Which of a thread's operations are mere looks: taken out of an execution, they leave everything as it was, for all
// threads. A round of a loop that consists of them, and after which its thread is where it was before
// (Program::local_state), is fruitless: whatever follows it can also follow without it. So a thread that has gone such a
// round is stopped for good, and nothing is lost: the executions in which it comes to look later, or only once, are
// explored as well. That is a function of the thread's own history, as the bounds of loops are.
//
// Holding a lock for a while is no mere look, although it is given back: somebody may have tried to get it and failed. A
// front end that knows better (nobody ever tries, and it was not held when the round began) says that nothing has changed.
#pragma once
#include "checker/engine/operation.h"

namespace raddle::engine {

/// `result`, `changed`: as in Thread, once it has gone on.
constexpr bool is_mere_look(OpKind kind, Alternative alt, std::uint64_t result, bool changed) {
  switch (kind) {
    case OpKind::Read:
    case OpKind::Locked:
    case OpKind::EventTest:
    case OpKind::EventWait:
    case OpKind::QueueTest:
    case OpKind::QueueJoin:
    case OpKind::ThreadAlive:
    case OpKind::TimedJoin: return true;
    case OpKind::ReadModifyWrite:
    case OpKind::Unlock: return !changed;
    case OpKind::TryLock:
    case OpKind::TryAcquire:
    case OpKind::TryPut:
    case OpKind::TryGet: return !result;
    case OpKind::Lock: return alt == kExpire || !changed;
    case OpKind::Acquire:
    case OpKind::Put:
    case OpKind::Get: return alt == kExpire;
    default: return false;
  }
}

}  // namespace raddle::engine
