#include "checker/python/instrument/scopes.h"

#include <opcode.h>

#include <string_view>
#include <unordered_map>

#include "checker/python/instrument/name_facts.h"

namespace raddle::python {
namespace {

/// The first instruction that may run after the variable was captured.
std::uint32_t first_capture(const Bytecode& bytecode, std::uint32_t variable) {
  const auto& instructions = bytecode.instructions;
  auto count = static_cast<std::uint32_t>(instructions.size());
  auto is = [&](std::uint32_t i, int opcode) { return i < count && instructions[i].opcode == opcode; };
  std::uint32_t first = 0;
  while (first < count && !(is(first, LOAD_CLOSURE) && instructions[first].argument == variable)) ++first;
  // A function that captures its own name: nobody has the function before it is assigned.
  std::uint32_t i = first;
  while (is(i, LOAD_CLOSURE)) ++i;
  if (is(i, BUILD_TUPLE) && is(i + 1, LOAD_CONST) && is(i + 2, MAKE_FUNCTION) && is(i + 3, STORE_DEREF) &&
      instructions[i + 3].argument == variable) {
    first = i + 4;
  }
  // What comes earlier in the text may still come later in a loop.
  for (bool moved = true; moved;) {
    moved = false;
    auto reach = [&](std::uint32_t target) {
      if (target >= first) return;
      first = target;
      moved = true;
    };
    for (std::uint32_t k = first; k < count; ++k) {
      if (instructions[k].target != Instruction::no_target) reach(instructions[k].target);
    }
    for (const ExceptionRange& range : bytecode.ranges) {
      if (range.last > first) reach(range.handler);
    }
  }
  return first;
}

/// A captured variable: one per name and function that owns it.
struct Variable {
  PyObject* name = nullptr;
  const CodeTree* owner = nullptr;  // null: outside of what we see
  int assignments = 0;
  bool elsewhere = false;  // assigned by another function than its owner, deleted, or unknown
};

using Scope = std::unordered_map<PyObject*, Variable*>;

class Analysis {
 public:
  bool decode_all(CodeTree& tree) {
    if (!decode(tree.code, tree.bytecode)) return false;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tree.code->co_consts); ++i) {
      PyObject* constant = PyTuple_GET_ITEM(tree.code->co_consts, i);
      if (!PyCode_Check(constant)) continue;
      auto& child = *tree.nested.emplace_back(std::make_unique<CodeTree>());
      child.code = reinterpret_cast<PyCodeObject*>(constant);
      if (!decode_all(child)) return false;
    }
    return true;
  }

  void visit(CodeTree& tree, const Scope& outer) {
    PyCodeObject* code = tree.code;
    Scope here;
    for (int i = 0; i < code->co_nlocalsplus; ++i) {
      if (!is_cell(code, i)) continue;
      PyObject* name = PyTuple_GET_ITEM(code->co_localsplusnames, i);
      auto found = outer.find(name);
      here[name] = is_free(code, i) && found != outer.end() ? found->second : new_variable(name, tree, i);
    }
    for (const Instruction& instruction : tree.bytecode.instructions) note(tree, instruction, here);
    for (auto& child : tree.nested) visit(*child, here);
    scopes_.emplace_back(&tree, std::move(here));
  }

  void conclude() {
    for (auto& [tree, scope] : scopes_) {
      tree->cells.resize(static_cast<std::size_t>(tree->code->co_nlocalsplus));
      for (int i = 0; i < tree->code->co_nlocalsplus; ++i) {
        auto found = scope.find(PyTuple_GET_ITEM(tree->code->co_localsplusnames, i));
        if (!is_cell(tree->code, i) || found == scope.end()) continue;
        const Variable& variable = *found->second;
        CodeTree::Cell& cell = tree->cells[static_cast<std::size_t>(i)];
        cell.assigned = variable.assignments > 0 || variable.elsewhere;
        if (cell.assigned && variable.owner == tree) {
          cell.captured = first_capture(tree->bytecode, static_cast<std::uint32_t>(i));
        }
      }
    }
    for (const auto& variable : variables_) {
      if (variable->elsewhere || variable->assignments > 1) establish(facts_of(variable->name).written_cell);
    }
  }

 private:
  // From pycore_code.h, which C++ cannot include.
  static constexpr unsigned char kind_cell = 0x40, kind_free = 0x80;
  static unsigned char kind(PyCodeObject* code, int i) {
    return static_cast<unsigned char>(PyBytes_AS_STRING(code->co_localspluskinds)[i]);
  }
  static bool is_cell(PyCodeObject* code, int i) { return kind(code, i) & (kind_cell | kind_free); }
  static bool is_free(PyCodeObject* code, int i) { return kind(code, i) & kind_free; }

  Variable* new_variable(PyObject* name, const CodeTree& tree, int i) {
    Variable& variable = *variables_.emplace_back(std::make_unique<Variable>());
    variable.name = name;
    if (is_free(tree.code, i)) {
      // The class statement's own cell is filled in before anyone can look.
      variable.elsewhere = std::string_view(PyUnicode_AsUTF8(name)) != "__class__";
    } else {
      variable.owner = &tree;
    }
    return &variable;
  }

  void note(const CodeTree& tree, const Instruction& instruction, const Scope& scope) {
    auto name = [&] { return PyTuple_GET_ITEM(tree.code->co_names, instruction.argument); };
    switch (instruction.opcode) {
      case STORE_GLOBAL:
      case DELETE_GLOBAL: establish(facts_of(name()).written_global); break;
      case STORE_ATTR:
      case DELETE_ATTR: establish(facts_of(name()).written_attribute); break;
      case STORE_DEREF:
      case DELETE_DEREF: {
        auto found = scope.find(PyTuple_GET_ITEM(tree.code->co_localsplusnames, instruction.argument));
        if (found == scope.end()) break;
        Variable& variable = *found->second;
        ++variable.assignments;
        if (instruction.opcode == DELETE_DEREF || variable.owner != &tree) variable.elsewhere = true;
        break;
      }
      default: break;
    }
  }

  std::vector<std::unique_ptr<Variable>> variables_;
  std::vector<std::pair<CodeTree*, Scope>> scopes_;
};

}  // namespace

std::unique_ptr<CodeTree> analyse(PyCodeObject* code) {
  auto tree = std::make_unique<CodeTree>();
  tree->code = code;
  Analysis analysis;
  if (!analysis.decode_all(*tree)) return nullptr;
  analysis.visit(*tree, {});
  analysis.conclude();
  return tree;
}

}  // namespace raddle::python
