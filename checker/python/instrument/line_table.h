// The location table of a code object (co_linetable, CPython 3.11): source position of every code unit.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace raddle::python {

/// Where in the source an instruction comes from. Columns are in bytes, as CPython keeps them.
struct Position {
  static constexpr int unknown = -1;
  int line = unknown;
  int end_line = unknown;
  int column = unknown;
  int end_column = unknown;
  bool operator==(const Position&) const = default;
};

/// Reads a table into one position per code unit (2 bytes of bytecode). Returns false when the table is malformed or
/// does not cover exactly `units` units.
bool decode_line_table(std::string_view table, int first_line, std::size_t units,
                       std::vector<Position>& positions);

/// Writes a table entry by entry.
class LineTableWriter {
 public:
  explicit LineTableWriter(int first_line) : line_(first_line) {}
  /// The next `units` code units come from `position`.
  void add(const Position& position, std::size_t units);
  /// The finished table.
  const std::string& bytes() const { return bytes_; }

 private:
  void entry(const Position& position, std::size_t units);
  int line_;
  std::string bytes_;
};

}  // namespace raddle::python
