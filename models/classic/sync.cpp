// A producer and a consumer signal each other through one place; the signal is given before anybody waits for it.
// Correct: who waits looks whether it has to.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void sync(bool correct) {
  mutex m("m");
  condition_variable empty("empty"), full("full");
  variable<int> items(1, "items");
  thread producer([&] {
    unique_lock lock(m);
    if (correct)
      empty.wait(lock, [&] { return items.load() == 0; });
    else if (items.load() > 0)
      empty.wait(lock);
    items += 1;
    lock.unlock();
    full.notify_one();
  });
  thread consumer([&] {
    for (int i = 0; i < 2; ++i) {
      unique_lock lock(m);
      if (correct)
        full.wait(lock, [&] { return items.load() > 0; });
      else if (i > 0)
        full.wait(lock);
      items -= 1;
      lock.unlock();
      empty.notify_one();
    }
  });
  producer.join();
  consumer.join();
  require(items.load() == 0, "everything was consumed");
}

const classic::Program program("sync", sync);

}  // namespace
