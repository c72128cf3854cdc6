#include "reports/event_grid.h"

#include <algorithm>
#include <map>

#include "reports/utf8.h"

namespace raddle::reports {
namespace {

constexpr std::size_t kLabel = 4;       // width of step numbers
constexpr std::size_t kStart = 6;       // where the first column starts
constexpr std::size_t kGap = 2;         // between columns and in front of marks, at least
constexpr std::size_t kWideGap = 4;     // if there is room
constexpr std::size_t kMaxText = 60;    // of one event
constexpr std::size_t kLeastText = 12;  // in a list, even if that is too wide
constexpr std::size_t kMaxThread = 24;  // a thread's name
constexpr std::size_t kMaxColumns = 4;  // more only in wide terminals
constexpr std::size_t kWideColumn = 24;

constexpr std::string_view kRead = "read";

bool is_read(const engine::TraceEvent& event) { return event.operation == kRead && event.object >= 0; }

std::size_t digits_room(std::string_view label) { return label.size() < kLabel ? kLabel - label.size() : 0; }

}  // namespace

EventGrid::EventGrid(const TraceNames& names, std::string here, bool detail)
    : names_(names), here_(std::move(here)), detail_(detail) {}

void EventGrid::add_event(const engine::TraceEvent& event, std::string mark, bool wrong) {
  bool placed = detail_ || event.operation != "start";  // where a thread was started rarely matters
  Cell cell{event.thread, &event, nullptr, {}, placed ? names_.place(event.site, here_) : ""};
  wrong = wrong && !mark.empty();
  rows_.push_back({std::to_string(event.step), {std::move(cell)}, std::move(mark), wrong});
}

void EventGrid::add_switch(int thread, std::string reason) {
  const std::string itself = " held by " + names_.thread(thread);
  if (reason.ends_with(itself))
    reason.replace(reason.size() - itself.size(), itself.size(), " held by itself");
  rows_.push_back({"", {{thread, nullptr, nullptr, "(" + printable(reason) + ")", {}}}});
}

void EventGrid::add_failure(int thread, std::string what, const engine::TraceSite& site) {
  rows_.push_back(
      {"fail", {{thread, nullptr, nullptr, std::move(what), names_.place(site, here_)}}, {}, true});
}

void EventGrid::add_gap(std::size_t count) {
  rows_.push_back({"...", {{-1, nullptr, nullptr, std::to_string(count) + " more", {}}}});
}

void EventGrid::add_blocked(const std::vector<engine::TraceBlocked>& blocked) {
  Row row{"wait", {}, {}, true, true};
  for (const auto& b : blocked) row.cells.push_back({b.thread, nullptr, &b, {}, names_.place(b.site, here_)});
  std::stable_sort(row.cells.begin(), row.cells.end(), [](auto& a, auto& b) { return a.thread < b.thread; });
  rows_.push_back(std::move(row));
}

std::string EventGrid::text_of(const Cell& cell, std::size_t width) const {
  if (cell.blocked) return names_.describe(*cell.blocked, width);
  if (!cell.event) return elide(cell.text, width);
  if (!is_read(*cell.event)) return names_.describe(*cell.event, width, detail_);
  // One space more, so that what is read stands below what is written.
  return names_.describe(*cell.event, width > 0 ? width - 1 : 0, detail_).insert(kRead.size(), " ");
}

std::size_t EventGrid::least_width(const Cell& cell) const {
  if (!cell.event) return display_width(text_of(cell, kMaxText));
  return names_.least_width(*cell.event, detail_) + (is_read(*cell.event) ? 1 : 0);
}

std::size_t EventGrid::room_for(const Cell& cell, std::size_t start, std::size_t column, std::size_t width) {
  const bool alone = !cell.event && !cell.blocked && cell.place.empty();  // nothing follows on the line
  return alone && width > start + column ? width - start : column;
}

void EventGrid::widen(Column& column, const Cell& cell) const {
  column.text = std::max(column.text, display_width(text_of(cell, kMaxText)));
  column.least = std::max(column.least, least_width(cell));
  column.place = std::max(column.place, display_width(cell.place));
}

std::vector<EventGrid::Column> EventGrid::columns(std::size_t width) const {
  std::map<int, Column> by_thread;
  for (const Row& row : rows_) {
    for (const Cell& cell : row.cells) {
      if (cell.thread < 0) continue;
      Column& column = by_thread.try_emplace(cell.thread, Column{cell.thread}).first->second;
      widen(column, cell);
    }
  }
  std::vector<Column> all;
  for (auto& [thread, column] : by_thread) {
    std::size_t name = std::min(display_width(names_.thread(thread)), kMaxThread);
    if (column.width() < name) column.text += name - column.width();
    all.push_back(column);
  }
  if (all.size() > std::max(kMaxColumns, width > kStart ? (width - kStart) / kWideColumn : 0)) return {};

  auto total = [&](std::size_t gap) {
    std::size_t sum = kStart + gap * (all.size() - 1);
    for (const Column& column : all) sum += column.width();
    return sum;
  };
  while (!all.empty() && total(kGap) > width) {
    auto spare = [](const Column& c) { return c.text > c.least ? c.text - c.least : 0; };
    Column& widest = *std::max_element(all.begin(), all.end(),
                                       [&](const Column& a, const Column& b) { return spare(a) < spare(b); });
    if (spare(widest) == 0) return {};
    --widest.text;
  }
  std::size_t mark = 0;
  for (const Row& row : rows_) mark = std::max(mark, row.mark.empty() ? 0 : kGap + display_width(row.mark));
  std::size_t gap = kWideGap;
  while (gap > kGap && total(gap) + mark > width) --gap;
  std::size_t start = kStart;
  for (Column& column : all) {
    column.start = start;
    start += column.width() + gap;
  }
  return all;
}

void EventGrid::render(StyledText& out, std::size_t width) const {
  if (rows_.empty()) return;
  std::vector<Column> all = columns(width);
  if (all.empty()) {
    render_list(out, width);
  } else {
    render_columns(out, all, width);
  }
}

void EventGrid::render_columns(StyledText& out, const std::vector<Column>& columns, std::size_t width) const {
  for (const Column& column : columns) {
    out.put(column.start,
            elide_middle(
                names_.thread(column.thread),
                std::max(std::min(display_width(names_.thread(column.thread)), kMaxThread), column.width())),
            style::thread(column.thread));
  }
  out.end_line();
  std::size_t end = columns.back().start + columns.back().width();
  for (const Row& row : rows_) {
    out.put(digits_room(row.label), row.label, row.wrong && row.mark.empty() ? style::kError : style::kDim);
    std::size_t start = kStart;
    for (const Cell& cell : row.cells) {
      auto column = std::find_if(columns.begin(), columns.end(),
                                 [&](const Column& c) { return c.thread == cell.thread; });
      bool free = column == columns.end();  // a gap
      start = free ? kStart : column->start;
      out.put(start, text_of(cell, free ? width : room_for(cell, start, column->text, width)),
              free ? style::kDim : style::thread(cell.thread));
      if (!cell.place.empty()) out.put(start + column->text + 2, cell.place, style::kDim);
    }
    if (!row.mark.empty()) {
      bool fits = end + kGap + display_width(row.mark) <= width;
      if (!fits) {
        out.end_line();
        start = std::min(start, width > display_width(row.mark) ? width - display_width(row.mark) : 0);
      }
      out.put(fits ? end + kGap : start, elide(row.mark, width), row.wrong ? style::kError : style::kDim);
    }
    out.end_line();
  }
}

void EventGrid::render_list(StyledText& out, std::size_t width) const {
  std::size_t most = std::clamp<std::size_t>(width / 4, 8, kMaxThread);
  std::size_t thread_width = 0;
  Column texts;
  for (const Row& row : rows_) {
    if (row.only_in_columns) continue;
    for (const Cell& cell : row.cells) {
      if (cell.thread < 0) continue;
      thread_width = std::max(thread_width, std::min(display_width(names_.thread(cell.thread)), most));
      widen(texts, cell);
    }
  }
  texts.start = kStart + thread_width + 2;
  std::size_t room =
      width > texts.start + texts.width() - texts.text ? width - texts.start - texts.width() + texts.text : 0;
  texts.text = std::min(texts.text, std::max(room, kLeastText));
  std::size_t end = texts.start + texts.width();

  for (const Row& row : rows_) {
    if (row.only_in_columns) continue;
    const Cell& cell = row.cells.front();
    bool free = cell.thread < 0;
    out.put(digits_room(row.label), row.label, row.wrong && row.mark.empty() ? style::kError : style::kDim);
    if (!free)
      out.put(kStart, elide_middle(names_.thread(cell.thread), thread_width), style::thread(cell.thread));
    out.put(free ? kStart : texts.start, text_of(cell, room_for(cell, texts.start, texts.text, width)),
            free ? style::kDim : style::thread(cell.thread));
    out.put(texts.start + texts.text + 2, cell.place, style::kDim);
    if (!row.mark.empty()) {
      bool fits = end + kGap + display_width(row.mark) <= width;
      if (!fits) out.end_line();
      out.put(fits ? end + kGap : texts.start, elide(row.mark, width),
              row.wrong ? style::kError : style::kDim);
    }
    out.end_line();
  }
}

}  // namespace raddle::reports
