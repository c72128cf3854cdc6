// What functools.cache and functools.lru_cache keep for a function, seen from outside of them.
//
// Without a maximum, the entries are independent of one another: a call looks for its key, and adds it when the function
// has returned. With one, each call also moves its entry to the front of what is thrown out last.
#pragma once
#include "checker/python/instrument/reference.h"

namespace raddle::python {

bool is_function_cache(PyTypeObject* type);
inline bool is_function_cache(PyObject* callable) { return is_function_cache(Py_TYPE(callable)); }

struct FunctionCache {
  PyObject* function;  // borrowed
  PyObject* results;   // dict, borrowed
  bool bounded;
};
FunctionCache function_cache(PyObject* callable);

/// Equal for calls that have one entry: of the values of all arguments, keywords last.
Ref entry_of_call(PyObject* const* arguments, std::size_t count);

}  // namespace raddle::python
