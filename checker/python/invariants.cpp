#include "checker/python/invariants.h"

#include <string>
#include <vector>

#include "checker/python/atomic_blocks.h"
#include "checker/python/containers.h"
#include "checker/python/failure.h"
#include "checker/python/instrument/exception_aside.h"
#include "checker/python/lock.h"
#include "checker/python/object_names.h"
#include "checker/python/output.h"
#include "checker/python/sites.h"
#include "checker/python/sources.h"

namespace raddle::python {
namespace {

struct Invariant {
  Ref function;
  bool broken = false;
};
std::vector<Invariant> invariants;

// While it exists, what the running thread does is an invariant's look.
class Look {
 public:
  Look()
      : marker_(Ref::take(PyList_New(0))),
        frame_(std::exchange((*runtime.current_state)->cframe->current_frame, nullptr)) {
    runtime.looking = true;
    runtime.look_waits = false;
    marker = marker_.get();
  }
  ~Look() {
    runtime.looking = false;
    marker = nullptr;
    (*runtime.current_state)->cframe->current_frame = frame_;
  }
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

  /// Has the function made `object` itself, and nobody else got hold of it?
  static bool is_own(PyObject* object) {
    if (has_name(object)) return false;
    return !PyObject_IS_GC(object) || !PyObject_GC_IsTracked(object) ||
           raddle_is_younger(runtime.interpreter, object, marker);
  }

 private:
  Ref marker_;                  // made before all that the function makes
  _PyInterpreterFrame* frame_;  // of the program, which has not called the function
  static PyObject* marker;
};
PyObject* Look::marker = nullptr;

// "raddle.invariant(lambda: x < 2) (prog.py:3)"
std::string source_of(PyObject* function) {
  if (!PyFunction_Check(function)) return {};
  auto* code = reinterpret_cast<PyCodeObject*>(PyFunction_GET_CODE(function));
  const std::string file = shown_path(code->co_filename);
  const std::string line = source_line_of(file, code->co_firstlineno);
  const std::size_t begin = line.find_first_not_of(" \t");
  const std::string place = file + ":" + std::to_string(code->co_firstlineno);
  return begin == std::string::npos ? place : line.substr(begin) + " (" + place + ")";
}

void report(const Invariant& invariant, PyObject* raised, const engine::Site& site) {
  engine::Failure failure;
  if (raised) {
    failure = failure_of(raised);
    failure.message = failure.message.empty() ? "in an invariant" : failure.message + ", in an invariant";
  } else {
    failure.kind = engine::Failure::Kind::Assertion;
    failure.type = "AssertionError";
    failure.message = "an invariant does not hold";
  }
  if (const std::string source = source_of(invariant.function.get()); !source.empty())
    failure.message += ": " + source;
  if (runtime.once)
    write_output(true, "raddle: " + failure.message + "\n  broken at " + (site.file ? site.file : "?") + ":" +
                           std::to_string(site.line) + "\n");
  failure.site = site;
  failure.gone_on = true;
  runtime.engine->fail(std::move(failure));
}

void evaluate(std::size_t i, const engine::Site& site) {
  ExceptionAside aside;
  Ref raised;
  bool holds = false;
  {
    AtomicSection atomic;
    Look look;
    const Ref function = invariants[i].function;
    const Ref result = Ref::take(PyObject_CallNoArgs(function.get()));
    if (end_look() && result) refuse_in_invariant("keeps a lock");
    const int truth = !result || PyErr_Occurred() ? -1
                      : result.get() == Py_None   ? 1
                                                  : PyObject_IsTrue(result.get());
    if (truth < 0) {
      raised = take_raised();
    }
    holds = truth > 0;
  }
  if (holds || runtime.look_waits || runtime.engine->killing()) return;
  AtomicSection atomic;
  invariants[i].broken = true;
  report(invariants[i], raised.get(), site);
}

int watch_or_leave(Location& location) {
  runtime.looking = false;  // the execution may be over, and others are torn down first
  watch(location);
  runtime.looking = true;
  return runtime.engine->killing() ? resumed() : 0;
}

// The object that is found in a place is named after it, and what is within it gets names, too.
void name_found(const Place& place, const TouchedLocations& touched, std::size_t i) {
  PyObject* value = place.kind == PlaceKind::whole ? place.container : peek(place);
  if (!value || is_plain(value)) return;
  for (const Touched& t : touched)
    if (!has_name(value) && t.place == i) set_name(value, engine::mix(t.location + 1));
  publish(value);
}

}  // namespace

int add_invariant(PyObject* function) {
  if (refuse_in_step("adds an invariant") < 0) return -1;
  if (!controlled()) return 0;
  publish(function);
  invariants.push_back({Ref::share(function)});
  evaluate(invariants.size() - 1, current_site());
  return runtime.engine->killing() ? resumed() : 0;
}

void check_invariants() {
  for (std::size_t i = 0; i < invariants.size() && !runtime.engine->killing(); ++i)
    if (!invariants[i].broken) evaluate(i, runtime.engine->watched_site());
}

int settle() {
  leave_atomic_blocks();
  if (!self().killed) runtime.engine->settle();
  return runtime.engine->killing() ? resumed() : 0;
}

int note_look(const Access& access) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < access.places.size(); ++i) {
    const Place& place = access.places[i];
    if (Look::is_own(place.container)) continue;
    if (place.mode != Mode::read) {
      const std::string what = "changes " + describe(access, i);
      return refuse_in_invariant(what.c_str());
    }
    places.push_back(place);
  }
  if (places.empty()) return 0;
  TouchedLocations touched;
  translate({places, access.label, nullptr, access.site}, touched);
  if (runtime.engine->killing()) return resumed();
  for (std::size_t i = 0; i < places.size(); ++i) name_found(places[i], touched, i);
  for (const Touched& t : touched)
    if (watch_or_leave(location(t.location)) < 0) return -1;
  return 0;
}

int note_look(LockObject* lock) {
  return lock->role <= LockRole::Inner ? watch_or_leave(location(location_of(lock))) : 0;
}

int refuse_in_step(const char* what) { return refuse_in_invariant(what) < 0 ? -1 : refuse_in_block(what); }

int refuse_in_invariant(const char* what) {
  if (!runtime.looking) return 0;
  PyErr_Format(PyExc_RuntimeError, "raddle.invariant: the function %s; it may only look", what);
  return -1;
}

void forget_invariants() { invariants.clear(); }

}  // namespace raddle::python
