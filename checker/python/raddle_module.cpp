#include "checker/python/raddle_module.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "checker/engine/choose.h"
#include "checker/engine/recorder.h"
#include "checker/python/atomic_blocks.h"
#include "checker/python/debugger.h"
#include "checker/python/failure.h"
#include "checker/python/invariants.h"
#include "checker/python/output.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

struct Final {
  Ref function;
  std::uint64_t thread;  // get_ident() of who registered it
};
std::vector<Final> finals;
bool ending = false;  // main calls them

PyObject* fail(const char* message) {
  PyErr_SetString(PyExc_RuntimeError, message);
  return nullptr;
}

PyObject* choose(PyObject*, PyObject* number) {
  const long n = PyLong_AsLong(number);
  if (n == -1 && PyErr_Occurred()) return nullptr;
  if (!controlled())
    return fail("raddle.choose: called in the middle of a step of raddle's, where nothing can be chosen");
  const int chosen = engine::choose(*runtime.engine, static_cast<int>(n), current_site());
  return resumed() < 0 ? nullptr : PyLong_FromLong(chosen);
}

PyObject* note(PyObject*, PyObject* text) {
  if (!runtime.engine || !runtime.engine->recorder() || runtime.engine->killing() || is_debugging())
    Py_RETURN_NONE;
  Ref bytes = Ref::take(PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace"));
  if (!bytes) return nullptr;
  const std::string_view shown(PyBytes_AS_STRING(bytes.get()),
                               static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get())));
  engine::Engine& e = *runtime.engine;
  e.recorder()->note(e, e.self(), engine::NoteKind::Note, engine::kNoThread, shown, current_site());
  Py_RETURN_NONE;
}

PyObject* final(PyObject*, PyObject* function) {
  if (!runtime.engine) Py_RETURN_NONE;
  const engine::Thread& thread = runtime.engine->self();
  if (thread.killable)
    return fail("raddle.final: called in a daemon thread, which may be killed before the end");
  // Whether its turn has passed would depend on who is faster.
  if (ending && thread.id != 0)
    return fail("raddle.final: called in a thread that was started while final functions run");
  finals.push_back({Ref::share(function), self().ident});
  Py_RETURN_NONE;
}

PyObject* begin_atomic(PyObject*, PyObject*) {
  if (runtime.engine && begin_atomic_block() < 0) return nullptr;
  Py_RETURN_NONE;
}

PyObject* end_atomic(PyObject*, PyObject*) {
  if (runtime.engine) end_atomic_block();
  Py_RETURN_NONE;
}

PyObject* invariant(PyObject*, PyObject* function) {
  if (!runtime.engine) Py_RETURN_NONE;
  return add_invariant(function) < 0 ? nullptr : Py_NewRef(Py_None);
}

// As for exit functions: it is shown, and the others run all the same.
void report_final_exception(PyObject* function) {
  report_raised_exception();
  if (announce_exception() < 0) return;
  OnePiece piece(true);
  _PyErr_WriteUnraisableMsg("in final function", function);
}

}  // namespace

PyMethodDef raddle_module_functions[] = {
    {"choose", choose, METH_O, nullptr},
    {"note", note, METH_O, nullptr},
    {"final", final, METH_O, nullptr},
    {"invariant", invariant, METH_O, nullptr},
    {"begin_atomic", begin_atomic, METH_NOARGS, nullptr},
    {"end_atomic", end_atomic, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

void run_final_functions() {
  ending = true;
  // Threads that are not ordered register in any order; what main sees of it must not depend on that.
  std::stable_sort(finals.begin(), finals.end(),
                   [](const Final& a, const Final& b) { return a.thread < b.thread; });
  while (!finals.empty() && !self().killed) {
    const Ref function = std::move(finals.back().function);
    finals.pop_back();
    const Ref done = Ref::take(PyObject_CallNoArgs(function.get()));
    if (!done && !self().killed) report_final_exception(function.get());
  }
}

void forget_final_functions() {
  finals.clear();
  ending = false;
}

}  // namespace raddle::python
