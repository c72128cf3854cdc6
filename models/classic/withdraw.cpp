// Whether there is enough money is looked up under the lock, and taken under it again.
// Correct: the lock is held all the time.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void withdraw(bool correct) {
  mutex m("m");
  variable<int> balance(100, "balance");
  classic::in_threads(3, [&](int) {
    unique_lock lock(m);
    const bool enough = balance.load() >= 40;
    if (!correct) {
      lock.unlock();
      lock.lock();
    }
    if (enough) balance -= 40;
  });
  require(balance.load() >= 0, "the account is not overdrawn");
}

const classic::Program program("withdraw", withdraw);

}  // namespace
