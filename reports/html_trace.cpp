#include "reports/html_trace.h"

#include <algorithm>
#include <filesystem>
#include <unordered_map>

#include "reports/event_selection.h"
#include "reports/kinds.h"
#include "reports/mark_words.h"
#include "reports/source_files.h"
#include "reports/text_trace.h"
#include "reports/trace_names.h"
#include "reports/utf8.h"

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceEvent;
using Json = nlohmann::ordered_json;

constexpr std::size_t kKeyEvents = 10;
constexpr std::size_t kTextWidth = 160;       // cells of an event's text
constexpr std::size_t kLongestValue = 2000;   // bytes
constexpr std::size_t kLinesAround = 100;     // those shown of a long file
constexpr std::size_t kLongFile = 400 << 10;  // bytes

/// Texts that are there many times, each once. 0 is the empty one.
class Texts {
 public:
  Texts() { number(""); }
  int number(const std::string& text) {
    const auto [at, fresh] = numbers_.try_emplace(text, static_cast<int>(texts_.size()));
    if (fresh) texts_.push_back(at->first.size() > kLongestValue ? elide(text, kLongestValue) : text);
    return at->second;
  }
  const std::vector<std::string>& all() const { return texts_; }

 private:
  std::unordered_map<std::string, int> numbers_;
  std::vector<std::string> texts_;
};

class RunData {
 public:
  RunData(const Trace& trace, const TraceNames& names, HtmlSources& sources, const Trace& owner)
      : trace_(trace), names_(names), sources_(sources), owner_(owner) {}

  Json json() {
    Json run;
    for (std::size_t i = 0; i < trace_.threads.size(); ++i) {
      const engine::TraceThread& t = trace_.threads[i];
      run["threads"].push_back({{"name", names_.thread(static_cast<int>(i))},
                                {"id", t.id},
                                {"parent", t.parent},
                                {"daemon", t.daemon},
                                {"start", place(t.start)}});
    }
    run["objects"] = Json::array();
    for (std::size_t i = 0; i < trace_.objects.size(); ++i) {
      const engine::TraceObject& o = trace_.objects[i];
      run["objects"].push_back({{"name", names_.object(static_cast<int>(i))},
                                {"id", o.id},
                                {"kind", o.kind},
                                {"capacity", o.capacity}});
    }
    run["columns"] = columns();
    run["blocked"] = Json::array();
    for (const engine::TraceBlocked& b : trace_.blocked)
      run["blocked"].push_back({{"thread", b.thread},
                                {"operation", b.operation},
                                {"text", names_.describe(b, kTextWidth)},
                                {"object", b.object},
                                {"holder", b.holder},
                                {"waitsFor", b.waits_for},
                                {"reason", b.reason},
                                {"place", place(b.site)},
                                {"mark", b.mark}});
    run["key"] = select_events(trace_, kKeyEvents).events;
    run["texts"] = texts_.all();
    return run;
  }

 private:
  Json columns() {
    static constexpr const char* kNames[] = {
        "thread", "op",    "object", "object2", "other",    "text", "part",     "before", "after", "result",
        "said",   "items", "source", "line",    "function", "from", "switched", "mark",   "words", "hidden"};
    std::vector<std::vector<int>> columns(std::size(kNames));
    const std::string failure = trace_.findings.empty() ? "" : failure_words(trace_.findings.front());
    for (const TraceEvent& e : trace_.events) {
      std::string words = e.mark.empty() ? "" : mark_words(trace_, e, names_, true);
      if (e.mark == "failure" && words.empty()) words = failure.empty() ? "fails" : failure;
      // The traceback is printed where nothing of the program is executed any more.
      const bool printed = e.mark == "failure" && e.operation == "output" && !failure.empty();
      if (printed) words.clear();
      const engine::TraceSite& site = printed ? trace_.findings.front().site : e.site;
      const int source = source_of(site.file);
      if (source >= 0) sources_.use(source, site.line);
      const int row[] = {e.thread,
                         text(e.operation),
                         e.object,
                         e.object2,
                         e.other,
                         text(printed ? failure : names_.describe(e, kTextWidth)),
                         text(e.part.empty() ? "" : names_.part_or_object(e)),
                         text(e.before),
                         text(e.after),
                         text(e.result),
                         text(e.text),
                         e.items,
                         source,
                         site.line,
                         text(site.function),
                         e.reads_from,
                         text(e.switched),
                         text(e.mark),
                         text(words),
                         e.visible ? 0 : 1};
      static_assert(std::size(row) == std::size(kNames));
      for (std::size_t i = 0; i < std::size(row); ++i) columns[i].push_back(row[i]);
    }
    Json json;
    for (std::size_t i = 0; i < std::size(kNames); ++i) json[kNames[i]] = columns[i];
    return json;
  }

  int text(const std::string& text) { return texts_.number(text); }

  int source_of(const std::string& file) {
    const auto known = files_.find(file);
    if (known != files_.end()) return known->second;
    return files_[file] = sources_.add(owner_, file, names_.file(file));
  }

  Json place(const engine::TraceSite& site) {
    const int source = source_of(site.file);
    if (source >= 0) sources_.use(source, site.line);
    return {source, site.line};
  }

  const Trace& trace_;
  const TraceNames& names_;
  HtmlSources& sources_;
  const Trace& owner_;
  Texts texts_;
  std::map<std::string, int> files_;
};

/// The step of the event with this number among its thread's decisions, or 0.
int decision_of(const Trace& trace, const std::string& thread, std::size_t number) {
  for (const TraceEvent& e : trace.events) {
    if (!e.visible || trace.threads[static_cast<std::size_t>(e.thread)].id != thread) continue;
    if (number-- == 0) return e.step;
  }
  return 0;
}

/// How many decisions the thread makes before that step.
std::size_t decisions_before(const Trace& trace, int thread, int step) {
  return static_cast<std::size_t>(
      std::count_if(trace.events.begin(), trace.events.end(),
                    [&](const TraceEvent& e) { return e.visible && e.thread == thread && e.step < step; }));
}

/// The critical order, in the run in which it is the other way round.
engine::TraceCriticalOrder critical_in_passing(const Trace& trace, const Trace& passing) {
  const engine::TraceCriticalOrder& c = trace.critical;
  if (c.first == 0) return {};
  constexpr int kEnd = std::numeric_limits<int>::max();
  const int first_thread = trace.events[static_cast<std::size_t>(c.first) - 1].thread;
  const int second_thread =
      c.second > 0 ? trace.events[static_cast<std::size_t>(c.second) - 1].thread : c.waiter;
  auto id = [&](int t) { return trace.threads[static_cast<std::size_t>(t)].id; };
  return {decision_of(passing, id(first_thread), decisions_before(trace, first_thread, c.first)),
          decision_of(passing, id(second_thread),
                      decisions_before(trace, second_thread, c.second > 0 ? c.second : kEnd)),
          -1};
}

/// The run that passes as a trace of its own, with what the finding is about.
Trace passing_trace(const Trace& trace) {
  Trace passing;
  passing.model = trace.model;
  passing.front_end = trace.front_end;
  passing.outcome = "complete";
  passing.threads = trace.passing_run.threads;
  passing.objects = trace.passing_run.objects;
  passing.events = trace.passing_run.events;
  engine::TraceFinding about;
  if (!trace.findings.empty()) {
    for (int o : trace.findings.front().objects) {
      const auto same = std::find_if(passing.objects.begin(), passing.objects.end(), [&](const auto& x) {
        return x.id == trace.objects[static_cast<std::size_t>(o)].id;
      });
      if (same != passing.objects.end())
        about.objects.push_back(static_cast<int>(same - passing.objects.begin()));
    }
  }
  passing.critical = critical_in_passing(trace, passing);
  for (int step : {passing.critical.second, passing.critical.first})
    if (step > 0) about.steps.push_back(step);
  // So that what comes after these is shown as well.
  if (!passing.events.empty()) about.steps.push_back(passing.events.back().step);
  passing.findings = {about};
  return passing;
}

Json critical_json(const engine::TraceCriticalOrder& c) {
  return {{"first", c.first}, {"second", c.second}, {"waiter", c.waiter}};
}

Json finding_json(const engine::TraceFinding& f, const TraceNames& names) {
  Json json = {{"kind", f.kind},         {"heading", heading_of(printable(f.kind))},
               {"severity", f.severity}, {"title", f.title},
               {"message", f.message},   {"place", names.place(f.site)},
               {"detail", f.detail},     {"steps", f.steps},
               {"objects", f.objects},   {"threads", f.threads}};
  return json;
}

}  // namespace

int HtmlSources::add(const Trace& trace, const std::string& file, const std::string& shown) {
  if (file.empty()) return -1;
  const auto recorded =
      std::find_if(trace.sources.begin(), trace.sources.end(), [&](const auto& s) { return s.file == file; });
  const std::string digest = recorded == trace.sources.end() ? "" : recorded->digest;
  const std::string folder = std::filesystem::path(trace.model).parent_path().string();
  const auto [at, fresh] =
      known_.try_emplace({folder + '\n' + file, digest}, static_cast<int>(sources_.size()));
  if (!fresh) return at->second;
  Source source{shown, "", "missing", {}};
  for (const SourceLookup& lookup : {lookup_, sources_on_disk(trace.model)}) {
    auto text = lookup ? lookup(file) : std::nullopt;
    if (!text) continue;
    const bool same = !digest.empty() && content_digest(*text) == digest;
    if (same || digest.empty()) source.text = std::move(*text);
    source.problem = same ? "" : digest.empty() ? "unverified" : "changed";
    if (source.problem != "changed") break;
  }
  sources_.push_back(std::move(source));
  return at->second;
}

void HtmlSources::use(int source, int line) {
  std::vector<int>& lines = sources_[static_cast<std::size_t>(source)].lines;
  if (lines.empty() || lines.back() != line) lines.push_back(line);
}

Json HtmlSources::json() const {
  Json all = Json::array();
  for (const Source& s : sources_) {
    std::vector<std::string_view> lines;
    for (std::string_view rest = s.text; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      lines.push_back(rest.substr(0, end));
      if (lines.back().ends_with('\r')) lines.back().remove_suffix(1);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    std::vector<bool> wanted(lines.size(), s.text.size() <= kLongFile);
    for (int line : s.lines) {
      const auto at = static_cast<std::size_t>(std::max(line, 1)) - 1;
      for (std::size_t i = at < kLinesAround ? 0 : at - kLinesAround;
           i < std::min(at + kLinesAround, lines.size()); ++i)
        wanted[i] = true;
    }
    Json parts = Json::array();  // [number of the first line, its text, the next line's, ...]
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!wanted[i]) continue;
      if (i == 0 || !wanted[i - 1]) parts.push_back({i + 1});
      parts.back().push_back(valid_utf8(lines[i]));
    }
    all.push_back({{"name", s.shown}, {"problem", s.problem}, {"lines", lines.size()}, {"parts", parts}});
  }
  return all;
}

Json html_trace(const Trace& trace, const std::string& path, HtmlSources& sources) {
  const TraceNames names(trace);
  Json json = {{"model", trace.model},
               {"path", path},
               {"frontEnd", trace.front_end},
               {"outcome", trace.outcome},
               {"replay", replay_command(trace, path)},
               {"explanation", trace.explanation},
               {"critical", critical_json(trace.critical)},
               {"output", trace.output}};
  json["findings"] = Json::array();
  for (const engine::TraceFinding& f : trace.findings) json["findings"].push_back(finding_json(f, names));
  if (!trace.findings.empty()) json["failure"] = failure_words(trace.findings.front());
  json["run"] = RunData(trace, names, sources, trace).json();
  if (!trace.passing_run.events.empty()) {
    const Trace passing = passing_trace(trace);
    json["passing"] = RunData(passing, TraceNames(passing), sources, trace).json();
    json["passing"]["critical"] = critical_json(passing.critical);
  }
  return json;
}

}  // namespace raddle::reports
