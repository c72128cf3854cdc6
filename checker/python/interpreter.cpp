#include "checker/python/interpreter.h"

#include <dlfcn.h>
#include <signal.h>

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>

#include "checker/engine/error.h"
#include "checker/python/allocator.h"
#include "checker/python/debugger.h"
#include "checker/python/dynamic_code.h"
#include "checker/python/embedded.h"
#include "checker/python/futures.h"
#include "checker/python/identities.h"
#include "checker/python/instrument/exception_aside.h"
#include "checker/python/instrument/hook.h"
#include "checker/python/instrument/instrument.h"
#include "checker/python/instrument/library_code.h"
#include "checker/python/labels.h"
#include "checker/python/lock.h"
#include "checker/python/misuse.h"
#include "checker/python/modules.h"
#include "checker/python/object_names.h"
#include "checker/python/output.h"
#include "checker/python/outside.h"
#include "checker/python/primitives.h"
#include "checker/python/process.h"
#include "checker/python/raddle_module.h"
#include "checker/python/random_streams.h"
#include "checker/python/reset.h"
#include "checker/python/runtime.h"
#include "checker/python/strings.h"
#include "checker/python/thread_list.h"
#include "checker/python/thread_objects.h"
#include "checker/python/type_changes.h"
#include "checker/python/uncontrolled.h"
#include "checker/python/user_code.h"
#include "checker/python/weak_references.h"

namespace raddle::python {
namespace {

std::map<std::string, PyObject*> modules;  // ours

[[noreturn]] void cannot_start(const std::string& why) {
  throw engine::UserError("cannot start the embedded Python 3.11: " + why);
}

// --- the module _raddle, through which our own Python code reaches us

PyObject* instrument_code(PyObject*, PyObject* code) { return instrument(code); }

PyObject* add_users(PyObject*, PyObject* name) {
  add_user_module(name);
  Py_RETURN_NONE;
}

// Sets how deep we are in the library's own initialisation; returns what it was.
PyObject* library(PyObject*, PyObject* level) {
  return PyLong_FromLong(std::exchange(runtime.library, static_cast<int>(PyLong_AsLong(level))));
}

// While on, the locks that are made are quiet.
PyObject* quiet_locks(PyObject*, PyObject* on) {
  static int depth = 0;
  static std::unique_ptr<QuietBirths> births;
  depth += on == Py_True ? 1 : -1;
  if (depth == 0) births.reset();
  if (depth > 0 && !births) births = std::make_unique<QuietBirths>();
  Py_RETURN_NONE;
}

// A lock of the library that a program can get to wait for: an ordinary one.
PyObject* make_visible(PyObject*, PyObject* lock) {
  if (is_lock(lock)) reinterpret_cast<LockObject*>(lock)->role = LockRole::Plain;
  Py_RETURN_NONE;
}

// A number that no other call of the same execution gets.
PyObject* entropy(PyObject*, PyObject*) {
  if (!runtime.engine) return PyLong_FromLong(0);
  if (!runtime.engine->tell_apart(runtime.engine->self().id, "they get different random bytes"))
    return resumed(), nullptr;
  return PyLong_FromUnsignedLongLong(engine::mix(runtime.engine->self().name + ++self().entropy));
}

// A module of the library has just been loaded: as it is now, executions are to find it.
PyObject* module_loaded(PyObject*, PyObject* module) {
  if (PyModule_Check(module)) remember_module(module), name_library(module);
  Py_RETURN_NONE;
}

PyObject* look_at_threads(PyObject*, PyObject*) {
  if (read_thread_list() < 0) return nullptr;
  Py_RETURN_NONE;
}

PyObject* folder_changed(PyObject*, PyObject*) {
  note_folder_change();
  Py_RETURN_NONE;
}

// How many executors the running thread has made. A common counter would depend on the order of threads, so others
// than main count from a number of their own.
PyObject* count_executor(PyObject*, PyObject*) {
  if (!runtime.engine) return PyLong_FromLong(0);
  if (!runtime.engine->tell_apart(runtime.engine->self().id, "they make thread pools, which have names"))
    return resumed(), nullptr;
  const std::uint64_t base = self().ident == 1 ? 0 : self().ident * 1000;
  return PyLong_FromUnsignedLongLong(base + static_cast<std::uint64_t>(self().executors++));
}

// Replaces a method of a type that is written in C.
PyObject* set_in_type(PyObject*, PyObject* arguments) {
  PyObject *type, *name, *value;
  if (!PyArg_ParseTuple(arguments, "O!UO", &PyType_Type, &type, &name, &value)) return nullptr;
  auto* t = reinterpret_cast<PyTypeObject*>(type);
  if (PyDict_SetItem(t->tp_dict, name, value) < 0) return nullptr;
  PyType_Modified(t);
  Py_RETURN_NONE;
}

PyObject* is_main_thread(PyObject*, PyObject*) {
  return PyBool_FromLong(!runtime.engine || runtime.engine->self().id == 0);
}

PyObject* signals_changed(PyObject*, PyObject*) {
  note_signal_change();
  Py_RETURN_NONE;
}

// Where a search would start again when the program reaches inside of a primitive, an only execution has to know before.
PyObject* reaches_inside(PyObject*, PyObject*) {
  if (runtime.once) runtime.fine = true;
  Py_RETURN_NONE;
}

PyObject* collects_garbage(PyObject*, PyObject*) {
  note_collection();
  Py_RETURN_NONE;
}

PyObject* note_uncontrolled(PyObject*, PyObject* what) {
  const char* text = PyUnicode_AsUTF8(what);
  if (!text) return nullptr;
  uncontrolled(text);
  Py_RETURN_NONE;
}

PyObject* call_primitive(PyObject*, PyObject* arguments) {
  PyObject* primitive;
  const char* name;
  if (!PyArg_ParseTuple(arguments, "Os", &primitive, &name)) return nullptr;
  describe_own(primitive, name);
  Py_RETURN_NONE;
}

PyMethodDef functions[] = {
    {"call_primitive", call_primitive, METH_VARARGS, nullptr},
    {"is_main_thread", is_main_thread, METH_NOARGS, nullptr},
    {"reaches_inside", reaches_inside, METH_NOARGS, nullptr},
    {"collects_garbage", collects_garbage, METH_NOARGS, nullptr},
    {"signals_changed", signals_changed, METH_NOARGS, nullptr},
    {"uncontrolled", note_uncontrolled, METH_O, nullptr},
    {"set_in_type", set_in_type, METH_VARARGS, nullptr},
    {"folder_changed", folder_changed, METH_NOARGS, nullptr},
    {"look_at_threads", look_at_threads, METH_NOARGS, nullptr},
    {"module_loaded", module_loaded, METH_O, nullptr},
    {"count_executor", count_executor, METH_NOARGS, nullptr},
    {"quiet_locks", quiet_locks, METH_O, nullptr},
    {"make_visible", make_visible, METH_O, nullptr},
    {"entropy", entropy, METH_NOARGS, nullptr},
    {"instrument", instrument_code, METH_O, nullptr},
    {"add_user_module", add_users, METH_O, nullptr},
    {"library", library, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_raddle", nullptr, -1, functions, nullptr, nullptr, nullptr, nullptr};

PyObject* make_raddle_module() {
  PyObject* module = PyModule_Create(&definition);
  if (module && (PyModule_AddFunctions(module, raddle_module_functions) < 0 ||
                 PyModule_AddFunctions(module, outside_functions) < 0 ||
                 PyModule_AddFunctions(module, debugger_functions) < 0))
    Py_CLEAR(module);
  return module;
}

// --- start-up

void check(const PyStatus& status) {
  if (PyStatus_Exception(status)) cannot_start(status.err_msg ? status.err_msg : "unknown reason");
}

// The python3.11 that libpython belongs to: the standard library is found from its path.
std::string python_executable() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<void*>(&Py_InitializeFromConfig), &info) || !info.dli_fname) return {};
  const std::string path = std::filesystem::weakly_canonical(info.dli_fname);
  const std::size_t lib = path.find("/lib/");
  return lib == std::string::npos ? std::string() : path.substr(0, lib) + "/bin/python3.11";
}

void replace_modules() {
  for (_inittab* entry = PyImport_Inittab; entry->name; ++entry) {
    if (std::strcmp(entry->name, "_thread") == 0) entry->initfunc = make_thread_module;
    if (std::strcmp(entry->name, "time") == 0) entry->initfunc = make_time_module;
  }
  PyImport_AppendInittab("_raddle", make_raddle_module);
}

void initialise() {
  setenv("TZ", "UTC0", 1);  // local time is the same wherever one is
  tzset();
  PyPreConfig before;
  PyPreConfig_InitIsolatedConfig(&before);
  before.utf8_mode = 1;  // the same whatever the locale
  before.allocator = PYMEM_ALLOCATOR_PYMALLOC;
  check(Py_PreInitialize(&before));
  install_allocators();
  install_names();
  install_reprs();
  install_type_watch();
  replace_modules();

  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.isolated = 0;  // only the environment is ignored
  config.use_hash_seed = 1;
  config.hash_seed = 0;
  config.write_bytecode = 0;  // leaves no files beside the user's modules
  config.user_site_directory = std::getenv("VIRTUAL_ENV") == nullptr;
  config.pathconfig_warnings = 0;
  config.install_signal_handlers = 0;
  config.code_debug_ranges = 1;
  const std::string executable = python_executable();
  PyStatus status = PyConfig_SetBytesString(&config, &config.program_name, executable.c_str());
  if (!PyStatus_Exception(status))
    status = PyConfig_SetBytesString(&config, &config.executable, executable.c_str());
  if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  check(status);
}

PyObject* make_module(const std::string& name, const std::string& file) {
  const std::string_view text = embedded::python::file(file);
  const std::string shown = "<raddle>/" + std::filesystem::path(file).filename().string();
  Ref code = Ref::take(Py_CompileString(std::string(text).c_str(), shown.c_str(), Py_file_input));
  return code ? PyImport_ExecCodeModule(name.c_str(), code.get()) : nullptr;
}

void call(const std::string& module, const char* function) {
  Ref result = Ref::take(PyObject_CallMethod(library_module(module), function, nullptr));
  if (!result) cannot_start(take_error());
}

}  // namespace

std::string take_error() {
  const Ref v = take_raised();
  if (!v) return "unknown reason";
  Ref module = Ref::take(PyImport_ImportModule("traceback"));
  Ref lines = module ? Ref::take(PyObject_CallMethod(module.get(), "format_exception", "O", v.get())) : Ref();
  Ref empty = Ref::take(PyUnicode_FromString(""));
  Ref text = lines ? Ref::take(PyUnicode_Join(empty.get(), lines.get())) : Ref::take(PyObject_Str(v.get()));
  const char* result = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
  if (!result) PyErr_Clear();
  return result ? result : "unknown reason";
}

PyObject* library_module(const std::string& name) {
  PyObject*& module = modules[name];
  if (!module && !(module = make_module("_raddle_" + name, "lib/" + name + ".py")))
    cannot_start(take_error());
  return module;
}

void start_interpreter() {
  if (runtime.interpreter) return;
  initialise();
  runtime.interpreter = PyInterpreterState_Get();
  runtime.host = PyThreadState_Get();
  runtime.current_state = raddle_current_thread_state();
  runtime.killed = PyErr_NewException("_raddle.ThreadKilled", PyExc_BaseException, nullptr);
  PyGC_Disable();
  if (!runtime.killed || prepare_strings() < 0 || find_container_types() < 0 || prepare_hooks() < 0 ||
      prepare_output() < 0 || prepare_dynamic_code() < 0 || prepare_weak_references() < 0 ||
      prepare_identities() < 0)
    cannot_start(take_error());
  Ref bootstrap = Ref::take(PyImport_ImportModule("importlib._bootstrap"));
  if (!bootstrap) cannot_start(take_error());
  set_importlib(PyModule_GetDict(bootstrap.get()));
  struct sigaction interruption;  // which the module signal takes for itself
  sigaction(SIGINT, nullptr, &interruption);
  library_module("library");
  library_module("loops");
  library_module("outside");
  call("importer", "install");
  library_module("signals");
  sigaction(SIGINT, &interruption, nullptr);
  Ref own = Ref::take(make_module("raddle", "module/raddle.py"));  // stays in sys.modules
  if (!own) cannot_start(take_error());
  if (open_entries() < 0) cannot_start(take_error());
  if (prepare_files() < 0) cannot_start(take_error());
  runtime.states_made = raddle_thread_states_made(runtime.interpreter);
  if (prepare_thread_objects() < 0 || prepare_random() < 0 || prepare_process() < 0 ||
      prepare_primitives() < 0 || prepare_misuse() < 0 || prepare_futures() < 0 || patch_logging() < 0)
    cannot_start(take_error());
  PyObject *name, *module;
  for (Py_ssize_t at = 0; PyDict_Next(PyImport_GetModuleDict(), &at, &name, &module);) name_library(module);
}

}  // namespace raddle::python
