// Two consumers of one item: who is woken takes for granted that the item is still there.
// Correct: it looks again.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void wait_without_loop(bool correct) {
  mutex m("m");
  condition_variable not_empty("not_empty");
  variable<int> items(0, "items");
  auto consume = [&](int) {
    unique_lock lock(m);
    if (correct)
      not_empty.wait(lock, [&] { return items.load() > 0; });
    else if (items.load() == 0)
      not_empty.wait(lock);
    require(items.load() > 0, "there is an item to take");
    items -= 1;
  };
  thread producer([&] {
    for (int i = 0; i < 2; ++i) {
      lock_guard lock(m);
      items += 1;
      not_empty.notify_all();
    }
  });
  classic::in_threads(2, consume);
  producer.join();
}

const classic::Program program("wait_without_loop", wait_without_loop);

}  // namespace
