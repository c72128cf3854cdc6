#include "checker/python/process.h"

#include <cstring>
#include <string>
#include <string_view>

#include "checker/python/output.h"
#include "checker/python/program.h"
#include "checker/python/runtime.h"
#include "checker/python/sites.h"
#include "checker/python/uncontrolled.h"

namespace raddle::python {
namespace {

// Events behind which raddle itself would no longer be what it is.
constexpr std::string_view kFatal[] = {"os.exec", "os.fork", "os.forkpty", "signal.pthread_kill"};

// Events of things that go on beyond our control. A prefix that ends with a dot stands for all that begin so.
constexpr std::string_view kOutside[] = {"os.posix_spawn", "os.spawn", "os.system",   "subprocess.Popen",
                                         "pty.spawn",      "socket.",  "fcntl.flock", "fcntl.lockf"};
constexpr std::string_view kHarmless[] = {"socket.gethostname", "socket.__new__"};

bool matches(std::string_view event, std::string_view pattern) {
  return pattern.ends_with('.') ? event.starts_with(pattern) : event == pattern;
}

// ctypes finds a function with which C code starts threads.
bool starts_threads(std::string_view event, PyObject* arguments) {
  if (event != "ctypes.dlsym" || PyTuple_GET_SIZE(arguments) < 2) return false;
  PyObject* name = PyTuple_GET_ITEM(arguments, 1);
  return PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, "pthread_create") == 0;
}

int audit(const char* name, PyObject* arguments, void*) {
  // Most events are about compiling, importing and the like.
  if (!runtime.engine || !std::strchr("ospfc", name[0])) return 0;
  const std::string_view event = name;
  if (runtime.library || self().killed) return 0;
  for (std::string_view fatal : kFatal) {
    if (event != fatal) continue;
    const engine::Site site = current_site();
    runtime.engine->abort("the model calls " + std::string(event) + " (" + (site.file ? site.file : "?") +
                          ":" + std::to_string(site.line) + "), which would take raddle with it");
    return resumed();
  }
  if (starts_threads(event, arguments)) uncontrolled("pthread_create");
  for (std::string_view harmless : kHarmless)
    if (event == harmless) return 0;
  for (std::string_view outside : kOutside)
    if (matches(event, outside)) uncontrolled(std::string(event));
  return 0;
}

PyObject* leave(PyObject*, PyObject* arguments) {
  int status = 0;
  if (!PyArg_ParseTuple(arguments, "i:_exit", &status)) return nullptr;
  if (!runtime.engine) return PyErr_Format(PyExc_RuntimeError, "os._exit outside of a run");
  exit_process(status);
  return nullptr;
}

// os.write and os.writev to the standard streams are output like any other.
PyObject *original_write = nullptr, *original_writev = nullptr;

// null: an exception is set.
PyObject* write_bytes(int descriptor, PyObject* bytes) {
  char* text = nullptr;
  Py_ssize_t size = 0;
  if (PyBytes_AsStringAndSize(bytes, &text, &size) < 0) return nullptr;
  if (size > 0 && announce_output() < 0) return nullptr;
  write_output(descriptor == 2, {text, static_cast<std::size_t>(size)});
  return PyLong_FromSsize_t(size);
}

PyObject* write(PyObject*, PyObject* arguments) {
  int descriptor = -1;
  PyObject* buffer = nullptr;
  if (runtime.engine && PyArg_ParseTuple(arguments, "iO:write", &descriptor, &buffer) &&
      PyObject_CheckBuffer(buffer) && (descriptor = standard_descriptor(descriptor))) {
    Ref bytes = Ref::take(PyBytes_FromObject(buffer));
    return bytes ? write_bytes(descriptor, bytes.get()) : nullptr;
  }
  PyErr_Clear();
  return PyObject_Call(original_write, arguments, nullptr);
}

PyObject* writev(PyObject*, PyObject* arguments) {
  int descriptor = -1;
  PyObject* buffers = nullptr;
  if (runtime.engine && PyArg_ParseTuple(arguments, "iO:writev", &descriptor, &buffers) &&
      PySequence_Check(buffers) && (descriptor = standard_descriptor(descriptor))) {
    Ref none = Ref::take(PyBytes_FromStringAndSize(nullptr, 0));
    Ref bytes = none ? Ref::take(_PyBytes_Join(none.get(), buffers)) : Ref();
    return bytes ? write_bytes(descriptor, bytes.get()) : nullptr;
  }
  PyErr_Clear();
  return PyObject_Call(original_writev, arguments, nullptr);
}

PyMethodDef write_method = {"write", write, METH_VARARGS, "write($module, fd, data, /)\n--\n\n"};
PyMethodDef writev_method = {"writev", writev, METH_VARARGS, "writev($module, fd, buffers, /)\n--\n\n"};
PyMethodDef leave_method = {"_exit", leave, METH_VARARGS, "_exit($module, /, status)\n--\n\n"};

}  // namespace

int prepare_process() {
  Ref leaves = Ref::take(PyCFunction_New(&leave_method, nullptr));
  Ref writes = Ref::take(PyCFunction_New(&write_method, nullptr));
  Ref writes_all = Ref::take(PyCFunction_New(&writev_method, nullptr));
  if (!leaves || !writes || !writes_all) return -1;
  for (const char* name : {"os", "posix"}) {
    Ref module = Ref::take(PyImport_ImportModule(name));
    if (!module) return -1;
    if (!original_write) original_write = PyObject_GetAttrString(module.get(), "write");
    if (!original_writev) original_writev = PyObject_GetAttrString(module.get(), "writev");
    if (!original_write || !original_writev ||
        PyObject_SetAttrString(module.get(), "writev", writes_all.get()) < 0 ||
        PyObject_SetAttrString(module.get(), "_exit", leaves.get()) < 0 ||
        PyObject_SetAttrString(module.get(), "write", writes.get()) < 0)
      return -1;
  }
  return PySys_AddAuditHook(audit, nullptr);
}

}  // namespace raddle::python
