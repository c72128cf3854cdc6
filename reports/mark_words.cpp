#include "reports/mark_words.h"

#include <algorithm>
#include <string_view>

#include "reports/utf8.h"

namespace raddle::reports {

using engine::Trace;
using engine::TraceEvent;

std::string mark_words(const Trace& trace, const TraceEvent& event, const TraceNames& names, bool full) {
  auto find = [&](std::string_view mark, bool before) -> const TraceEvent* {
    const TraceEvent* found = nullptr;
    for (const TraceEvent& e : trace.events) {
      if (e.mark != mark || e.object != event.object || (e.step < event.step) != before) continue;
      if (!before) return &e;
      found = &e;
    }
    return found;
  };
  if (event.mark == "lost-update") {
    const TraceEvent* lost = find("overwritten", true);
    return lost ? "loses " + names.thread(lost->thread) + "'s update" : "loses an update";
  }
  // The finding's message says the rest; in the short form one mark is enough.
  if (event.mark == "stale-read") {
    const TraceEvent* since = find("overwritten", false);
    return !full ? "" : since ? "stale from step " + std::to_string(since->step) + " on" : "becomes stale";
  }
  if (event.mark == "stale-write") return "after a stale read";
  if (event.mark == "overwritten") {
    const TraceEvent* by = find("lost-update", false);
    return !full ? "" : by ? "lost in step " + std::to_string(by->step) : "gets lost";
  }
  if (event.mark == "race") {
    const TraceEvent* other = find("race", true);
    if (other) return "races with step " + std::to_string(other->step);
    other = find("race", false);
    return full && other ? "races with step " + std::to_string(other->step) : "";
  }
  if (event.mark == "round") return "again and again";
  if (event.mark == "holds") return full ? "keeps it" : "";  // the table of who waits says it
  if (event.mark == "blocked") return "never goes on";
  if (event.mark == "failure") return event.operation == "exception" ? "fails" : "";  // failure_words()
  std::string words = printable(event.mark);
  std::replace(words.begin(), words.end(), '-', ' ');
  return words;
}

std::string failure_words(const engine::TraceFinding& finding) {
  if (finding.threads.empty()) return {};
  const std::string& kind = finding.kind;
  const std::string about = finding.title.empty() ? "" : " " + printable(finding.title);
  if (kind == "assertion") return "assertion fails";
  if (kind == "exception") return "raises" + (about.empty() ? " an exception" : about);
  if (kind == "exit-status") return "ends with status" + about;
  if (kind == "misuse") return "misuse" + (about.empty() ? "" : " of" + about);
  if (kind == "divergence") return "runs on and on";
  return kind == "crash" ? "crashes" : "";
}

}  // namespace raddle::reports
