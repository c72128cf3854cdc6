#include "checker/python/clock.h"

#include <cstdio>

#include "checker/engine/recorder.h"
#include "checker/python/runtime.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

constexpr std::int64_t kStart = 1'700'000'000'000'000'000;  // 2023-11-14 22:13:20 UTC

// Who reads the clock this often without doing anything else waits for it to move on.
constexpr int kPatience = 64;
constexpr std::int64_t kTick = 1'000'000;

// The running thread looks at a clock. Does it seem to wait for it?
bool looks_again() {
  PythonThread& me = self();
  const std::int32_t count = runtime.engine->self().count;
  if (me.clock_step != count) {
    me.clock_step = count;
    me.clock_reads = 0;
  }
  return ++me.clock_reads > kPatience;
}

}  // namespace

std::int64_t elapsed() {
  if (!runtime.engine) return 0;
  engine::Thread& thread = runtime.engine->self();
  ++self().hidden_changes;
  const bool waits = looks_again();
  if (runtime.engine->virtual_clock()) {
    if (waits && sleep_for(kTick) < 0) return -1;
    return runtime.engine->virtual_now();
  }
  if (waits) runtime.engine->advance(kTick);
  runtime.engine->learn(static_cast<std::uint64_t>(thread.now));
  return thread.now;
}

std::int64_t time_worked() {
  if (!runtime.engine) return 0;
  if (looks_again()) self().worked += kTick;
  return self().worked;
}

std::int64_t wall_time() {
  const std::int64_t since_start = elapsed();
  return since_start < 0 ? -1 : kStart + since_start;
}

int sleep_for(std::int64_t nanoseconds) {
  if (!controlled()) return 0;
  engine::Engine& e = *runtime.engine;
  if (e.recorder()) {
    char text[32];
    std::snprintf(text, sizeof text, "%g s", static_cast<double>(nanoseconds) / 1e9);
    e.recorder()->note(e, e.self(), engine::NoteKind::Sleep, engine::kNoThread, text, current_site());
  }
  if (!e.virtual_clock()) {
    e.advance(nanoseconds);
    if (nanoseconds > 0) e.overshoot();
    self().unseen += 255;  // whoever sleeps a thousand times is likely to poll (is_suspicious)
    return 0;
  }
  engine::Operation& op = e.next_operation();
  op = {};
  op.kind = engine::OpKind::Sleep;
  op.deadline = e.virtual_now() + nanoseconds;
  op.site = current_site();
  e.announce();
  if (nanoseconds > 0) e.overshoot();
  return resumed();
}

}  // namespace raddle::python
