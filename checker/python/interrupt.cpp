#include "checker/python/interrupt.h"

#include <atomic>

#include "checker/python/handlers.h"
#include "checker/python/runtime.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

std::atomic<bool> requested = false, for_want_of_time = false;
BlankHandlers* blanked = nullptr;

// In the evaluation loop of the thread that runs.
int stop_thread(void*) {
  if (!requested.exchange(false) || !runtime.engine || self().killed) {
    raddle_queue_call(runtime.interpreter,
                      stop_thread);  // called for the interruption before: stays in the queue
    return 0;
  }
  engine::Failure failure;
  failure.kind = for_want_of_time ? engine::Failure::Kind::OutOfTime : engine::Failure::Kind::Divergence;
  failure.type = "no progress";
  failure.message = "runs on without any operation that another thread could notice";
  failure.site = current_site();
  runtime.engine->fail(std::move(failure));
  // From here on it only unwinds. What destructors do on the way is not to be seen.
  if (!blanked) blanked = new BlankHandlers(self().state);
  self().killed = true;
  self().atomic += 1 << 20;
  PyErr_SetNone(runtime.killed);
  return -1;
}

}  // namespace

void prepare_interrupt() {
  requested = false;
  raddle_queue_call(runtime.interpreter, stop_thread);
}

bool request_interrupt(bool out_of_time) {
  for_want_of_time = out_of_time;
  if (requested.exchange(true)) return false;
  raddle_run_queued_call(runtime.interpreter);
  return true;
}

void restore_interrupted_code() { delete std::exchange(blanked, nullptr); }

}  // namespace raddle::python
