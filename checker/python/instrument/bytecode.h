// CPython 3.11 bytecode, taken apart and put together again with hooks between the instructions.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "checker/python/instrument/line_table.h"
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// One instruction with its EXTENDED_ARG prefixes and inline caches. Offsets count code units (2 bytes).
struct Instruction {
  static constexpr std::uint32_t no_target = UINT32_MAX;
  std::uint8_t opcode = 0;
  std::uint8_t caches = 0;
  std::uint32_t argument = 0;
  std::uint32_t start = 0;           // of its first prefix
  std::uint32_t prefixed = 1;        // units of prefixes and the instruction, without caches
  std::uint32_t target = no_target;  // index of the instruction that it may jump to
  bool jump_target = false;          // some jump or exception handler leads here
  std::uint32_t end() const { return start + prefixed + caches; }
};

/// Instructions [first, last) whose exceptions go to `handler`. All are indices; `last` may be one past the end.
struct ExceptionRange {
  std::uint32_t first = 0, last = 0, handler = 0;
  std::uint32_t depth = 0;
  bool keeps_offset = false;  // the handler gets the failing instruction's offset on its stack
};

/// A code object taken apart.
struct Bytecode {
  std::vector<Instruction> instructions;
  std::vector<ExceptionRange> ranges;
  std::vector<Position> positions;  // one per instruction
};

/// Takes `code` apart. Returns false with a Python exception set when its tables are malformed.
bool decode(PyCodeObject* code, Bytecode& out);

/// How many code units of inline caches an instruction has.
std::uint8_t caches_of(std::uint8_t opcode);

/// Does control never continue behind this instruction?
bool ends_block(std::uint8_t opcode);

/// What an instruction does to the height of the stack, on the way on or on the way to its jump target.
int stack_effect(const Instruction& instruction, bool jump);

/// Height of the stack before each instruction; unreachable for those that no path leads to.
std::vector<int> stack_heights(const Bytecode& bytecode);
constexpr int unreachable = -1;

/// Three or more units that leave the stack as it was: they hand the constant `site` and one operand to the site's type.
struct Hook {
  enum class Operand : std::uint8_t { no_hook, nothing, stack, cell };
  Operand operand = Operand::no_hook;
  std::uint32_t place = 0;  // stack: 1 is the top, before the hook; cell: index into the frame's variables
  std::uint32_t site = 0;   // index into co_consts
};

/// How many stack slots a hook needs above the code's own.
constexpr int hook_stack_size = 2;

/// The parts of a code object that change when hooks are inserted.
struct Assembled {
  Ref code, line_table, exception_table;
};

/// Writes the instructions again, with hooks[i] (unless no_hook) in front of instruction i: a jump to i runs the hook
/// too, and the hook has i's position and handlers. Returns false with a Python exception set when memory ran out.
bool assemble(const Bytecode& bytecode, const std::vector<Hook>& hooks, int first_line, Assembled& out);

}  // namespace raddle::python
