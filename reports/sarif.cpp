#include "reports/sarif.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "reports/event_selection.h"
#include "reports/kinds.h"
#include "reports/policy.h"
#include "reports/sarif_rules.h"
#include "reports/text_result.h"
#include "reports/trace_names.h"

#ifndef RADDLE_VERSION
#define RADDLE_VERSION "unknown"
#endif

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceEvent;
using engine::TraceSite;

constexpr const char* kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";
constexpr const char* kRoot = "%SRCROOT%";

// What code scanning services take: 25,000 results of a run; of a result 100 locations, and 1,000 of its flow; 10 MB when
// compressed, to which kSteps in all come to less than half.
constexpr std::size_t kResults = 25'000, kPlaces = 100, kStepsOfAResult = 1'000, kSteps = 100'000;
constexpr std::size_t kFewestSteps = 10;
constexpr std::size_t kWidth = 200;  // of what a step says

struct Notification {
  const char* id;
  const char* text;
};
constexpr std::array<Notification, 4> kNotifications = {{
    {"inconclusive", "Less was explored than was asked for: what was not explored may still fail."},
    {"not-checked", "The program could not be checked, or not with what was expected of it."},
    {"skipped", "The program was not checked, on purpose."},
    {"remark", "What the search has to say about itself."},
}};

Json text(const std::string& words) { return {{"text", words}}; }

/// Where things are. Asks for the text of sources if there is only one model: others have files of the same names.
class Places {
 public:
  Places(const SourceLookup& source, const SourcePaths& paths) : source_(source), paths_(paths) {}

  Json physical(const Result& model, const TraceSite& site) {
    Json json;
    const bool library = is_library_file(site.file);
    json["artifactLocation"] = {{"uri", paths_.uri(model, site.file)}};
    if (!library && !paths_.path(model, site.file).starts_with('/'))
      json["artifactLocation"]["uriBaseId"] = kRoot;
    if (site.line > 0) json["region"] = region(site);
    return json;
  }

  Json location(const Result& model, const TraceSite& site) {
    Json json = {{"physicalLocation", physical(model, site)}};
    if (!site.function.empty())
      json["logicalLocations"] = Json::array({{{"fullyQualifiedName", site.function}, {"kind", "function"}}});
    return json;
  }

 private:
  Json region(const TraceSite& site) {
    Json region = {{"startLine", site.line}};
    const std::string* line = line_at(site);
    if (site.column > 0) region["startColumn"] = line ? characters(*line, site.column) : site.column;
    if (line) region["snippet"] = text(*line);
    return region;
  }

  /// Columns are counted in bytes, those of SARIF in characters.
  static int characters(const std::string& line, int column) {
    const auto bytes = std::min(line.size(), static_cast<std::size_t>(column - 1));
    return 1 + static_cast<int>(std::count_if(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(bytes),
                                              [](char c) { return (c & 0xC0) != 0x80; }));
  }

  const std::string* line_at(const TraceSite& site) {
    if (!source_ || site.file.empty()) return nullptr;
    auto [it, fresh] = lines_.try_emplace(site.file);
    if (fresh) {
      const std::string content = source_(site.file).value_or("");
      for (std::size_t at = 0; at < content.size();) {
        const std::size_t end = std::min(content.find('\n', at), content.size());
        it->second.push_back(content.substr(at, end - at));
        if (it->second.back().ends_with('\r')) it->second.back().pop_back();
        at = end + 1;
      }
    }
    const auto number = static_cast<std::size_t>(site.line);
    return number <= it->second.size() ? &it->second[number - 1] : nullptr;
  }

  const SourceLookup& source_;
  const SourcePaths& paths_;
  std::map<std::string, std::vector<std::string>> lines_;
};

/// A witness as a code flow: the steps of each thread, numbered over all of them.
class Flow {
 public:
  Flow(const Result& model, const Trace& trace, Places& places, std::size_t limit)
      : model_(model), trace_(trace), places_(places), names_(trace), steps_(trace.threads.size()) {
    const std::size_t blocked = std::min(trace.blocked.size(), limit / 2);
    const std::size_t room = limit - blocked;
    all_ = trace.events.size() + trace.blocked.size() <= limit;
    // select_events may go beyond its limit by half, and a few starts.
    const EventSelection selection = all_ ? all_events(trace) : select_events(trace, room * 6 / 10);
    for (const std::size_t i : selection.events) add(trace.events[i]);
    for (std::size_t i = 0; i < blocked; ++i) add(trace.blocked[i]);
    shown_ = selection.events.size() + blocked;
  }

  bool is_whole() const { return all_; }
  std::size_t shown() const { return shown_; }

  /// null if there is nothing to show.
  Json json() const {
    Json flows = Json::array();
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (steps_[i].empty()) continue;
      const std::string& name = names_.thread(static_cast<int>(i));
      flows.push_back({{"id", trace_.threads[i].id}, {"message", text(name)}, {"locations", steps_[i]}});
    }
    if (flows.empty()) return nullptr;
    const std::string words = trace_.explanation.empty()
                                  ? "The steps of each thread, numbered over all of them."
                                  : trace_.explanation;
    return Json::array({{{"message", text(words)}, {"threadFlows", flows}}});
  }

 private:
  Json step(int thread, const TraceSite& site, const std::string& words, int order) {
    Json location = places_.location(model_, site);
    location["message"] = text(names_.thread(thread) + ": " + words);
    return {{"location", location}, {"executionOrder", order}};
  }

  void add(const TraceEvent& event) {
    if (event.thread < 0 || static_cast<std::size_t>(event.thread) >= steps_.size()) return;
    Json json = step(event.thread, event.site, names_.describe(event, kWidth, true), event.step);
    if (Json kinds = kinds_of(event); !kinds.empty()) json["kinds"] = kinds;
    const auto* finding = trace_.findings.empty() ? nullptr : &trace_.findings.front();
    const bool decisive = !event.mark.empty() ||
                          (finding && std::find(finding->steps.begin(), finding->steps.end(), event.step) !=
                                          finding->steps.end());
    json["importance"] = decisive ? "essential" : event.visible ? "important" : "unimportant";
    if (const std::string& value = event.after.empty() ? event.result : event.after;
        !value.empty() && event.object >= 0)
      json["state"] = {{names_.part_or_object(event), text(value)}};
    Json properties = Json::object();
    set_if_any(properties, "mark", event.mark);
    set_if_any(properties, "switched", event.switched);
    if (!properties.empty()) json["properties"] = properties;
    steps_[static_cast<std::size_t>(event.thread)].push_back(json);
  }

  void add(const engine::TraceBlocked& blocked) {
    if (blocked.thread < 0 || static_cast<std::size_t>(blocked.thread) >= steps_.size()) return;
    const std::string words =
        names_.describe(blocked, kWidth) + " (never)" + (blocked.reason.empty() ? "" : ": " + blocked.reason);
    Json json = step(blocked.thread, blocked.site, words, static_cast<int>(trace_.events.size()) + 1);
    json["importance"] = "essential";
    json["properties"] = {{"mark", "blocked"}};
    steps_[static_cast<std::size_t>(blocked.thread)].push_back(json);
  }

  static Json kinds_of(const TraceEvent& event) {
    const auto kind = engine::operation_named(event.operation);
    if (engine::has_taken(event)) return Json::array({"acquire", "lock"});
    if (event.operation == "unlock" || event.operation == "release") return Json::array({"release", "lock"});
    if (kind != engine::OpKind::None && engine::is_memory(kind)) return Json::array({"memory"});
    return Json::array();
  }

  const Result& model_;
  const Trace& trace_;
  Places& places_;
  TraceNames names_;
  std::vector<Json> steps_;
  bool all_ = false;
  std::size_t shown_ = 0;
};

class Sarif {
 public:
  Sarif(std::span<const ModelReport> models, const SourceLookup& source, const SourcePaths& paths)
      : models_(models), paths_(paths), places_(models.size() == 1 ? source : nothing_, paths) {
    for (const Kind& kind : kinds()) add_rule(kind.name);
  }

  std::string render() {
    choose();
    Json results = Json::array();
    for (const auto& [model, finding] : chosen_) results.push_back(result(model, finding));
    Json invocations = Json::array();
    for (const ModelReport& model : models_) invocations.push_back(invocation(model));
    Json notifications = Json::array();
    for (const Notification& n : kNotifications)
      notifications.push_back({{"id", n.id}, {"shortDescription", text(n.text)}});
    Json run;
    run["tool"]["driver"] = {
        {"name", "raddle"},
        {"version", RADDLE_VERSION},
        {"shortDescription", text("explores the interleavings of a multi-threaded program")},
        {"rules", rules_},
        {"notifications", notifications}};
    run["invocations"] = invocations;
    run["originalUriBaseIds"][kRoot] = {
        {"description", text("The folder that raddle was started in, or the workspace that it is part of.")}};
    run["columnKind"] = "unicodeCodePoints";
    run["results"] = results;
    if (left_out_ > 0) run["properties"] = {{"findingsLeftOut", left_out_}};
    const Json document = {{"$schema", kSchema}, {"version", "2.1.0"}, {"runs", Json::array({run})}};
    return document.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
  }

 private:
  struct Chosen {
    std::size_t model, finding;
  };

  /// All, or those that weigh most.
  void choose() {
    for (std::size_t m = 0; m < models_.size(); ++m)
      for (std::size_t f = 0; f < models_[m].result.findings.size(); ++f) chosen_.push_back({m, f});
    if (chosen_.size() > kResults) {
      auto weight = [&](const Chosen& c) {
        const ResultFinding& f = models_[c.model].result.findings[c.finding];
        return !f.suppressed.empty() ? 3 : f.severity == "error" ? 0 : f.severity == "warning" ? 1 : 2;
      };
      std::stable_sort(chosen_.begin(), chosen_.end(),
                       [&](const Chosen& a, const Chosen& b) { return weight(a) < weight(b); });
      left_out_ = chosen_.size() - kResults;
      chosen_.resize(kResults);
    }
    steps_ = std::clamp(kSteps / std::max<std::size_t>(chosen_.size(), 1), kFewestSteps, kStepsOfAResult);
  }

  std::size_t add_rule(std::string_view kind) {
    auto [it, fresh] = rule_of_.try_emplace(std::string(kind), rules_.size());
    if (fresh) rules_.push_back(sarif_rule(kind));
    return it->second;
  }

  Json result(std::size_t m, std::size_t i) {
    const ModelReport& model = models_[m];
    const ResultFinding& f = model.result.findings[i];
    const Trace* trace = witness_of(model, i);
    Json json = {{"ruleId", f.kind}, {"ruleIndex", add_rule(f.kind)}, {"level", sarif_level(f.severity)}};
    json["message"] =
        text(sentence_of(f) + (trace && !trace->explanation.empty() ? "\n\n" + trace->explanation : ""));
    TraceSite site = own_site_of(f);
    site.line = std::max(site.line, 1);  // who shows it wants a line
    json["locations"] = Json::array({places_.location(model.result, site)});
    Json properties = {{"model", name_of(model)}, {"threads", f.threads}, {"objects", f.objects}};
    set_if_any(properties, "title", f.title);
    set_if_any(properties, "detail", f.detail);
    if (Json related = related_locations(model.result, f); !related.empty())
      json["relatedLocations"] = related;
    if (f.places.size() > kPlaces) properties["placesLeftOut"] = f.places.size() - kPlaces;
    if (trace) {
      const Flow flow(model.result, *trace, places_, steps_);
      if (Json flows = flow.json(); !flows.is_null()) json["codeFlows"] = flows;
      if (!flow.is_whole())
        properties["stepsLeftOut"] = trace->events.size() + trace->blocked.size() - flow.shown();
    }
    // That of its lines changes with their numbers: only where there is no better one.
    if (!f.content_fingerprint.empty())
      json["partialFingerprints"] = {{"raddleContent/v1", f.content_fingerprint}};
    else if (!f.fingerprint.empty())
      json["partialFingerprints"] = {{"raddleFinding/v1", f.fingerprint}};
    if (!f.suppressed.empty()) {
      const bool in_source = f.suppressed.starts_with("the comment at ");
      json["suppressions"] =
          Json::array({{{"kind", in_source ? "inSource" : "external"}, {"justification", f.suppressed}}});
    }
    if (f.count > 0) json["occurrenceCount"] = f.count;
    if (!f.trace.empty())
      json["attachments"] =
          Json::array({{{"description", text("The witness, for raddle show and raddle replay")},
                        {"artifactLocation", {{"uri", uri_of(f.trace)}}}}});
    json["provenance"] = {{"invocationIndex", m}};
    json["properties"] = properties;
    return json;
  }

  Json related_locations(const Result& model, const ResultFinding& f) {
    Json related = Json::array();
    for (const ResultPlace& place : f.places) {
      if (related.size() == kPlaces) break;
      Json location = {{"id", related.size() + 1}};
      location.update(places_.location(model, place.site));
      location["message"] = text(place.thread + ": " + place.text);
      related.push_back(location);
    }
    return related;
  }

  Json invocation(const ModelReport& model) {
    const Result& r = model.result;
    const int status = status_of(model);
    const bool failed = status == kExitBadInput || !r.inconclusive_reason.empty();
    Json notifications = Json::array();
    auto notify = [&](const char* id, const char* level, const std::string& words) {
      const auto at = std::find_if(kNotifications.begin(), kNotifications.end(),
                                   [&](const Notification& n) { return std::string_view(n.id) == id; });
      notifications.push_back({{"descriptor", {{"id", id}, {"index", at - kNotifications.begin()}}},
                               {"level", level},
                               {"message", text(words)},
                               {"locations", Json::array({places_.location(r, {})})}});
    };
    if (!model.problem.empty()) notify("not-checked", "error", model.problem);
    if (!model.skipped.empty()) notify("skipped", "note", model.skipped);
    if (status == kExitInconclusive)
      notify("inconclusive", failed ? "error" : "warning",
             r.inconclusive_reason.empty() ? coverage_text(r.coverage) : r.inconclusive_reason);
    for (const std::string& warning : r.warnings) notify("remark", "warning", warning);
    Json json = {{"arguments", r.arguments}, {"exitCode", status}, {"executionSuccessful", !failed}};
    if (!notifications.empty()) json["toolExecutionNotifications"] = notifications;
    Json properties = {{"model", name_of(model)}};
    if (status != kExitBadInput && model.skipped.empty()) {
      properties["verdict"] = r.verdict;
      properties["coverage"] = coverage_text(r.coverage);
      properties["executions"] = r.executions;
      properties["classes"] = r.classes;
      set_if_any(properties, "programHash", r.program_hash);
    }
    json["properties"] = properties;
    return json;
  }

  const std::span<const ModelReport> models_;
  const SourcePaths& paths_;
  const SourceLookup nothing_;
  Places places_;
  Json rules_ = Json::array();
  std::map<std::string, std::size_t, std::less<>> rule_of_;
  std::vector<Chosen> chosen_;
  std::size_t left_out_ = 0;
  std::size_t steps_ = kStepsOfAResult;
};

}  // namespace

std::string sarif(std::span<const ModelReport> models, const SourceLookup& source, const SourcePaths& paths) {
  return Sarif(models, source, paths).render();
}

}  // namespace raddle::reports
