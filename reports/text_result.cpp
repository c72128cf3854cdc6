#include "reports/text_result.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "reports/kinds.h"
#include "reports/styled_text.h"
#include "reports/trace_names.h"
#include "reports/utf8.h"

namespace raddle::reports {

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

namespace {

/// 31.4 -> "31", 0.0314 -> "0.031", never with an exponent.
std::string two_digits(double x) {
  const int decimals = x >= 10 ? 0 : 1 - static_cast<int>(std::floor(std::log10(x)));
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, x);
  return text;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return grouped(number) + " " + std::string(number == 1 ? one : many);
}

bool counts(const ResultFinding& finding, std::string_view severity) {
  return finding.suppressed.empty() && finding.severity == severity;
}

std::uint64_t number_ignored(const Result& result) {
  return static_cast<std::uint64_t>(
      std::count_if(result.findings.begin(), result.findings.end(),
                    [](const ResultFinding& finding) { return !finding.suppressed.empty(); }));
}

/// A warning that says no more than an error: who loses updates of a variable uses it without order.
bool is_implied(const ResultFinding& finding, const Result& result) {
  if (finding.kind != "data-race" || finding.severity == "error") return false;
  return std::any_of(result.findings.begin(), result.findings.end(), [&](const ResultFinding& f) {
    return f.kind == "lost-update" && counts(f, "error") && f.objects == finding.objects;
  });
}

/// What a finding is about, whichever threads it is of.
bool is_same_cause(const ResultFinding& a, const ResultFinding& b) {
  auto lines = [](const ResultFinding& f) {
    std::vector<std::pair<std::string, int>> all{{f.site.file, f.site.line}};
    for (const ResultPlace& place : f.places) all.emplace_back(place.site.file, place.site.line);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  };
  return a.kind == b.kind && a.severity == b.severity && a.objects == b.objects && lines(a) == lines(b) &&
         a.site.line > 0 && (!a.objects.empty() || a.message == b.message);
}

/// How many findings of the result have the same cause, itself included; 0 if an earlier one stands for it. Errors
/// stand for themselves.
std::uint64_t times(const ResultFinding& finding, const Result& result) {
  if (finding.severity == "error") return 1;
  std::uint64_t number = 0;
  for (const ResultFinding& f : result.findings) {
    if (!counts(f, finding.severity) || !is_same_cause(f, finding)) continue;
    if (number == 0 && &f != &finding) return 0;
    ++number;
  }
  return std::max<std::uint64_t>(number, 1);
}

/// Does it have a place of its own among the warnings, or notes?
bool is_listed(const ResultFinding& f, std::string_view severity, const Result& result) {
  return counts(f, severity) && !is_implied(f, result) && times(f, result) > 0;
}

/// Is the title one of the words of the message, or what it says behind a colon?
bool says(const std::string& message, const std::string& title) {
  auto separates = [](char c) { return c == ' ' || c == ';' || c == '.' || c == ','; };
  for (std::size_t at = message.find(title); at != std::string::npos; at = message.find(title, at + 1)) {
    const std::size_t end = at + title.size();
    if (at > 0 && separates(message[at - 1]) && (end == message.size() || separates(message[end])))
      return true;
  }
  return message.find(": " + title) != std::string::npos;
}

/// "the model starts ..." -> "The model starts ... ."
std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  if (!text.ends_with('.')) text += '.';
  return text;
}

std::string advice_for_failure(std::string_view reason) {
  std::string text;
  const bool explained = reason.ends_with('.');
  if (!explained && reason.find("did not do the same again") != std::string_view::npos)
    text =
        " It depends on something that raddle does not control: time, random numbers, files, what an earlier "
        "execution left behind.";
  return text + " Nothing is known about what was not explored.";
}

std::string advice_for_cut(std::string_view reason) {
  if (reason == "interrupted") return {};
  if (reason == "first-finding") return " Try --all.";
  if (reason == "runs") return " Try more --runs, or none.";
  return " Try a longer --time, a smaller model, or samples: --strategy sample --runs N.";
}

std::string words_of(std::string_view cut_reason) {
  if (cut_reason == "first-finding") return "stopped at the first finding; --all goes on";
  if (cut_reason == "time") return "the time budget ran out";
  if (cut_reason == "runs") return "all runs are used up";
  if (cut_reason == "steps") return "an execution was too long";
  if (cut_reason == "threads") return "too many threads";
  if (cut_reason == "memory") return "the memory budget ran out";
  return printable(cut_reason);
}

std::string words_of(const CutLoop& loop) {
  std::string place = short_place(loop.site);
  return "loop" + (place.empty() ? "" : " at " + place) +
         (loop.thread.empty() ? "" : " in " + printable(loop.thread)) + " cut after " +
         counted(loop.rounds, "round", "rounds");
}

std::string loops_in_words(const Coverage& coverage) {
  if (coverage.loops.empty()) return "loops cut after " + counted(coverage.bound, "round", "rounds");
  constexpr std::size_t kLoops = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(kLoops, coverage.loops.size()); ++i) {
    text += (i > 0 ? ", " : "") + words_of(coverage.loops[i]);
  }
  if (coverage.loops.size() > kLoops)
    text += " and " + std::to_string(coverage.loops.size() - kLoops) + " more";
  return text;
}

std::string partial_words(const Coverage& coverage) {
  std::string text;
  for (std::size_t i = 0; i < coverage.partial.size(); ++i)
    text += (i == 0 ? "; partial control: " : ", ") + coverage.partial[i];
  return text;
}

/// "2 lose an update", "3 different deadlocks": one part per kind, in the order of the table, unknown kinds last.
std::string bounded_words(const Coverage& coverage) {
  if (!counts_switches(coverage)) return loops_in_words(coverage);
  const bool preemptions = coverage.reason == "preemptions";
  return "at most " +
         counted(coverage.bound, preemptions ? "preemption" : "delay",
                 preemptions ? "preemptions" : "delays") +
         (coverage.loops.empty() ? "" : "; " + loops_in_words(coverage));
}

std::vector<std::string> errors_by_kind(const Result& result) {
  std::vector<const ResultFinding*> errors;
  for (const ResultFinding& f : result.findings) {
    if (counts(f, "error")) errors.push_back(&f);
  }
  auto rank = [](const ResultFinding* f) {
    const Kind* kind = find_kind(f->kind);
    return kind ? kind - kinds().data() : static_cast<std::ptrdiff_t>(kinds().size());
  };
  std::stable_sort(errors.begin(), errors.end(), [&](auto* a, auto* b) { return rank(a) < rank(b); });

  std::vector<std::string> parts;
  for (auto it = errors.begin(); it != errors.end();) {
    const std::string& name = (*it)->kind;
    auto end = std::find_if(it, errors.end(), [&](const ResultFinding* f) { return f->kind != name; });
    auto number = static_cast<std::uint64_t>(end - it);
    const Kind* kind = find_kind(name);
    if (number == 1) {
      parts.push_back(kind ? counted((*it)->count, kind->one, kind->many)
                           : grouped((*it)->count) + " with " + printable(name));
    } else {
      parts.push_back(grouped(number) + " different " + (kind ? std::string(kind->plural) : printable(name)));
    }
    it = end;
  }
  return parts;
}

class ResultText {
 public:
  ResultText(const Result& result, const TraceLookup& trace_of, const ResultTextOptions& options)
      : result_(result),
        trace_of_(trace_of),
        options_(options),
        width_(options.trace.width),
        out_(options.trace.colour) {}

  std::string render() {
    blocks();
    lines();
    outcomes();
    estimates();
    out_.line(0, printable(summary_line(result_)));  // one line, to be found by tools
    claim();
    suppressed();
    inconclusive();
    return out_.take();
  }

 private:
  void blocks() {
    std::size_t shown = 0;
    for (const ResultFinding& f : result_.findings) {
      if (!counts(f, "error") || shown == options_.max_blocks) continue;
      ++shown;
      TextOptions options = options_.trace;
      options.path = f.trace;
      const engine::Trace* trace = trace_of_ ? trace_of_(f) : nullptr;
      out_.block(trace ? text_trace(*trace, options) : without_trace(f, options));
      out_.end_line();
    }
  }

  std::string without_trace(const ResultFinding& f, const TextOptions& options) const {
    engine::TraceFinding finding;
    finding.kind = f.kind;
    finding.severity = f.severity;
    finding.title = f.title;
    finding.message = f.message;
    StyledText out(options.colour);
    out.block(text_headline(finding, short_place(f.site), options));
    for (const ResultPlace& place : f.places) {
      std::string where = short_place(place.site);
      out.paragraph(4, printable(place.thread) + ": " + place.text + (where.empty() ? "" : "  " + where),
                    width_);
    }
    return out.take();
  }

  /// Findings in a line each, those of error severity that got no block first, then what the search has to say.
  void lines() {
    std::size_t blocks = options_.max_blocks;
    bool any = false;
    for (std::string_view severity : {"error", "warning", "note"}) {
      std::size_t skip = severity == "error" ? blocks : 0;
      std::size_t shown = 0;
      std::size_t left_out = 0;
      for (const ResultFinding& f : result_.findings) {
        if (!is_listed(f, severity, result_)) continue;
        if (skip > 0) {
          --skip;
        } else if (shown == options_.max_lines) {
          ++left_out;
        } else {
          ++shown;
          one_line(severity, f);
        }
      }
      if (left_out > 0)
        hanging("", "and " + counted(left_out, "more " + std::string(severity),
                                     "more " + std::string(severity) + "s"));
      any = any || shown > 0;
    }
    for (const std::string& warning : result_.warnings) hanging("warning", warning);
    if (any || !result_.warnings.empty()) out_.end_line();
  }

  void one_line(std::string_view severity, const ResultFinding& f) {
    std::string place = short_place(f.site);
    constexpr std::size_t kMessage = 300;
    bool titled = !f.title.empty() && !says(f.message, f.title);
    std::string text = place + (place.empty() ? "" : "  ") + (titled ? f.title + ": " : "") +
                       elide(printable(f.message), kMessage) + " [" + f.kind + "]";
    if (const std::uint64_t all = times(f, result_); all > 1)
      text += " " + grouped(all) + " times, in different threads";
    if (!f.trace.empty()) text += "\nraddle show " + f.trace;
    hanging(severity, text);
  }

  /// "warning  text", further lines of the text below its beginning.
  void hanging(std::string_view severity, const std::string& text) {
    constexpr std::size_t kIndent = 9;
    out_.put(0, severity,
             severity == "error"     ? style::kError
             : severity == "warning" ? style::kWarning
                                     : style::kBold);
    for (const std::string& line : wrap(text, width_ > kIndent ? width_ - kIndent : 1)) {
      if (out_.column() > kIndent) out_.end_line();
      out_.put(kIndent, line);
    }
    out_.end_line();
  }

  void outcomes() {
    if (result_.outcomes.empty()) return;
    out_.line(0, counted(result_.outcomes.size(), "outcome:", "outcomes:"), style::kBold);
    std::size_t shown = 0;
    for (const Outcome& outcome : result_.outcomes) {
      if (shown == options_.max_outcomes) break;
      ++shown;
      std::string count = grouped(outcome.count) + "x";
      out_.put(2, count);
      std::size_t column = std::max<std::size_t>(out_.column() + 2, 8);
      std::string output = outcome.output.empty() ? "(no output)" : "\"" + printable(outcome.output) + "\"";
      out_.put(column, elide(output, width_ > column ? width_ - column : 1));
      out_.end_line();
    }
    if (shown < result_.outcomes.size())
      out_.line(2, "and " + grouped(result_.outcomes.size() - shown) + " more, in the result of --report");
    out_.end_line();
  }

  void claim() {
    const Coverage& c = result_.coverage;
    if (counts_switches(c) && c.requested && !c.detail.empty()) out_.paragraph(0, sentence(c.detail), width_);
  }

  // In one line, what the sample says of the rest.
  void estimates() {
    if (!result_.sample || result_.coverage.kind != "sampled") return;
    const SampleSummary& s = *result_.sample;
    std::string text;
    if (s.new_class_probability) {
      // No class was met once: the estimate is 0, which is to say, less than one in so many.
      const bool none = *s.new_class_probability <= 0;
      const std::string share =
          two_digits(100 * (none ? 1.0 / static_cast<double>(s.draws) : *s.new_class_probability));
      text = std::string(none ? "less than " : "about ") + share + " % of further runs are new, at least " +
             grouped(std::max(result_.classes, static_cast<std::uint64_t>(*s.least_classes))) + " in all";
    }
    if (s.ordered_pairs > 0)
      text += (text.empty() ? "" : "; ") + grouped(s.ordered_pairs) + " ordered pairs of accesses, " +
              grouped(s.in_both_orders) + " both ways";
    if (!text.empty()) out_.paragraph(0, text, width_);
  }

  void suppressed() {
    const std::uint64_t number = number_ignored(result_);
    if (number == 0) return;
    std::vector<std::string> reasons;
    for (const ResultFinding& f : result_.findings) {
      if (f.suppressed.empty()) continue;
      if (std::find(reasons.begin(), reasons.end(), f.suppressed) == reasons.end())
        reasons.push_back(f.suppressed);
    }
    std::string text = counted(number, "finding does not count: ", "findings do not count: ");
    for (std::size_t i = 0; i < reasons.size(); ++i) text += (i > 0 ? ", " : "") + reasons[i];
    out_.paragraph(0, text, width_);
  }

  std::string hint(const std::string& option) const { return options_.command_line ? option : std::string(); }

  void inconclusive() {
    if (exit_code(result_, options_.accept) != kExitInconclusive) return;
    for (std::string_view shortfall : shortfalls(result_)) {
      std::string text = "INCONCLUSIVE  ";
      if (shortfall == "failed") {
        text += sentence(result_.inconclusive_reason) + advice_for_failure(result_.inconclusive_reason);
      } else if (shortfall == "cut") {
        if (!result_.inconclusive_reason.empty()) continue;  // more of the same would not help
        text += "What was not explored may still fail." + hint(advice_for_cut(result_.coverage.reason));
      } else if (shortfall == "bounded" && !options_.accept.bounded) {
        text += "What lies beyond the bound may still fail." +
                hint(" --accept bounded is content with this much.");
      } else if (shortfall == "sampled" && !options_.accept.sampled) {
        text += "What was not sampled may still fail." + hint(" --accept sampled is content with this much.");
      } else if (shortfall == "partial" && !options_.accept.partial) {
        text += "Raddle does not control all that the model does." +
                hint(" --accept partial is content with that.");
      } else {
        continue;
      }
      out_.paragraph(0, text, width_, style::kWarning);
    }
  }

  const Result& result_;
  const TraceLookup& trace_of_;
  const ResultTextOptions& options_;
  std::size_t width_;
  StyledText out_;
};

}  // namespace

std::string coverage_text(const Coverage& coverage) {
  std::string text = coverage.kind;
  std::string why = coverage.detail;
  if (coverage.kind == "bounded" && coverage.reason == "shard") {
    return coverage.detail + partial_words(coverage);
  }
  if (coverage.kind == "bounded") {
    text += "(" + std::to_string(coverage.bound) + ")";
    if (counts_switches(coverage) && coverage.requested) why.clear();  // said in a sentence of its own
    if (coverage.reason != "steps") why = bounded_words(coverage) + (why.empty() ? "" : "; " + why);
  } else if (coverage.kind == "sampled") {
    text += "(" + std::to_string(coverage.runs) + ")";
    if (why.empty() && !coverage.requested) why = words_of(coverage.reason);
  } else if (coverage.kind == "cut" && why.empty()) {
    why = words_of(coverage.reason);
  }
  if (!why.empty()) text += ": " + why;
  return text + partial_words(coverage);
}

std::string summary_line(const Result& result) {
  bool complete = result.coverage.kind == "complete" && result.inconclusive_reason.empty();
  bool samples = result.coverage.kind == "sampled" && result.coverage.runs == result.executions;
  std::string text = (complete ? grouped(result.executions) + " of " : "") +
                     counted(result.executions, "execution ", "executions ") +
                     (samples ? "sampled (" : "explored (") + coverage_text(result.coverage) + ")";
  if (result.executions_total > result.executions)
    text += ", " + grouped(result.executions_total) + " in all rounds";
  // Where the exhaustive search had no time left for the rest, it has counted its own only.
  const bool and_samples = result.coverage.kind == "sampled" && !samples;
  if (result.classes > 0 && result.classes != result.executions && !and_samples)
    text += ", " + grouped(result.classes) + " distinct";
  if (result.blocked > 0) text += ", " + grouped(result.blocked) + " redundant";
  if (result.truncated > 0) text += ", " + grouped(result.truncated) + " truncated";

  std::vector<std::string> parts = errors_by_kind(result);
  for (std::string_view severity : {"warning", "note"}) {
    auto number = static_cast<std::uint64_t>(
        std::count_if(result.findings.begin(), result.findings.end(),
                      [&](const ResultFinding& f) { return is_listed(f, severity, result); }));
    if (number > 0) parts.push_back(counted(number, severity, std::string(severity) + "s"));
  }
  if (const std::uint64_t ignored = number_ignored(result); ignored > 0)
    parts.push_back(counted(ignored, "finding ignored", "findings ignored"));
  if (parts.empty() && result.inconclusive_reason.empty()) parts.emplace_back("nothing found");
  for (const std::string& part : parts) text += ", " + part;

  char seconds[32];
  std::snprintf(seconds, sizeof seconds, ", %.2f s", result.seconds);
  return text + seconds;
}

std::string text_result(const Result& result, const TraceLookup& trace_of, const ResultTextOptions& options) {
  return ResultText(result, trace_of, options).render();
}

}  // namespace raddle::reports
