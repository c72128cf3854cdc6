// One of five threads protects the data by another lock than the rest.
// Correct: by the same.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void wrong_lock(bool correct) {
  mutex right("right"), wrong("wrong");
  variable<int> data(0, "data");
  classic::in_threads(5, [&](int i) {
    lock_guard lock(i == 0 && !correct ? wrong : right);
    data.store(i);
    require(data.load() == i, "nobody else has changed the data");
  });
}

const classic::Program program("wrong_lock", wrong_lock);

}  // namespace
