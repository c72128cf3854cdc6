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

}  // namespace

std::int64_t elapsed() {
  if (!runtime.engine) return 0;
  engine::Thread& thread = runtime.engine->self();
  PythonThread& me = self();
  if (me.clock_step != thread.count) {
    me.clock_step = thread.count;
    me.clock_reads = 0;
  }
  ++me.hidden_changes;
  const bool waits = ++me.clock_reads > kPatience;
  if (runtime.engine->virtual_clock()) {
    if (waits && sleep_for(kTick) < 0) return -1;
    return runtime.engine->virtual_now();
  }
  if (waits) runtime.engine->advance(kTick);
  runtime.engine->learn(static_cast<std::uint64_t>(thread.now));
  return thread.now;
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
  if (!e.virtual_clock()) return e.advance(nanoseconds), 0;
  engine::Operation& op = e.next_operation();
  op = {};
  op.kind = engine::OpKind::Sleep;
  op.deadline = e.virtual_now() + nanoseconds;
  op.site = current_site();
  e.announce();
  return resumed();
}

}  // namespace raddle::python
