// Two threads add each other's number to their own, five times; only if they take turns exactly, the sum gets as high
// as it can (SV-COMP's fib_bench). Correct: the bound is not below that.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void fibonacci(bool correct) {
  constexpr int kRounds = 5;
  int highest = 1;
  for (int i = 0, before = 1; i < 2 * kRounds; ++i) before = std::exchange(highest, highest + before);
  atomic<int> a(1, "a"), b(1, "b");
  auto add = [](atomic<int>& own, atomic<int>& other) {
    for (int i = 0; i < kRounds; ++i) own.store(own.load() + other.load());
  };
  thread first([&] { add(a, b); });
  thread second([&] { add(b, a); });
  first.join();
  second.join();
  const int bound = correct ? highest : highest - 1;
  require(a.load() <= bound && b.load() <= bound, "the numbers stay below the bound");
}

const classic::Program program("fibonacci", fibonacci);

}  // namespace
