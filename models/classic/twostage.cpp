// Writers update two values under a lock each, a reader looks at both in between (SCTBench's twostage family).
// Correct: the writers hold the first lock until the second value is stored. N: all threads together.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

template <int N>
void twostage(bool correct) {
  mutex first_lock("first_lock"), second_lock("second_lock");
  variable<int> first(0, "first"), second(0, "second");
  auto write = [&] {
    unique_lock stage(first_lock);
    first.store(1);
    if (!correct) stage.unlock();
    lock_guard guard(second_lock);
    second.store(2);
  };
  auto read = [&] {
    unique_lock stage(first_lock);
    const int seen = first.load();
    if (seen == 0) return;
    if (!correct) stage.unlock();
    lock_guard guard(second_lock);
    require(second.load() == seen + 1, "the second stage belongs to the first");
  };
  classic::in_threads(N, [&](int i) { i == N - 1 ? read() : write(); });
}

const classic::Program program_2("twostage", twostage<2>), program_20("twostage_20", twostage<20>),
    program_100("twostage_100", twostage<100>);

}  // namespace
