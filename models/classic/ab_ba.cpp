// Two threads take two locks in opposite orders.
// Correct: in the same order.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void ab_ba(bool correct) {
  mutex a("a"), b("b");
  variable<int> moved(0, "moved");
  auto move = [&](mutex& first, mutex& second) {
    lock_guard outer(first);
    lock_guard inner(second);
    moved += 1;
  };
  thread there([&] { move(a, b); });
  thread back([&] { correct ? move(a, b) : move(b, a); });
  there.join();
  back.join();
  require(moved.load() == 2);
}

const classic::Program program("ab_ba", ab_ba);

}  // namespace
