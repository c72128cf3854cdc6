#include "checker/python/weak_references.h"

#include <unordered_map>

#include "checker/python/instrument/exception_aside.h"
#include "checker/python/instrument/hook.h"
#include "checker/python/instrument/site.h"
#include "checker/python/object_names.h"
#include "checker/python/runtime.h"

namespace raddle::python {
namespace {

destructor finalize_python = nullptr;  // what calls __del__

std::unordered_map<PyObject*, std::uint64_t> ended;  // weak references to what has died: its life

PyWeakReference* first_reference(PyObject* object) {
  const Py_ssize_t offset = Py_TYPE(object)->tp_weaklistoffset;
  if (offset <= 0) return nullptr;
  return *reinterpret_cast<PyWeakReference**>(reinterpret_cast<char*>(object) + offset);
}

std::uint64_t life_name(PyObject* object) { return engine::mix(name_of(object) + 0x6c696665ull) | 1; }

// The object is about to die: others may look at its references before it does.
void announce_death(PyObject* object) {
  if (!runtime.engine || !controlled() || !sink() || runtime.engine->killing()) return;
  PyWeakReference* reference = first_reference(object);
  if (!reference) return;
  static Site& site = *new Site{.owner = CodeOwner::entry};  // what is shown is the line that runs
  const std::uint64_t name = life_name(object);
  for (PyWeakReference* r = reference; r; r = r->wr_next) ended[reinterpret_cast<PyObject*>(r)] = name;
  const Place place{
      .container = reinterpret_cast<PyObject*>(reference), .kind = PlaceKind::life, .mode = Mode::write};
  Ref keep = Ref::share(place.container);
  sink()->access(
      {{&place, 1}, "dies", nullptr, &site});  // a thread that is torn down learns that at its next operation
}

void finalize(PyObject* object) {
  ExceptionAside aside;  // a failing __init__ ends here, too
  announce_death(object);
  static PyObject* name = PyUnicode_InternFromString("__del__");
  if (_PyType_Lookup(Py_TYPE(object), name)) finalize_python(object);
}

}  // namespace

void watch_death(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || type->tp_finalize == finalize) return;
  if (!type->tp_finalize || type->tp_finalize == finalize_python) type->tp_finalize = finalize;
}

std::uint64_t life_location(PyObject* reference) {
  PyObject* object = PyWeakref_GET_OBJECT(reference);
  if (object != Py_None) return life_name(object);
  auto found = ended.find(reference);
  return found == ended.end() ? life_name(reference) : found->second;
}

void begin_lives() { ended.clear(); }

int prepare_weak_references() {
  Ref dict = Ref::take(PyDict_New());
  if (!dict || PyDict_SetItemString(dict.get(), "__del__", Py_None) < 0) return -1;
  Ref type = Ref::take(
      PyObject_CallFunction(reinterpret_cast<PyObject*>(&PyType_Type), "s()O", "Finalized", dict.get()));
  if (!type) return -1;
  finalize_python = reinterpret_cast<PyTypeObject*>(type.get())->tp_finalize;
  return 0;
}

}  // namespace raddle::python
