#include "checker/python/instrument/hook.h"

#include <cassert>

#include "checker/python/instrument/effects.h"
#include "checker/python/instrument/hook_internal.h"

namespace raddle::python {

int dispatch(Site& site, PyObject* operand) {
  switch (site.kind) {
    case SiteKind::marker:
    case SiteKind::passes: return 0;
    case SiteKind::load_attribute:
    case SiteKind::load_method:
    case SiteKind::store_attribute:
    case SiteKind::delete_attribute:
    case SiteKind::import_from: return on_attribute(site, operand);
    case SiteKind::load_item:
    case SiteKind::store_item:
    case SiteKind::delete_item: return on_item(site, operand);
    case SiteKind::load_global:
    case SiteKind::store_global:
    case SiteKind::delete_global:
    case SiteKind::load_name:
    case SiteKind::store_name:
    case SiteKind::delete_name: return on_global(site);
    case SiteKind::load_cell:
    case SiteKind::first_store_cell:
    case SiteKind::store_cell:
    case SiteKind::delete_cell: return on_cell(site, operand);
    case SiteKind::call: return on_call(site);
    case SiteKind::call_unpacked: return on_call_unpacked(site);
    case SiteKind::make_iterator:
    case SiteKind::next_item:
    case SiteKind::unpack:
    case SiteKind::extend: return on_iteration(site, operand);
    case SiteKind::contains:
    case SiteKind::compare:
    case SiteKind::binary_operator:
    case SiteKind::truth:
    case SiteKind::format: return on_operator(site, operand);
    case SiteKind::returns:
    case SiteKind::yields: return on_return(site);
    case SiteKind::length:
    case SiteKind::match_keys:
    case SiteKind::match_class: return on_pattern(site, operand);
  }
  return 0;
}

namespace {

/// Does the interpreter look whether it should let other threads run, when the instruction is done?
bool switches(const Site& site, PyObject* operand) {
  switch (site.switches) {
    case Site::Switch::never: return false;
    case Site::Switch::always: return true;
    case Site::Switch::if_false: return operand != Py_True;
    case Site::Switch::if_true: return operand != Py_False && operand != Py_None;
    case Site::Switch::if_none: return operand == Py_None;
    case Site::Switch::if_not_none: return operand != Py_None;
  }
  return false;
}

/// The slot behind `del site[operand]`.
int fire(PyObject* self, PyObject* operand, PyObject*) {
  if (!hook_state.sink) return 0;
  Site& site = site_of(self);
  int result = dispatch(site, operand);
  if (switches(site, operand)) hook_state.sink->may_switch();
  assert((result < 0) == (PyErr_Occurred() != nullptr));
  return result;
}

}  // namespace

int prepare_hooks() {
  static bool ready = false;
  if (ready) return 0;
  if (prepare_names() < 0 || check_layouts() < 0 || prepare_effects() < 0 || ready_site_type(fire) < 0)
    return -1;
  ready = true;
  return 0;
}

void report_switches(bool on) { hook_state.switches = on; }
void set_sink(AccessSink* sink) { hook_state.sink = sink; }
AccessSink* sink() { return hook_state.sink; }
void set_watching(bool on) { hook_state.watches = on; }

void set_concurrent(bool concurrent) { hook_state.concurrent = concurrent; }
void set_quiet_reads(QuietReads policy) { hook_state.only_written = policy == QuietReads::unwritten; }

int report(const Site& site, const Place& place, const char* label, PyObject* value) {
  Py_INCREF(place.container);
  Py_XINCREF(place.key);
  Py_XINCREF(value);
  int result = hook_state.sink->access({{&place, 1}, label, value, &site});
  Py_XDECREF(value);
  Py_XDECREF(place.key);
  Py_DECREF(place.container);
  return result;
}

int report(const Site& site, const Places& places, const char* label, PyObject* value) {
  if (places.empty()) return 0;
  std::span<const Place> all = places.all();
  if (all.size() == 1) return report(site, all.front(), label, value);
  for (const Place& place : all) {
    Py_INCREF(place.container);
    Py_XINCREF(place.key);
  }
  Py_XINCREF(value);
  int result = hook_state.sink->access({all, label, value, &site});
  Py_XDECREF(value);
  for (const Place& place : all) {
    Py_XDECREF(place.key);
    Py_DECREF(place.container);
  }
  return result;
}

}  // namespace raddle::python
