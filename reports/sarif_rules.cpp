#include "reports/sarif_rules.h"

#include <array>

#include "reports/kinds.h"

namespace raddle::reports {
namespace {

struct Words {
  std::string_view kind;
  std::string_view what;    // a sentence
  std::string_view advice;  // what to do
};

constexpr std::array<Words, 16> kWords = {{
    {"assertion", "An assertion of the program fails in some interleaving of its threads.",
     "Look at which values the assertion depends on, and make the steps that change them one: hold a lock "
     "from the first to the last of them."},
    {"exception", "An exception leaves a thread in some interleaving.",
     "What the thread relies on was changed between its test and its use of it. Hold a lock over both."},
    {"exit-status", "The program ends with a non-zero status in some interleaving.",
     "Compare with an interleaving in which it ends well: the finding names a step that would have had to "
     "come later or earlier."},
    {"deadlock",
     "Threads wait for one another, or for something that nobody is left to do, and none can go on.",
     "Acquire locks in the same order everywhere. Test the condition that a thread waits for under the "
     "lock, and in a loop; give a notification, an item or a sentinel to each who waits."},
    {"hang", "A thread polls, or waits for one that does, and nothing will ever change.",
     "Whoever is polled has ended, or waits itself. Wait for an event or a condition instead of polling."},
    {"lost-update", "A write replaces what another thread has written since the value was read.",
     "Hold a lock from the read to the write, or use one operation that does both."},
    {"data-race", "Two threads access a variable, one of them writes it, and nothing orders the two.",
     "Hold the same lock at both places, or hand the value over through a queue, an event or a join."},
    {"misuse", "An object for synchronisation is used as it must not be.",
     "Release a lock in the thread that has acquired it, once, for example by a with statement or a guard."},
    {"lock-order", "Threads acquire locks in orders in which they could come to wait for one another.",
     "Decide on one order of the locks, and acquire them in that order everywhere."},
    {"atomicity", "A thread acts on a value that another one has replaced since it was read.",
     "If the decision depends on the value still being what it was, hold a lock over both."},
    {"daemon-killed", "The end of the program kills a daemon thread at work.",
     "Tell the thread to end, and join it, before the program ends."},
    {"outcome", "The program's output is none of those that are expected.",
     "The order of the output depends on the interleaving: print in one thread, or after the others have "
     "been joined."},
    {"leak", "Memory is still allocated when the program ends.", "Free it in every interleaving."},
    {"crash", "The program crashes in some interleaving.",
     "Look for what is used after it has been freed, or before it has been made."},
    {"divergence", "A thread goes on without ever doing anything that another thread could notice.",
     "It computes for too long, or without end: bound its loop."},
    {"nondeterminism", "The program behaves differently under the same schedule.",
     "It depends on something else than its threads: time, random numbers, files, the network."},
}};

const Words* words_of(std::string_view kind) {
  for (const Words& words : kWords)
    if (words.kind == kind) return &words;
  return nullptr;
}

/// "lost-update" -> "LostUpdate"
std::string identifier(std::string_view kind) {
  std::string name;
  bool capital = true;
  for (const char c : kind) {
    if (c == '-') {
      capital = true;
      continue;
    }
    name += capital && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    capital = false;
  }
  return name;
}

/// "lost-update" -> "Lost update"
std::string heading(std::string_view kind) {
  std::string text(kind);
  for (char& c : text)
    if (c == '-') c = ' ';
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

/// What code scanning sorts by.
std::string_view problem_severity(std::string_view severity) {
  return severity == "note" ? "recommendation" : severity;
}

}  // namespace

std::string sarif_level(std::string_view severity) {
  return severity == "error" || severity == "warning" ? std::string(severity) : "note";
}

Json sarif_rule(std::string_view kind) {
  const Kind* known = find_kind(kind);
  const Words* words = words_of(kind);
  const std::string severity(known ? known->severity : "warning");
  Json rule = {{"id", kind}, {"name", identifier(kind)}, {"shortDescription", {{"text", heading(kind)}}}};
  if (words) {
    const std::string what(words->what), advice(words->advice);
    rule["fullDescription"] = {{"text", what}};
    rule["help"] = {
        {"text", what + "\n\n" + advice},
        {"markdown", what + "\n\n" + advice +
                         "\n\nThe steps of the finding are in their order over all threads; "
                         "`raddle replay` executes them again, and `raddle show` shows them side by side."}};
  }
  rule["defaultConfiguration"] = {{"level", sarif_level(severity)}};
  rule["properties"] = {{"tags", Json::array({"concurrency"})},
                        {"problem.severity", problem_severity(severity)},
                        {"precision", severity == "error"     ? "very-high"
                                      : severity == "warning" ? "high"
                                                              : "medium"}};
  return rule;
}

}  // namespace raddle::reports
