// Double-checked locking that publishes the object before its fields are there.
// Correct: afterwards.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void double_checked(bool correct) {
  mutex m("m");
  atomic<bool> published(false, "published");
  variable<int> field(0, "field");
  auto get = [&] {
    if (!published.load()) {
      lock_guard lock(m);
      if (!published.load()) {
        if (!correct) published.store(true);
        field.store(42);
        if (correct) published.store(true);
      }
    }
    require(field.load() == 42, "the object is complete");
  };
  classic::in_threads(2, [&](int) { get(); });
}

const classic::Program program("double_checked", double_checked);

}  // namespace
