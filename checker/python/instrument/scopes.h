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
  /// What a frame variable that is a cell needs. Instructions before `captured` run before any function has captured
  /// the variable, so nobody else can see it yet.
  struct Cell {
    bool assigned =
        false;  // something assigns or deletes it while the program runs: a mere parameter needs no hooks
    std::uint32_t captured = 0;
  };
  std::vector<Cell> cells;  // one per frame variable
};

/// Takes `code` and all nested code apart and fills `cells`. Establishes the facts that follow from the text
/// alone: names that functions assign as globals, attributes, and captured variables with several assignments.
/// Returns null with a Python exception set when a table is malformed.
std::unique_ptr<CodeTree> analyse(PyCodeObject* code);

}  // namespace raddle::python
