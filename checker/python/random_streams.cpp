#include "checker/python/random_streams.h"

#include "checker/python/locations.h"
#include "checker/python/runtime.h"

namespace raddle::python {
namespace {

struct Generator {
  PyObject_HEAD RandomState mt;
};
Generator* generator = nullptr;
RandomState initial;              // seeded with 0
RandomStream* running = nullptr;  // the stream of the thread that runs
PyObject* gauss_next = nullptr;   // name of the attribute
bool in_use = false;              // does the program draw from it at all?

// (The first word is the same behind every seed.)
bool is_initial() {
  return generator->mt.index == initial.index && generator->mt.state[1] == initial.state[1] &&
         generator->mt.state[2] == initial.state[2];
}

PyObject* instance() { return reinterpret_cast<PyObject*>(generator); }

// Moves the generator's state to `stream`.
void keep(RandomStream& stream) {
  if (!stream.own) stream.own = std::make_unique<RandomState>();
  *stream.own = generator->mt;
  stream.gauss = Ref::take(PyObject_GetAttr(instance(), gauss_next));
}

void load(const RandomState& state, PyObject* gauss) {
  generator->mt = state;
  if (PyObject_SetAttr(instance(), gauss_next, gauss ? gauss : Py_None) < 0) PyErr_Clear();
}

// Until it is drawn from for the first time nothing is done for it; what has been explored by then used one stream for
// all threads.
void notice_use() {
  if (in_use || is_initial()) return;
  in_use = true;
  change_visibility();
}

}  // namespace

int prepare_random() {
  Ref module = Ref::take(PyImport_ImportModule("random"));
  if (!module) return -1;
  PyObject* instance = PyObject_GetAttrString(module.get(), "_inst");
  if (!instance) return -1;
  PyTypeObject* type = Py_TYPE(instance)->tp_base;
  if (!type || type->tp_basicsize < static_cast<Py_ssize_t>(sizeof(Generator))) {
    PyErr_SetString(PyExc_RuntimeError, "random.Random is laid out differently in this Python");
    return -1;
  }
  generator = reinterpret_cast<Generator*>(instance);
  gauss_next = PyUnicode_InternFromString("gauss_next");
  Ref done = Ref::take(PyObject_CallMethod(module.get(), "seed", "i", 0));
  initial = generator->mt;
  return done && gauss_next ? 0 : -1;
}

void reset_random() {
  running = nullptr;
  if (!is_initial()) load(initial, nullptr);
}

void inherit_random(const engine::Thread& child, RandomStream& stream) {
  stream = {};
  notice_use();
  if (!in_use || (is_initial() && child.child_number == 0)) return;
  stream.own = std::make_unique<RandomState>(generator->mt);
  if (child.child_number == 0) return;
  for (std::uint32_t i = 0; i < 624; ++i)
    stream.own->state[i] ^= static_cast<std::uint32_t>(engine::mix(child.name + i));
  stream.own->index = 624;
}

bool is_random_in_use() { return in_use || !is_initial(); }

std::uint64_t random_position() {
  return static_cast<std::uint64_t>(generator->mt.index) << 32 ^ generator->mt.state[1];
}

void switch_random(RandomStream& stream) {
  if (running == &stream) return;
  RandomStream* before = std::exchange(running, &stream);
  notice_use();
  if (!before || !in_use) return;
  const bool pristine = is_initial();
  if (pristine && !stream.own) return;
  if (!pristine) keep(*before);
  if (stream.own)
    load(*stream.own, stream.gauss.get());
  else
    load(initial, nullptr);
}

}  // namespace raddle::python
