// Ownership of a Python object.
#pragma once
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <utility>

namespace raddle::python {

/// A strong reference to a Python object, or none.
class Ref {
 public:
  Ref() = default;
  /// Takes over a new reference, as Python's API returns it; null means that the call failed.
  static Ref take(PyObject* object) { return Ref(object); }
  /// Adds a reference to a borrowed object (null allowed).
  static Ref share(PyObject* object) {
    Py_XINCREF(object);
    return Ref(object);
  }
  Ref(const Ref& other) : Ref(share(other.object_)) {}
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Ref() { Py_XDECREF(object_); }

  explicit operator bool() const { return object_ != nullptr; }
  PyObject* get() const { return object_; }
  /// Gives the reference away; the caller owns it now.
  PyObject* release() { return std::exchange(object_, nullptr); }

 private:
  explicit Ref(PyObject* object) : object_(object) {}
  PyObject* object_ = nullptr;
};

}  // namespace raddle::python
