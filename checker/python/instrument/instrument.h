// Puts a hook in front of every instruction that may touch shared state.
#pragma once
#include <cstdint>

#include "checker/python/instrument/reference.h"
#include "checker/python/instrument/site.h"

namespace raddle::python {

/// The forms of access, to be combined.
namespace form {
enum Form : std::uint32_t {
  attributes = 1,  // o.x, o.x = v, del o.x, from m import x
  globals = 2,
  cells = 4,   // captured variables
  items = 8,   // o[k], o[k] = v, del o[k]
  calls = 16,  // o.append(v), len(o), next(i), ...; and the arguments of every call, for AccessSink::call()
  iteration = 32,  // for, unpacking, [*o], f(*o)
  operators = 64,  // in, ==, <, +, +=, truth, f"{o}"
  patterns = 128,  // match
  returns = 256,   // to C code, which then goes on
  all = 511,
};
}  // namespace form

struct Options {
  std::uint32_t forms = form::all;
  CodeOwner owner = CodeOwner::program;
};

/// A code object that does what `code` does and reports its accesses to the sink (hook.h) while it runs; nested code
/// objects are instrumented too. Positions, names, arguments and exceptions stay what they were: only bytecode,
/// constants, stack size and tables differ. Code that is instrumented already comes back as it is.
/// Call on the main interpreter with the GIL held. Errors: null with a Python exception set (TypeError: not a code
/// object; ValueError: tables that CPython 3.11 never writes; MemoryError).
PyObject* instrument(PyObject* code, const Options& options = {});

}  // namespace raddle::python
