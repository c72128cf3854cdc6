#include "checker/python/outside.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <climits>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "checker/engine/recorder.h"
#include "checker/python/arguments.h"
#include "checker/python/instrument/type_traits.h"
#include "checker/python/locations.h"
#include "checker/python/model.h"
#include "checker/python/object_names.h"
#include "checker/python/output.h"
#include "checker/python/patch.h"
#include "checker/python/sites.h"
#include "checker/python/uncontrolled.h"

namespace raddle::python {
namespace {

constexpr std::uint64_t kFiles = 0x66696c65735f6f66ull;

// The absolute path as text; null without an exception if it is none.
Ref full_path(PyObject* path) {
  static PyObject* absolute = nullptr;
  if (!absolute) {
    Ref module = Ref::take(PyImport_ImportModule("os.path"));
    absolute = module ? PyObject_GetAttrString(module.get(), "abspath") : nullptr;
  }
  Ref text = absolute ? Ref::take(PyObject_CallOneArg(absolute, path)) : Ref();
  if (text && PyBytes_Check(text.get()))
    text = Ref::take(
        PyUnicode_DecodeFSDefaultAndSize(PyBytes_AS_STRING(text.get()), PyBytes_GET_SIZE(text.get())));
  if (!text || !PyUnicode_Check(text.get())) return PyErr_Clear(), Ref();
  return text;
}

std::uint64_t name_of_path(PyObject* text) {
  return engine::mix(static_cast<std::uint64_t>(PyObject_Hash(text)) ^ kFiles) | 1;
}

// What methods of file objects touch, which are named by their path (see containers.cpp: the whole container).
std::uint64_t location_of_path(PyObject* text) {
  return engine::mix(name_of_path(text) + 0x9E3779B97F4A7C15ull) | 1;
}

// The running thread reads or writes what the path names. -1: an exception is set. `shared` becomes whether threads do so
// in an order that is up to them.
int access_path(PyObject* text, bool write, bool& shared) {
  Location& l = location(location_of_path(text));
  if (!l.visible) note_access(l, write);
  shared = l.visible;
  engine::Engine& e = *runtime.engine;
  if (e.killing()) return resumed();
  if (!l.visible) return 0;
  const engine::ObjectId id = object_of(l);
  if (e.recorder()) {
    const char* path = PyUnicode_AsUTF8(text);
    const char* name = path ? std::strrchr(path, '/') : nullptr;
    e.recorder()->object(id, "file", name ? name + 1 : "file");
    PyErr_Clear();
  }
  // Nothing is known about what is in it.
  if (visible(write ? engine::OpKind::ReadModifyWrite : engine::OpKind::Read,
              write ? engine::writes(id) : engine::reads(id), 0, current_site(), 0, engine::kPartial) < 0)
    return -1;
  e.learn(engine::mix(e.executions()) + static_cast<std::uint64_t>(e.step()));
  return 0;
}

PyObject* touch_path(PyObject*, PyObject* arguments) {
  PyObject *path, *what;
  int write = 0;
  if (!PyArg_ParseTuple(arguments, "OpO", &path, &write, &what)) return nullptr;
  if (!controlled() ||
      !(PyUnicode_Check(path) || PyBytes_Check(path) || PyObject_HasAttrString(path, "__fspath__")))
    Py_RETURN_NONE;
  Ref text = full_path(path);
  bool shared = false;
  if (text && access_path(text.get(), write != 0, shared) < 0) return nullptr;
  if (shared && what != Py_None) uncontrolled(PyUnicode_AsUTF8(what));
  Py_RETURN_NONE;
}

// --- open()

PyObject* original_open = nullptr;

// Does the mode allow to write?
bool writes_in(PyObject* mode) {
  const char* text = mode && PyUnicode_Check(mode) ? PyUnicode_AsUTF8(mode) : "r";
  if (!text) return PyErr_Clear(), false;
  return std::strpbrk(text, "wax+") != nullptr;
}

// To another thread or process, that is. (Of devices, none does but terminals.)
bool leads_elsewhere(const struct stat& status) {
  return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
}

bool is_plain_file(PyObject* text) {
  struct stat status;
  const char* path = PyUnicode_AsUTF8(text);
  if (!path) return PyErr_Clear(), true;
  return ::stat(path, &status) != 0 || !leads_elsewhere(status);
}

bool is_plain_descriptor(PyObject* number) {
  const long fd = PyLong_AsLong(number);
  PyErr_Clear();
  struct stat status;
  return fd <= 2 || ::fstat(static_cast<int>(fd), &status) != 0 || !leads_elsewhere(status);
}

// The arguments of a call of open() that matter here; null: not given.
struct Opening {
  PyObject *file = nullptr, *mode = nullptr, *buffering = nullptr, *encoding = nullptr, *errors = nullptr,
           *newline = nullptr;

  Opening(PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
    const std::pair<const char*, PyObject**> all[] = {{"file", &file},           {"mode", &mode},
                                                      {"buffering", &buffering}, {"encoding", &encoding},
                                                      {"errors", &errors},       {"newline", &newline}};
    Py_ssize_t i = 0;
    for (const auto& [name, value] : all) {
      if (i < count) *value = arguments[i];
      ++i;
      for (Py_ssize_t k = 0; keywords && k < PyTuple_GET_SIZE(keywords); ++k)
        if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(keywords, k), name) == 0)
          *value = arguments[count + k];
    }
  }
};

// 1 or 2 if that is where the file leads, else 0.
int standard_stream(PyObject* file) {
  if (PyLong_Check(file)) {
    int overflow = 0;
    const long number = PyLong_AsLongAndOverflow(file, &overflow);
    return overflow || number > INT_MAX ? 0 : standard_descriptor(static_cast<int>(number));
  }
  if (!PyUnicode_Check(file)) return 0;
  if (PyUnicode_CompareWithASCIIString(file, "/dev/stdout") == 0) return 1;
  return PyUnicode_CompareWithASCIIString(file, "/dev/stderr") == 0 ? 2 : 0;
}

// The stream, if the call opens a standard stream to write, and is none that fails. null without an exception: it does not.
PyObject* open_standard_stream(const Opening& how) {
  const int descriptor = how.mode && PyUnicode_Check(how.mode) ? standard_stream(how.file) : 0;
  const char* mode = descriptor ? PyUnicode_AsUTF8(how.mode) : nullptr;
  if (!mode) return PyErr_Clear(), nullptr;
  const std::string_view letters = mode;
  const bool bytes = letters.find('b') != letters.npos;
  if (letters.find_first_of("wa") == letters.npos || letters.find_first_not_of("wabt") != letters.npos ||
      letters.size() > 2)
    return nullptr;
  const bool unbuffered = how.buffering && PyLong_Check(how.buffering) && _PyLong_Sign(how.buffering) == 0;
  if (bytes ? how.encoding || how.errors || how.newline : unbuffered) return nullptr;
  return open_stream(descriptor == 2, bytes, how.encoding, how.errors, how.newline);
}

PyObject* open_file(PyObject*, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  auto call = [&] {
    return PyObject_Vectorcall(original_open, arguments, static_cast<std::size_t>(count), keywords);
  };
  if (!runtime.engine) return call();
  const Opening how(arguments, count, keywords);
  PyObject* file = how.file;
  if (!file) return call();
  if (PyObject* stream = open_standard_stream(how); stream || PyErr_Occurred()) return stream;
  if (!controlled()) return call();
  if (PyLong_Check(file)) {
    if (!is_plain_descriptor(file)) uncontrolled("open of a pipe");
    return call();
  }
  Ref text = full_path(file);
  if (!text) return call();
  if (!is_plain_file(text.get())) {
    uncontrolled("open of a pipe");
    return call();
  }
  bool shared = false;
  const bool write = writes_in(how.mode);
  if (access_path(text.get(), write, shared) < 0) return nullptr;
  PyObject* opened = call();
  // Those who only read are on their own, unless somebody may write meanwhile.
  if (opened && (write || shared)) set_name(opened, name_of_path(text.get()));
  return opened;
}

PyMethodDef open_method = {"open", method(open_file), METH_FASTCALL | METH_KEYWORDS, nullptr};

PyObject* is_pipe(PyObject*, PyObject* number) {
  return PyBool_FromLong(PyLong_Check(number) && !is_plain_descriptor(number));
}

}  // namespace

PyMethodDef outside_functions[] = {
    {"touch_path", touch_path, METH_VARARGS, nullptr},
    {"is_pipe", is_pipe, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

int prepare_files() {
  Ref builtins = Ref::take(PyImport_ImportModule("builtins")), io = Ref::take(PyImport_ImportModule("io"));
  if (!builtins || !io) return -1;
  original_open = PyObject_GetAttrString(io.get(), "open");
  if (!original_open) return -1;
  open_method.ml_doc = reinterpret_cast<PyCFunctionObject*>(original_open)->m_ml->ml_doc;
  Ref module_name = Ref::take(PyUnicode_FromString("io"));
  Ref replaced = Ref::take(PyCFunction_NewEx(&open_method, nullptr, module_name.get()));
  return !replaced || PyObject_SetAttrString(builtins.get(), "open", replaced.get()) < 0 ||
                 PyObject_SetAttrString(io.get(), "open", replaced.get()) < 0
             ? -1
             : 0;
}

const char* place_of_standstill() {
  static char text[512];
  text[0] = 0;
  if (!runtime.engine) return text;
  const engine::Site site = current_site(self().state);
  if (site.known()) std::snprintf(text, sizeof text, "%s:%d", site.file, site.line);
  return text;
}

bool foreign_threads_seen() {
  static std::uint64_t known = 0;
  const std::uint64_t made = raddle_thread_states_made(runtime.interpreter) - runtime.states_made;
  return std::exchange(known, made) != made && known > 0;
}

}  // namespace raddle::python
