// A thread looks whether it has to wait before it takes the lock, and sleeps through the only notification.
// Correct: it looks while it holds the lock.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void lost_wakeup(bool correct) {
  mutex m("m");
  condition_variable changed("changed");
  variable<bool> ready(false, "ready");
  thread waiter([&] {
    if (correct) {
      unique_lock lock(m);
      changed.wait(lock, [&] { return ready.load(); });
    } else if (!ready.load()) {
      unique_lock lock(m);
      changed.wait(lock);
    }
  });
  thread notifier([&] {
    lock_guard lock(m);
    ready.store(true);
    changed.notify_one();
  });
  waiter.join();
  notifier.join();
}

const classic::Program program("lost_wakeup", lost_wakeup);

}  // namespace
