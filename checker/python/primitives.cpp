#include "checker/python/primitives.h"

#include <iterator>

#include "checker/python/instrument/exception_aside.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/patch.h"
#include "checker/python/strings.h"

namespace raddle::python {

void set_event_state(PyObject* event);
void set_semaphore_state(PyObject* semaphore);
void set_queue_state(PyObject* queue);
int prepare_events();
int prepare_semaphores();
int prepare_queues();
int prepare_conditions();

namespace {

struct Kind {
  const char* module;
  const char* type_name;
  const char* kind;
  PyTypeObject* type = nullptr;
};
Kind kinds[] = {{"threading", "Event", "event"},         {"threading", "Semaphore", "semaphore"},
                {"threading", "Condition", "condition"}, {"queue", "Queue", "queue"},
                {"queue", "_PySimpleQueue", "queue"},    {"threading", "Barrier", "barrier"}};
enum { kEvent, kSemaphore, kCondition, kQueue, kSimpleQueue, kBarrier };

// Attributes (and properties over them) that hold state which methods change.
const char* const kStateNames[] = {"_flag",  "_value",    "queue", "unfinished_tasks", "_waiters", "_state",
                                   "_count", "n_waiting", "broken"};
PyObject* state_names[std::size(kStateNames)];

}  // namespace

int prepare_primitives() {
  for (Kind& kind : kinds) {
    kind.type = library_type(kind.module, kind.type_name);
    if (!kind.type) return -1;
  }
  for (std::size_t i = 0; i < std::size(kStateNames); ++i)
    if (!(state_names[i] = interned_name(kStateNames[i]))) return -1;
  return prepare_events() < 0 || prepare_semaphores() < 0 || prepare_queues() < 0 || prepare_conditions() < 0
             ? -1
             : 0;
}

LockObject* inner_lock(PyObject* object, const char*& kind) {
  for (int k = kEvent; k <= kBarrier; ++k) {
    if (!kinds[k].type || !PyType_IsSubtype(Py_TYPE(object), kinds[k].type)) continue;
    kind = kinds[k].kind;
    PyObject* holder = object;
    if (k == kSimpleQueue) holder = instance_value(holder, strings.count);
    if (holder && k != kQueue && k != kCondition) holder = instance_value(holder, strings.cond);
    PyObject* lock = holder ? instance_value(holder, k == kQueue ? strings.mutex : strings.lock) : nullptr;
    return lock && is_lock(lock) ? reinterpret_cast<LockObject*>(lock) : nullptr;
  }
  return nullptr;
}

LockObject* state_attribute(PyObject* object, PyObject* name) {
  bool found = false;
  for (PyObject* known : state_names) found |= known == name;
  const char* kind = nullptr;
  return found ? inner_lock(object, kind) : nullptr;
}

void set_inner_state(PyObject* object) {
  ExceptionAside aside;
  auto is = [object](int k) { return PyType_IsSubtype(Py_TYPE(object), kinds[k].type); };
  if (is(kEvent)) return set_event_state(object);
  if (is(kSemaphore)) return set_semaphore_state(object);
  if (is(kQueue) || is(kSimpleQueue)) set_queue_state(object);
}

}  // namespace raddle::python
