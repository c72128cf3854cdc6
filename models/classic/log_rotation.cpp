// A log is closed and opened again when it is rotated; who finds it closed drops what it has to say (as in MySQL).
// Correct: rotating and writing exclude each other.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void log_rotation(bool correct) {
  mutex m("m");
  variable<bool> open(true, "open");
  variable<int> written(0, "written");
  thread rotate([&] {
    unique_lock lock(m);
    open.store(false);
    if (!correct) {
      lock.unlock();
      lock.lock();
    }
    open.store(true);
  });
  thread write([&] {
    unique_lock lock(m, std::defer_lock);
    if (correct) lock.lock();
    if (open.load()) written.store(1);
  });
  rotate.join();
  write.join();
  require(written.load() == 1, "nothing is missing in the log");
}

const classic::Program program("log_rotation", log_rotation);

}  // namespace
