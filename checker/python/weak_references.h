// Objects that the program refers to weakly: their death is a write of what a look at the reference reads.
//
// An object dies where its last reference is dropped, which can be any instruction; that instruction is over by then, and
// the death is a step of its own. (CPython does both at once; the language does not promise when an object dies.)
#pragma once
#include <cstdint>

#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// The program is about to refer weakly to `object`: from now on its death is an operation.
void watch_death(PyObject* object);

/// The location of the life of a weak reference's object: the same for all references to it, also when it has died.
std::uint64_t life_location(PyObject* reference);

/// An execution begins.
void begin_lives();

/// -1: an exception is set.
int prepare_weak_references();

}  // namespace raddle::python
