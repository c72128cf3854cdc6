// The program's accesses to shared state, as the engine's operations.
#pragma once
#include <string>

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
  void replaces_dict(PyObject* object) override;
  bool is_shared(PyObject* object, const Place& where) override;
  bool may_change(PyObject* container) override;
  void looks_too_far() override;
  void may_switch() override;
  void weakly_referred(PyObject* object) override;

 private:
  int announce(const Access& access, const struct Footprint& footprint);

  std::uint32_t epoch_ = 0;  // of names, see visibility_epoch()
};

/// What the running thread finds there counts for what it does next, as the result of an operation would: it is about to
/// make the access in the middle of a step. For recordings: text of what that is.
std::string learn_in_block(const Access& access, std::uint64_t location);

}  // namespace raddle::python
