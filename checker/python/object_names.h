// Names of Python objects: numbers that are the same for the same object in all executions of one equivalence class.
//
// An address or a global counter would depend on the order in which threads run. So an object is named by the thread
// that creates it and that thread's own count of names, at the moment at which other threads may first get hold of it:
// when it is stored in a shared place or passed to a call. Modules, classes and functions at module level are named by
// what they are called. Identity hashes come from the names too, so that sets iterate in the same order each time.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "checker/python/instrument/reference.h"
#include "checker/python/name_table.h"

namespace raddle::python {

/// Prepares the bookkeeping and the identity hashes. Call before the interpreter starts.
void install_names();

/// Once the interpreter runs: finds the container types that have no C name. -1: an exception is set.
int find_container_types();

/// The name of `object`, never 0; if it has none, the running thread names it.
std::uint64_t name_of(PyObject* object);

/// Like name_of(), but two functions or classes that are called the same are told apart.
std::uint64_t identity_of(PyObject* object);

/// Somebody asks for a number that `object` has by its name. -1: that tells threads apart which were taken to be alike; an
/// exception is set.
int show_identity(PyObject* object);

/// A name for something new of the running thread.
std::uint64_t next_name();

/// Names `value` and everything within it that has no name yet: others may get hold of it from now on.
void publish(PyObject* value);

/// Has it been named in this execution (or for good)?
bool has_name(PyObject* object);

/// Gives `object` a name of the caller's choice, for the rest of the execution.
void set_name(PyObject* object, std::uint64_t name);

/// Names what the globals of a module of the library hold, and the attributes of its classes, for good: in executions, the
/// first thread to use such an object would name it.
void name_library(PyObject* module);

/// Equal for equal numbers, strings, bytes and tuples of such; for other objects their names. Names the object.
std::uint64_t digest_of(PyObject* value);

/// Is it a plain value, which nobody can change?
bool is_plain(PyObject* value);

/// Names that the running thread gives while one of these exists are for that while: what is done only when an execution
/// is recorded must not count.
class NamesAside {
 public:
  NamesAside();
  ~NamesAside();
  NamesAside(const NamesAside&) = delete;
  NamesAside& operator=(const NamesAside&) = delete;

 private:
  std::uint64_t named_;
  std::vector<std::pair<PyObject*, NameEntry>> before_;
  std::vector<std::pair<PyObject*, NameEntry>>* outer_;
};

/// How many objects have names (for tests).
std::size_t named_objects();

/// Forgets `object`; called when it dies.
void forget_name(const void* object);

}  // namespace raddle::python
