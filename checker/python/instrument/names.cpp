#include "checker/python/instrument/names.h"

#include <utility>

namespace raddle::python {

int prepare_names() {
  const std::pair<PyObject*&, const char*> all[] = {
      {names.args, "args"},
      {names.type, "__class__"},
      {names.contains, "__contains__"},
      {names.del, "__del__"},
      {names.delattr, "__delattr__"},
      {names.erase, "__delete__"},
      {names.delitem, "__delitem__"},
      {names.dict, "__dict__"},
      {names.func, "func"},
      {names.get, "__get__"},
      {names.getattribute, "__getattribute__"},
      {names.getitem, "__getitem__"},
      {names.init, "__init__"},
      {names.iter, "__iter__"},
      {names.len, "__len__"},
      {names.match_args, "__match_args__"},
      {names.missing, "__missing__"},
      {names.make, "__new__"},
      {names.reduce, "__reduce__"},
      {names.reduce_ex, "__reduce_ex__"},
      {names.getstate, "__getstate__"},
      {names.set, "__set__"},
      {names.setattr, "__setattr__"},
      {names.setitem, "__setitem__"},
  };
  for (auto& [name, text] : all) {
    if (!name && !(name = PyUnicode_InternFromString(text))) return -1;
  }
  return 0;
}

}  // namespace raddle::python
