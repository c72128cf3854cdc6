// A site: one instruction that may touch shared state, as the hook in front of it sees it.
#pragma once
#include <cstddef>
#include <cstdint>

#include "checker/python/instrument/line_table.h"
#include "checker/python/instrument/name_facts.h"
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// Whose code it is.
enum class CodeOwner : std::uint8_t {
  program,
  library,  // opened (library_code.h): what it does counts where the program has called it
  entry,    // of the library as well: what calls the program
};

/// What the hooked instruction is about to do.
enum class SiteKind : std::uint8_t {
  marker,  // no hook: only says that its code object is instrumented
  load_attribute,
  load_method,
  store_attribute,
  delete_attribute,
  import_from,
  load_item,
  store_item,
  delete_item,
  load_global,
  store_global,
  delete_global,
  load_name,
  store_name,
  delete_name,
  load_cell,
  first_store_cell,  // before anyone has captured the variable
  store_cell,
  delete_cell,
  call,
  call_unpacked,  // f(*args) or f(**keywords)
  make_iterator,
  next_item,
  unpack,
  contains,
  compare,
  binary_operator,
  truth,
  format,
  extend,   // [*x], {*x}, {**x}, f(*x)
  passes,   // touches nothing: other threads may be switched to
  returns,  // to C code that has called this code
  yields,
  length,
  match_keys,
  match_class,
};

/// Plain data of a site; lives as long as the code object that it belongs to. Strings are borrowed by the reader.
struct Site {
  SiteKind kind = SiteKind::marker;
  CodeOwner owner = CodeOwner::program;
  /// The instruction's own: number of call arguments, which operator, ... (next_item: 1 in a comprehension).
  std::uint32_t argument = 0;
  /// Height of the stack before the instruction.
  std::uint32_t height = 0;
  /// Where on it the operand is that the hook gets (1: the top); 0: it gets none, or a captured variable.
  std::uint32_t place = 0;
  /// Where the interpreter may let other threads run when the instruction is done; the conditions: if it jumps.
  enum class Switch : std::uint8_t {
    never,
    always,
    if_false,
    if_true,
    if_none,
    if_not_none
  } switches = Switch::never;
  /// Of the attribute, global or captured variable, and what is known about it; else null. (call: a tuple of the names
  /// of the last arguments, or null.)
  PyObject* name = nullptr;
  NameFacts* facts = nullptr;
  /// Tuple: source text ("self.items") or None for each operand, the top last; null if none is known.
  PyObject* operands = nullptr;
  PyObject* filename = nullptr;
  PyObject* function = nullptr;  // qualified name
  Position position;

  // Inline caches, by type and dict versions; 0 never matches. With the quiet ones there was nothing to report (while
  // the visibility epoch stays what it was), with `plain_type` an attribute was the operand's own: always, or
  // (plain_if_there) where the operand has it.
  std::uint32_t plain_type = 0;
  bool plain_if_there = false;
  std::uint32_t quiet_type = 0, quiet_other_type = 0, quiet_epoch = 0;
  std::uint64_t quiet_dict = 0;

  /// Text of the operand at `from_top` (1: top of the stack), or null.
  PyObject* operand_text(std::size_t from_top) const;
};

/// The Python object around a site. Its type's `del site[operand]` is the hook.
struct SiteObject {
  PyObject head;
  Site site;
};

/// Makes the type; `hook` becomes its mp_ass_subscript. Call once before new_site(). Returns -1 with an exception set
/// on failure.
int ready_site_type(objobjargproc hook);

/// A new site object with a copy of `site`, whose objects it takes references to; null with an exception set when
/// memory ran out.
Ref new_site(const Site& site);

/// Is this one of our objects?
bool is_site(PyObject* object);

/// The site in a site object.
inline Site& site_of(PyObject* object) { return reinterpret_cast<SiteObject*>(object)->site; }

/// Did instrument() make this code object?
bool is_instrumented(PyObject* code);

/// And is it the program's?
bool is_users_code(PyObject* code);

/// Whose instrumented code it is.
CodeOwner owner_of(PyObject* instrumented_code);

}  // namespace raddle::python
