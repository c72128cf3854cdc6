#include "checker/python/local_state.h"

#include <bit>
#include <optional>

#include "checker/python/instrument/object_layout.h"
#include "checker/python/object_names.h"
#include "checker/python/random_streams.h"
#include "checker/python/runtime.h"

extern "C" {
#include <opcode.h>
}

namespace raddle::python {
namespace {

constexpr int kDeepest = 4;  // tuples in tuples

/// Is the instruction inside the body of a `for`? How far that has come is in its iterator, out of sight.
bool is_in_for(PyCodeObject* code, std::ptrdiff_t at) {
  Ref bytes = Ref::take(PyCode_GetCode(code));
  if (!bytes) return PyErr_Clear(), true;
  const auto* units = reinterpret_cast<const unsigned char*>(PyBytes_AS_STRING(bytes.get()));
  const Py_ssize_t count = PyBytes_GET_SIZE(bytes.get()) / 2;
  std::ptrdiff_t argument = 0;
  for (Py_ssize_t i = 0; i < count; ++i) {
    argument = argument << 8 | units[2 * i + 1];
    if (units[2 * i] == EXTENDED_ARG) continue;
    if (units[2 * i] == FOR_ITER && i < at && at <= i + argument) return true;
    argument = 0;
  }
  return false;
}

std::optional<std::uint64_t> digest(PyObject* value, int depth = 0) {
  if (!value) return 0;
  if (PyLong_CheckExact(value)) {
    int overflow = 0;
    const long long n = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (overflow) return std::nullopt;
    return engine::mix(static_cast<std::uint64_t>(n) + 1);
  }
  if (PyComplex_Check(value)) return std::nullopt;
  if (PyFloat_CheckExact(value))  // their hashes are those of whole numbers, and collide
    return engine::mix(engine::mix(std::bit_cast<std::uint64_t>(PyFloat_AS_DOUBLE(value))) + 5);
  if (is_plain(value) && !PyTuple_CheckExact(value) && value != Py_None)
    return engine::mix(engine::mix(static_cast<std::uint64_t>(PyObject_Hash(value)) + 2) +
                       reinterpret_cast<std::uintptr_t>(Py_TYPE(value)));
  if (PyTuple_CheckExact(value)) {
    if (depth == kDeepest) return std::nullopt;
    std::uint64_t sum = 3;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); ++i) {
      const auto item = digest(PyTuple_GET_ITEM(value, i), depth + 1);
      if (!item) return std::nullopt;
      sum = engine::mix(sum + *item);
    }
    return sum;
  }
  if (PyCell_Check(value)) {
    const auto inside = digest(PyCell_GET(value), depth);
    if (!inside) return std::nullopt;
    return engine::mix(name_of(value) + *inside);
  }
  // Generators, iterators and files move on when they are asked.
  if (Py_TYPE(value)->tp_iternext && Py_TYPE(value)->tp_iternext != _PyObject_NextNotImplemented)
    return std::nullopt;
  // What is inside of other objects is changed by instrumented code, which counts, by operations, or by calls that
  // count since nobody knows what they do (set_watching).
  return engine::mix(name_of(value));
}

}  // namespace

std::uint64_t local_state() {
  PythonThread& me = self();
  ++me.rounds;
  std::uint64_t sum =
      engine::mix(me.hidden_changes + 1) + engine::mix(random_position()) + engine::mix(me.entropy + 7);
  for (const _PyInterpreterFrame* frame = current_frame(); frame; frame = frame->previous) {
    PyCodeObject* code = frame->f_code;
    const std::ptrdiff_t at = _PyInterpreterFrame_LASTI(frame);
    if (is_in_for(code, at)) return 0;
    sum = engine::mix(sum + static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(code)) +
                      static_cast<std::uint64_t>(at));
    for (int i = 0; i < code->co_nlocalsplus; ++i) {
      const auto value = digest(frame->localsplus[i]);
      if (!value) return 0;
      sum = engine::mix(sum + *value);
    }
  }
  return sum ? sum : 1;
}

}  // namespace raddle::python
