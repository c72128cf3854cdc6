#include "checker/python/standard_input.h"

#include <atomic>

#include "checker/python/arguments.h"
#include "checker/python/instrument/type_traits.h"
#include "checker/python/output.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

constexpr std::uint64_t kStandardInput = 0x737464696e21ull;

std::string bytes;
bool real = false;  // the process's own
std::atomic<bool> reading = false;

// While the real one is read, which may take as long as somebody types.
class Reading {
 public:
  Reading() { reading = real; }
  ~Reading() { reading = false; }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
};

PyTypeObject InputType = {PyVarObject_HEAD_INIT(nullptr, 0)};

// Wraps an io.TextIOWrapper that is made when it is first used: most programs never read.
struct Input {
  PyObject_HEAD PyObject* inner;
};
Input* the_input = nullptr;

PyObject* inner() {
  if (the_input->inner) return the_input->inner;
  Ref io = Ref::take(PyImport_ImportModule("io"));
  if (io && real) {
    Ref open = Ref::take(PyObject_GetAttrString(io.get(), "open"));
    Ref arguments = Ref::take(Py_BuildValue("(i)", 0));
    Ref names = Ref::take(Py_BuildValue("{s:s,s:O}", "encoding", "utf-8", "closefd", Py_False));
    if (!open || !arguments || !names) return nullptr;
    return the_input->inner = PyObject_Call(open.get(), arguments.get(), names.get());
  }
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
  const Reading now;
  return function ? PyObject_Call(function.get(), arguments, nullptr) : nullptr;
}

const char* const kRead = "read";
const char* const kReadline = "readline";
const char* const kReadlines = "readlines";

PyObject* next(PyObject*) {
  if (touch() < 0 || !inner()) return nullptr;
  const Reading now;
  return PyIter_Next(inner());
}

// input() would read past us if it knew that there is a terminal.
PyObject* no_fileno(PyObject*, PyObject*) {
  Ref io = Ref::take(PyImport_ImportModule("io"));
  Ref error = io ? Ref::take(PyObject_GetAttrString(io.get(), "UnsupportedOperation")) : Ref();
  if (error) PyErr_SetString(error.get(), "fileno");
  return nullptr;
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
  ignore_type(&InputType);
  the_input = PyObject_New(Input, &InputType);
  if (the_input) the_input->inner = nullptr;
  return the_input ? 0 : -1;
}

}  // namespace

void set_standard_input(std::string text) {
  bytes = std::move(text);
  output.passed_on = real = false;
}

void use_real_streams() { output.passed_on = real = true; }

bool is_reading_input() { return reading; }

PyObject* standard_input() {
  if (!the_input && ready() < 0) return nullptr;
  Py_CLEAR(the_input->inner);
  return reinterpret_cast<PyObject*>(the_input);
}

}  // namespace raddle::python
