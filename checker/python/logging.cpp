// logging.Handler.handle, where the order of the output matters: a record of one of the library's stream handlers is one
// visible operation, from taking the handler's lock to giving it back.
#include "checker/python/output.h"
#include "checker/python/patch.h"

namespace raddle::python {
namespace {

PyObject *original_handle, *stream_handler, *stderr_handler;

bool writes_to_output(PyObject* handler) {
  auto* type = reinterpret_cast<PyObject*>(Py_TYPE(handler));
  if (type != stream_handler && type != stderr_handler) return false;
  Ref stream = Ref::take(PyObject_GetAttrString(handler, "stream"));
  if (!stream) return PyErr_Clear(), false;
  return is_output_stream(stream.get());
}

PyObject* handle(PyObject* handler, PyObject* record) {
  if (!output.ordered || !controlled() || !writes_to_output(handler))
    return PyObject_CallFunctionObjArgs(original_handle, handler, record, nullptr);
  if (announce_output() < 0) return nullptr;
  AtomicSection atomic;
  return PyObject_CallFunctionObjArgs(original_handle, handler, record, nullptr);
}

Patch patch_of_handle = {{"handle", handle, METH_O, nullptr}, &original_handle};

}  // namespace

int patch_logging() {
  Ref logging = Ref::take(PyImport_ImportModule("logging"));
  PyTypeObject* type = logging ? library_type("logging", "Handler") : nullptr;
  if (!type) return -1;
  stream_handler = PyObject_GetAttrString(logging.get(), "StreamHandler");
  stderr_handler = PyObject_GetAttrString(logging.get(), "_StderrHandler");
  return stream_handler && stderr_handler ? patch(type, patch_of_handle) : -1;
}

}  // namespace raddle::python
