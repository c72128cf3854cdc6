// Between the hook*.cpp files.
#pragma once
#include <cstddef>
#include <new>
#include <span>
#include <vector>

#include "checker/python/instrument/effects.h"
#include "checker/python/instrument/hook.h"
#include "checker/python/instrument/names.h"
#include "checker/python/instrument/object_layout.h"

namespace raddle::python {

/// A look into containers within containers, which takes several steps where other threads may put in other ones: what
/// a step reads must not depend on what they do until it comes. So it goes only into those that the step before has read.
struct Look {
  std::vector<PyObject*> read;     // by the step before, sorted
  std::vector<PyObject*> reached;  // by this one: what others may change
  bool silent = false;             // only to find out
};

struct HookState {
  AccessSink* sink = nullptr;
  Look* look = nullptr;
  bool concurrent = false;
  bool only_written = false;
  bool switches = false;
  bool watches = false;
};
inline HookState hook_state;

/// The places of one access, without allocation for the usual few.
class Places {
 public:
  void add(const Place& place) {
    if (size_ < fixed) {
      new (storage_ + size_++ * sizeof(Place)) Place(place);
      return;
    }
    if (more_.empty()) more_.assign(first(), first() + fixed);
    more_.push_back(place);
  }
  /// As long as the places are there, so is this, which one of them refers to.
  void keep(Ref object) { kept_.push_back(std::move(object)); }
  bool empty() const { return size_ == 0; }
  std::span<const Place> all() const {
    return more_.empty() ? std::span<const Place>(first(), size_) : std::span<const Place>(more_);
  }

 private:
  static constexpr std::size_t fixed = 6;
  const Place* first() const { return std::launder(reinterpret_cast<const Place*>(storage_)); }

  std::size_t size_ = 0;
  std::vector<Place> more_;
  std::vector<Ref> kept_;
  alignas(Place) std::byte storage_[fixed * sizeof(Place)];  // not initialised: this is the hot path
};

/// What a classification found.
enum class Finding {
  visible,        // the places that it added
  plain_by_type,  // one place, the operand's own attribute, as long as the operand has a type of this version
  quiet,          // nothing this time
  quiet_by_type,  // nothing, as long as the operand has a type of this version
};
inline bool is_visible(Finding finding) {
  return finding == Finding::visible || finding == Finding::plain_by_type;
}

/// One past the top of the stack, as it was before the hooked instruction.
inline PyObject** stack_end(const Site& site) {
  _PyInterpreterFrame* frame = current_frame();
  // The number of variables comes from the frame: a program can give the code more with code.replace().
  return frame->localsplus + frame->f_code->co_nlocalsplus + site.height;
}

/// Tells the sink. Holds all objects meanwhile. Nothing happens without places.
int report(const Site& site, const Places& places, const char* label, PyObject* value = nullptr);
int report(const Site& site, const Place& place, const char* label, PyObject* value = nullptr);

/// Was it quiet with this type before? Then it still is.
inline bool quiet_before(const Site& site, PyTypeObject* type) {
  return type->tp_version_tag == site.quiet_type && site.quiet_epoch == visibility_epoch() &&
         site.quiet_type != 0;
}
/// Forgets what an earlier epoch found to be quiet. Before remembering anything.
inline void start_epoch(Site& site) {
  if (site.quiet_epoch == visibility_epoch()) return;
  site.quiet_epoch = visibility_epoch();
  site.quiet_type = site.quiet_other_type = 0;
  site.quiet_dict = 0;
}
inline void remember_quiet(Site& site, PyTypeObject* type) {
  start_epoch(site);
  site.quiet_type = type->tp_version_tag;
}

/// Looks a key up without an exception left behind; borrowed or null.
inline PyObject* find_in(PyObject* dict, PyObject* key) {
  PyObject* value = PyDict_GetItemWithError(dict, key);
  if (!value) PyErr_Clear();
  return value;
}

/// The one string object with this text: attribute names are compared by identity.
inline Ref interned(PyObject* name) {
  PyObject* copy = Py_NewRef(name);
  PyUnicode_InternInPlace(&copy);
  return Ref::take(copy);
}

/// How an attribute is looked up: as `o.x` does, or as object.__getattribute__ does (past the class's own methods).
enum class Lookup { full, plain };

/// `dict` becomes the dict of the object's attributes.
void take_dict(PyObject* object, PyObject* dict, Places& places);

Finding read_attribute(PyObject* object, PyObject* name, NameFacts& facts, Places& places, unsigned operand,
                       Lookup lookup = Lookup::full);
Finding write_attribute(PyObject* object, PyObject* name, bool deletes, Places& places, unsigned operand,
                        Lookup lookup = Lookup::full);
/// An assignment whose name is not in the text of the program: reads of it may have been thought unwritten.
void note_dynamic_write(PyObject* object, NameFacts& facts);

enum class ItemUse { read, write, erase };
Finding use_item(PyObject* container, PyObject* key, ItemUse use, Places& places, unsigned operand);
/// `references` as in add_whole().
Finding test_membership(PyObject* container, PyObject* key, Places& places, unsigned operand,
                        Py_ssize_t references);

/// Does hashing and comparing this key run no user code?
bool is_plain_key(PyObject* key);

/// C code looks at all of `object`: adds what that reads (or more), if it is a container or an iterator over one.
/// `references`: how many references an iterator has when no other thread can get at it. `depth`: how far it looks into
/// what it finds there; that is read.
void add_whole(PyObject* object, Mode mode, Places& places, unsigned operand, Py_ssize_t references = 1,
               Depth depth = Depth::shallow);

/// What lies in `container` is read, and looked into so far; the container itself is not.
void add_items(PyObject* container, Depth depth, Places& places);
/// The same for one item of a list.
void add_list_item(PyObject* list, Py_ssize_t index, Depth depth, Places& places);

/// The attributes of an object, as pickling it takes them, and all that lies in them.
void add_state(PyObject* object, Places& places);
/// What object.__getstate__ does: it copies slots, but hands out the dict of the attributes itself.
void open_state(PyObject* object, Places& places);

/// Could C code find a container in it? True for containers, and for tuples that hold some.
bool holds_containers(PyObject* object);

/// What a C function adds to `places` when C code calls it with these arguments. Functions in Python tell themselves.
void add_called(PyObject* function, std::span<PyObject* const> arguments, Places& places);
/// Is what it returns new, or a plain value, rather than something that it has found in its arguments?
bool returns_new(PyObject* function);

/// The items of a list, a tuple, a dict (its keys), a view, a set or a deque; false for anything else.
bool items_of(PyObject* container, std::vector<PyObject*>& items);

/// iter(object).
Finding make_iterator(PyObject* object, Places& places, unsigned operand);
/// next(iterator); `references` as above.
Finding step_iterator(PyObject* iterator, Places& places, unsigned operand, Py_ssize_t references);

/// What the hook in front of the site's instruction does, in one step.
int dispatch_once(Site& site, PyObject* operand);
/// In as many as it takes.
int dispatch(Site& site, PyObject* operand);

int on_return(const Site& returning);
int on_attribute(Site& site, PyObject* object);
int on_global(Site& site);
int on_cell(Site& site, PyObject* cell);
int on_item(Site& site, PyObject* container);
int on_call(Site& site);
int on_call_unpacked(Site& site);
int on_iteration(Site& site, PyObject* operand);
int on_operator(Site& site, PyObject* operand);
int on_pattern(Site& site, PyObject* subject);

}  // namespace raddle::python
