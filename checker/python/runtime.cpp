#include "checker/python/runtime.h"

namespace raddle::python {

int raise_killed() {
  self().killed = true;
  PyErr_SetNone(runtime.killed);
  return -1;
}

}  // namespace raddle::python
