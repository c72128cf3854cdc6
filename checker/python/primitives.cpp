#include "checker/python/primitives.h"

#include "checker/python/instrument/object_layout.h"
#include "checker/python/patch.h"
#include "checker/python/strings.h"

namespace raddle::python {

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
Kind kinds[] = {{"threading", "Event", "event"},
                {"threading", "Semaphore", "semaphore"},
                {"threading", "Condition", "condition"},
                {"queue", "Queue", "queue"},
                {"queue", "_PySimpleQueue", "queue"}};

}  // namespace

int prepare_primitives() {
  for (Kind& kind : kinds) {
    kind.type = library_type(kind.module, kind.type_name);
    if (!kind.type) return -1;
  }
  return prepare_events() < 0 || prepare_semaphores() < 0 || prepare_queues() < 0 || prepare_conditions() < 0
             ? -1
             : 0;
}

LockObject* inner_lock(PyObject* object, const char*& kind) {
  for (const Kind& k : kinds) {
    if (!k.type || !PyType_IsSubtype(Py_TYPE(object), k.type)) continue;
    kind = k.kind;
    PyObject* holder = object;
    if (k.type == kinds[4].type) holder = instance_value(holder, strings.count);
    if (holder && (k.type == kinds[0].type || k.type == kinds[1].type || k.type == kinds[4].type))
      holder = instance_value(holder, strings.cond);
    PyObject* lock =
        holder ? instance_value(holder, k.type == kinds[3].type ? strings.mutex : strings.lock) : nullptr;
    return lock && is_lock(lock) ? reinterpret_cast<LockObject*>(lock) : nullptr;
  }
  return nullptr;
}

}  // namespace raddle::python
