// The first of a group takes a lock for all of it while it holds the lock of the group's counter, which who leaves needs.
// Correct: each group counts under a lock of its own.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void carter(bool correct) {
  mutex counters("counters"), other_counters("other_counters"), resource("resource");
  variable<int> readers(0, "readers"), writers(0, "writers");
  auto use = [&](mutex& m, variable<int>& count) {
    {
      lock_guard lock(m);
      count += 1;
      if (count.load() == 1) resource.lock();
    }
    lock_guard lock(m);
    count -= 1;
    if (count.load() == 0) resource.unlock();
  };
  thread reader([&] { use(counters, readers); });
  thread writer([&] { use(correct ? other_counters : counters, writers); });
  reader.join();
  writer.join();
}

const classic::Program program("carter", carter);

}  // namespace
