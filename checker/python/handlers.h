// Taking the exception handlers out of code that is being executed, so that an exception passes through it without any
// except, finally or with of the program noticing.
#pragma once
#include <utility>
#include <vector>

#include "checker/python/instrument/object_layout.h"

namespace raddle::python {

/// For as long as it exists, no code that `state` is executing has exception handlers.
class BlankHandlers {
 public:
  explicit BlankHandlers(PyThreadState* state) {
    static PyObject* blank = PyBytes_FromStringAndSize(nullptr, 0);
    for (_PyInterpreterFrame* frame = state->cframe->current_frame; frame; frame = frame->previous) {
      PyCodeObject* code = frame->f_code;
      if (!code || code->co_exceptiontable == blank) continue;
      Py_INCREF(code);
      saved_.push_back({code, std::exchange(code->co_exceptiontable, blank)});
    }
  }
  ~BlankHandlers() {
    for (auto& [code, table] : saved_) {
      code->co_exceptiontable = table;
      Py_DECREF(code);
    }
  }
  BlankHandlers(const BlankHandlers&) = delete;
  BlankHandlers& operator=(const BlankHandlers&) = delete;

 private:
  struct Saved {
    PyCodeObject* code;
    PyObject* table;
  };
  std::vector<Saved> saved_;
};

}  // namespace raddle::python
