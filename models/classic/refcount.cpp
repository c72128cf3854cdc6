// Counting a reference down and looking at the result are two steps, and two threads free the object (as in Apache's cache).
// Correct: one step.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void refcount(bool correct) {
  atomic<int> references(2, "references"), freed(0, "freed");
  classic::in_threads(2, [&](int) {
    const int before = references.fetch_sub(1);
    const int left = correct ? before - 1 : references.load();
    if (left == 0) require(freed.fetch_add(1) == 0, "the object is freed once");
  });
}

const classic::Program program("refcount", refcount);

}  // namespace
