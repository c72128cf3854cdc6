// Python code that C code has called returns: what the C code does then is a step of its own.
//
// A C function reads and changes its containers between the calls of the program's code that it makes (a key function,
// a comparison, a factory). The hook in front of its call has reported what it touches up to the first of them; each
// return reports it again for what comes until the next.
#include <opcode.h>

#include <array>
#include <string_view>

#include "checker/python/instrument/bytecode.h"
#include "checker/python/instrument/hook_internal.h"

namespace raddle::python {
namespace {

/// Which site's instruction a frame's code executes, by its index in code units. Code objects may die and others take
/// their places, so entries are checked against more than the address.
struct Executing {
  PyCodeObject* code = nullptr;
  PyObject *constants = nullptr, *name = nullptr;
  int first_line = 0, index = 0;
  Py_ssize_t site = -1;  // its index among the constants; -1: none
  bool operator==(const Executing& other) const {
    return code == other.code && constants == other.constants && name == other.name &&
           first_line == other.first_line && index == other.index;
  }
};
constexpr std::size_t cache_size = 512;

/// Finds the hook in front of the instruction at `index`: the instruction that follows its `del site[operand]`, or the
/// CALL behind that if it is a PRECALL.
Py_ssize_t find_site(PyCodeObject* code, int index) {
  Ref bytes = Ref::take(PyCode_GetCode(code));  // without the interpreter's own specialisations
  if (!bytes) {
    PyErr_Clear();
    return -1;
  }
  std::string_view units(PyBytes_AS_STRING(bytes.get()),
                         static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get())));
  Py_ssize_t site = -1;  // of the hook that has just ended
  Py_ssize_t begun = -1;
  unsigned argument = 0;
  for (int unit = 0; unit <= index;) {
    auto opcode = static_cast<std::uint8_t>(units[2 * static_cast<std::size_t>(unit)]);
    argument = argument << 8 | static_cast<std::uint8_t>(units[2 * static_cast<std::size_t>(unit) + 1]);
    if (unit == index) return site;
    unit += 1 + caches_of(opcode);
    if (opcode == EXTENDED_ARG) continue;
    if (opcode == LOAD_CONST && is_site(PyTuple_GET_ITEM(code->co_consts, argument))) {
      begun = argument;
    } else if (opcode == DELETE_SUBSCR && begun >= 0) {
      site = std::exchange(begun, -1);
    } else if (begun < 0 && opcode != PRECALL) {
      site = -1;
    }
    argument = 0;
  }
  return -1;
}

PyObject* executing_site(PyCodeObject* code, int index) {
  static auto& cache = *new std::array<Executing, cache_size>;
  std::size_t hash = (reinterpret_cast<std::uintptr_t>(code) >> 4) + static_cast<std::size_t>(index);
  Executing& entry = cache[hash % cache_size];
  Executing here{code, code->co_consts, code->co_qualname, code->co_firstlineno, index};
  if (!(entry == here)) {
    here.site = find_site(code, index);
    entry = here;
  }
  PyObject* site = entry.site < 0 ? nullptr : PyTuple_GET_ITEM(code->co_consts, entry.site);
  return site && is_site(site) ? site : nullptr;
}

/// Could C code that executes this instruction look at a container after it has called back?
bool goes_on(SiteKind kind) {
  switch (kind) {
    case SiteKind::load_item:
    case SiteKind::store_item:
    case SiteKind::delete_item:
    case SiteKind::call:
    case SiteKind::call_unpacked:
    case SiteKind::next_item:
    case SiteKind::unpack:
    case SiteKind::contains:
    case SiteKind::compare:
    case SiteKind::binary_operator:
    case SiteKind::extend: return true;
    default: return false;
  }
}

/// Has Python called the code because something dies? Then the instruction may have let go of its operands already.
bool finalizes(_PyInterpreterFrame* frame) {
  PyCodeObject* code = frame->f_code;
  if (frame->owner == FRAME_OWNED_BY_GENERATOR) {
    // One that is being closed may be dying. None: it has handled an exception before.
    const PyObject* handled =
        reinterpret_cast<PyGenObject*>(_PyFrame_GetGenerator(frame))->gi_exc_state.exc_value;
    return handled && handled != Py_None;
  }
  PyObject* first = code->co_argcount > 0 ? frame->localsplus[0] : nullptr;
  if (!first) return false;
  if (PyWeakref_Check(first) && PyWeakref_GET_OBJECT(first) == Py_None) return true;
  return _PyType_Lookup(Py_TYPE(first), names.del) == reinterpret_cast<PyObject*>(frame->f_func);
}

/// Are the operands (`count` of them, the last one on top) still what the instruction found?
bool there(PyObject* const* end, std::size_t count) {
  constexpr Py_ssize_t most_references = Py_ssize_t{1} << 32;  // else it has been freed
  for (std::size_t i = 1; i <= count; ++i) {
    PyObject* operand = *(end - i);
    if (operand && (Py_REFCNT(operand) <= 0 || Py_REFCNT(operand) > most_references)) return false;
  }
  return true;
}

std::size_t operand_count(const Site& site) {
  switch (site.kind) {
    case SiteKind::call: return site.argument + 2;
    case SiteKind::call_unpacked: return (site.argument & 1) + 2;
    case SiteKind::store_item: return 3;
    case SiteKind::next_item:
    case SiteKind::unpack: return 1;
    case SiteKind::extend: return site.place;
    default: return 2;
  }
}

}  // namespace

int on_return(const Site& returning) {
  _PyInterpreterFrame* frame = current_frame();
  if (!frame->is_entry) return 0;  // called by an instruction of Python code
  PyThreadState* state = _PyThreadState_UncheckedGet();
  if (state->tracing || finalizes(frame)) return 0;
  _PyInterpreterFrame* caller = frame->previous;
  for (; caller && !is_instrumented(reinterpret_cast<PyObject*>(caller->f_code)); caller = caller->previous) {
    if (finalizes(caller)) return 0;
  }
  if (!caller) return 0;
  auto index = static_cast<int>(caller->prev_instr - _PyCode_CODE(caller->f_code));
  PyObject* object = index < 0 ? nullptr : executing_site(caller->f_code, index);
  if (!object) return 0;
  Site& site = site_of(object);
  if (!goes_on(site.kind)) return 0;
  // A dict hands out what __missing__ returns, and does no more.
  if (site.kind == SiteKind::load_item && frame->f_code->co_name && frame->previous == caller &&
      PyUnicode_Compare(frame->f_code->co_name, names.missing) == 0)
    return 0;
  // The C code may put what it gets where others find it.
  PyObject* value = stack_end(returning)[-1];
  if (needs_publishing(value)) hook_state.sink->publish(value);
  _PyCFrame* c_frame = state->cframe;
  c_frame->current_frame = caller;
  PyObject** end = stack_end(site);
  PyObject* operand = site.place ? end[-static_cast<std::ptrdiff_t>(site.place)] : nullptr;
  int result = 0;
  if (there(end, operand_count(site))) {
    Ref held = Ref::share(operand);  // as the hook does
    result = dispatch(site, operand);
  }
  c_frame->current_frame = frame;
  return result;
}

}  // namespace raddle::python
