#include "checker/python/instrument/line_table.h"

#include <algorithm>

// An entry is 1 bit set, 4 bits code, 3 bits length - 1; then what the code asks for:
//   0-9   one byte: column and length, line as before
//   10-12 line + (code - 10), then column and end column, one byte each
//   13    line delta, no columns
//   14    line delta, end line delta, column + 1, end column + 1 (0: none)
//   15    no position
namespace raddle::python {
namespace {

constexpr int one_line_code = 10;
constexpr int no_columns_code = 13;
constexpr int long_code = 14;
constexpr int none_code = 15;
constexpr std::size_t max_units = 8;

struct Reader {
  std::string_view bytes;
  std::size_t at = 0;
  bool failed = false;

  unsigned byte() {
    if (at >= bytes.size()) {
      failed = true;
      return 0;
    }
    return static_cast<unsigned char>(bytes[at++]);
  }
  int number() {
    unsigned value = 0;
    for (unsigned shift = 0; shift < 32; shift += 6) {
      unsigned b = byte();
      value |= (b & 63) << shift;
      if (!(b & 64)) break;
    }
    return static_cast<int>(value);
  }
  int signed_number() {
    unsigned value = static_cast<unsigned>(number());
    return value & 1 ? -static_cast<int>(value >> 1) : static_cast<int>(value >> 1);
  }
};

void put_number(std::string& out, unsigned value) {
  while (value >= 64) {
    out.push_back(static_cast<char>(64 | (value & 63)));
    value >>= 6;
  }
  out.push_back(static_cast<char>(value));
}

void put_signed(std::string& out, int value) {
  unsigned magnitude = static_cast<unsigned>(value < 0 ? -value : value);
  put_number(out, value < 0 ? (magnitude << 1) | 1 : magnitude << 1);
}

}  // namespace

bool decode_line_table(std::string_view table, int first_line, std::size_t units,
                       std::vector<Position>& positions) {
  positions.clear();
  positions.reserve(units);
  Reader in{table};
  int line = first_line;
  while (in.at < table.size()) {
    unsigned head = in.byte();
    if (!(head & 128)) return false;
    int code = static_cast<int>(head >> 3) & 15;
    Position position;
    if (code == long_code) {
      line += in.signed_number();
      position.end_line = line + in.number();
      position.column = in.number() - 1;
      position.end_column = in.number() - 1;
    } else if (code == no_columns_code) {
      line += in.signed_number();
      position.end_line = line;
    } else if (code >= one_line_code && code < no_columns_code) {
      line += code - one_line_code;
      position.end_line = line;
      position.column = static_cast<int>(in.byte());
      position.end_column = static_cast<int>(in.byte());
    } else if (code != none_code) {
      unsigned columns = in.byte();
      position.end_line = line;
      position.column = code * 8 + static_cast<int>((columns >> 4) & 7);
      position.end_column = position.column + static_cast<int>(columns & 15);
    }
    if (code != none_code) position.line = line;
    if (in.failed) return false;
    positions.insert(positions.end(), (head & 7) + 1, position);
  }
  return positions.size() == units;
}

void LineTableWriter::add(const Position& position, std::size_t units) {
  while (units > 0) {
    std::size_t part = std::min(units, max_units);
    entry(position, part);
    units -= part;
  }
}

void LineTableWriter::entry(const Position& position, std::size_t units) {
  auto head = [&](int code) {
    bytes_.push_back(static_cast<char>(128 | (code << 3) | static_cast<int>(units - 1)));
  };
  if (position.line == Position::unknown) return head(none_code);
  int delta = position.line - line_;
  line_ = position.line;
  int column = position.column, end = position.end_column;
  if (column < 0 || end < 0) {
    // Only the long form can tell an end line from the line.
    if (position.end_line == position.line && column < 0 && end < 0) {
      head(no_columns_code);
      return put_signed(bytes_, delta);
    }
  } else if (position.end_line == position.line) {
    if (delta == 0 && column < 80 && end >= column && end - column < 16) {
      head(column / 8);
      bytes_.push_back(static_cast<char>(((column & 7) << 4) | (end - column)));
      return;
    }
    if (delta >= 0 && delta < 3 && column < 128 && end < 128) {
      head(one_line_code + delta);
      bytes_.push_back(static_cast<char>(column));
      bytes_.push_back(static_cast<char>(end));
      return;
    }
  }
  head(long_code);
  put_signed(bytes_, delta);
  put_number(bytes_, static_cast<unsigned>(position.end_line - position.line));
  put_number(bytes_, static_cast<unsigned>(column + 1));
  put_number(bytes_, static_cast<unsigned>(end + 1));
}

}  // namespace raddle::python
