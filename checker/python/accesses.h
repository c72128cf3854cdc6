// The program's accesses to shared state, as the engine's operations.
#pragma once
#include "checker/python/instrument/access.h"

namespace raddle::python {

/// Receives what instrumented code is about to do.
class Accesses : public AccessSink {
 public:
  int access(const Access& access) override;
  void call(PyObject* callable, PyObject* const* arguments, std::size_t count) override;
  void publish(PyObject* value) override;
  void unknown() override;
  void alias(PyObject* dict, PyObject* owner) override;
  bool is_shared(PyObject* object, const Place& where) override;
  bool may_change(PyObject* container) override;
  void looks_too_far() override;
  void may_switch() override;
  void weakly_referred(PyObject* object) override;

 private:
  int announce(const Access& access, const struct Footprint& footprint);

  std::uint32_t epoch_ = 0;  // of names, see visibility_epoch()
};

}  // namespace raddle::python
