// A driver is stopped while a request that has seen it running is about to enter (the Bluetooth driver of KISS).
// Correct: a request enters first, and looks then.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

class Driver {
 public:
  explicit Driver(bool correct) : correct_(correct) {}

  void request() {
    if (correct_) {
      pending_.fetch_add(1);
      if (!stopping_.load()) use();
    } else {
      if (stopping_.load()) return;
      pending_.fetch_add(1);
      use();
    }
    leave();
  }
  void stop() {
    stopping_.store(true);
    leave();
    idle_.acquire();
    stopped_.store(true);
  }

 private:
  void use() { require(!stopped_.load(), "the driver is running"); }
  void leave() {
    if (pending_.fetch_sub(1) == 1) idle_.release();
  }

  bool correct_;
  atomic<int> pending_{1, "pending"};
  atomic<bool> stopping_{false, "stopping"}, stopped_{false, "stopped"};
  counting_semaphore<> idle_{0, "idle"};
};

void bluetooth(bool correct) {
  Driver driver(correct);
  thread stopper([&] { driver.stop(); });
  classic::in_threads(2, [&](int) { driver.request(); });
  stopper.join();
}

const classic::Program program("bluetooth", bluetooth);

}  // namespace
