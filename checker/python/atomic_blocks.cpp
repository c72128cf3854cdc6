#include "checker/python/atomic_blocks.h"

#include "checker/engine/recorder.h"
#include "checker/python/accesses.h"
#include "checker/python/containers.h"
#include "checker/python/invariants.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

constexpr std::uint64_t kBlocks = 0x61746F6D696300ull;  // location that stands for what they use

int depth = 0;
bool announced = false;  // the outermost one, as an operation
bool wrote = false;      // something that others can see

// What it does, for a recording.
std::string deeds;

int announce() {
  if (runtime.engine->killing()) return resumed();
  Location& all = location(kBlocks);
  if (!all.visible) {
    note_access(all, true);
    if (!all.visible && is_suspicious()) {
      all.visible = true;
      change_visibility();
    }
    return runtime.engine->killing() ? resumed() : 0;
  }
  self().unseen = 0;
  const engine::ObjectId object = object_of(all);
  if (visible(engine::OpKind::ReadModifyWrite, engine::writes(object), 0, current_site(), 0,
              engine::kPartial | engine::kUnited) < 0)
    return -1;
  if (runtime.engine->recorder())
    runtime.engine->recorder()->object(object, "variable", "what raddle.atomic() blocks use");
  self().switchable = false;
  announced = true;
  wrote = false;
  return 0;
}

// From the next start of the search on, it is written by whoever begins a block.
void join_blocks(Location& l) {
  Location& all = location(kBlocks);
  if (object_name(l) == object_name(all)) return;
  const std::uint64_t name = l.name;
  location(kBlocks).visible = true;
  merge(kBlocks, name);
}

}  // namespace

int begin_atomic_block() {
  if (runtime.in_block && !in_block())
    forget_atomic_blocks();  // of a thread that has been stopped in its middle
  if (depth == 0 && controlled() && announce() < 0) return -1;
  if (depth++ == 0) deeds.clear();
  ++self().atomic;
  runtime.in_block = !runtime.looking;
  runtime.block_owner = runtime.engine->self().id;
  return 0;
}

void end_atomic_block() {
  if (depth == 0 || runtime.block_owner != runtime.engine->self().id) return;  // it has been left already
  --self().atomic;
  if (--depth > 0) return;
  runtime.in_block = false;
  engine::Engine& e = *runtime.engine;
  if (!std::exchange(announced, false) || e.killing()) return;
  e.set_changed(wrote);
  if (e.recorder()) e.recorder()->effect({}, deeds, {});
}

int note_in_block(const Access& access) {
  TouchedLocations touched;
  translate(access, touched);
  if (runtime.engine->killing()) return resumed();
  for (const Touched& t : touched) {
    if (t.inside) return refuse_in_block("looks inside of a queue, event or semaphore");
    Location& l = location(t.location);
    if (l.visible) {
      wrote |= t.write;
      join_blocks(l);
    } else {
      self().hidden_changes += t.write;
      note_access(l, t.write);
    }
    if (runtime.engine->killing()) return resumed();
  }
  const std::string deed = touched.size() ? learn_in_block(access, touched.begin()->location) : std::string();
  if (!deed.empty()) deeds += (deeds.empty() ? "" : ", ") + deed;
  return 0;
}

int refuse_in_block(const char* what) {
  if (!runtime.engine || !in_block()) return 0;
  PyErr_Format(PyExc_RuntimeError, "raddle.atomic: the block %s; it may only use variables and containers",
               what);
  return -1;
}

void leave_atomic_blocks() {
  if (depth == 0 || runtime.block_owner != runtime.engine->self().id) return;
  self().atomic -= depth;
  forget_atomic_blocks();
}

void forget_atomic_blocks() {
  depth = 0;
  announced = runtime.in_block = false;
}

}  // namespace raddle::python
