// Who assigns what, over a whole module: computed before any of it runs.
#pragma once
#include <memory>
#include <vector>

#include "checker/python/instrument/bytecode.h"

namespace raddle::python {

/// A code object with those that are nested in it, all taken apart.
struct CodeTree {
  PyCodeObject* code = nullptr;  // borrowed
  Bytecode bytecode;
  std::vector<std::unique_ptr<CodeTree>> nested;  // one per constant that is a code object, in order
  /// Per frame variable: is it a cell that something assigns or deletes while the program runs? (One that nobody
  /// assigns, like a captured parameter, needs no hooks.)
  std::vector<bool> assigned_cells;
};

/// Takes `code` and all nested code apart and fills assigned_cells. Establishes the facts that follow from the text
/// alone: names that functions assign as globals, attributes, and captured variables with several assignments.
/// Returns null with a Python exception set when a table is malformed.
std::unique_ptr<CodeTree> analyse(PyCodeObject* code);

}  // namespace raddle::python
