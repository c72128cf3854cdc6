// Setters store two values one after the other, and a checker expects to see both or none (SCTBench's reorder family).
// Correct: storing and checking hold a lock. N: all threads together; the more setters, the rarer the moment.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

template <int N>
void reorder(bool correct) {
  variable<int> a(0, "a"), b(0, "b");
  mutex m("m");
  auto set = [&] {
    a.store(1);
    b.store(-1);
  };
  auto check = [&] {
    const int seen_a = a.load(), seen_b = b.load();
    require(seen_a == 0 || seen_b == -1, "who sees the first value sees the second");
  };
  classic::in_threads(N, [&](int i) {
    unique_lock lock(m, std::defer_lock);
    if (correct) lock.lock();
    i == N - 1 ? check() : set();
  });
}

const classic::Program program_3("reorder_3", reorder<3>), program_5("reorder_5", reorder<5>),
    program_10("reorder_10", reorder<10>), program_20("reorder_20", reorder<20>);

}  // namespace
