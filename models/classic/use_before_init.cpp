// A thread is started before what it uses has been made.
// Correct: it is started afterwards.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

void use_before_init(bool correct) {
  variable<int> handle(0, "handle");
  auto use = [&] { require(handle.load() != 0, "the handle is valid"); };
  if (correct) handle.store(42);
  thread worker(use);
  if (!correct) handle.store(42);
  worker.join();
}

const classic::Program program("use_before_init", use_before_init);

}  // namespace
