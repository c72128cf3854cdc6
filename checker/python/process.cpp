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

// os.write to the standard streams is output like any other.
PyObject* original_write = nullptr;

PyObject* write(PyObject*, PyObject* arguments) {
  int descriptor = -1;
  Py_buffer bytes;
  if (runtime.engine && PyTuple_GET_SIZE(arguments) == 2) {
    if (!PyArg_ParseTuple(arguments, "iy*:write", &descriptor, &bytes)) return nullptr;
    const bool standard = descriptor == 1 || descriptor == 2;
    const Py_ssize_t size = bytes.len;
    if (standard && size > 0 && announce_output() < 0) return PyBuffer_Release(&bytes), nullptr;
    if (standard)
      write_output(descriptor == 2, {static_cast<const char*>(bytes.buf), static_cast<std::size_t>(size)});
    PyBuffer_Release(&bytes);
    if (standard) return PyLong_FromSsize_t(size);
  }
  return PyObject_Call(original_write, arguments, nullptr);
}

PyMethodDef write_method = {"write", write, METH_VARARGS, "write($module, fd, data, /)\n--\n\n"};
PyMethodDef leave_method = {"_exit", leave, METH_VARARGS, "_exit($module, /, status)\n--\n\n"};

}  // namespace

int prepare_process() {
  Ref leaves = Ref::take(PyCFunction_New(&leave_method, nullptr));
  Ref writes = Ref::take(PyCFunction_New(&write_method, nullptr));
  if (!leaves || !writes) return -1;
  for (const char* name : {"os", "posix"}) {
    Ref module = Ref::take(PyImport_ImportModule(name));
    if (!module) return -1;
    if (!original_write) original_write = PyObject_GetAttrString(module.get(), "write");
    if (!original_write || PyObject_SetAttrString(module.get(), "_exit", leaves.get()) < 0 ||
        PyObject_SetAttrString(module.get(), "write", writes.get()) < 0)
      return -1;
  }
  return PySys_AddAuditHook(audit, nullptr);
}

}  // namespace raddle::python
