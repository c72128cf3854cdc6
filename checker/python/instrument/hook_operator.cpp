// Operators and what else looks into a container without naming an item: comparison, truth, formatting, match.
#include <opcode.h>

#include <algorithm>

#include "checker/python/instrument/hook_internal.h"

namespace raddle::python {
namespace {

constexpr const char* operator_labels[] = {
    "+",  "&",  "//",  "<<",  "@",  "*",  "%",  "|",  "**",  ">>",  "-",  "/",  "^",
    "+=", "&=", "//=", "<<=", "@=", "*=", "%=", "|=", "**=", ">>=", "-=", "/=", "^="};
constexpr const char* comparison_labels[] = {"<", "<=", "==", "!=", ">", ">="};

/// Neither operand can be anything that an operator reads.
bool quiet_pair(const Site& site, PyTypeObject* left, PyTypeObject* right) {
  return quiet_before(site, right) && site.quiet_other_type == left->tp_version_tag &&
         site.quiet_other_type != 0;
}
void remember_quiet_pair(Site& site, PyTypeObject* left, PyTypeObject* right) {
  remember_quiet(site, right);
  site.quiet_other_type = left->tp_version_tag;
}

bool readable(PyTypeObject* type) { return traits_of(type).kind != ContainerKind::none; }

/// Does `left op= right` change left, rather than make a new object?
bool changes_left(std::uint32_t op, PyObject* left) {
  if (op < NB_INPLACE_ADD) return false;
  switch (traits_of(Py_TYPE(left)).kind) {
    case ContainerKind::list:
    case ContainerKind::deque:
    case ContainerKind::byte_array:
    case ContainerKind::array: return op == NB_INPLACE_ADD || op == NB_INPLACE_MULTIPLY;
    case ContainerKind::dict:
    case ContainerKind::set:
    case ContainerKind::foreign: return true;
    default: return false;
  }
}

/// Equal or not, smaller or not: that takes no look at any item.
bool is_empty(PyObject* object) {
  return (PyList_Check(object) && PyList_GET_SIZE(object) == 0) ||
         (PyDict_Check(object) && PyDict_GET_SIZE(object) == 0);
}

/// `"..." % right` formats what it is given.
void add_formatted(PyObject* right, Places& places) {
  if (!PyTuple_Check(right)) return add_whole(right, Mode::read, places, 1, 2, Depth::deep);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(right); ++i)
    add_whole(PyTuple_GET_ITEM(right, i), Mode::read, places, 0, 1, Depth::deep);
}

int on_pair(Site& site, PyObject* right) {
  PyObject* left = stack_end(site)[-2];
  PyTypeObject *left_type = Py_TYPE(left), *right_type = Py_TYPE(right);
  if (quiet_pair(site, left_type, right_type)) return 0;
  std::uint32_t op = site.argument;
  bool comparison = site.kind == SiteKind::compare;
  bool formats = !comparison && (op == NB_REMAINDER || op == NB_INPLACE_REMAINDER) &&
                 (PyUnicode_Check(left) || PyBytes_Check(left));
  Places places;
  if (formats) {
    add_formatted(right, places);
  } else if (!readable(left_type) && !readable(right_type)) {
    if (!PyTuple_Check(left) && !PyTuple_Check(right)) remember_quiet_pair(site, left_type, right_type);
    if (!comparison || !PyTuple_Check(left) || !PyTuple_Check(right)) return 0;
    add_whole(left, Mode::read, places, 2, 1, Depth::deep);
    add_whole(right, Mode::read, places, 1, 2, Depth::deep);
  } else if (comparison) {
    // Objects of unrelated types are unequal without a look at their contents.
    bool related =
        (readable(left_type) || PyAnySet_Check(left)) && (readable(right_type) || PyAnySet_Check(right));
    bool bytes = PyBytes_Check(left) || PyBytes_Check(right);
    if (!related && !bytes) return 0;
    const Depth depth = is_empty(left) || is_empty(right) ? Depth::shallow : Depth::deep;
    add_whole(left, Mode::read, places, 2, 1, depth);
    add_whole(right, Mode::read, places, 1, 2, depth);
  } else {
    add_whole(left, changes_left(op, left) ? Mode::update : Mode::read, places, 2);
    add_whole(right, Mode::read, places, 1, 2);
  }
  return report(site, places,
                comparison ? comparison_labels[std::min<std::uint32_t>(op, 5)]
                           : operator_labels[std::min<std::uint32_t>(op, std::size(operator_labels) - 1)]);
}

}  // namespace

int on_operator(Site& site, PyObject* operand) {
  if (site.kind == SiteKind::compare || site.kind == SiteKind::binary_operator) return on_pair(site, operand);
  PyTypeObject* type = Py_TYPE(operand);
  if (quiet_before(site, type)) return 0;
  Places places;
  if (site.kind == SiteKind::contains) {
    Finding finding = test_membership(operand, stack_end(site)[-2], places, 1, 2);
    if (finding == Finding::quiet_by_type) remember_quiet(site, type);
    return report(site, places, "in");
  }
  const TypeTraits& traits = traits_of(type);
  bool truth = site.kind == SiteKind::truth;
  // An iterator is true, and its text is its address.
  if (traits.kind == ContainerKind::none || traits.iterator()) {
    if (truth || !PyTuple_Check(operand)) {
      remember_quiet(site, type);
      return 0;
    }
  }
  if (truth && implementation_of(type, names.len) == Implementation::instrumented) return 0;
  add_whole(operand, Mode::read, places,
            truth               ? 1
            : site.argument & 4 ? 2
                                : 1,
            1, truth ? Depth::shallow : Depth::deep);
  return report(site, places, truth ? "bool" : "format");
}

int on_pattern(Site& site, PyObject* subject) {
  Places places;
  if (site.kind == SiteKind::length) {
    add_whole(subject, Mode::read, places, 1, 2);
    return report(site, places, "len");
  }
  if (site.kind == SiteKind::match_keys) {
    PyObject* keys = stack_end(site)[-1];
    if (traits_of(Py_TYPE(subject)).kind != ContainerKind::dict) return 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(keys); ++i) {
      use_item(subject, PyTuple_GET_ITEM(keys, i), ItemUse::read, places, 2);
    }
    return report(site, places, "match");
  }
  // match_class: subject, class, keyword names; as many positional patterns as the argument says.
  PyObject *type = stack_end(site)[-2], *keywords = stack_end(site)[-1];
  if (!PyType_Check(type) || !PyObject_TypeCheck(subject, reinterpret_cast<PyTypeObject*>(type))) return 0;
  auto read = [&](PyObject* name) {
    if (!PyUnicode_CheckExact(name)) return;
    Ref key = interned(name);
    read_attribute(subject, key.get(), facts_of(key.get()), places, 3);
  };
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(keywords); ++i) read(PyTuple_GET_ITEM(keywords, i));
  PyObject* positional = _PyType_Lookup(reinterpret_cast<PyTypeObject*>(type), names.match_args);
  if (positional && PyTuple_CheckExact(positional)) {
    Py_ssize_t count = std::min<Py_ssize_t>(site.argument, PyTuple_GET_SIZE(positional));
    for (Py_ssize_t i = 0; i < count; ++i) read(PyTuple_GET_ITEM(positional, i));
  }
  return report(site, places, "match");
}

}  // namespace raddle::python
