#include "checker/python/type_changes.h"

#include <vector>

#include "checker/python/runtime.h"
#include "checker/python/user_code.h"

namespace raddle::python {
namespace {

struct Change {
  Ref type, name, before;  // before: null if there was no such attribute
};
std::vector<Change>& changes = *new std::vector<Change>;  // outlives the interpreter
setattrofunc original;

// What the library does while it initialises itself stays; the program's own classes are made anew anyway.
bool is_watched(PyTypeObject* type) { return controlled() && !is_user_type(type); }

int set_attribute(PyObject* object, PyObject* name, PyObject* value) {
  auto* type = reinterpret_cast<PyTypeObject*>(object);
  if (type->tp_dict && is_watched(type))
    changes.push_back(
        {Ref::share(object), Ref::share(name), Ref::share(PyDict_GetItemWithError(type->tp_dict, name))});
  return original(object, name, value);
}

}  // namespace

void install_type_watch() {
  original = PyType_Type.tp_setattro;
  PyType_Type.tp_setattro = set_attribute;
}

void undo_type_changes() {
  while (!changes.empty()) {
    Change change = std::move(changes.back());
    changes.pop_back();
    if (original(change.type.get(), change.name.get(), change.before.get()) < 0) PyErr_Clear();
  }
}

}  // namespace raddle::python
