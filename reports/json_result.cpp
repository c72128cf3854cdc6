#include "reports/json_result.h"

#include <cmath>

#include "reports/atomic_file.h"
#include "reports/json_document.h"

namespace raddle::reports {
namespace {

constexpr DocumentType kResult = {"result", "raddle-result/1",
                                  "`raddle check MODEL --report FILE` writes a result to FILE"};

Json to_json(const CutLoop& loop) {
  Json json = Json::object();
  set_if_any(json, "location", loop.site);
  set_if_any(json, "thread", loop.thread);
  json["rounds"] = loop.rounds;
  return json;
}

Json to_json(const ResultPlace& place) {
  Json json = {{"thread", place.thread}, {"text", place.text}};
  set_if_any(json, "location", place.site);
  return json;
}

Json to_json(const ResultFinding& finding);
Json to_json(const Outcome& outcome);

Json to_json(const CoverageLevel& level) {
  return {{"executions", level.executions}, {"classes", level.classes}};
}

template <class T>
Json list(const std::vector<T>& all) {
  Json json = Json::array();
  for (const T& one : all) json.push_back(to_json(one));
  return json;
}

Json to_json(const Coverage& coverage) {
  Json json = {{"kind", coverage.kind}};
  set_if_any(json, "reason", coverage.reason);
  set_if_any(json, "detail", coverage.detail);
  if (coverage.bound > 0 || counts_switches(coverage)) json["bound"] = coverage.bound;
  if (coverage.runs > 0) json["runs"] = coverage.runs;
  if (coverage.requested) json["requested"] = true;
  if (!coverage.loops.empty()) json["loops"] = list(coverage.loops);
  if (!coverage.levels.empty()) json["levels"] = list(coverage.levels);
  if (!coverage.partial.empty()) json["partial"] = coverage.partial;
  return json;
}

Json to_json(const ResultFinding& finding) {
  Json json = {{"kind", finding.kind}, {"severity", finding.severity}, {"message", finding.message}};
  set_if_any(json, "title", finding.title);
  set_if_any(json, "location", finding.site);
  json["threads"] = finding.threads;
  json["objects"] = finding.objects;
  json["places"] = list(finding.places);
  set_if_any(json, "detail", finding.detail);
  set_if_any(json, "fingerprint", finding.fingerprint);
  set_if_any(json, "content_fingerprint", finding.content_fingerprint);
  set_if_any(json, "context", finding.context);
  json["count"] = finding.count;
  set_if_any(json, "trace", finding.trace);
  set_if_any(json, "suppressed", finding.suppressed);
  return json;
}

Json to_json(const Outcome& outcome) {
  Json json = {{"output", outcome.output}, {"count", outcome.count}};
  set_if_any(json, "trace", outcome.trace);
  return json;
}

constexpr char kDigits[] = "0123456789abcdef";

Json to_json(const ShardPart& part) {
  std::string state;
  for (const char c : part.state) {
    state += kDigits[static_cast<unsigned char>(c) >> 4];
    state += kDigits[c & 15];
  }
  return {{"index", part.index},
          {"of", part.of},
          {"command", part.command},
          {"input_hash", part.input_hash},
          {"state", state}};
}

ShardPart read_shard(const JsonValue& json) {
  ShardPart part;
  part.index = json.number("index");
  part.of = json.number("of");
  if (part.index < 1 || part.index > part.of) json.fail("there is no such shard");
  part.command = json.texts("command");
  part.input_hash = json.text("input_hash");
  int high = -1;
  for (const char c : json.text("state")) {
    const auto digit = std::string_view(kDigits).find(c);
    if (digit == std::string_view::npos) json.fail("its state is not hexadecimal");
    if (high < 0) {
      high = static_cast<int>(digit);
    } else {
      part.state += static_cast<char>(high << 4 | static_cast<int>(digit));
      high = -1;
    }
  }
  if (high >= 0) json.fail("its state is not complete");
  return part;
}

Json to_json(const SampleSummary& sample) {
  Json json = {
      {"draws", sample.draws}, {"classes", sample.classes}, {"once", sample.once}, {"twice", sample.twice}};
  if (sample.new_class_probability) json["new_class_probability"] = *sample.new_class_probability;
  if (sample.least_classes) json["least_classes"] = *sample.least_classes;
  json["ordered_pairs"] = sample.ordered_pairs;
  json["in_both_orders"] = sample.in_both_orders;
  return json;
}

SampleSummary read_sample(const JsonValue& json) {
  SampleSummary sample{.draws = json.number("draws"),
                       .classes = json.number("classes"),
                       .once = json.number("once"),
                       .twice = json.number("twice")};
  if (json.has("new_class_probability")) sample.new_class_probability = json.real("new_class_probability");
  if (json.has("least_classes")) sample.least_classes = json.real("least_classes");
  sample.ordered_pairs = json.number("ordered_pairs");
  sample.in_both_orders = json.number("in_both_orders");
  return sample;
}

Coverage read_coverage(const JsonValue& json) {
  Coverage coverage;
  coverage.kind = json.word("kind", {"complete", "bounded", "sampled", "cut"});
  coverage.reason = json.text_or_empty("reason");
  coverage.detail = json.text_or_empty("detail");
  coverage.bound = json.number_or_zero("bound");
  coverage.runs = json.number_or_zero("runs");
  coverage.requested = json.truth("requested", false);
  json.each(
      "loops",
      [&](const JsonValue& loop) {
        coverage.loops.push_back(
            {loop.site("location"), loop.text_or_empty("thread"), loop.number("rounds")});
      },
      false);
  json.each(
      "levels",
      [&](const JsonValue& level) {
        coverage.levels.push_back({level.number("executions"), level.number("classes")});
      },
      false);
  if (json.has("partial")) coverage.partial = json.texts("partial");
  return coverage;
}

ResultFinding read_finding(const JsonValue& json) {
  ResultFinding finding;
  finding.kind = json.text("kind");
  finding.severity = json.word("severity", {"error", "warning", "note"});
  finding.message = json.text("message");
  finding.title = json.text_or_empty("title");
  finding.site = json.site("location");
  finding.threads = json.texts("threads");
  finding.objects = json.texts("objects");
  json.each("places", [&](const JsonValue& place) {
    finding.places.push_back({place.text("thread"), place.text("text"), place.site("location")});
  });
  finding.detail = json.text_or_empty("detail");
  finding.fingerprint = json.text_or_empty("fingerprint");
  finding.content_fingerprint = json.text_or_empty("content_fingerprint");
  finding.context = json.text_or_empty("context");
  finding.count = json.number("count");
  finding.trace = json.text_or_empty("trace");
  finding.suppressed = json.text_or_empty("suppressed");
  return finding;
}

}  // namespace

std::string result_to_json(const Result& result) {
  Json json = {
      {"format", kResult.format},
      {"raddle_version", result.raddle_version},
      {"model", result.model},
      {"arguments", result.arguments},
      {"program_hash", result.program_hash},
      {"strategy", result.strategy},
      {"options", to_json(result.options)},
      {"seed", result.seed},
      {"verdict", result.verdict},
  };
  set_if_any(json, "inconclusive_reason", result.inconclusive_reason);
  json["coverage"] = to_json(result.coverage);
  json["executions"] = result.executions;
  json["executions_total"] = result.executions_total;
  json["classes"] = result.classes;
  set_if_any(json, "class_checksum", result.class_checksum);
  if (result.sample) json["sample"] = to_json(*result.sample);
  json["blocked"] = result.blocked;
  json["deadlocks"] = result.deadlocks;
  json["truncated"] = result.truncated;
  json["findings"] = list(result.findings);
  json["outcomes"] = list(result.outcomes);
  json["warnings"] = result.warnings;
  json["seconds"] = std::round(result.seconds * 1e6) / 1e6;
  if (result.shard.of) json["shard"] = to_json(result.shard);
  return layout(json);
}

Result result_from_json(std::string_view text, const std::string& path) {
  Json document = parse_document(text, path, kResult);
  JsonValue json(document, path, kResult);
  Result result;
  result.raddle_version = json.text("raddle_version");
  result.model = json.text("model");
  result.arguments = json.texts("arguments");
  result.program_hash = json.text("program_hash");
  result.strategy = json.text("strategy");
  result.options = json.pairs("options");
  result.seed = json.number("seed");
  result.verdict = json.word("verdict", {"clean", "findings", "inconclusive"});
  result.inconclusive_reason = json.text_or_empty("inconclusive_reason");
  result.coverage = read_coverage(json.object("coverage"));
  result.executions = json.number("executions");
  result.executions_total = json.number("executions_total");
  result.classes = json.number("classes");
  result.class_checksum = json.text_or_empty("class_checksum");
  if (json.has("sample")) result.sample = read_sample(json.object("sample"));
  result.blocked = json.number("blocked");
  result.deadlocks = json.number("deadlocks");
  result.truncated = json.number("truncated");
  json.each("findings", [&](const JsonValue& j) { result.findings.push_back(read_finding(j)); });
  json.each("outcomes", [&](const JsonValue& j) {
    result.outcomes.push_back({j.text("output"), j.number("count"), j.text_or_empty("trace")});
  });
  result.warnings = json.texts("warnings");
  result.seconds = json.real("seconds");
  if (json.has("shard")) result.shard = read_shard(json.object("shard"));
  return result;
}

void write_result(const std::string& path, const Result& result) { write_file(path, result_to_json(result)); }

Result read_result(const std::string& path) { return result_from_json(load_text(path, kResult), path); }

}  // namespace raddle::reports
