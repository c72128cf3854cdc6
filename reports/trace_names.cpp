#include "reports/trace_names.h"

#include <set>

#include "reports/utf8.h"

namespace raddle::reports {
namespace {

const std::string kUnknown = "?";

/// Names that occur several times among things of one kind get numbers: lock, lock -> lock#1, lock#2. (A variable and
/// the lock in it, or a condition and its lock, are told apart by what is done to them.)
void number_repeated(std::vector<std::string>& names, const std::vector<std::string>& kinds) {
  std::map<std::pair<std::string, std::string>, int> total, seen;
  for (std::size_t i = 0; i < names.size(); ++i) ++total[{kinds[i], names[i]}];
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::pair key(kinds[i], names[i]);
    if (total[key] > 1) names[i] += "#" + std::to_string(++seen[key]);
  }
}

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

std::string value_of_read(const engine::TraceEvent& event) {
  return !event.result.empty() ? event.result : !event.before.empty() ? event.before : event.after;
}

}  // namespace

const std::array<TraceNames::Limits, 4> TraceNames::kLimits = {{{48, 60}, {32, 32}, {24, 20}, {20, 16}}};

std::string short_place(const engine::TraceSite& site) {
  std::string file = printable(tail(site.file, 1));
  return site.line > 0 ? file + ":" + std::to_string(site.line) : file;
}

TraceNames::TraceNames(const engine::Trace& trace) {
  for (const auto& t : trace.threads)
    threads_.push_back(printable(t.label.empty() ? "thread " + t.id : t.label));
  for (const auto& o : trace.objects)
    objects_.push_back(printable(o.label.empty() ? o.kind + " " + o.id : o.label));
  std::vector<std::string> kinds(threads_.size());
  number_repeated(threads_, kinds);
  kinds.clear();
  for (const auto& o : trace.objects) kinds.push_back(o.kind);
  number_repeated(objects_, kinds);
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

std::string TraceNames::file(const std::string& path) const {
  auto it = files_.find(path);
  return it != files_.end() ? it->second : printable(tail(path, 1));
}

std::string TraceNames::place(const engine::TraceSite& site, const std::string& here) const {
  if (site.line <= 0) return site.file == here ? "" : file(site.file);
  std::string line = ":" + std::to_string(site.line);
  return site.file == here ? line : file(site.file) + line;
}

std::string TraceNames::describe(const engine::TraceEvent& event, Limits limits, bool detail) const {
  auto value = [&](const std::string& text) { return elide(printable(text), limits.value); };
  auto label = [&](int index) { return elide(object(index), limits.label); };
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
    if (text.ends_with('\n')) text.remove_suffix(1);
    return "output \"" + value(std::string(text)) + "\"";
  }
  if (op == "read" && event.object >= 0) {
    std::string read = value_of_read(event);
    return "read " + label(event.object) + (read.empty() ? "" : " -> " + value(read)) + source;
  }
  if (op == "write" && event.object >= 0) {
    const std::string& written = event.after.empty() ? event.result : event.after;
    bool changed = detail && !event.before.empty() && event.before != written;
    return "write " + label(event.object) + (written.empty() ? "" : " = " + value(written)) +
           (changed ? " (was " + value(event.before) + ")" : "");
  }

  std::string text = op == "read-modify-write" ? "update" : op == "expire" ? "timeout of" : op;
  if (op == "wait" && event.object2 >= 0) {
    text += " " + label(event.object2) + " (releases " + label(event.object) + ")";
  } else if (op == "wake" && event.object >= 0) {
    text = "wake up, lock " + label(event.object);
  } else if (event.object >= 0) {
    text += " " + label(event.object);
  }
  if (op == "notify-one")
    text += event.other < 0 ? " (wakes nobody)" : " (wakes " + thread(event.other) + ")";
  if (!event.text.empty()) text += " " + value(event.text);
  if (!event.before.empty() && !event.after.empty()) {
    text += ": " + value(event.before) + " -> " + value(event.after);
  } else if (!event.after.empty()) {
    text += " = " + value(event.after);
  }
  bool same = event.result == event.after || (event.after.empty() && event.result == event.before);
  if (!event.result.empty() && !same) text += " -> " + value(event.result);
  return text + source;
}

std::string TraceNames::describe(const engine::TraceEvent& event, std::size_t width, bool detail) const {
  std::string text;
  for (Limits limits : kLimits) {
    text = describe(event, limits, detail);
    if (display_width(text) <= width) return text;
  }
  return elide(text, width);
}

std::size_t TraceNames::least_width(const engine::TraceEvent& event, bool detail) const {
  return display_width(describe(event, kLimits.back(), detail));
}

std::string TraceNames::describe(const engine::TraceBlocked& blocked, std::size_t width) const {
  std::string text = blocked.operation == "wake" ? "wait" : blocked.operation;  // nobody has woken it
  if (blocked.object >= 0) {
    constexpr std::size_t kLabel = 28;
    text += " " + elide(object(blocked.object), kLabel);
  } else if (blocked.waits_for >= 0) {
    text += " " + thread(blocked.waits_for);
  }
  return elide(text, width);
}

}  // namespace raddle::reports
