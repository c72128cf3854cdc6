// Globals and captured variables.
#include "checker/python/instrument/hook_internal.h"

namespace raddle::python {
namespace {

/// Could a read of the name have gone unreported because of what it found?
bool quiet_value(PyObject* value) { return value && (hook_state.only_written || is_definition(value)); }

int read_global(Site& site, const _PyInterpreterFrame& frame) {
  PyObject* dict = frame.f_globals;
  if (!site.facts->written_global) {
    if (hook_state.only_written) return 0;
    std::uint64_t version = reinterpret_cast<PyDictObject*>(dict)->ma_version_tag;
    if (version == site.quiet_dict) return 0;
    PyObject* value = find_in(dict, site.name);
    if (value ? is_definition(value)
              : PyDict_Check(frame.f_builtins) && find_in(frame.f_builtins, site.name)) {
      site.quiet_dict = version;  // whatever the epoch: written_global is asked first
      return 0;
    }
  }
  return report(site, Place{.container = dict, .key = site.name, .kind = PlaceKind::global}, "read");
}

int write_global(Site& site, const _PyInterpreterFrame& frame, PyObject* value) {
  PyObject* dict = frame.f_globals;
  if (hook_state.concurrent && !site.facts->written_global &&
      (quiet_value(value) || quiet_value(find_in(dict, site.name)) || hook_state.only_written)) {
    establish(site.facts->written_global);
  }
  Place place{.container = dict, .key = site.name, .kind = PlaceKind::global, .mode = Mode::write};
  return report(site, place, value ? "write" : "delete", value);
}

}  // namespace

int on_global(Site& site) {
  _PyInterpreterFrame& frame = *current_frame();
  switch (site.kind) {
    case SiteKind::load_global: return read_global(site, frame);
    case SiteKind::store_global: return write_global(site, frame, stack_end(site)[-1]);
    case SiteKind::delete_global: return write_global(site, frame, nullptr);
    case SiteKind::load_name:
      // A class body looks at its own variables first, which nobody else sees.
      if (frame.f_locals != frame.f_globals &&
          (!PyDict_Check(frame.f_locals) || find_in(frame.f_locals, site.name))) {
        return 0;
      }
      return read_global(site, frame);
    default: {
      PyObject* value = site.kind == SiteKind::store_name ? stack_end(site)[-1] : nullptr;
      if (frame.f_locals == frame.f_globals) return write_global(site, frame, value);
      if (value && needs_publishing(value)) hook_state.sink->publish(value);
      return 0;
    }
  }
}

int on_cell(Site& site, PyObject* cell) {
  PyObject* value = site.kind == SiteKind::store_cell || site.kind == SiteKind::first_store_cell
                        ? stack_end(site)[-1]
                        : nullptr;
  if (site.kind == SiteKind::first_store_cell) {
    if (needs_publishing(value)) hook_state.sink->publish(value);
    return 0;
  }
  PyObject* old = PyCell_GET(cell);
  bool written = site.facts->written_cell;
  Place place{.container = cell, .key = site.name, .kind = PlaceKind::cell};
  if (site.kind == SiteKind::load_cell) {
    if (!written && quiet_value(old)) return 0;
    return report(site, place, "read");
  }
  if (hook_state.concurrent && !written && (quiet_value(value) || quiet_value(old))) {
    establish(site.facts->written_cell);
  }
  place.mode = Mode::write;
  return report(site, place, value ? "write" : "delete", value);
}

}  // namespace raddle::python
