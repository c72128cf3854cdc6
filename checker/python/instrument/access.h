// What a hook reports: which locations the next instruction touches, and how.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "checker/python/instrument/site.h"

namespace raddle::python {

enum class PlaceKind : std::uint8_t {
  attribute,  // key: interned name; container: the object, or the class that holds it
  global,     // key: name; container: the module's dict. The same location as `item` of that dict
  item,       // of a dict or set; key: hashing and comparing it runs no user code
  index,      // of a sequence; `index` is not negative; key is null
  cell,       // container: the cell; key: the variable's name, for display only
  whole,      // the container as a whole: its length, order, all of its elements
  life,       // container: a weak reference; whether its object is alive
};

enum class Mode : std::uint8_t {
  read,
  write,
  update,  // reads and writes in one step, like list.append
};

/// One location. `whole` overlaps with every item and index of the same container (not with its attributes).
struct Place {
  PyObject* container = nullptr;
  PyObject* key = nullptr;
  Py_ssize_t index = 0;
  PlaceKind kind = PlaceKind::whole;
  Mode mode = Mode::read;
  std::uint16_t operand = 0;     // the site's operand (from the top) whose text names the container; 0: none
  bool indirect = false;         // that operand is an iterator or a view over the container
  PyObject* function = nullptr;  // of a function's cache, which is called like the function
};

/// One step of the program on shared state: what a single instruction or a C function does at once.
struct Access {
  std::span<const Place> places;  // at least one; the first is the one to show
  const char* label = "";         // "read", "write", "delete", or the operation: "append", "len", "+="
  PyObject* value = nullptr;      // what is about to be stored, if known
  const Site* site = nullptr;
  const Place& place() const { return places.front(); }
};

/// Gets told what instrumented code is about to do. All objects are borrowed: containers, keys and values stay alive
/// during the call, also when it lets other threads run in between.
class AccessSink {
 public:
  virtual ~AccessSink() = default;
  /// Before the access happens; on return it happens. -1: a Python exception is set and propagates from there.
  virtual int access(const Access& access) = 0;
  /// Before a call of `callable` with these arguments (keywords last, `self` of a method not among them), if one of
  /// them is an object that could be shared: neither a plain value nor a function, class or module.
  virtual void call(PyObject* callable, PyObject* const* arguments, std::size_t count) {
    static_cast<void>(callable), static_cast<void>(arguments), static_cast<void>(count);
  }
  /// `value` goes to where other threads may find it later, in a step that is no access: a captured variable that
  /// nobody has captured yet, a class body's variable.
  virtual void publish(PyObject* value) { static_cast<void>(value); }
  /// While watched (set_watching): the program does something that may change what no access tells of.
  virtual void unknown() {}
  /// The program gets hold of `dict`, which holds the attributes of `owner`: its items are the owner's attributes.
  virtual void alias(PyObject* dict, PyObject* owner) { static_cast<void>(dict), static_cast<void>(owner); }
  /// The program puts another dict in place of that with the attributes of `object`, perhaps one that other objects have.
  virtual void replaces_dict(PyObject* object) { static_cast<void>(object); }
  /// C code will look into `object`, which it finds in `where`. Could another thread do so, too?
  virtual bool is_shared(PyObject* object, const Place& where) {
    static_cast<void>(object), static_cast<void>(where);
    return true;
  }
  /// May other threads change what is in `container` while somebody waits to look?
  virtual bool may_change(PyObject* container) {
    static_cast<void>(container);
    return false;
  }
  /// C code looks at more objects than can be told.
  virtual void looks_too_far() {}
  /// The interpreter may let other threads run here, or at the end of the instruction (where report_switches() is on).
  virtual void may_switch() {}
  /// The program is about to refer weakly to `object`.
  virtual void weakly_referred(PyObject* object) { static_cast<void>(object); }
};

/// The value in the location now, borrowed; null when it is empty, or could not be told without running user code.
/// No side effects. Meant for inside of AccessSink::access(), when the step is about to happen.
PyObject* peek(const Place& place);

/// The value that a read will find: of the first place, unless another place comes before it in the lookup (an
/// attribute that an instance got meanwhile hides its class's).
PyObject* peek(const Access& access);

/// A number that is the same for equal locations of one container, so that (container, number) identifies a location
/// within an execution; 0 for the whole. (A global and the item of its module's dict are equal.) Locations that differ
/// have the same number only if their keys' hashes collide. Keys hash as in Python: strings and bytes depend on the
/// hash seed, other objects on their identity.
std::uint64_t location_number(const Place& place);

/// Source-like text of a place of the access: "counter", "self.value", "queue[0]", "registry['a']", "<Database>.value".
std::string describe(const Access& access, std::size_t index = 0);

}  // namespace raddle::python
