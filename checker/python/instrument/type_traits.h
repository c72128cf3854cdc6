// What the hooks know about a type, remembered per version of the type.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "checker/python/instrument/reference.h"

namespace raddle::python {

enum class ContainerKind : std::uint8_t {
  none,
  list,
  dict,
  set,
  deque,
  byte_array,
  array,
  view,         // dict.keys() and the like: stands for its dict
  memory_view,  // stands for the object whose memory it shows
  foreign,      // a container that is written in Python and not instrumented, like UserDict
  opaque,       // an object with state in C, like io.StringIO
  list_iterator,
  plain_iterator,  // over one container
  chain_iterator,  // over other iterators: enumerate, zip, map, itertools
  generator,       // a generator: its own code reports what it reads
  counter,         // itertools.count: an iterator that is all there is
};

struct TypeTraits {
  std::uint32_t version = 0;  // of the type that this describes; 0: none
  ContainerKind kind = ContainerKind::none;
  bool plain = false;    // instances never change, or are functions, classes, modules
  bool ignored = false;  // instances are none of our business (ignore_type)
  bool mutable_container() const { return kind >= ContainerKind::list && kind <= ContainerKind::array; }
  bool iterator() const { return kind >= ContainerKind::list_iterator; }
};

namespace detail {
constexpr std::size_t trait_cache_size = 512;
inline std::array<TypeTraits, trait_cache_size> trait_cache;
const TypeTraits& compute_traits(PyTypeObject* type);
}  // namespace detail

/// The traits of a type. Costs a few ns from the second time on.
inline const TypeTraits& traits_of(PyTypeObject* type) {
  std::uint32_t version = type->tp_version_tag;
  const TypeTraits& cached = detail::trait_cache[version % detail::trait_cache_size];
  return version != 0 && cached.version == version ? cached : detail::compute_traits(type);
}

/// Accesses to instances of this type and its subtypes are not reported: the front end handles them itself.
void ignore_type(PyTypeObject* type);

/// How instances of a type come to a special method.
enum class Implementation : std::uint8_t {
  c,             // built in: its effect is known
  instrumented,  // Python code that reports by itself
  foreign,       // Python code that does not report: counts as one access to the object
  missing,
};
Implementation implementation_of(PyTypeObject* type, PyObject* interned_name);

/// The same for a function or any other object that a class holds.
Implementation implementation_of(PyObject* callable);

/// Something that a module defines once and for all: a function, class or module.
bool is_definition(PyObject* value);

/// Would an object like this have to be published (see AccessSink::call)?
bool needs_publishing(PyObject* value);

}  // namespace raddle::python
