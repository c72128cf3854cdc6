// What functions and methods that are written in C, and the standard library's Python functions, do to containers.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "checker/python/instrument/access.h"

namespace raddle::python {

/// Functions that need more than a mode: they are the same as an instruction.
enum class Special : std::uint8_t {
  none,
  get_item,
  set_item,
  delete_item,
  contains,
  get_attribute,
  set_attribute,
  delete_attribute,
  variables,  // vars(o)
  iterate,    // makes an iterator over each argument
  next,       // moves the first argument, an iterator, on
};

/// How far C code looks into what it reads.
enum class Depth : std::uint8_t {
  shallow,  // the container itself: its length, what its items are
  items,    // and the containers that are its items
  deep,     // and what is in them, and so on
  state,    // all that, and the attributes of objects, as pickle does
};

/// How far it looks into the items.
constexpr Depth below(Depth depth) { return depth == Depth::items ? Depth::shallow : depth; }
/// How far it looks if it iterates over the items, and looks that far into what it finds there.
constexpr Depth above(Depth depth) {
  return depth == Depth::shallow ? Depth::items : depth == Depth::items ? Depth::deep : depth;
}

/// What a call does to its arguments (a method's object is argument 0).
struct Effect {
  static constexpr std::uint8_t no_subject = 255;
  Special special = Special::none;
  std::uint8_t subject = no_subject;  // the argument that it reads or changes
  Mode mode = Mode::read;
  bool keyed = false;  // only the item whose key is the argument after the subject, if it is a dict or set
  bool reads_rest = false;  // reads all other arguments
  bool stores = false;      // the last argument goes into the subject
  Depth depth = Depth::shallow;
  bool compares = false;     // it looks only so far if another argument is no plain value
  bool applies = false;      // it calls an argument with the items of others
  bool by_function = false;  // it looks into objects only if it is given a function, which does
  bool by_field = false;     // it looks into objects only if its text asks for their fields
  bool operator==(const Effect&) const = default;
};

/// One line of the table. `owner` is a type's or module's name as C knows it, or "type" for calls of the type `name`;
/// "*" as owner stands for any type, as name for all that has no line of its own.
struct EffectRow {
  std::string_view owner, name;
  Effect effect;
};

/// The whole table, in the order of its source: also what docs/python.md lists.
std::span<const EffectRow> effect_rows();

/// Builds the index of the table. Returns -1 with an exception set on failure.
int prepare_effects();

/// The effect of a method descriptor (`list.append`) or slot wrapper (`list.__len__`) with its object as argument 0.
const Effect& effect_of_method(PyObject* descriptor);

/// The effect of a C function of a module, or of a class method in C (whose class is not an argument).
const Effect& effect_of_function(PyObject* function);

/// The effect of calling a type that is made in C.
Effect effect_of_type(PyTypeObject* type);

/// The effect of a Python function that is not instrumented. `container_self`: argument 0 is a container that the
/// function is a method of.
Effect effect_of_foreign(PyObject* function, bool container_self);

}  // namespace raddle::python
