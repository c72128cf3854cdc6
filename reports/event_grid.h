// Events of a trace as rows of text, one column per thread if there is room for them, otherwise as a list with the
// thread's name in front:
//
//        main      t1                              t2
//     1  start t1
//     3            read  database_value -> 0   :6
//     4                                            read  database_value -> 0   :6
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "checker/engine/trace.h"
#include "reports/styled_text.h"
#include "reports/trace_names.h"

namespace raddle::reports {

class EventGrid {
 public:
  /// `here`: the file whose name is left out of places. `detail`: as TraceNames::describe.
  EventGrid(const TraceNames& names, std::string here, bool detail);

  /// An event; `mark` is shown behind it, in red if `wrong`.
  void add_event(const engine::TraceEvent& event, std::string mark, bool wrong);
  /// Why the thread did not go on.
  void add_switch(int thread, std::string reason);
  /// What goes wrong in the thread behind its last event.
  void add_failure(int thread, std::string what, const engine::TraceSite& site);
  /// "... 12 more"
  void add_gap(std::size_t count);
  /// In columns: one row with what all these threads are waiting for. Nothing in a list.
  void add_blocked(const std::vector<engine::TraceBlocked>& blocked);

  void render(StyledText& out, std::size_t width) const;

 private:
  struct Cell {
    int thread = -1;  // -1: belongs to no thread
    const engine::TraceEvent* event = nullptr;
    const engine::TraceBlocked* blocked = nullptr;
    std::string text;  // if it is neither
    std::string place;
  };
  struct Row {
    std::string label;
    std::vector<Cell> cells;
    std::string mark;
    bool wrong = false;
    bool only_in_columns = false;
  };
  struct Column {
    int thread = 0;
    std::size_t text = 0, place = 0;  // widths
    std::size_t least = 0;            // width of text below which it says too little
    std::size_t start = 0;            // cell of the line
    std::size_t width() const { return text + (place > 0 ? place + 2 : 0); }
  };

  std::string text_of(const Cell& cell, std::size_t width) const;
  std::size_t least_width(const Cell& cell) const;
  /// For its text at `start`, in a column of this width, in a line of `width`.
  static std::size_t room_for(const Cell& cell, std::size_t start, std::size_t column, std::size_t width);
  void widen(Column& column, const Cell& cell) const;
  /// Columns for the threads in use; empty if they do not fit.
  std::vector<Column> columns(std::size_t width) const;
  void render_columns(StyledText& out, const std::vector<Column>& columns, std::size_t width) const;
  void render_list(StyledText& out, std::size_t width) const;

  const TraceNames& names_;
  std::string here_;
  bool detail_;
  std::vector<Row> rows_;
};

}  // namespace raddle::reports
