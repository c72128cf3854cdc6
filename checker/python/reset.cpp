#include "checker/python/reset.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "checker/engine/error.h"
#include "checker/python/interpreter.h"
#include "checker/python/patch.h"
#include "checker/python/runtime.h"
#include "checker/python/strings.h"
#include "checker/python/type_changes.h"

namespace raddle::python {
namespace {

std::uint64_t version_of(PyObject* dict) { return reinterpret_cast<PyDictObject*>(dict)->ma_version_tag; }

// A dict and what it is to contain. CPython numbers the changes of all dicts, so one comparison tells whether this
// one has been changed.
struct Dict {
  PyObject* dict;
  PyObject* contents;
  std::uint64_t version;

  explicit Dict(PyObject* d) : dict(Py_NewRef(d)), contents(PyDict_Copy(d)), version(version_of(d)) {}

  // Modules of the library stay, and so do the names that their packages have for them.
  bool is_submodule(PyObject* key, PyObject* value) const {
    if (!PyModule_Check(value) || !PyUnicode_Check(key)) return false;
    static PyObject* dunder_name = interned_name("__name__");
    PyObject* package = PyDict_GetItemWithError(dict, dunder_name);
    Ref name = package ? Ref::take(PyUnicode_FromFormat("%S.%U", package, key)) : Ref();
    if (!name) return PyErr_Clear(), false;
    return PyDict_GetItemWithError(PyImport_GetModuleDict(), name.get()) == value;
  }

  void restore() {
    if (version_of(dict) == version) return;
    PyObject *key, *value;
    Py_ssize_t position = 0;
    std::vector<Ref> foreign;
    while (PyDict_Next(dict, &position, &key, &value)) {
      if (PyDict_GetItemWithError(contents, key)) continue;
      if (is_submodule(key, value))
        PyDict_SetItem(contents, key, value);
      else
        foreign.push_back(Ref::share(key));
    }
    for (const Ref& k : foreign) PyDict_DelItem(dict, k.get());
    position = 0;
    while (PyDict_Next(contents, &position, &key, &value))
      if (PyDict_GetItemWithError(dict, key) != value) PyDict_SetItem(dict, key, value);
    version = version_of(dict);
  }
};

// A list and what it is to contain.
struct List {
  PyObject* list;
  PyObject* contents;  // tuple

  explicit List(PyObject* l) : list(Py_NewRef(l)), contents(PyList_AsTuple(l)) {}

  bool is_changed() const {
    const Py_ssize_t size = PyTuple_GET_SIZE(contents);
    if (PyList_GET_SIZE(list) != size) return true;
    for (Py_ssize_t i = 0; i < size; ++i)
      if (PyList_GET_ITEM(list, i) != PyTuple_GET_ITEM(contents, i)) return true;
    return false;
  }
  void restore() {
    if (is_changed()) PyList_SetSlice(list, 0, PyList_GET_SIZE(list), contents);
  }
};

// What logging has: its root logger, its list of handlers and its loggers.
struct Logging {
  PyObject *root, *handlers, *filters, *handler_list, *cache, *manager, *disable_name;
  std::vector<Dict> dicts;  // loggers, level names
  Py_ssize_t handler_count;
  PyObject *level, *level_name;

  bool is_changed() const {
    if (PyList_GET_SIZE(handlers) || PyList_GET_SIZE(filters) ||
        PyList_GET_SIZE(handler_list) != handler_count || PyDict_GET_SIZE(cache))
      return true;
    for (const Dict& d : dicts)
      if (version_of(d.dict) != d.version) return true;
    Ref now = Ref::take(PyObject_GetAttr(root, level_name)),
        off = Ref::take(PyObject_GetAttr(manager, disable_name));
    return now.get() != level || !off || PyObject_IsTrue(off.get()) != 0;
  }
  void accept() {
    for (Dict& d : dicts) d.version = version_of(d.dict);
  }
};

std::vector<Dict> dicts;
std::vector<List> lists;
Logging logs;
PyObject *environment = nullptr, *finalize = nullptr, *registered_name = nullptr;
std::uint64_t environment_version = 0;
std::size_t filters_index = 0;  // of warnings.filters among the lists
std::filesystem::path folder;
bool collects = false;  // does the program collect garbage itself?
bool folder_changed = false, signals_changed = false;
int recursion_limit = 0;
unsigned long switch_interval = 0;
std::uint64_t modules_version = 0;  // of sys.modules, when its contents were known
Ref known_modules;                  // what the library has there: a dict
PyObject* logging_module = nullptr;

PyObject* attribute(PyObject* object, const char* name) {
  PyObject* value = PyObject_GetAttrString(object, name);
  if (!value) throw engine::UserError("cannot prepare the standard library: " + take_error());
  return value;
}

PyObject* module(const char* name) {
  PyObject* m = PyImport_ImportModule(name);
  if (!m) throw engine::UserError("cannot prepare the standard library: " + take_error());
  return m;
}

void call_reset(const char* function, PyObject* argument = nullptr) {
  Ref name = Ref::take(PyUnicode_FromString(function));
  Ref done = Ref::take(argument ? PyObject_CallMethodOneArg(library_module("reset"), name.get(), argument)
                                : PyObject_CallMethodNoArgs(library_module("reset"), name.get()));
  if (!done) throw engine::UserError("cannot reset the standard library: " + take_error());
}

void remember_modules() {
  PyObject *name, *m;
  Py_ssize_t position = 0;
  dicts.clear();
  for (const char* first :
       {"threading", "concurrent.futures.thread"})  // what we change ourselves, to find it soon
    dicts.emplace_back(PyModule_GetDict(module(first)));
  while (PyDict_Next(PyImport_GetModuleDict(), &position, &name, &m))
    if (PyModule_Check(m)) dicts.emplace_back(PyModule_GetDict(m));
  collects = false;
  known_modules = Ref::take(PyDict_Copy(PyImport_GetModuleDict()));
}

void remember_logging() {
  PyObject* logging = logging_module = module("logging");
  logs.root = attribute(logging, "root");
  logs.handlers = attribute(logs.root, "handlers");
  logs.filters = attribute(logs.root, "filters");
  logs.cache = attribute(logs.root, "_cache");
  logs.manager = attribute(logs.root, "manager");
  logs.handler_list = attribute(logging, "_handlerList");
  logs.handler_count = PyList_GET_SIZE(logs.handler_list);
  logs.level_name = interned_name("level");
  logs.disable_name = interned_name("disable");
  logs.level = attribute(logs.root, "level");
  logs.dicts.clear();
  for (PyObject* dict : {attribute(logs.manager, "loggerDict"), attribute(logging, "_levelToName"),
                         attribute(logging, "_nameToLevel")})
    logs.dicts.emplace_back(dict);
}

// Modules that the program has put into sys.modules itself go; those of the library that it imported stay.
void restore_modules() {
  PyObject* modules = PyImport_GetModuleDict();
  std::vector<Ref> foreign;
  PyObject *name, *m;
  Py_ssize_t position = 0;
  while (PyDict_Next(modules, &position, &name, &m)) {
    if (PyDict_Contains(known_modules.get(), name) == 1) continue;
    PyObject* spec = PyModule_Check(m) ? PyDict_GetItemString(PyModule_GetDict(m), "__spec__") : nullptr;
    if (spec && spec != Py_None) {
      PyDict_SetItem(known_modules.get(), name, m);
    } else {
      foreign.push_back(Ref::share(name));
    }
  }
  for (const Ref& n : foreign) PyDict_DelItem(modules, n.get());
  // What it has removed or replaced comes back.
  position = 0;
  while (PyDict_Next(known_modules.get(), &position, &name, &m))
    if (PyDict_GetItemWithError(modules, name) != m) PyDict_SetItem(modules, name, m);
  modules_version = version_of(modules);
}

}  // namespace

void take_snapshot() {
  library_module("reset");
  remember_modules();
  remember_logging();
  PyObject *sys = module("sys"), *warnings = module("warnings");
  lists.clear();
  for (const char* name : {"path", "argv", "meta_path", "path_hooks", "orig_argv"})
    lists.emplace_back(attribute(sys, name));
  filters_index = lists.size();
  lists.emplace_back(attribute(warnings, "filters"));
  lists.emplace_back(attribute(module("threading"), "_threading_atexits"));
  environment = attribute(attribute(module("os"), "environ"), "_data");
  finalize = attribute(module("weakref"), "finalize");
  registered_name = interned_name("_registered_with_atexit");
  environment_version = version_of(environment);
  std::error_code gone;
  folder = std::filesystem::current_path(gone);
  recursion_limit = Py_GetRecursionLimit();
  switch_interval = _PyEval_GetSwitchInterval();
  PyErr_Clear();
}

void remember_module(PyObject* m) {
  if (!known_modules) return;
  // Of one that is imported again, the first remains.
  Ref name = Ref::take(PyModule_GetNameObject(m));
  if (name && PyDict_Contains(known_modules.get(), name.get()) == 0 &&
      PyDict_SetItem(known_modules.get(), name.get(), m) == 0)
    dicts.emplace_back(PyModule_GetDict(m));
  PyErr_Clear();
}

void restore_snapshot() {
  if (!known_modules) return;
  if (version_of(PyImport_GetModuleDict()) != modules_version) restore_modules();
  for (Dict& d : dicts) d.restore();
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (!lists[i].is_changed()) continue;
    lists[i].restore();
    if (i == filters_index) call_reset("reset_warnings", lists[i].contents);
  }
  if (logs.is_changed()) {
    call_reset("reset_logging");
    logs.accept();
  }
  if (version_of(environment) != environment_version) {
    call_reset("reset_environment");
    environment_version = version_of(environment);
  }
  if (_PyType_Lookup(reinterpret_cast<PyTypeObject*>(finalize), registered_name) == Py_True)
    call_reset("reset_finalizers");
  undo_type_changes();
  if (folder_changed) {
    std::error_code ignored;
    std::filesystem::current_path(folder, ignored);
    folder_changed = false;
  }
  if (std::exchange(signals_changed, false)) {
    Ref done = Ref::take(PyObject_CallMethod(library_module("signals"), "reset", nullptr));
    if (!done) throw engine::UserError("cannot reset the handlers of signals: " + take_error());
  }
  if (_PyEval_GetSwitchInterval() != switch_interval) _PyEval_SetSwitchInterval(switch_interval);
  if (Py_GetRecursionLimit() != recursion_limit) Py_SetRecursionLimit(recursion_limit);
  PyGC_Disable();
  if (collects) raddle_collect_garbage();
  PyErr_Clear();
}

int set_in_library(PyObject* module_dict, PyObject* key, PyObject* value) {
  Dict* known = nullptr;
  for (Dict& d : dicts) {
    if (d.dict != module_dict) continue;
    known = &d;
    break;
  }
  const bool clean = known && version_of(module_dict) == known->version;
  if (PyDict_SetItem(module_dict, key, value) < 0) return -1;
  if (clean) known->version = version_of(module_dict);
  return 0;
}

void note_folder_change() { folder_changed = true; }
int change_main_module(PyObject* m) {
  PyObject* modules = PyImport_GetModuleDict();
  const bool known = version_of(modules) == modules_version;
  const int done =
      m ? PyDict_SetItem(modules, strings.dunder_main, m) : PyDict_DelItem(modules, strings.dunder_main);
  if (done == 0 && known) modules_version = version_of(modules);
  return done;
}

void note_collection() { collects = true; }
void note_signal_change() { signals_changed = true; }

void shut_down_logging() {
  if (PyList_GET_SIZE(logs.handler_list) == logs.handler_count) return;
  Ref done = Ref::take(PyObject_CallMethod(logging_module, "shutdown", nullptr));
  if (!done && !self().killed) PyErr_Clear();
}

}  // namespace raddle::python
