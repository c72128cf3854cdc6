// threading.Condition: waiting is the engine's Wait (which releases the lock) and Wake (which takes it again), so that
// a search and its reports know what a thread waits for. As in the library's code, a notification chooses who has
// waited longest, and somebody whose timeout has expired stays in the line until it has the lock back: a notification
// may still go to it, and is then lost.
#include <algorithm>

#include "checker/engine/mutex.h"
#include "checker/python/arguments.h"
#include "checker/python/guarded.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/invariants.h"
#include "checker/python/misuse.h"
#include "checker/python/object_names.h"
#include "checker/python/patch.h"
#include "checker/python/primitives.h"
#include "checker/python/strings.h"

namespace raddle::python {
namespace {

PyObject *original_init, *original_wait, *original_notify, *original_notify_all, *original_is_owned;
PyTypeObject *deque_type, *condition_type;
PyObject* our_notify;  // what the class has in its place

bool set(PyObject* object, PyObject* name, PyObject* value) {
  Ref owned = Ref::take(value);
  return owned && PyObject_SetAttr(object, name, owned.get()) == 0;
}

// Its lock, if waiting on it is ours to do: one of our own types, held by the running thread, and not quiet.
LockObject* lock_of(PyObject* condition) {
  PyObject* object = controlled() && !runtime.fine ? instance_value(condition, strings.lock) : nullptr;
  if (!object || !is_lock(object)) return nullptr;
  auto* lock = reinterpret_cast<LockObject*>(object);
  if (lock->role != LockRole::Plain || !is_owned(lock)) return nullptr;
  return lock;
}

engine::ObjectId waiters_of(PyObject* condition) { return runtime.engine->named_object(name_of(condition)); }

PyObject* condition_init(PyObject* condition, PyObject* const* arguments, Py_ssize_t count,
                         PyObject* keywords) {
  static const char* const names[] = {"lock"};
  PyObject* values[] = {Py_None};
  if (!parse_arguments(arguments, count, keywords, names, values, 1)) {
    PyErr_Clear();
    return call_original(original_init, condition, arguments, count, keywords);
  }
  Ref lock = values[0] == Py_None
                 ? Ref::take(reinterpret_cast<PyObject*>(new_lock(&RLockType, LockRole::Plain)))
                 : Ref::share(values[0]);
  if (!lock) return nullptr;
  if (runtime.engine && !runtime.library) name_of(condition);
  if (!is_lock(lock.get()))
    return PyObject_CallFunctionObjArgs(original_init, condition, lock.get(), nullptr);
  PyObject* l = lock.get();
  if (PyObject_SetAttr(condition, strings.lock, l) < 0) return nullptr;
  if (!set(condition, strings.acquire, PyObject_GetAttr(l, strings.acquire)) ||
      !set(condition, strings.release, PyObject_GetAttr(l, strings.release)))
    return nullptr;
  if (Py_TYPE(l) == &RLockType) {
    for (PyObject* name : {strings.release_save, strings.acquire_restore, strings.is_owned})
      if (!set(condition, name, PyObject_GetAttr(l, name))) return nullptr;
  }
  if (!set(condition, strings.waiters, PyObject_CallNoArgs(reinterpret_cast<PyObject*>(deque_type))))
    return nullptr;
  Py_RETURN_NONE;
}

// The program may look at `_waiters`, so something stands there for each: a lock, as in the library's code.
void show_waiter(PyObject* condition) {
  PyObject* waiters = instance_value(condition, strings.waiters);
  Ref waiter = Ref::take(reinterpret_cast<PyObject*>(new_lock(&LockType, LockRole::Quiet)));
  if (waiters && waiter) {
    reinterpret_cast<LockObject*>(waiter.get())->owner = runtime.engine->self().id + 1;
    Ref done = Ref::take(PyObject_CallMethodOneArg(waiters, strings.append, waiter.get()));
    if (done) self().waiter = waiter.get();  // the condition keeps it
  }
  PyErr_Clear();
}

void hide_waiter(PyObject* condition, engine::Tid thread) {
  auto& waiting = *static_cast<PythonThread*>(runtime.engine->thread(thread).front_end);
  PyObject* waiter = std::exchange(waiting.waiter, nullptr);
  PyObject* waiters = instance_value(condition, strings.waiters);
  Ref done =
      waiter && waiters ? Ref::take(PyObject_CallMethodOneArg(waiters, strings.remove, waiter)) : Ref();
  PyErr_Clear();
}

// One operation on both; two where the lock is watched, and its write has no room for a second object. That is the same:
// whoever notifies has to hold the lock.
int begin_to_wait(engine::ObjectId mutex, engine::ObjectId waiters, const engine::Site& site) {
  if (!runtime.engine->watched(mutex))
    return visible(engine::OpKind::Wait, engine::writes(mutex), engine::writes(waiters), site);
  if (visible(engine::OpKind::Wait, engine::writes(waiters), 0, site) < 0) return -1;
  return visible(engine::OpKind::Unlock, engine::writes(mutex), 0, site);
}

// Takes the lock back.
int wake(LockObject* lock, engine::ObjectId mutex, engine::ObjectId waiters, int depth) {
  engine::Engine& e = *runtime.engine;
  engine::Operation& op = e.next_operation();
  op = {};
  op.a0 = engine::writes(mutex);
  op.kind = engine::OpKind::Wake;
  op.expires_on = waiters;  // nothing expires; says what it waits for
  op.site = current_site();
  e.announce();
  if (resumed() < 0) return -1;
  e.object(mutex).n = lock->owner = e.self().id + 1;
  lock->depth = depth;
  return 0;
}

PyObject* condition_wait(PyObject* condition, PyObject* const* arguments, Py_ssize_t count,
                         PyObject* keywords) {
  LockObject* lock = lock_of(condition);
  PyObject* timeout = Py_None;
  if (!lock || !parse_timeout(arguments, count, keywords, timeout)) {
    PyErr_Clear();
    return watch_misuse(call_original(original_wait, condition, arguments, count, keywords),
                        Misuse::WaitNotOwner, condition);
  }
  std::int64_t nanoseconds = kForever;
  if (timeout != Py_None) {
    if (read_seconds(timeout, nanoseconds) == Seconds::Odd)
      return call_original(original_wait, condition, arguments, count, keywords);
    nanoseconds = std::max<std::int64_t>(nanoseconds, 0);  // as NaN
  }
  make_seen(lock);
  engine::Engine& e = *runtime.engine;
  if (e.killing()) return resumed(), nullptr;
  const engine::Site site = current_site();
  const engine::ObjectId mutex = object_of(lock), waiters = waiters_of(condition);
  const int depth = lock->depth;
  if (begin_to_wait(mutex, waiters, site) < 0) return nullptr;
  engine::Thread& me = e.self();
  e.object(mutex).n = lock->owner = lock->depth = 0;
  e.objects().waiters(waiters).push_back(me.id);
  show_waiter(condition);
  me.notified = false;
  bool expired = false;
  if (nanoseconds >= 0) {
    engine::timed_operation(e, engine::OpKind::Wake, engine::writes(mutex), waiters, nanoseconds, site);
    if (resumed() < 0) return nullptr;
    expired = e.expired();
    if (expired) {
      e.overshoot();
      e.wake(me.id);
    }
  }
  if (nanoseconds < 0 || expired) {
    if (wake(lock, mutex, waiters, depth) < 0) return nullptr;
  } else {
    e.object(mutex).n = lock->owner = me.id + 1;
    lock->depth = depth;
  }
  if (expired) {
    std::erase(e.objects().waiters(waiters), me.id);
    hide_waiter(condition, me.id);
  }
  set_result(!expired);
  if (in_library()) e.learn_past();
  return PyBool_FromLong(!expired);
}

PyObject* condition_notify(PyObject* condition, PyObject* const* arguments, Py_ssize_t count,
                           PyObject* keywords) {
  static const char* const names[] = {"n"};
  static PyObject *one = PyLong_FromLong(1), *zero = PyLong_FromLong(0);
  PyObject* values[] = {one};
  if (refuse_in_step("notifies a condition") < 0) return nullptr;
  LockObject* lock = lock_of(condition);
  if (!lock || !parse_arguments(arguments, count, keywords, names, values, 1)) {
    PyErr_Clear();
    return watch_misuse(call_original(original_notify, condition, arguments, count, keywords),
                        Misuse::NotifyNotOwner, condition);
  }
  if (values[0] != one && PyLong_CheckExact(values[0]) &&
      PyObject_RichCompareBool(values[0], zero, Py_LE) == 1)
    Py_RETURN_NONE;
  engine::Engine& e = *runtime.engine;
  // Whoever waits has made the lock visible; as long as it is not, there is nobody.
  if (is_unseen(lock, true)) Py_RETURN_NONE;
  if (e.killing()) return resumed(), nullptr;
  const engine::ObjectId waiters = waiters_of(condition);
  // Nobody begins to wait or gives up while the lock is held. As in the original, `n` is looked at while there are
  // waiters, and may be any number.
  for (Ref wanted = Ref::share(values[0]);;) {
    const int more = values[0] == one || e.waiters(waiters).empty()
                         ? 1
                         : PyObject_RichCompareBool(wanted.get(), zero, Py_GT);
    if (more < 0) return nullptr;
    if (more == 0) break;
    if (visible(engine::OpKind::NotifyOne, engine::writes(waiters), 0, current_site()) < 0) return nullptr;
    const engine::Tid chosen = e.self().alt - 1;
    if (chosen < 0) break;
    std::erase(e.objects().waiters(waiters), chosen);
    hide_waiter(condition, chosen);
    e.wake(chosen);
    if (e.waiters(waiters).empty() || values[0] == one) break;
    wanted = Ref::take(PyNumber_InPlaceSubtract(wanted.get(), one));
    if (!wanted) return nullptr;
  }
  Py_RETURN_NONE;
}

// Does its class notify with the library's code?
bool notifies_as_usual(PyObject* condition) {
  return Py_TYPE(condition) == condition_type ||
         _PyType_Lookup(Py_TYPE(condition), strings.notify) == our_notify;
}

PyObject* condition_notify_all(PyObject* condition) {
  if (refuse_in_step("notifies a condition") < 0) return nullptr;
  LockObject* lock = lock_of(condition);
  if (!lock || !notifies_as_usual(condition)) return PyObject_CallOneArg(original_notify_all, condition);
  engine::Engine& e = *runtime.engine;
  if (is_unseen(lock, true)) Py_RETURN_NONE;
  if (e.killing()) return resumed(), nullptr;
  const engine::ObjectId waiters = waiters_of(condition);
  if (visible(engine::OpKind::NotifyAll, engine::writes(waiters), 0, current_site()) < 0) return nullptr;
  for (engine::Tid t : e.waiters(waiters)) {
    hide_waiter(condition, t);
    e.wake(t);
  }
  e.objects().waiters(waiters).clear();
  Py_RETURN_NONE;
}

// The original tries to take the lock. Of a lock that the caller holds the answer is known.
PyObject* condition_is_owned(PyObject* condition, PyObject*) {
  PyObject* object = instance_value(condition, strings.lock);
  if (!object || !is_lock(object)) return PyObject_CallOneArg(original_is_owned, condition);
  auto* lock = reinterpret_cast<LockObject*>(object);
  if (is_owned(lock)) Py_RETURN_TRUE;
  const int answer = is_locked(lock);
  return answer < 0 ? nullptr : PyBool_FromLong(answer);
}

Patch patches[] = {
    {{"__init__", method(condition_init), METH_FASTCALL | METH_KEYWORDS,
      "__init__($self, lock=None)\n--\n\n"},
     &original_init},
    {{"wait", method(condition_wait), METH_FASTCALL | METH_KEYWORDS, "wait($self, timeout=None)\n--\n\n"},
     &original_wait},
    {{"notify", method(condition_notify), METH_FASTCALL | METH_KEYWORDS, "notify($self, n=1)\n--\n\n"},
     &original_notify},
    {{"notify_all", method(no_arguments<condition_notify_all, original_notify_all>),
      METH_FASTCALL | METH_KEYWORDS, "notify_all($self)\n--\n\n"},
     &original_notify_all},
    {{"_is_owned", condition_is_owned, METH_NOARGS, nullptr}, &original_is_owned},
};

}  // namespace

int prepare_conditions() {
  deque_type = library_type("collections", "deque");
  condition_type = library_type("threading", "Condition");
  if (!deque_type || !condition_type) return -1;
  for (Patch& p : patches)
    if (patch(condition_type, p) < 0) return -1;
  our_notify = _PyType_Lookup(condition_type, strings.notify);
  return 0;
}

}  // namespace raddle::python
