#include "checker/python/instrument/bytecode.h"

#include <opcode.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace raddle::python {
namespace {

constexpr auto cache_counts = [] {
  std::array<std::uint8_t, 256> counts{};
  counts[BINARY_SUBSCR] = 4;
  counts[STORE_SUBSCR] = 1;
  counts[UNPACK_SEQUENCE] = 1;
  counts[STORE_ATTR] = 4;
  counts[LOAD_ATTR] = 4;
  counts[COMPARE_OP] = 2;
  counts[LOAD_GLOBAL] = 5;
  counts[BINARY_OP] = 1;
  counts[LOAD_METHOD] = 10;
  counts[PRECALL] = 1;
  counts[CALL] = 4;
  return counts;
}();

enum class Jump { none, forward, backward };

Jump jump_of(std::uint8_t opcode) {
  switch (opcode) {
    case FOR_ITER:
    case JUMP_FORWARD:
    case JUMP_IF_FALSE_OR_POP:
    case JUMP_IF_TRUE_OR_POP:
    case POP_JUMP_FORWARD_IF_FALSE:
    case POP_JUMP_FORWARD_IF_TRUE:
    case POP_JUMP_FORWARD_IF_NONE:
    case POP_JUMP_FORWARD_IF_NOT_NONE:
    case SEND: return Jump::forward;
    case JUMP_BACKWARD:
    case JUMP_BACKWARD_NO_INTERRUPT:
    case POP_JUMP_BACKWARD_IF_FALSE:
    case POP_JUMP_BACKWARD_IF_TRUE:
    case POP_JUMP_BACKWARD_IF_NONE:
    case POP_JUMP_BACKWARD_IF_NOT_NONE: return Jump::backward;
    default: return Jump::none;
  }
}

bool malformed(PyCodeObject* code, const char* what) {
  PyErr_Format(PyExc_ValueError, "cannot instrument %U: malformed %s", code->co_qualname, what);
  return false;
}

std::string_view bytes_of(PyObject* bytes) {
  return {PyBytes_AS_STRING(bytes), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes))};
}

/// Big-endian groups of 6 bits, 64 marks one that another follows; 128 marks the first byte of an entry.
struct TableReader {
  std::string_view bytes;
  std::size_t at = 0;
  bool failed = false;
  std::uint32_t number() {
    std::uint32_t value = 0;
    for (;;) {
      if (at >= bytes.size()) {
        failed = true;
        return 0;
      }
      unsigned b = static_cast<unsigned char>(bytes[at++]);
      value = value << 6 | (b & 63);
      if (!(b & 64)) return value;
    }
  }
};

void put_table_number(std::string& out, std::uint32_t value, unsigned mark) {
  int shift = 0;
  while (shift < 30 && value >> (shift + 6)) shift += 6;
  for (; shift >= 0; shift -= 6) {
    unsigned more = shift > 0 ? 64 : 0;
    out.push_back(static_cast<char>(mark | more | ((value >> shift) & 63)));
    mark = 0;
  }
}

std::uint32_t prefixed_size(std::uint32_t argument) {
  return argument < 1u << 8 ? 1 : argument < 1u << 16 ? 2 : argument < 1u << 24 ? 3 : 4;
}

void put_instruction(std::string& out, int opcode, std::uint32_t argument, std::uint32_t prefixed,
                     unsigned caches) {
  for (std::uint32_t i = prefixed - 1; i > 0; --i) {
    out.push_back(static_cast<char>(EXTENDED_ARG));
    out.push_back(static_cast<char>(argument >> (8 * i)));
  }
  out.push_back(static_cast<char>(opcode));
  out.push_back(static_cast<char>(argument));
  out.append(2 * caches, '\0');
}

std::uint32_t hook_size(const Hook& hook) {
  switch (hook.operand) {
    case Hook::Operand::no_hook: return 0;
    case Hook::Operand::nothing: return prefixed_size(hook.site) + 1 + 1;
    case Hook::Operand::stack: return prefixed_size(hook.site) + prefixed_size(hook.place + 1) + 1;
    case Hook::Operand::cell: return prefixed_size(hook.site) + prefixed_size(hook.place) + 1;
  }
  return 0;
}

/// `del site[operand]` as instructions: one call of the site type's slot, no call protocol, nothing left behind.
void put_hook(std::string& out, const Hook& hook) {
  if (hook.operand == Hook::Operand::no_hook) return;
  put_instruction(out, LOAD_CONST, hook.site, prefixed_size(hook.site), 0);
  switch (hook.operand) {
    case Hook::Operand::no_hook:
    case Hook::Operand::nothing: put_instruction(out, COPY, 1, 1, 0); break;
    case Hook::Operand::stack:
      put_instruction(out, COPY, hook.place + 1, prefixed_size(hook.place + 1), 0);
      break;
    case Hook::Operand::cell:
      put_instruction(out, LOAD_CLOSURE, hook.place, prefixed_size(hook.place), 0);
      break;
  }
  put_instruction(out, DELETE_SUBSCR, 0, 1, 0);
}

bool decode_ranges(PyCodeObject* code, const std::vector<std::uint32_t>& index_of, Bytecode& out) {
  TableReader in{bytes_of(code->co_exceptiontable)};
  auto index = [&](std::uint32_t unit) {
    return unit < index_of.size() ? index_of[unit] : Instruction::no_target;
  };
  while (in.at < in.bytes.size()) {
    std::uint32_t start = in.number(), size = in.number(), handler = in.number(), extra = in.number();
    ExceptionRange range{index(start), index(start + size), index(handler), extra >> 1, (extra & 1) != 0};
    if (in.failed || range.first == Instruction::no_target || range.last == Instruction::no_target ||
        range.handler >= out.instructions.size()) {
      return malformed(code, "exception table");
    }
    out.instructions[range.handler].jump_target = true;
    out.ranges.push_back(range);
  }
  return true;
}

}  // namespace

std::uint8_t caches_of(std::uint8_t opcode) { return cache_counts[opcode]; }

bool ends_block(std::uint8_t opcode) {
  switch (opcode) {
    case RETURN_VALUE:
    case RAISE_VARARGS:
    case RERAISE:
    case JUMP_FORWARD:
    case JUMP_BACKWARD:
    case JUMP_BACKWARD_NO_INTERRUPT: return true;
    default: return false;
  }
}

bool decode(PyCodeObject* code, Bytecode& out) {
  Ref original = Ref::take(PyCode_GetCode(code));  // without the interpreter's own specialisations
  if (!original) return false;
  std::string_view bytes = bytes_of(original.get());
  auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  std::uint32_t units = static_cast<std::uint32_t>(bytes.size() / 2);

  // Which instruction begins at a unit; one past the end counts as a beginning.
  std::vector<std::uint32_t> index_of(units + 1, Instruction::no_target);
  out.instructions.clear();
  out.ranges.clear();
  out.instructions.reserve(units / 2);
  for (std::uint32_t unit = 0; unit < units;) {
    Instruction next;
    next.start = unit;
    index_of[unit] = static_cast<std::uint32_t>(out.instructions.size());
    for (; unit < units && at(2 * unit) == EXTENDED_ARG; ++unit) {
      next.argument = (next.argument | at(2 * unit + 1)) << 8;
    }
    if (unit == units) return malformed(code, "bytecode");
    next.opcode = at(2 * unit);
    next.argument |= at(2 * unit + 1);
    next.prefixed = unit + 1 - next.start;
    next.caches = cache_counts[next.opcode];
    unit += 1 + next.caches;
    out.instructions.push_back(next);
  }
  index_of[units] = static_cast<std::uint32_t>(out.instructions.size());

  for (Instruction& instruction : out.instructions) {
    Jump jump = jump_of(instruction.opcode);
    if (jump == Jump::none) continue;
    std::uint32_t to = instruction.end();
    to = jump == Jump::forward ? to + instruction.argument : to - instruction.argument;
    if (to >= units || index_of[to] == Instruction::no_target) return malformed(code, "jump");
    instruction.target = index_of[to];
    out.instructions[instruction.target].jump_target = true;
  }
  if (!decode_ranges(code, index_of, out)) return false;

  std::vector<Position> by_unit;
  if (!decode_line_table(bytes_of(code->co_linetable), code->co_firstlineno, units, by_unit)) {
    return malformed(code, "line table");
  }
  out.positions.clear();
  out.positions.reserve(out.instructions.size());
  for (const Instruction& i : out.instructions) out.positions.push_back(by_unit[i.start]);
  return true;
}

int stack_effect(const Instruction& instruction, bool jump) {
  // A generator's first resumption pushes the value sent.
  if (instruction.opcode == RETURN_GENERATOR) return 1;
  int argument = instruction.opcode >= HAVE_ARGUMENT ? static_cast<int>(instruction.argument) : 0;
  return PyCompile_OpcodeStackEffectWithJump(instruction.opcode, argument, jump ? 1 : 0);
}

std::vector<int> stack_heights(const Bytecode& bytecode) {
  const auto& instructions = bytecode.instructions;
  std::vector<int> heights(instructions.size(), unreachable);
  std::vector<std::pair<std::uint32_t, int>> work;
  for (const ExceptionRange& range : bytecode.ranges) {
    work.emplace_back(range.handler, static_cast<int>(range.depth) + (range.keeps_offset ? 2 : 1));
  }
  work.emplace_back(0, 0);
  while (!work.empty()) {
    auto [i, height] = work.back();
    work.pop_back();
    for (; i < instructions.size() && heights[i] == unreachable; ++i) {
      heights[i] = height;
      const Instruction& instruction = instructions[i];
      if (instruction.target != Instruction::no_target) {
        work.emplace_back(instruction.target, height + stack_effect(instruction, true));
      }
      if (ends_block(instruction.opcode)) break;
      height += stack_effect(instruction, false);
    }
  }
  return heights;
}

bool assemble(const Bytecode& bytecode, const std::vector<Hook>& hooks, int first_line, Assembled& out) {
  const auto& instructions = bytecode.instructions;
  std::size_t count = instructions.size();
  std::vector<std::uint32_t> hook_units(count), sizes(count), starts(count + 1), arguments(count);
  for (std::size_t i = 0; i < count; ++i) {
    hook_units[i] = hook_size(hooks[i]);
    sizes[i] = instructions[i].prefixed;
    arguments[i] = instructions[i].argument;
  }
  // A longer jump may need a prefix, which makes other jumps longer: sizes only grow, so this ends.
  for (bool grown = true; grown;) {
    grown = false;
    for (std::size_t i = 0; i < count; ++i) {
      starts[i + 1] = starts[i] + hook_units[i] + sizes[i] + instructions[i].caches;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (instructions[i].target == Instruction::no_target) continue;
      std::uint32_t from = starts[i + 1], to = starts[instructions[i].target];
      arguments[i] = jump_of(instructions[i].opcode) == Jump::backward ? from - to : to - from;
      std::uint32_t needed = prefixed_size(arguments[i]);
      if (needed > sizes[i]) {
        sizes[i] = needed;
        grown = true;
      }
    }
  }

  std::string code;
  code.reserve(2 * starts[count]);
  LineTableWriter lines(first_line);
  for (std::size_t i = 0; i < count; ++i) {
    put_hook(code, hooks[i]);
    put_instruction(code, instructions[i].opcode, arguments[i], sizes[i], instructions[i].caches);
    lines.add(bytecode.positions[i], starts[i + 1] - starts[i]);
  }
  std::string exceptions;
  for (const ExceptionRange& range : bytecode.ranges) {
    put_table_number(exceptions, starts[range.first], 128);
    put_table_number(exceptions, starts[range.last] - starts[range.first], 0);
    put_table_number(exceptions, starts[range.handler], 0);
    put_table_number(exceptions, range.depth << 1 | (range.keeps_offset ? 1 : 0), 0);
  }
  auto to_bytes = [](const std::string& s) {
    return Ref::take(PyBytes_FromStringAndSize(s.data(), static_cast<Py_ssize_t>(s.size())));
  };
  out = {to_bytes(code), to_bytes(lines.bytes()), to_bytes(exceptions)};
  return out.code && out.line_table && out.exception_table;
}

}  // namespace raddle::python
