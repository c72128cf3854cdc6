#include "checker/python/instrument/name_facts.h"

#include <memory>
#include <unordered_map>

namespace raddle::python {

NameFacts& facts_of(PyObject* interned_name) {
  static auto& all = *new std::unordered_map<PyObject*, std::unique_ptr<NameFacts>>;
  std::unique_ptr<NameFacts>& facts = all[interned_name];
  if (!facts) {
    Py_INCREF(interned_name);
    facts = std::make_unique<NameFacts>();
  }
  return *facts;
}

void establish(bool& fact) {
  if (fact) return;
  fact = true;
  ++detail::epoch;
}

}  // namespace raddle::python
