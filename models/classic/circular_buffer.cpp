// A sender overwrites what the receiver has not taken yet: nobody looks whether the ring is full.
// Correct: semaphores count the free and the used places.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void circular_buffer(bool correct) {
  constexpr int kPlaces = 3, kItems = 5;
  variable<int> places[kPlaces];
  counting_semaphore<> room(kPlaces, "room"), used(0, "used");
  thread sender([&] {
    for (int i = 0; i < kItems; ++i) {
      if (correct) room.acquire();
      places[i % kPlaces].store(i);
      used.release();
    }
  });
  thread receiver([&] {
    for (int i = 0; i < kItems; ++i) {
      used.acquire();
      require(places[i % kPlaces].load() == i, "items arrive in order");
      if (correct) room.release();
    }
  });
  sender.join();
  receiver.join();
}

const classic::Program program("circular_buffer", circular_buffer);

}  // namespace
