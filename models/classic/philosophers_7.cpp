// Seven philosophers in a ring take their left fork first (Dijkstra).
// Correct: the last one takes the right fork first.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void philosophers(bool correct) {
  constexpr int kSeats = 7;
  mutex forks[kSeats];
  classic::in_threads(kSeats, [&](int seat) {
    mutex &left = forks[seat], &right = forks[(seat + 1) % kSeats];
    const bool reversed = correct && seat == kSeats - 1;
    lock_guard first(reversed ? right : left);
    lock_guard second(reversed ? left : right);
  });
}

const classic::Program program("philosophers_7", philosophers);

}  // namespace
