#include "checker/python/instrument/hook.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "checker/python/instrument/effects.h"
#include "checker/python/instrument/hook_internal.h"

namespace raddle::python {

int dispatch_once(Site& site, PyObject* operand) {
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

/// Can the instruction look into containers within containers?
static bool looks_inside(SiteKind kind) {
  switch (kind) {
    case SiteKind::call:
    case SiteKind::call_unpacked:
    case SiteKind::next_item:
    case SiteKind::unpack:
    case SiteKind::extend:
    case SiteKind::contains:
    case SiteKind::compare:
    case SiteKind::binary_operator:
    case SiteKind::store_item:
    case SiteKind::format: return true;
    default: return false;
  }
}

// What nobody can change meanwhile is read as part of the step before: no other thread has run since.
static int report_reached(Site& site, Look& look) {
  Places places;
  for (PyObject* container : look.reached) places.add({.container = container});
  const int result = report(site, places, "read");
  look.reached.insert(look.reached.end(), look.read.begin(), look.read.end());
  return result;
}

int dispatch(Site& site, PyObject* operand) {
  if (!looks_inside(site.kind)) {
    hook_state.look = nullptr;
    return dispatch_once(site, operand);
  }
  constexpr int most_rounds = 100;
  Look look;
  hook_state.look = &look;
  int result = dispatch_once(site, operand);
  for (int round = 0; result == 0 && !look.reached.empty() && hook_state.sink; ++round) {
    // Other threads may have run. Does the instruction read now what the last step said, and was that all?
    look.read = std::exchange(look.reached, {});
    std::ranges::sort(look.read);
    look.silent = true;
    hook_state.look = &look;
    result = dispatch_once(site, operand);
    std::erase_if(look.reached,
                  [&](PyObject* container) { return std::ranges::binary_search(look.read, container); });
    if (result < 0 || look.reached.empty()) break;
    if (round == most_rounds) {
      hook_state.sink->looks_too_far();
      break;
    }
    look.silent = false;
    hook_state.look = &look;
    if (std::ranges::none_of(look.reached, [](PyObject* c) { return hook_state.sink->may_change(c); })) {
      result = report_reached(site, look);
      continue;
    }
    look.reached.clear();
    result = dispatch_once(site, operand);
  }
  hook_state.look = nullptr;
  return result;
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

/// (Other threads have looks of their own meanwhile.)
static int tell(const Access& access) {
  Look* look = hook_state.look;
  int result = hook_state.sink->access(access);
  hook_state.look = look;
  return result;
}

static bool is_silent() { return hook_state.look && hook_state.look->silent; }

int report(const Site& site, const Place& place, const char* label, PyObject* value) {
  if (is_silent()) return 0;
  Py_INCREF(place.container);
  Py_XINCREF(place.key);
  Py_XINCREF(value);
  int result = tell({{&place, 1}, label, value, &site});
  Py_XDECREF(value);
  Py_XDECREF(place.key);
  Py_DECREF(place.container);
  return result;
}

int report(const Site& site, const Places& places, const char* label, PyObject* value) {
  if (places.empty() || is_silent()) return 0;
  std::span<const Place> all = places.all();
  if (all.size() == 1) return report(site, all.front(), label, value);
  for (const Place& place : all) {
    Py_INCREF(place.container);
    Py_XINCREF(place.key);
  }
  Py_XINCREF(value);
  int result = tell({all, label, value, &site});
  Py_XDECREF(value);
  for (const Place& place : all) {
    Py_XDECREF(place.key);
    Py_DECREF(place.container);
  }
  return result;
}

}  // namespace raddle::python
