// Four threads in a ring each pass on what the one before has got, once and whenever they like.
// Correct: each waits for its turn.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void token_ring(bool correct) {
  constexpr int kStations = 4;
  mutex m("m");
  condition_variable passed("passed");
  variable<int> turn(0, "turn"), tokens[kStations];
  classic::in_threads(kStations, [&](int i) {
    unique_lock lock(m);
    if (correct) passed.wait(lock, [&] { return turn.load() == i; });
    tokens[i].store(i == 0 ? 1 : tokens[i - 1].load());
    if (!correct) return;
    turn.store(i + 1);
    passed.notify_all();
  });
  for (const auto& token : tokens) require(token.load() == 1, "the token has gone round");
}

const classic::Program program("token_ring", token_ring);

}  // namespace
