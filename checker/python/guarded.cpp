#include "checker/python/guarded.h"

#include "checker/engine/mutex.h"
#include "checker/python/invariants.h"
#include "checker/python/labels.h"
#include "checker/python/locations.h"

namespace raddle::python {

namespace {

bool seen = false;  // was the latest step an operation?

// Are the queue's ends told apart in this step? Not from the first time on that it has a timeout, or that the queue is
// not as the steps before have left it; nor where an invariant looks at all of it.
bool has_two_ends(LockObject* lock, engine::ObjectId id, const Step& step) {
  engine::ObjectTable& objects = runtime.engine->objects();
  if (step.items && !whole_queues.contains(lock->name) && !runtime.engine->watched(id) &&
      !runtime.engine->is_revealed(engine::Hidden::QueueEnds)) {
    const engine::QueueEnds& q = objects.ends(id, step.items->length, step.items->capacity);
    const std::uint32_t length = q.now.put - q.now.taken;
    if (step.timeout < 0 && q.capacity == step.items->capacity &&
        length == static_cast<std::uint32_t>(step.items->length))
      return true;
    whole_queues.add(lock->name);
  }
  objects.forget_ends(id);
  return false;
}

}  // namespace

LockObject* as_inner(PyObject* object, bool always) {
  if (!object || Py_TYPE(object) != &LockType) return nullptr;
  auto* lock = reinterpret_cast<LockObject*>(object);
  if (runtime.looking) [[unlikely]]
    note_look(lock);
  if (!controlled()) return nullptr;
  if (lock->role == LockRole::Inner) return lock;
  if (runtime.fine && !always) return nullptr;
  if (lock->role != LockRole::Plain || !lock->name || opened_objects.contains(lock->name)) return nullptr;
  if (lock->used) {  // by the program itself, for which it is a lock like others
    open_inner(lock);
    return nullptr;
  }
  lock->role = LockRole::Inner;
  lock->id = 0;
  return lock;
}

int take_step(LockObject* lock, const Step& step) {
  engine::Engine& e = *runtime.engine;
  if (is_unseen(lock, step.write)) {
    self().hidden_changes += step.write;
    using engine::OpKind;
    const bool tries =
        step.kind == OpKind::TryAcquire || step.kind == OpKind::TryGet || step.kind == OpKind::TryPut;
    if (step.ready && !(tries && is_suspicious())) return seen = false, 1;
    make_seen(lock);
  }
  if (e.killing()) return resumed();
  const engine::ObjectId id = object_of(lock);
  const bool two_ends = has_two_ends(lock, id, step);
  if (e.killing()) return resumed();
  if (e.recorder()) [[unlikely]]
    describe_use(lock);
  e.object(id) = step.state;
  const engine::Access access = step.write ? engine::writes(id) : engine::reads(id);
  // Others run meanwhile, and take steps too.
  if (step.timeout < 0 && !two_ends) {
    const int done = visible(step.kind, access, 0, current_site(), 0, step.tries ? engine::kTries : 0);
    seen = true;
    return done < 0 ? -1 : 1;
  }
  engine::Operation& op = e.next_operation();
  op = {};
  op.a0 = access;
  op.a1 = 0;
  op.kind = step.kind;
  op.arity = two_ends ? engine::kTwoEnds : 0;
  op.memory = step.tries ? engine::kTries : 0;
  op.timed = !two_ends;
  op.expires_on = id;
  op.deadline = e.virtual_clock() ? e.virtual_now() + step.timeout : 0;
  op.site = current_site();
  e.announce();
  seen = true;
  if (resumed() < 0) return -1;
  if (!e.expired()) return 1;
  e.advance(step.timeout);
  e.overshoot();
  return 0;
}

void move_item(LockObject* lock, bool put) {
  if (lock->id && runtime.engine->objects().has_ends(lock->id))
    runtime.engine->objects().moved(lock->id, put);
}

void set_state(LockObject* lock, engine::ObjectState state) {
  if (lock->id) runtime.engine->object(lock->id) = state;
}

void set_result(std::uint64_t digest) { runtime.engine->self().result = digest; }

bool recording() { return seen && runtime.engine->recorder(); }

void show_put(PyObject* item) {
  runtime.engine->recorder()->item_put(reinterpret_cast<std::uintptr_t>(item));
}

void show_got(PyObject* item, engine::QueueOrder order) {
  runtime.engine->recorder()->item_got(reinterpret_cast<std::uintptr_t>(item), order);
}

void show_items(std::int32_t count, std::int32_t capacity) {
  runtime.engine->recorder()->items(count, capacity);
}

void show_effect(const std::string& before, const std::string& after, const std::string& result) {
  runtime.engine->recorder()->effect(before, after, result);
}

}  // namespace raddle::python
