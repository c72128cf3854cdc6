// Whether the stack has something is asked before the lock is taken.
// Correct: while it is held.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void stack(bool correct) {
  mutex m("m");
  variable<int> size(1, "size");
  auto pop = [&](int) {
    unique_lock lock(m, std::defer_lock);
    if (correct) lock.lock();
    if (size.load() == 0) return;
    if (!correct) lock.lock();
    require(size.load() > 0, "there is something to pop");
    size -= 1;
  };
  thread push([&] {
    lock_guard lock(m);
    size += 1;
  });
  classic::in_threads(2, pop);
  push.join();
}

const classic::Program program("stack", stack);

}  // namespace
