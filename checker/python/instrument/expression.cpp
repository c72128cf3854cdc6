#include "checker/python/instrument/expression.h"

#include <opcode.h>

#include <algorithm>

namespace raddle::python {
namespace {

constexpr int max_depth = 4;              // a.b.c.d is enough to recognise a place
constexpr std::size_t max_constant = 24;  // longer constants are cut

}  // namespace

int Expressions::node(Kind kind, PyObject* name, int base, int key) {
  nodes_.push_back({kind, base, key, name});
  return static_cast<int>(nodes_.size()) - 1;
}

int Expressions::top(std::size_t from_top) const {
  return from_top <= stack_.size() ? stack_[stack_.size() - from_top] : 0;
}

void Expressions::pop(std::size_t count) { stack_.resize(stack_.size() - std::min(count, stack_.size())); }

void Expressions::enter(std::uint32_t i) {
  if (heights_[i] == unreachable) return;
  std::size_t height = static_cast<std::size_t>(heights_[i]);
  // A jump may bring other values, except to the head of a loop.
  bool falls_through =
      i > 0 && heights_[i - 1] != unreachable && !ends_block(bytecode_.instructions[i - 1].opcode) &&
      (!bytecode_.instructions[i].jump_target || bytecode_.instructions[i].opcode == FOR_ITER);
  if (falls_through) step(bytecode_.instructions[i - 1], heights_[i]);
  if (!falls_through || stack_.size() != height) stack_.assign(height, 0);
}

void Expressions::step(const Instruction& instruction, int height_after) {
  std::uint32_t argument = instruction.argument;
  auto variable = [&] { return PyTuple_GET_ITEM(code_->co_localsplusnames, argument); };
  auto name = [&](std::uint32_t i) { return PyTuple_GET_ITEM(code_->co_names, i); };
  switch (instruction.opcode) {
    case LOAD_FAST:
    case LOAD_DEREF:
    case LOAD_CLASSDEREF:
    case LOAD_CLOSURE: return push(node(Kind::name, variable()));
    case LOAD_NAME: return push(node(Kind::name, name(argument)));
    case LOAD_GLOBAL:
      if (argument & 1) push(0);
      return push(node(Kind::name, name(argument >> 1)));
    case LOAD_CONST: return push(node(Kind::constant, PyTuple_GET_ITEM(code_->co_consts, argument)));
    case IMPORT_NAME: pop(2); return push(node(Kind::name, name(argument)));
    case PUSH_NULL:
    case FOR_ITER:
    case GET_LEN:
    case MATCH_MAPPING:
    case MATCH_SEQUENCE:
    case MATCH_KEYS:
    case LOAD_BUILD_CLASS:
    case LOAD_ASSERTION_ERROR: return push(0);
    case LOAD_ATTR: {
      int base = top(1);
      pop(1);
      return push(node(Kind::attribute, name(argument), base));
    }
    case LOAD_METHOD: {
      int self = top(1);
      pop(1);
      push(node(Kind::attribute, name(argument), self));
      return push(self);
    }
    case BINARY_SUBSCR: {
      int base = top(2), key = top(1);
      pop(2);
      return push(node(Kind::item, nullptr, base, key));
    }
    case COPY: return push(top(argument));
    case SWAP:
      if (argument <= stack_.size()) std::swap(stack_.back(), stack_[stack_.size() - argument]);
      return;
    case CALL: {
      // A method below its object, or nothing below a function.
      int callee = nodes_[top(2)].kind == Kind::attribute ? top(2) : top(1);
      pop(2);
      return push(callee ? node(Kind::call, nullptr, callee) : 0);
    }
    case GET_ITER:
    case NOP:
    case RESUME:
    case KW_NAMES: return;
    case PRECALL:
    case POP_TOP:
    case STORE_FAST:
    case STORE_NAME:
    case STORE_GLOBAL:
    case STORE_DEREF:
    case STORE_ATTR:
    case STORE_SUBSCR:
    case DELETE_ATTR:
    case DELETE_SUBSCR:
    case LIST_APPEND:
    case SET_ADD:
    case MAP_ADD:
    case LIST_EXTEND:
    case SET_UPDATE:
    case DICT_UPDATE:
    case DICT_MERGE:
    case POP_JUMP_FORWARD_IF_FALSE:
    case POP_JUMP_FORWARD_IF_TRUE:
    case POP_JUMP_FORWARD_IF_NONE:
    case POP_JUMP_FORWARD_IF_NOT_NONE:
    case POP_JUMP_BACKWARD_IF_FALSE:
    case POP_JUMP_BACKWARD_IF_TRUE:
    case POP_JUMP_BACKWARD_IF_NONE:
    case POP_JUMP_BACKWARD_IF_NOT_NONE: return stack_.resize(static_cast<std::size_t>(height_after), 0);
    default: {
      // All else pushes at most one value, or leaves nothing behind that has a name.
      std::size_t after = static_cast<std::size_t>(height_after);
      std::size_t kept = std::min(stack_.size(), after);
      stack_.resize(after, 0);
      if (kept > 0) std::fill(stack_.begin() + static_cast<std::ptrdiff_t>(kept) - 1, stack_.end(), 0);
    }
  }
}

bool Expressions::render(int index, int depth, std::string& out) const {
  if (depth > max_depth) return false;
  const Node& node = nodes_[static_cast<std::size_t>(index)];
  auto add = [&](PyObject* text) {
    const char* utf8 = PyUnicode_AsUTF8(text);
    if (!utf8) PyErr_Clear();
    out += utf8 ? utf8 : "?";
  };
  switch (node.kind) {
    case Kind::unknown: return false;
    case Kind::name:
      if (PyUnicode_READ_CHAR(node.name, 0) == '.') return false;  // a comprehension's own
      add(node.name);
      return true;
    case Kind::constant: {
      if (!PyLong_CheckExact(node.name) && !PyUnicode_CheckExact(node.name)) return false;
      Ref text = Ref::take(PyObject_Repr(node.name));
      const char* utf8 = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
      if (!utf8) {
        PyErr_Clear();
        return false;
      }
      std::string_view shown(utf8);
      if (shown.size() > max_constant) return false;
      out += shown;
      return true;
    }
    case Kind::attribute:
      if (!render(node.base, depth + 1, out)) return false;
      out += '.';
      add(node.name);
      return true;
    case Kind::item: {
      if (!render(node.base, depth + 1, out)) return false;
      std::string key;
      out += render(node.key, depth + 1, key) ? '[' + key + ']' : "[...]";
      return true;
    }
    case Kind::call:
      if (!render(node.base, depth + 1, out)) return false;
      out += "()";
      return true;
  }
  return false;
}

std::string Expressions::text(std::size_t from_top) const {
  std::string out;
  if (!render(top(from_top), 0, out)) out.clear();
  return out;
}

}  // namespace raddle::python
