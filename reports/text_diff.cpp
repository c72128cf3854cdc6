#include "reports/text_diff.h"

#include <algorithm>
#include <filesystem>

#include "checker/engine/error.h"
#include "checker/explore/trace_comparison.h"
#include "reports/kinds.h"
#include "reports/styled_text.h"
#include "reports/trace_alignment.h"
#include "reports/trace_names.h"
#include "reports/utf8.h"

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceEvent;

constexpr std::size_t kContext = 3;    // common events before the first difference
constexpr std::size_t kLongTail = 12;  // common events at the end that are shown
constexpr std::size_t kMiddle = 3;     // cells between the sides

std::string file_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

class Diff {
 public:
  Diff(const Trace& left, const Trace& right, const TextOptions& options)
      : left_(left),
        right_(right),
        options_(options),
        left_names_(left),
        right_names_(right),
        out_(options.colour) {
    if (left.front_end != right.front_end || file_name(left.model) != file_name(right.model))
      throw engine::UserError("--diff: the traces are of different models, " + left.model + " and " +
                              right.model);
    const bool placed = !left.findings.empty() && !left.findings.front().site.file.empty();
    here_ = placed ? left.findings.front().site.file : left.model;
    side_ = options.width > 20 + kMiddle ? (options.width - kMiddle) / 2 : 20;
  }

  std::string render() {
    const Alignment a = align(left_, right_);
    heading();
    widths();
    std::size_t i = 0;
    if (!options_.full && a.same > kContext + 1) {
      i = a.same - kContext;
      out_.line(2, "... " + std::to_string(i) + " steps that are the same in both", style::kDim);
    }
    const std::size_t last = last_difference(a);
    bool marked = false;
    for (; i < a.pairs.size(); ++i) {
      const AlignedPair& p = a.pairs[i];
      if (!options_.full && i > last + kContext && a.pairs.size() - i > kLongTail) {
        out_.line(2, "... " + std::to_string(a.pairs.size() - i) + " steps that both do", style::kDim);
        break;
      }
      if (i >= a.same && !marked) {
        out_.line(2, "first difference:", style::kWarning);
        marked = true;
      }
      line(p, a.reversal, i < a.same);
    }
    if (!marked) out_.line(2, "no difference: both runs do the same", style::kWarning);
    ends();
    conclusion(a);
    return out_.take();
  }

 private:
  void heading() {
    if (!left_.findings.empty()) {
      const auto& f = left_.findings.front();
      out_.block(text_headline(f, left_names_.place(f.site), options_));
    } else {
      out_.line(0, "NO FINDING  " + printable(left_.model), style::kBold);
    }
    out_.end_line();
    out_.put(0, left_.findings.empty() ? "this run" : "the run that fails", style::kBold);
    out_.put(
        side_ + kMiddle,
        elide(right_.findings.empty() ? "the run that passes" : "the other run, which fails, too", side_),
        style::kBold);
    out_.end_line();
  }

  void widths() {
    constexpr std::size_t kLeastThread = 4, kMostThread = 12;
    const std::size_t most = std::clamp(side_ / 4, kLeastThread, kMostThread);
    for (const Trace* t : {&left_, &right_})
      for (std::size_t i = 0; i < t->threads.size(); ++i) {
        const TraceNames& names = t == &left_ ? left_names_ : right_names_;
        thread_ = std::max(thread_, std::min(display_width(names.thread(static_cast<int>(i))), most));
      }
  }

  std::size_t last_difference(const Alignment& a) const {
    std::size_t last = a.same;
    for (std::size_t i = a.same; i < a.pairs.size(); ++i)
      if (a.pairs[i].left == kNoEvent || a.pairs[i].right == kNoEvent || differ(a.pairs[i])) last = i;
    return last;
  }

  /// The same deed with other values.
  bool differ(const AlignedPair& p) const {
    const TraceEvent &x = left_.events[p.left], &y = right_.events[p.right];
    return x.before != y.before || x.after != y.after || x.result != y.result || x.text != y.text;
  }

  void line(const AlignedPair& p, const std::optional<Alignment::Reversal>& r, bool common) {
    const bool early = r && p.left == r->first_left && p.left != kNoEvent;
    const bool late = r && p.right == r->first_right && p.right != kNoEvent;
    const bool first = r && p.right == r->second_right && p.right != kNoEvent;
    const bool after = r && r->second_left != kNoEvent && p.left == r->second_left;
    if (p.left != kNoEvent) side(0, left_, left_names_, p.left, early || after, common);
    const bool both = p.left != kNoEvent && p.right != kNoEvent;
    const char* sign = !both ? (p.left != kNoEvent ? "<" : ">") : differ(p) ? "~" : " ";
    if (!common) out_.put(side_ + 1, sign == std::string_view(" ") ? "" : sign, style::kWarning);
    if (p.right != kNoEvent) side(side_ + kMiddle, right_, right_names_, p.right, late || first, common);
    out_.end_line();
  }

  void side(std::size_t at, const Trace& trace, const TraceNames& names, std::size_t index, bool critical,
            bool common) {
    const TraceEvent& e = trace.events[index];
    const std::string step = std::to_string(e.step);
    constexpr std::size_t kStep = 4;
    out_.put(at, critical ? "*" : "", style::kError);
    out_.put(at + 1 + (step.size() < kStep ? kStep - step.size() : 0), step, style::kDim);
    out_.put(at + kStep + 3, elide_middle(names.thread(e.thread), thread_),
             common ? style::kDim : style::thread(e.thread));
    constexpr std::size_t kLeastText = 8;
    const std::size_t text = at + kStep + 3 + thread_ + 2, end = at + side_;
    std::string place = names.place(e.site, here_);
    if (text + kLeastText + 2 + display_width(place) > end) place.clear();  // rather than what happens
    const std::size_t used = place.empty() ? 0 : display_width(place) + 2;
    const std::size_t room = end > text + used + kLeastText ? end - text - used : kLeastText;
    out_.put(text, names.describe(e, room),
             critical ? style::kBold
             : common ? style::kDim
                      : style::thread(e.thread));
    out_.put(out_.column() + 2, place, style::kDim);
  }

  void ends() {
    out_.put(0, "end", style::kDim);
    out_.put(7, end_of(left_, left_names_), left_.findings.empty() ? style::kPlain : style::kError);
    out_.put(side_ + kMiddle + 7, end_of(right_, right_names_),
             right_.findings.empty() ? style::kGood : style::kError);
    out_.end_line();
  }

  std::string end_of(const Trace& trace, const TraceNames& names) const {
    std::string text = trace.findings.empty() ? trace.outcome : heading_of(trace.findings.front().kind);
    if (trace.blocked.empty()) return elide(text, side_ - 8);
    text += ":";
    for (const auto& b : trace.blocked) text += " " + names.thread(b.thread);
    return elide(text + (trace.blocked.size() == 1 ? " waits" : " wait"), side_ - 8);
  }

  std::string deed(const Trace& trace, const TraceNames& names, std::size_t i) const {
    const TraceEvent& e = trace.events[i];
    const std::string place = names.place(e.site, here_);
    return names.thread(e.thread) + "'s " + names.describe(e, 60) + (place.empty() ? "" : " at " + place);
  }

  void conclusion(const Alignment& a) {
    if (a.reversal) {
      const Alignment::Reversal& r = *a.reversal;
      out_.end_line();
      const std::string never = "here it never comes";
      const std::string behind =
          r.second_left == kNoEvent
              ? never
              : "here it comes in step " + std::to_string(left_.events[r.second_left].step);
      out_.paragraph(2,
                     "* what decides: in the run that passes, " + deed(right_, right_names_, r.second_right) +
                         " (step " + std::to_string(right_.events[r.second_right].step) + ") comes before " +
                         deed(right_, right_names_, r.first_right) + " (step " +
                         std::to_string(right_.events[r.first_right].step) +
                         "). In the run that fails, the latter is step " +
                         std::to_string(left_.events[r.first_left].step) + ", and of the former: " + behind +
                         ".",
                     options_.width);
    }
    if (left_.explanation.empty()) return;
    out_.end_line();
    out_.paragraph(2, left_.explanation, options_.width);
  }

  const Trace &left_, &right_;
  const TextOptions& options_;
  TraceNames left_names_, right_names_;
  StyledText out_;
  std::string here_;
  std::size_t side_ = 0, thread_ = 0;
};

}  // namespace

std::string text_diff(const Trace& failing, const Trace& passing, const TextOptions& options) {
  return Diff(failing, passing, options).render();
}

}  // namespace raddle::reports
