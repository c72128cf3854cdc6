// Interned names that the hooks look up.
#pragma once
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// Filled once by prepare_names(); never freed.
struct Names {
  PyObject *args, *type, *contains, *delattr, *erase, *delitem, *dict, *func, *get, *getattribute, *getitem,
      *init, *del, *iter, *len, *match_args, *missing, *make, *reduce, *reduce_ex, *getstate, *set, *setattr,
      *setitem;
};
inline Names names{};

/// Returns -1 with an exception set when memory ran out.
int prepare_names();

}  // namespace raddle::python
