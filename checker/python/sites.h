// Places in the source, as the engine and the reports want them: files named so that they mean the same on every
// machine, lines and columns from 1, strings that live as long as the process.
#pragma once
#include <string>
#include <string_view>

#include "checker/engine/ids.h"
#include "checker/python/instrument/site.h"

namespace raddle::python {

/// The folders that files are shown relative to: that of the program and that of the standard library.
void set_folders(const std::string& model, const std::string& library);

/// `path` as it is shown: relative to the model's folder, or to the library's.
const char* shown_path(PyObject* path);

/// The real path behind a shown one; empty if it was never shown.
std::string real_path(std::string_view shown);

/// The place of an instrumented instruction.
engine::Site site_of(const Site& site);

/// The place of instruction `index` (in code units) of `code`.
engine::Site site_of(PyCodeObject* code, int index);

/// The place that the running thread is executing: in the user's code if any of its frames is.
engine::Site current_site();

/// Is the running thread executing code whose accesses to shared state are not visible?
bool in_library();

/// Is the place in the standard library?
inline bool is_library(const engine::Site& site) {
  return site.file && std::string_view(site.file).starts_with("python3.11/");
}

/// The same for a suspended thread.
engine::Site current_site(PyThreadState* state);

/// A copy of `text` that lives for ever; equal texts, equal pointers.
const char* intern(std::string_view text);

}  // namespace raddle::python
