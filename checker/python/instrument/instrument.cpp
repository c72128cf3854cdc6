#include "checker/python/instrument/instrument.h"

#include <opcode.h>

#include <optional>
#include <string>
#include <vector>

#include "checker/python/instrument/expression.h"
#include "checker/python/instrument/hook_internal.h"
#include "checker/python/instrument/scopes.h"
#include "checker/python/instrument/site.h"

namespace raddle::python {
namespace {

/// What to put in front of an instruction.
struct Plan {
  SiteKind kind = SiteKind::marker;
  form::Form form = form::all;
  Hook::Operand operand = Hook::Operand::nothing;
  std::uint32_t place = 0;   // of the operand
  std::uint32_t texts = 0;   // how many operands, from the top, to keep the text of
  PyObject* name = nullptr;  // borrowed
  Site::Switch switches = Site::Switch::never;
};

class Instrumenter {
 public:
  Instrumenter(const CodeTree& tree, const Options& options)
      : tree_(tree),
        code_(tree.code),
        options_(options),
        heights_(stack_heights(tree.bytecode)),
        expressions_(code_, tree.bytecode, heights_) {}

  PyObject* run() {
    if (!copy_constants()) return nullptr;
    const auto& instructions = tree_.bytecode.instructions;
    std::vector<Hook> hooks(instructions.size());
    for (std::uint32_t i = 0; i < instructions.size(); ++i) {
      expressions_.enter(i);
      if (heights_[i] == unreachable) continue;
      std::optional<Plan> plan = plan_for(i);
      const Site::Switch switches = hook_state.switches ? switch_at(i) : Site::Switch::never;
      if (plan && !(options_.forms & plan->form)) plan.reset();
      if (!plan && switches != Site::Switch::never) {
        const bool looks = switches != Site::Switch::always;
        plan = looks ? on_stack(SiteKind::passes, form::all, 1, 0) : alone(SiteKind::passes, form::all, 0);
      }
      if (!plan) continue;
      plan->switches = switches;
      if (!add_site(i, *plan)) return nullptr;
      hooks[i] = {plan->operand, plan->place, static_cast<std::uint32_t>(constants_.size()) - 1};
    }
    // The last constant is always a site: that is how instrumented code is recognised.
    if (!add_site(0, Plan{})) return nullptr;
    Assembled parts;
    if (!assemble(tree_.bytecode, hooks, code_->co_firstlineno, parts)) return nullptr;
    return make_code(parts);
  }

 private:
  bool copy_constants() {
    std::size_t nested = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(code_->co_consts); ++i) {
      PyObject* constant = PyTuple_GET_ITEM(code_->co_consts, i);
      Ref copy = Ref::share(constant);
      if (PyCode_Check(constant)) {
        const CodeTree& inner = *tree_.nested[nested++];
        if (!is_instrumented(constant)) copy = Ref::take(Instrumenter(inner, options_).run());
      }
      if (!copy) return false;
      constants_.push_back(std::move(copy));
    }
    return true;
  }

  PyObject* global_name(std::uint32_t i) const { return PyTuple_GET_ITEM(code_->co_names, i); }
  PyObject* variable_name(std::uint32_t i) const { return PyTuple_GET_ITEM(code_->co_localsplusnames, i); }

  static Plan on_stack(SiteKind kind, form::Form form, std::uint32_t place, std::uint32_t texts,
                       PyObject* name = nullptr) {
    return {kind, form, Hook::Operand::stack, place, texts, name};
  }
  static Plan alone(SiteKind kind, form::Form form, std::uint32_t texts, PyObject* name = nullptr) {
    return {kind, form, Hook::Operand::nothing, 0, texts, name};
  }
  std::optional<Plan> cell(SiteKind kind, std::uint32_t i) const {
    std::uint32_t variable = tree_.bytecode.instructions[i].argument;
    const CodeTree::Cell& cell = tree_.cells[variable];
    if (!cell.assigned) return std::nullopt;
    if (i >= cell.captured)
      return Plan{kind, form::cells, Hook::Operand::cell, variable, 0, variable_name(variable)};
    if (kind == SiteKind::store_cell)
      return alone(SiteKind::first_store_cell, form::cells, 0, variable_name(variable));
    return std::nullopt;
  }

  /// The constant that instruction i - 1 pushed, if i always comes after it; else null.
  PyObject* constant_before(std::uint32_t i) const {
    if (i == 0 || tree_.bytecode.instructions[i].jump_target) return nullptr;
    const Instruction& before = tree_.bytecode.instructions[i - 1];
    return before.opcode == LOAD_CONST ? PyTuple_GET_ITEM(code_->co_consts, before.argument) : nullptr;
  }

  /// Does instruction i test something that is True, False or None for sure?
  bool tests_boolean(std::uint32_t i) const {
    if (i == 0 || tree_.bytecode.instructions[i].jump_target) return false;
    switch (tree_.bytecode.instructions[i - 1].opcode) {
      case COMPARE_OP:  // could be anything, but no shared container
      case CONTAINS_OP:
      case IS_OP:
      case UNARY_NOT:
      case CHECK_EXC_MATCH:
      case CHECK_EG_MATCH:
      case LOAD_CONST: return true;
      default: return false;
    }
  }

  /// Can this constant, as right operand, not stand next to a container that is read?
  static bool scalar(PyObject* constant, bool multiplies) {
    if (!constant) return false;
    if (PyLong_Check(constant)) return !multiplies;
    return PyFloat_CheckExact(constant) || PyComplex_CheckExact(constant) || PyUnicode_CheckExact(constant) ||
           constant == Py_None;
  }

  /// Where CPython 3.11 looks whether another thread wants to run (CHECK_EVAL_BREAKER in its ceval.c): at the start of a
  /// function or a generator's continuation, at the end of a call, and where it jumps back.
  Site::Switch switch_at(std::uint32_t i) const {
    switch (tree_.bytecode.instructions[i].opcode) {
      case RESUME:
      case PRECALL:
      case CALL_FUNCTION_EX:
      case IMPORT_NAME:  // executes code of the library
      case JUMP_BACKWARD: return Site::Switch::always;
      case POP_JUMP_BACKWARD_IF_FALSE: return Site::Switch::if_false;
      case POP_JUMP_BACKWARD_IF_TRUE: return Site::Switch::if_true;
      case POP_JUMP_BACKWARD_IF_NONE: return Site::Switch::if_none;
      case POP_JUMP_BACKWARD_IF_NOT_NONE: return Site::Switch::if_not_none;
      default: return Site::Switch::never;
    }
  }

  std::optional<Plan> plan_for(std::uint32_t i) const {
    const Instruction& instruction = tree_.bytecode.instructions[i];
    std::uint32_t argument = instruction.argument;
    switch (instruction.opcode) {
      case LOAD_ATTR:
        return on_stack(SiteKind::load_attribute, form::attributes, 1, 1, global_name(argument));
      case LOAD_METHOD: return on_stack(SiteKind::load_method, form::attributes, 1, 1, global_name(argument));
      case STORE_ATTR:
        return on_stack(SiteKind::store_attribute, form::attributes, 1, 1, global_name(argument));
      case DELETE_ATTR:
        return on_stack(SiteKind::delete_attribute, form::attributes, 1, 1, global_name(argument));
      case IMPORT_FROM: return on_stack(SiteKind::import_from, form::attributes, 1, 1, global_name(argument));
      case BINARY_SUBSCR: return on_stack(SiteKind::load_item, form::items, 2, 2);
      case STORE_SUBSCR: return on_stack(SiteKind::store_item, form::items, 2, 3);
      case DELETE_SUBSCR: return on_stack(SiteKind::delete_item, form::items, 2, 2);
      case LOAD_GLOBAL: return alone(SiteKind::load_global, form::globals, 0, global_name(argument >> 1));
      case STORE_GLOBAL: return alone(SiteKind::store_global, form::globals, 0, global_name(argument));
      case DELETE_GLOBAL: return alone(SiteKind::delete_global, form::globals, 0, global_name(argument));
      case LOAD_NAME: return alone(SiteKind::load_name, form::globals, 0, global_name(argument));
      case STORE_NAME: return alone(SiteKind::store_name, form::globals, 0, global_name(argument));
      case DELETE_NAME: return alone(SiteKind::delete_name, form::globals, 0, global_name(argument));
      case LOAD_DEREF:
      case LOAD_CLASSDEREF: return cell(SiteKind::load_cell, i);
      case STORE_DEREF: return cell(SiteKind::store_cell, i);
      case DELETE_DEREF: return cell(SiteKind::delete_cell, i);
      case PRECALL: return alone(SiteKind::call, form::calls, argument + 2);
      case CALL_FUNCTION_EX: return alone(SiteKind::call_unpacked, form::calls, (argument & 1) + 3);
      case GET_ITER: return on_stack(SiteKind::make_iterator, form::iteration, 1, 1);
      case FOR_ITER: return on_stack(SiteKind::next_item, form::iteration, 1, 1);
      case UNPACK_SEQUENCE:
      case UNPACK_EX: return on_stack(SiteKind::unpack, form::iteration, 1, 1);
      case LIST_EXTEND:
      case SET_UPDATE:
      case DICT_UPDATE:
      case DICT_MERGE:
        if (constant_before(i)) return std::nullopt;
        return on_stack(SiteKind::extend, form::iteration, 1, 1);
      case CONTAINS_OP:
        if (constant_before(i)) return std::nullopt;
        return on_stack(SiteKind::contains, form::operators, 1, 1);
      case COMPARE_OP:
        if (scalar(constant_before(i), false)) return std::nullopt;
        return on_stack(SiteKind::compare, form::operators, 1, 2);
      case BINARY_OP:
        if (scalar(constant_before(i), argument == NB_MULTIPLY || argument == NB_INPLACE_MULTIPLY)) {
          return std::nullopt;
        }
        return on_stack(SiteKind::binary_operator, form::operators, 1, 2);
      case UNARY_NOT:
      case POP_JUMP_FORWARD_IF_FALSE:
      case POP_JUMP_FORWARD_IF_TRUE:
      case POP_JUMP_BACKWARD_IF_FALSE:
      case POP_JUMP_BACKWARD_IF_TRUE:
      case JUMP_IF_FALSE_OR_POP:
      case JUMP_IF_TRUE_OR_POP:
        if (tests_boolean(i)) return std::nullopt;
        return on_stack(SiteKind::truth, form::operators, 1, 1);
      case FORMAT_VALUE: {
        std::uint32_t place = argument & 4 ? 2 : 1;  // below a format
        return on_stack(SiteKind::format, form::operators, place, place);
      }
      case RETURN_VALUE:
      case YIELD_VALUE:
        if (!(code_->co_flags & CO_OPTIMIZED))
          return std::nullopt;  // of a module or class: nobody calls it back
        return alone(instruction.opcode == YIELD_VALUE ? SiteKind::yields : SiteKind::returns, form::returns,
                     0);
      case GET_LEN: return on_stack(SiteKind::length, form::patterns, 1, 1);
      case MATCH_KEYS: return on_stack(SiteKind::match_keys, form::patterns, 2, 2);
      case MATCH_CLASS: return on_stack(SiteKind::match_class, form::patterns, 3, 3);
      default: return std::nullopt;
    }
  }

  /// The texts of the `count` uppermost operands, or nothing if none is known.
  bool operand_texts(std::uint32_t count, Ref& out) const {
    std::vector<std::string> texts(count);
    bool any = false;
    for (std::uint32_t k = 0; k < count; ++k) {
      texts[k] = expressions_.text(count - k);
      any |= !texts[k].empty();
    }
    if (!any) return true;
    out = Ref::take(PyTuple_New(static_cast<Py_ssize_t>(count)));
    if (!out) return false;
    for (std::uint32_t k = 0; k < count; ++k) {
      Ref text = texts[k].empty() ? Ref::share(Py_None)
                                  : Ref::take(PyUnicode_FromStringAndSize(
                                        texts[k].data(), static_cast<Py_ssize_t>(texts[k].size())));
      if (!text) return false;
      PyTuple_SET_ITEM(out.get(), static_cast<Py_ssize_t>(k), text.release());
    }
    return true;
  }

  /// Comprehensions get their outermost iterator as an argument with a name that no program can write.
  bool in_comprehension() const {
    return code_->co_argcount == 1 && PyUnicode_CompareWithASCIIString(variable_name(0), ".0") == 0;
  }

  /// Of the arguments of a call, the last ones: a tuple, or null.
  PyObject* keyword_names(std::uint32_t i) const {
    if (i == 0 || tree_.bytecode.instructions[i - 1].opcode != KW_NAMES) return nullptr;
    return PyTuple_GET_ITEM(code_->co_consts, tree_.bytecode.instructions[i - 1].argument);
  }

  bool add_site(std::uint32_t i, const Plan& plan) {
    Ref texts;
    if (!operand_texts(plan.texts, texts)) return false;
    Site site;
    site.kind = plan.kind;
    site.switches = plan.switches;
    site.owner = options_.owner;
    site.argument = tree_.bytecode.instructions[i].argument;
    if (plan.kind == SiteKind::next_item) site.argument = in_comprehension() ? 1 : 0;
    site.height = static_cast<std::uint32_t>(heights_[i]);
    if (plan.operand == Hook::Operand::stack) site.place = plan.place;
    site.name = plan.kind == SiteKind::call ? keyword_names(i) : plan.name;
    site.facts = plan.name ? &facts_of(plan.name) : nullptr;
    site.operands = texts.get();
    site.filename = code_->co_filename;
    site.function = code_->co_qualname;
    site.position = tree_.bytecode.positions[i];
    Ref object = new_site(site);
    if (!object) return false;
    constants_.push_back(std::move(object));
    return true;
  }

  PyObject* make_code(const Assembled& parts) {
    Ref constants = Ref::take(PyTuple_New(static_cast<Py_ssize_t>(constants_.size())));
    if (!constants) return nullptr;
    for (std::size_t i = 0; i < constants_.size(); ++i) {
      PyTuple_SET_ITEM(constants.get(), static_cast<Py_ssize_t>(i), constants_[i].release());
    }
    Ref variables = Ref::take(PyCode_GetVarnames(code_));
    Ref cell_names = Ref::take(PyCode_GetCellvars(code_));
    Ref free_names = Ref::take(PyCode_GetFreevars(code_));
    if (!variables || !cell_names || !free_names) return nullptr;
    return reinterpret_cast<PyObject*>(PyCode_NewWithPosOnlyArgs(
        code_->co_argcount, code_->co_posonlyargcount, code_->co_kwonlyargcount, code_->co_nlocals,
        code_->co_stacksize + hook_stack_size, code_->co_flags, parts.code.get(), constants.get(),
        code_->co_names, variables.get(), free_names.get(), cell_names.get(), code_->co_filename,
        code_->co_name, code_->co_qualname, code_->co_firstlineno, parts.line_table.get(),
        parts.exception_table.get()));
  }

  const CodeTree& tree_;
  PyCodeObject* code_;
  Options options_;
  std::vector<int> heights_;
  Expressions expressions_;
  std::vector<Ref> constants_;
};

}  // namespace

PyObject* instrument(PyObject* code, const Options& options) {
  if (!PyCode_Check(code)) {
    PyErr_Format(PyExc_TypeError, "instrument() needs a code object, not %.200s", Py_TYPE(code)->tp_name);
    return nullptr;
  }
  if (is_instrumented(code)) return Py_NewRef(code);
  if (prepare_hooks() < 0) return nullptr;
  std::unique_ptr<CodeTree> tree = analyse(reinterpret_cast<PyCodeObject*>(code));
  return tree ? Instrumenter(*tree, options).run() : nullptr;
}

}  // namespace raddle::python
