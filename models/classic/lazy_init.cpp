// Two threads each find that there is no instance yet, and make one.
// Correct: they look under a lock.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void lazy_init(bool correct) {
  mutex m("m");
  variable<int> instance(0, "instance");
  atomic<int> made(0, "made");
  classic::in_threads(2, [&](int i) {
    unique_lock lock(m, std::defer_lock);
    if (correct) lock.lock();
    if (instance.load() == 0) {
      made.fetch_add(1);
      instance.store(i + 1);
    }
  });
  require(made.load() == 1, "there is one instance");
}

const classic::Program program("lazy_init", lazy_init);

}  // namespace
