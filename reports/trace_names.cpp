#include "reports/trace_names.h"

#include <set>

#include "checker/detect/names.h"
#include "reports/utf8.h"

namespace raddle::reports {
namespace {

const std::string kUnknown = "?";

/// The last `components` components of a path.
std::string tail(const std::string& path, std::size_t components) {
  std::size_t start = path.size();
  for (; components > 0 && start > 0; --components) {
    std::size_t slash = path.rfind('/', start - 1);
    if (slash == std::string::npos) return path;
    start = slash;
  }
  return path.substr(start == path.size() ? 0 : start + 1);
}

std::map<std::string, std::string> short_files(const std::set<std::string>& paths) {
  std::map<std::string, std::string> shown;
  for (const std::string& path : paths) {
    std::size_t components = 1;
    auto taken = [&](const std::string& name) {
      for (const std::string& other : paths) {
        if (other != path && tail(other, components) == name) return true;
      }
      return false;
    };
    std::string name = tail(path, components);
    while (name != path && taken(name)) name = tail(path, ++components);
    shown[path] = printable(name);
  }
  return shown;
}

/// Python prints a traceback for each exception that nobody catches; its last line says which.
std::string_view what_a_traceback_is_about(std::string_view text) {
  if (text.find("Traceback (most recent call last):\n") == std::string_view::npos) return {};
  return text.substr(text.rfind('\n') + 1);
}

std::string value_of_read(const engine::TraceEvent& event) {
  return !event.result.empty() ? event.result : !event.before.empty() ? event.before : event.after;
}

}  // namespace

const std::array<TraceNames::Limits, 4> TraceNames::kLimits = {{{48, 60}, {32, 32}, {24, 20}, {20, 16}}};

std::string short_place(const engine::TraceSite& site) {
  std::string file = printable(tail(site.file, 1));
  return site.line > 0 ? file + ":" + std::to_string(site.line) : file;
}

TraceNames::TraceNames(const engine::Trace& trace) : python_(trace.front_end == "python") {
  for (const std::string& name : detect::thread_names(trace)) threads_.push_back(printable(name));
  for (const std::string& name : detect::object_names(trace)) objects_.push_back(printable(name));
  std::set<std::string> paths = {trace.model};
  for (const auto& event : trace.events) paths.insert(event.site.file);
  for (const auto& blocked : trace.blocked) paths.insert(blocked.site.file);
  for (const auto& thread : trace.threads) paths.insert(thread.start.file);
  for (const auto& finding : trace.findings) paths.insert(finding.site.file);
  files_ = short_files(paths);
}

const std::string& TraceNames::thread(int index) const {
  auto i = static_cast<std::size_t>(index);
  return index >= 0 && i < threads_.size() ? threads_[i] : kUnknown;
}

const std::string& TraceNames::object(int index) const {
  auto i = static_cast<std::size_t>(index);
  return index >= 0 && i < objects_.size() ? objects_[i] : kUnknown;
}

std::string TraceNames::part_or_object(const engine::TraceEvent& event) const {
  const std::string& name = object(event.object);
  if (event.part.empty()) return name;
  const std::string part = printable(event.part), label = name.substr(0, name.rfind('#'));
  // With the number of its object, where several have one label.
  const bool numbered = label.size() < name.size() && part.starts_with(label) && part.size() > label.size();
  return numbered && part[label.size()] == '[' ? name + part.substr(label.size()) : part;
}

std::string TraceNames::file(const std::string& path) const {
  auto it = files_.find(path);
  return it != files_.end() ? it->second : printable(tail(path, 1));
}

std::string TraceNames::place(const engine::TraceSite& site, const std::string& here) const {
  if (site.line <= 0) return site.file == here ? "" : file(site.file);
  std::string line = ":" + std::to_string(site.line);
  return site.file == here ? line : file(site.file) + line;
}

std::string TraceNames::verb(const std::string& operation) const {
  if (!python_) return operation;
  if (operation == "lock") return "acquire";
  if (operation == "unlock") return "release";
  return operation == "try-lock" ? "try-acquire" : operation;
}

std::string TraceNames::describe(const engine::TraceEvent& event, Limits limits, bool detail) const {
  auto value = [&](const std::string& text) { return elide(printable(text), limits.value); };
  auto label = [&](int index) { return elide(object(index), limits.label); };
  const std::string accessed = elide(part_or_object(event), limits.label);
  const std::string& op = event.operation;
  bool reads = op == "read" || op == "read-modify-write";  // of others it is only the order that matters
  std::string source =
      detail && reads && event.reads_from > 0 ? " (from " + std::to_string(event.reads_from) + ")" : "";

  if (op == "start" || op == "join" || op == "timed-join") {
    std::string result = event.result.empty() ? "" : " -> " + value(event.result);
    return op + (event.other >= 0 ? " " + thread(event.other) : "") + result;
  }
  if (op == "note") return value(event.text);
  if (op == "output") {
    std::string_view text = event.text;
    while (text.ends_with('\n')) text.remove_suffix(1);
    if (const auto error = what_a_traceback_is_about(text); !error.empty())
      return "output \"... " + value(std::string(error)) + "\"";
    return "output \"" + value(std::string(text)) + "\"";
  }
  if (op == "read" && event.object >= 0) {
    std::string read = value_of_read(event);
    return "read " + accessed + (read.empty() ? "" : " -> " + value(read)) + source;
  }
  if (op == "write" && event.object >= 0) {
    const std::string& written = event.after.empty() ? event.result : event.after;
    bool changed = detail && !event.before.empty() && event.before != written;
    return "write " + accessed + (written.empty() ? "" : " = " + value(written)) +
           (changed ? " (was " + value(event.before) + ")" : "");
  }

  std::string text = op == "read-modify-write" ? "update"
                     : op == "add"             ? "add to"
                     : op == "expire"          ? "timeout of"
                                               : verb(op);
  if (op == "wait" && event.object2 >= 0) {
    text += " " + label(event.object2) + " (releases " + label(event.object) + ")";
  } else if (op == "wake" && event.object >= 0) {
    text = "wake up, lock " + label(event.object);
  } else if (event.object >= 0) {
    text += " " + accessed;
  }
  if (op == "notify-one")
    text += event.other < 0 ? " (wakes nobody)" : " (wakes " + thread(event.other) + ")";
  if (!event.text.empty()) text += " " + value(event.text);
  bool same = !event.before.empty() && event.before == event.after && !event.result.empty();
  if (same) {
    // Nothing but the result is worth saying.
  } else if (!event.before.empty() && !event.after.empty()) {
    text += ": " + value(event.before) + " -> " + value(event.after);
  } else if (!event.after.empty()) {
    text += (op == "read-modify-write" || op == "add" ? ": " : " = ") + value(event.after);
  }
  bool known = event.result == event.after || (event.after.empty() && event.result == event.before);
  if (!event.result.empty() && (same || !known)) text += " -> " + value(event.result);
  return text + source;
}

std::string TraceNames::describe(const engine::TraceEvent& event, std::size_t width, bool detail) const {
  std::string text;
  for (Limits limits : kLimits) {
    text = describe(event, limits, detail);
    if (display_width(text) <= width) return text;
  }
  // Better none of the detail than half of it.
  return detail ? describe(event, width, false) : elide(text, width);
}

std::size_t TraceNames::least_width(const engine::TraceEvent& event, bool detail) const {
  return display_width(describe(event, kLimits.back(), detail));
}

std::string TraceNames::describe(const engine::TraceBlocked& blocked, std::size_t width) const {
  std::string text = blocked.operation == "wake" ? "wait" : verb(blocked.operation);  // nobody has woken it
  if (blocked.object >= 0) {
    constexpr std::size_t kLabel = 28;
    text += " " + elide(object(blocked.object), kLabel);
  } else if (blocked.waits_for >= 0) {
    text += " " + thread(blocked.waits_for);
  }
  return elide(text, width);
}

}  // namespace raddle::reports
