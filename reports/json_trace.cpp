#include "reports/json_trace.h"

#include <utility>

#include "reports/atomic_file.h"
#include "reports/json_document.h"

namespace raddle::reports {
namespace {

using engine::Trace;

constexpr DocumentType kTrace = {
    "trace", "raddle-trace/1",
    "`raddle check MODEL` writes traces to .raddle/, or to the folder given by --trace-dir"};

void set_if_index(Json& object, const char* key, int index) {
  if (index >= 0) object[key] = index;
}

Json to_json(const engine::TraceThread& thread) {
  Json json = {{"id", thread.id}, {"label", thread.label}};
  set_if_index(json, "parent", thread.parent);
  if (thread.daemon) json["daemon"] = true;
  set_if_any(json, "location", thread.start);
  return json;
}

Json to_json(const engine::TraceObject& object) {
  Json json = {{"id", object.id}, {"kind", object.kind}};
  set_if_any(json, "label", object.label);
  if (object.capacity > 0) json["capacity"] = object.capacity;
  return json;
}

Json to_json(const engine::TraceChoice& choice) {
  Json json = {{"thread", choice.thread}};
  set_if_any(json, "alternative", choice.alternative);
  return json;
}

Json to_json(const engine::TraceEvent& event) {
  Json json = {{"step", event.step}, {"thread", event.thread}, {"operation", event.operation}};
  if (!event.visible) json["visible"] = false;
  set_if_index(json, "object", event.object);
  set_if_index(json, "object2", event.object2);
  set_if_any(json, "part", event.part);
  set_if_index(json, "other", event.other);
  set_if_any(json, "before", event.before);
  set_if_any(json, "after", event.after);
  set_if_any(json, "result", event.result);
  set_if_any(json, "text", event.text);
  if (event.items >= 0) json["items"] = event.items;
  set_if_any(json, "location", event.site);
  if (event.reads_from > 0) json["reads_from"] = event.reads_from;
  set_if_any(json, "switched", event.switched);
  set_if_any(json, "mark", event.mark);
  return json;
}

Json to_json(const engine::TraceBlocked& blocked) {
  Json json = {{"thread", blocked.thread}, {"operation", blocked.operation}};
  set_if_index(json, "object", blocked.object);
  set_if_index(json, "holder", blocked.holder);
  set_if_index(json, "waits_for", blocked.waits_for);
  set_if_any(json, "reason", blocked.reason);
  set_if_any(json, "location", blocked.site);
  set_if_any(json, "mark", blocked.mark);
  return json;
}

Json to_json(const engine::TraceSource& source) { return {{"file", source.file}, {"digest", source.digest}}; }

Json to_json(const engine::TraceCriticalOrder& order) {
  Json json = {{"first", order.first}};
  if (order.second > 0) json["second"] = order.second;
  set_if_index(json, "waiter", order.waiter);
  return json;
}

Json to_json(const engine::TraceFinding& finding) {
  Json json = {{"kind", finding.kind}, {"severity", finding.severity}, {"message", finding.message}};
  set_if_any(json, "title", finding.title);
  set_if_any(json, "location", finding.site);
  json["threads"] = finding.threads;
  json["objects"] = finding.objects;
  json["steps"] = finding.steps;
  set_if_any(json, "detail", finding.detail);
  set_if_any(json, "fingerprint", finding.fingerprint);
  return json;
}

template <class T>
Json list(const std::vector<T>& all) {
  Json json = Json::array();
  for (const T& one : all) json.push_back(to_json(one));
  return json;
}

/// Reads the lists that refer to one another by index: of the trace itself, or of the run that passes.
class RunReader {
 public:
  RunReader(std::vector<engine::TraceThread>& threads, std::vector<engine::TraceObject>& objects,
            std::vector<engine::TraceEvent>& events)
      : threads_(threads), objects_(objects), events_(events) {}

  void read(const JsonValue& json) {
    json.each("threads", [this](const JsonValue& j) { thread(j); });
    json.each("objects", [this](const JsonValue& j) { object(j); });
    json.each("events", [this](const JsonValue& j) { event(j); });
  }

  int thread_index(const JsonValue& json, std::string_view key, bool required = false) const {
    return json.index(key, threads_.size(), "threads", required);
  }
  int object_index(const JsonValue& json, std::string_view key) const {
    return json.index(key, objects_.size(), "objects");
  }

 private:
  void thread(const JsonValue& json) {
    std::size_t earlier = threads_.size();
    engine::TraceThread& thread = threads_.emplace_back();
    thread.id = json.text("id");
    thread.label = json.text("label");
    thread.parent = json.index("parent", earlier, "threads before it");
    thread.daemon = json.truth("daemon", false);
    thread.start = json.site("location");
  }

  void object(const JsonValue& json) {
    engine::TraceObject& object = objects_.emplace_back();
    object.id = json.text("id");
    object.kind = json.text("kind");
    object.label = json.text_or_empty("label");
    object.capacity = static_cast<int>(json.number_or_zero("capacity"));
  }

  void event(const JsonValue& json) {
    auto step = events_.size() + 1;
    if (json.number("step") != step) json.fail("is not step " + std::to_string(step) + ", which comes here");
    engine::TraceEvent& event = events_.emplace_back();
    event.step = static_cast<int>(step);
    event.thread = thread_index(json, "thread", true);
    event.operation = json.text("operation");
    event.visible = json.truth("visible", true);
    event.object = object_index(json, "object");
    event.object2 = object_index(json, "object2");
    event.part = json.text_or_empty("part");
    event.other = thread_index(json, "other");
    event.before = json.text_or_empty("before");
    event.after = json.text_or_empty("after");
    event.result = json.text_or_empty("result");
    event.text = json.text_or_empty("text");
    if (json.has("items")) event.items = static_cast<int>(json.number("items"));
    event.site = json.site("location");
    event.reads_from = static_cast<int>(json.number_or_zero("reads_from"));
    if (json.number_or_zero("reads_from") >= step) json.fail("reads from a step that is not before it");
    event.switched = json.text_or_empty("switched");
    event.mark = json.text_or_empty("mark");
  }

  std::vector<engine::TraceThread>& threads_;
  std::vector<engine::TraceObject>& objects_;
  std::vector<engine::TraceEvent>& events_;
};

/// Reads the parts of a trace that refer to threads, objects and steps by index.
class TraceReader {
 public:
  explicit TraceReader(Trace& trace) : trace_(trace), run_(trace.threads, trace.objects, trace.events) {}

  void run(const JsonValue& json) { run_.read(json); }

  void choice(const JsonValue& json, std::vector<engine::TraceChoice>& into) {
    into.push_back({thread_index(json, "thread", true), json.text_or_empty("alternative")});
  }

  void blocked(const JsonValue& json) {
    engine::TraceBlocked& blocked = trace_.blocked.emplace_back();
    blocked.thread = thread_index(json, "thread", true);
    blocked.operation = json.text("operation");
    blocked.object = object_index(json, "object");
    blocked.holder = thread_index(json, "holder");
    blocked.waits_for = thread_index(json, "waits_for");
    blocked.reason = json.text_or_empty("reason");
    blocked.site = json.site("location");
    blocked.mark = json.text_or_empty("mark");
  }

  void critical(const JsonValue& json) {
    trace_.critical = {step(json, "first"), step(json, "second"), thread_index(json, "waiter")};
  }

  void finding(const JsonValue& json) {
    engine::TraceFinding& finding = trace_.findings.emplace_back();
    finding.kind = json.text("kind");
    finding.severity = json.word("severity", {"error", "warning", "note"});
    finding.message = json.text("message");
    finding.title = json.text_or_empty("title");
    finding.site = json.site("location");
    finding.threads = json.numbers("threads", 0, static_cast<std::int64_t>(trace_.threads.size()) - 1);
    finding.objects = json.numbers("objects", 0, static_cast<std::int64_t>(trace_.objects.size()) - 1);
    finding.steps = json.numbers("steps", 1, static_cast<std::int64_t>(trace_.events.size()));
    finding.detail = json.text_or_empty("detail");
    finding.fingerprint = json.text_or_empty("fingerprint");
  }

 private:
  int thread_index(const JsonValue& json, std::string_view key, bool required = false) const {
    return run_.thread_index(json, key, required);
  }
  int object_index(const JsonValue& json, std::string_view key) const { return run_.object_index(json, key); }
  /// A step, or 0 if the member is missing.
  int step(const JsonValue& json, std::string_view key) const {
    const std::uint64_t step = json.number_or_zero(key);
    if (step > trace_.events.size())
      json.fail("names step " + std::to_string(step) + ", but there are " +
                std::to_string(trace_.events.size()));
    return static_cast<int>(step);
  }

  Trace& trace_;
  RunReader run_;
};

}  // namespace

std::string trace_to_json(const Trace& trace) {
  Json json = {
      {"format", kTrace.format},
      {"raddle_version", trace.raddle_version},
      {"model", trace.model},
      {"arguments", trace.arguments},
      {"front_end", trace.front_end},
      {"program_hash", trace.program_hash},
      {"options", to_json(trace.options)},
      {"seed", trace.seed},
  };
  set_if_any(json, "replay_command", trace.replay_command);
  json["findings"] = list(trace.findings);
  set_if_any(json, "explanation", trace.explanation);
  if (trace.critical.first > 0) json["critical"] = to_json(trace.critical);
  json["outcome"] = trace.outcome;
  json["threads"] = list(trace.threads);
  json["objects"] = list(trace.objects);
  json["events"] = list(trace.events);
  json["blocked"] = list(trace.blocked);
  json["output"] = trace.output;
  json["schedule"] = list(trace.schedule);
  if (!trace.passing.empty()) json["passing"] = list(trace.passing);
  if (const engine::TraceRun& run = trace.passing_run; !run.events.empty())
    json["passing_run"] = {
        {"threads", list(run.threads)}, {"objects", list(run.objects)}, {"events", list(run.events)}};
  if (!trace.sources.empty()) json["sources"] = list(trace.sources);
  return layout(json);
}

Trace trace_from_json(std::string_view text, const std::string& path) {
  Json document = parse_document(text, path, kTrace);
  JsonValue json(document, path, kTrace);
  Trace trace;
  trace.raddle_version = json.text("raddle_version");
  trace.model = json.text("model");
  trace.arguments = json.texts("arguments");
  trace.front_end = json.text("front_end");
  trace.program_hash = json.text("program_hash");
  trace.options = json.pairs("options");
  trace.seed = json.number("seed");
  trace.replay_command = json.text_or_empty("replay_command");
  trace.explanation = json.text_or_empty("explanation");
  trace.outcome = json.word("outcome", {"complete", "deadlock", "exited", "truncated", "aborted", "stopped"});
  trace.output = json.text("output");
  TraceReader reader(trace);
  reader.run(json);
  json.each("schedule", [&](const JsonValue& j) { reader.choice(j, trace.schedule); });
  json.each(
      "passing", [&](const JsonValue& j) { reader.choice(j, trace.passing); }, false);
  json.each("blocked", [&](const JsonValue& j) { reader.blocked(j); });
  json.each("findings", [&](const JsonValue& j) { reader.finding(j); });
  if (json.has("critical")) reader.critical(json.object("critical"));
  if (json.has("passing_run")) {
    engine::TraceRun& run = trace.passing_run;
    RunReader(run.threads, run.objects, run.events).read(json.object("passing_run"));
  }
  json.each(
      "sources",
      [&](const JsonValue& j) {
        trace.sources.push_back({j.text("file"), j.text("digest")});
      },
      false);
  return trace;
}

void write_trace(const std::string& path, const Trace& trace) { write_file(path, trace_to_json(trace)); }

Trace read_trace(const std::string& path) { return trace_from_json(load_text(path, kTrace), path); }

}  // namespace raddle::reports
