// The source text of what is on the stack: so that a trace can say `self.items` instead of "a list".
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "checker/python/instrument/bytecode.h"

namespace raddle::python {

/// Follows the stack of a code object from instruction to instruction and knows, for each slot, the expression that
/// put it there, as far as it is made of names, attributes, constants, subscripts and calls.
class Expressions {
 public:
  /// `code` and `bytecode` must outlive this object; `heights` as stack_heights() gives them.
  Expressions(PyCodeObject* code, const Bytecode& bytecode, const std::vector<int>& heights)
      : code_(code), bytecode_(bytecode), heights_(heights) {}

  /// Goes to the state before instruction i. Call for each i in turn, from 0.
  void enter(std::uint32_t i);

  /// Text of the slot `from_top` (1: the top), empty when unknown.
  std::string text(std::size_t from_top) const;

 private:
  enum class Kind : std::uint8_t { unknown, name, constant, attribute, item, call };
  struct Node {
    Kind kind = Kind::unknown;
    int base = 0;              // node of the object
    int key = 0;               // item: node of the key
    PyObject* name = nullptr;  // borrowed from the code object
  };

  void step(const Instruction& instruction, int height_after);
  int node(Kind kind, PyObject* name, int base = 0, int key = 0);
  int top(std::size_t from_top) const;
  void pop(std::size_t count);
  void push(int node) { stack_.push_back(node); }
  bool render(int index, int depth, std::string& out) const;

  PyCodeObject* code_;
  const Bytecode& bytecode_;
  const std::vector<int>& heights_;
  std::vector<Node> nodes_{Node{}};  // node 0 is the unknown expression
  std::vector<int> stack_;
};

}  // namespace raddle::python
