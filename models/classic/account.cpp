// Money is in neither account between withdrawing and depositing, each of which is protected.
// Correct: one lock around both.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void account(bool correct) {
  mutex m("m");
  variable<int> savings(100, "savings"), checking(0, "checking");
  thread transfer([&] {
    unique_lock lock(m);
    savings -= 60;
    if (!correct) {
      lock.unlock();
      lock.lock();
    }
    checking += 60;
  });
  thread audit([&] {
    lock_guard lock(m);
    require(savings.load() + checking.load() == 100, "no money is lost");
  });
  transfer.join();
  audit.join();
}

const classic::Program program("account", account);

}  // namespace
