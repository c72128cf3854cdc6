// Three threads each hold one of three locks and want the next.
// Correct: the third takes the lower one first.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void lock_cycle(bool correct) {
  mutex x("x"), y("y"), z("z");
  auto work = [&](mutex& outer, mutex& inner) {
    lock_guard first(outer);
    lock_guard second(inner);
  };
  thread a([&] { work(x, y); });
  thread b([&] { work(y, z); });
  thread c([&] { correct ? work(x, z) : work(z, x); });
  a.join();
  b.join();
  c.join();
}

const classic::Program program("lock_cycle", lock_cycle);

}  // namespace
