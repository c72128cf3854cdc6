// Threads work on an array in two phases; the second reads what the neighbour has written in the first.
// Correct: a barrier between the phases.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void phases(bool correct) {
  constexpr int kThreads = 3;
  variable<int> cells[kThreads];
  barrier phase(kThreads);
  classic::in_threads(kThreads, [&](int i) {
    cells[i].store(i + 1);
    if (correct) phase.arrive_and_wait();
    const int next = (i + 1) % kThreads;
    require(cells[next].load() == next + 1, "the neighbour has finished the first phase");
  });
}

const classic::Program program("phases", phases);

}  // namespace
