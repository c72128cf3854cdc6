// Hyman's algorithm for two processes (1966), which does not exclude them from each other; Knuth showed how.
// Correct: Peterson's. Each tries once, and leaves if it would have to wait.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void hyman(bool correct) {
  atomic<int> wants[2], turn(0, "turn");
  atomic<int> inside(0, "inside");
  classic::in_threads(2, [&](int me) {
    const int other = 1 - me;
    wants[me].store(1);
    if (correct) {
      turn.store(other);
      if (wants[other].load() && turn.load() == other) return wants[me].store(0);
    } else if (turn.load() != me) {
      if (wants[other].load()) return wants[me].store(0);
      turn.store(me);
    }
    require(inside.fetch_add(1) == 0, "one process is inside");
    inside.fetch_sub(1);
    wants[me].store(0);
  });
}

const classic::Program program("hyman", hyman);

}  // namespace
