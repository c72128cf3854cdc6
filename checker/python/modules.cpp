#include "checker/python/modules.h"

#include <memory>
#include <vector>

namespace raddle::python {

PyObject* extend_module(PyObject* (*make)(), int (*change)(PyObject* module)) {
  PyObject* definition = make();
  if (!definition || !PyObject_TypeCheck(definition, &PyModuleDef_Type)) return definition;
  // Multi-phase initialisation: the definition lists what is to be done, and we add one thing.
  auto* def = reinterpret_cast<PyModuleDef*>(definition);
  static std::vector<std::unique_ptr<std::vector<PyModuleDef_Slot>>> kept;
  auto slots = std::make_unique<std::vector<PyModuleDef_Slot>>();
  for (PyModuleDef_Slot* slot = def->m_slots; slot && slot->slot; ++slot) {
    if (slot->slot == Py_mod_exec && slot->value == reinterpret_cast<void*>(change)) return definition;
    slots->push_back(*slot);
  }
  slots->push_back({Py_mod_exec, reinterpret_cast<void*>(change)});
  slots->push_back({0, nullptr});
  def->m_slots = slots->data();
  kept.push_back(std::move(slots));
  return definition;
}

}  // namespace raddle::python
