// The main thread frees the queue when everything has been put into it, and consumers still look into it (as in pbzip2).
// Correct: it waits for them first.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void queue_freed(bool correct) {
  constexpr int kConsumers = 2;
  mutex m("m");
  atomic<bool> freed(false, "freed");
  variable<int> blocks(kConsumers, "blocks");
  auto consume = [&] {
    while (true) {
      lock_guard lock(m);
      require(!freed.load(), "the queue is still there");
      if (blocks.load() == 0) return;
      blocks -= 1;
    }
  };
  auto all_taken = [&] {
    lock_guard lock(m);
    return blocks.load() == 0;
  };
  thread first(consume), second(consume);
  if (correct) {
    first.join();
    second.join();
    freed.store(true);
  } else {
    if (all_taken()) freed.store(true);
    first.join();
    second.join();
  }
}

const classic::Program program("queue_freed", queue_freed);

}  // namespace
