#include "checker/python/standard_input.h"

#include "checker/python/arguments.h"
#include "checker/python/output.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

constexpr std::uint64_t kStandardInput = 0x737464696e21ull;

std::string bytes;
PyTypeObject InputType = {PyVarObject_HEAD_INIT(nullptr, 0)};

// Wraps an io.TextIOWrapper that is made when it is first used: most programs never read.
struct Input {
  PyObject_HEAD PyObject* inner;
};
Input* the_input = nullptr;

PyObject* inner() {
  if (the_input->inner) return the_input->inner;
  Ref io = Ref::take(PyImport_ImportModule("io"));
  Ref buffer = io ? Ref::take(PyObject_CallMethod(io.get(), "BytesIO", "y#", bytes.data(),
                                                  static_cast<Py_ssize_t>(bytes.size())))
                  : Ref();
  if (!buffer) return nullptr;
  the_input->inner = PyObject_CallMethod(io.get(), "TextIOWrapper", "Os", buffer.get(), "utf-8");
  return the_input->inner;
}

int touch() {
  if (!controlled()) return 0;
  engine::Engine& e = *runtime.engine;
  const engine::ObjectId object = e.named_object(kStandardInput);
  return visible(engine::OpKind::ReadModifyWrite, engine::writes(object), 0, current_site());
}

PyObject* getattr(PyObject* object, PyObject* name) {
  if (PyObject* own = PyObject_GenericGetAttr(object, name)) return own;
  if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return nullptr;
  PyErr_Clear();
  return inner() ? PyObject_GetAttr(inner(), name) : nullptr;
}

template <const char* const& Name>
PyObject* read(PyObject*, PyObject* arguments) {
  if (touch() < 0 || !inner()) return nullptr;
  Ref function = Ref::take(PyObject_GetAttrString(inner(), Name));
  return function ? PyObject_Call(function.get(), arguments, nullptr) : nullptr;
}

const char* const kRead = "read";
const char* const kReadline = "readline";
const char* const kReadlines = "readlines";

PyObject* next(PyObject*) {
  if (touch() < 0 || !inner()) return nullptr;
  return PyIter_Next(inner());
}

PyObject* no_fileno(PyObject*, PyObject*) {
  if (!inner()) return nullptr;
  return PyObject_CallMethod(inner(), "fileno", nullptr);  // not a file: io.UnsupportedOperation
}

PyObject* enter(PyObject* self, PyObject*) { return Py_NewRef(self); }

PyObject* leave(PyObject*, PyObject*) {
  if (!inner()) return nullptr;
  return PyObject_CallMethod(inner(), "close", nullptr);
}

PyMethodDef methods[] = {
    {"__enter__", enter, METH_NOARGS, nullptr},
    {"__exit__", leave, METH_VARARGS, nullptr},
    {"read", read<kRead>, METH_VARARGS, nullptr},
    {"readline", read<kReadline>, METH_VARARGS, nullptr},
    {"readlines", read<kReadlines>, METH_VARARGS, nullptr},
    {"fileno", no_fileno, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

int ready() {
  InputType.tp_name = "_io.TextIOWrapper";
  InputType.tp_basicsize = sizeof(Input);
  InputType.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  InputType.tp_methods = methods;
  InputType.tp_getattro = getattr;
  InputType.tp_iter = PyObject_SelfIter;
  InputType.tp_iternext = next;
  if (PyType_Ready(&InputType) < 0) return -1;
  the_input = PyObject_New(Input, &InputType);
  if (the_input) the_input->inner = nullptr;
  return the_input ? 0 : -1;
}

}  // namespace

void set_standard_input(std::string text) { bytes = std::move(text); }

PyObject* standard_input() {
  if (!the_input && ready() < 0) return nullptr;
  Py_CLEAR(the_input->inner);
  return reinterpret_cast<PyObject*>(the_input);
}

}  // namespace raddle::python
