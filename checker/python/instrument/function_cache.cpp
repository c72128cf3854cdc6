#include "checker/python/instrument/function_cache.h"

#include <string_view>

namespace raddle::python {
namespace {

// As in Modules/_functoolsmodule.c of CPython 3.11, which has no header.
struct Entry {
  PyObject_HEAD Entry *previous, *next;
  Py_hash_t hash;
  PyObject *key, *result;
};
struct CacheObject {
  Entry root;
  void* wrapper;
  int typed;
  PyObject* results;
  Py_ssize_t hits;
  PyObject* function;
  Py_ssize_t most;  // -1: any number
  Py_ssize_t misses;
};

}  // namespace

bool is_function_cache(PyTypeObject* type) {
  return std::string_view(type->tp_name) == "functools._lru_cache_wrapper";
}

FunctionCache function_cache(PyObject* callable) {
  const auto* cache = reinterpret_cast<CacheObject*>(callable);
  return {cache->function, cache->results, cache->most >= 0};
}

Ref entry_of_call(PyObject* const* arguments, std::size_t count) {
  if (count == 1) return Ref::share(arguments[0]);
  Ref all = Ref::take(PyTuple_New(static_cast<Py_ssize_t>(count)));
  for (std::size_t i = 0; all && i < count; ++i)
    PyTuple_SET_ITEM(all.get(), static_cast<Py_ssize_t>(i), Py_NewRef(arguments[i]));
  return all;
}

}  // namespace raddle::python
