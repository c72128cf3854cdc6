// A bounded queue counts its items by reading and writing; one putter and one getter at a time are kept apart.
// Correct: from each other, too.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void queue(bool correct) {
  mutex put_lock("put_lock"), get_lock("get_lock");
  variable<int> length(0, "length");
  auto put = [&] {
    lock_guard lock(put_lock);
    length += 1;
  };
  auto get = [&] {
    lock_guard lock(correct ? put_lock : get_lock);
    if (length.load() > 0) length -= 1;
  };
  put();
  thread putter([&] {
    put();
    put();
  });
  thread getter(get);
  putter.join();
  getter.join();
  require(length.load() == 2, "the queue knows its length");
}

const classic::Program program("queue", queue);

}  // namespace
