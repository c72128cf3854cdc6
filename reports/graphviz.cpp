#include "reports/graphviz.h"

#include <array>
#include <map>
#include <memory>
#include <vector>

#include "reports/text_result.h"
#include "reports/trace_names.h"
#include "reports/utf8.h"

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceEvent;

constexpr std::size_t kWidth = 40;  // of what an edge says
constexpr std::array<const char*, 8> kColours = {"#1b6ca8", "#c0392b", "#27864a", "#8e44ad",
                                                 "#b9770e", "#117a75", "#7b3f00", "#5d6d7e"};

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c == '\n' ? "\\n" : std::string(1, c);
  }
  return result + '"';
}

/// What tells an operation from the others that are possible in the same state, and its outcomes from one another.
std::string identity(const Trace& trace, const TraceEvent& e) {
  auto thread = [&](int i) { return i < 0 ? std::string() : trace.threads[static_cast<std::size_t>(i)].id; };
  const std::string object = e.object < 0 ? "" : trace.objects[static_cast<std::size_t>(e.object)].id;
  std::string text;
  for (const std::string& part :
       {thread(e.thread), e.operation, object, e.part, thread(e.other), e.after, e.result})
    text += part + '\n';
  return text + std::to_string(e.site.line);
}

class Tree {
 public:
  std::string render(const Result& result, const explore::RecordedExecutions& executions) {
    std::size_t number = 0;
    for (const explore::RecordedExecution& x : executions.all) add(x, x.counts ? ++number : 0);
    const std::string summary = summary_line(result);
    return "digraph raddle {\n  graph [label=" +
           quoted(printable(result.model) + "\n" + printable(summary.substr(0, summary.rfind(", ")))) +
           ", labelloc=t, fontname=\"sans-serif\"]\n"
           "  node [shape=point, fontname=\"sans-serif\", fontsize=10]\n"
           "  edge [fontname=\"monospace\", fontsize=9, arrowsize=0.5]\n"
           "  n0 [shape=circle, label=\"start\"]\n" +
           text_ + "}\n";
  }

 private:
  struct Node {
    std::size_t number = 0;
    std::map<std::string, std::unique_ptr<Node>> next;
  };

  void add(const explore::RecordedExecution& x, std::size_t number) {
    const Trace& trace = x.trace;
    const TraceNames names(trace);
    Node* at = &root_;
    for (const TraceEvent& e : trace.events) {
      if (!e.visible) continue;
      auto& next = at->next[identity(trace, e)];
      if (!next) {
        next = std::make_unique<Node>();
        next->number = ++nodes_;
        edge(at->number, next->number, e, trace, names);
      }
      at = next.get();
    }
    leaf(at->number, x, number);
  }

  void edge(std::size_t from, std::size_t to, const TraceEvent& e, const Trace& trace,
            const TraceNames& names) {
    const std::string& id = trace.threads[static_cast<std::size_t>(e.thread)].id;
    const auto [it, fresh] = colours_.try_emplace(id, colours_.size());
    const std::string colour = kColours[it->second % kColours.size()];
    text_ += "  n" + std::to_string(from) + " -> n" + std::to_string(to) +
             " [label=" + quoted(names.thread(e.thread) + ": " + names.describe(e, kWidth)) +
             ", tooltip=" + quoted(names.place(e.site)) + ", color=\"" + colour + "\", fontcolor=\"" +
             colour + "\"]\n";
  }

  void leaf(std::size_t from, const explore::RecordedExecution& x, std::size_t number) {
    const char* colour = "#d5f5e3";
    std::string words = "ok";
    if (!x.counts) {
      words = "redundant";
      colour = "#eeeeee";
    } else if (x.trace.outcome == "truncated" || x.trace.outcome == "aborted") {
      words = x.trace.outcome;
      colour = "#eeeeee";
    }
    bool first = true;
    auto severest = detect::Severity::Note;
    for (const auto& [kind, severity] : x.found) {
      words = (first ? "" : words + "\n") + detect::name(kind);
      severest = std::max(severest, severity);
      first = false;
    }
    if (!first)
      colour = severest == detect::Severity::Error     ? "#f5b7b1"
               : severest == detect::Severity::Warning ? "#fdebd0"
                                                       : "#d6eaf8";
    const std::string id = "x" + std::to_string(++leaves_);
    text_ += "  " + id + " [shape=box, style=filled, fillcolor=\"" + colour +
             "\", label=" + quoted(number ? std::to_string(number) + ": " + words : words) + "]\n  n" +
             std::to_string(from) + " -> " + id + " [style=dotted, arrowhead=none]\n";
  }

  Node root_;
  std::size_t nodes_ = 0, leaves_ = 0;
  std::map<std::string, std::size_t> colours_;  // by thread
  std::string text_;
};

}  // namespace

std::string graphviz(const Result& result, const explore::RecordedExecutions& executions) {
  return Tree().render(result, executions);
}

}  // namespace raddle::reports
