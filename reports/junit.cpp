#include "reports/junit.h"

#include <algorithm>
#include <cstdio>

#include "reports/kinds.h"
#include "reports/policy.h"
#include "reports/text_result.h"
#include "reports/text_trace.h"
#include "reports/utf8.h"

namespace raddle::reports {
namespace {

constexpr std::size_t kTraces = 5;  // that are told of one model

/// As text or as an attribute's value; XML cannot say control characters in any way.
std::string escaped(std::string_view text) {
  std::string xml;
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      xml += "&amp;";
    } else if (c == '<') {
      xml += "&lt;";
    } else if (c == '>') {
      xml += "&gt;";
    } else if (c == '"') {
      xml += "&quot;";
    } else if (c == '\n' || c == '\t') {
      xml += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      xml += "\uFFFD";
    } else {
      xml += c;
    }
  }
  // U+FFFE and U+FFFF are no characters of XML.
  for (const char* none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
    for (std::size_t at = 0; (at = xml.find(none, at)) != std::string::npos;) xml.replace(at, 3, "\uFFFD");
  return xml;
}

/// On one line: whoever reads it may make spaces of line breaks.
std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + escaped(printable(value)) + "\"";
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

/// The summary without its last part, the time: that is an attribute.
std::string summary(const Result& result) {
  const std::string line = summary_line(result);
  return line.substr(0, line.rfind(", "));
}

enum class Outcome { Passed, Failed, Error, Skipped };

Outcome outcome_of(const ModelReport& model) {
  if (!model.skipped.empty()) return Outcome::Skipped;
  switch (status_of(model)) {
    case kExitClean: return Outcome::Passed;
    case kExitFindings: return Outcome::Failed;
    default: return Outcome::Error;
  }
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  double seconds = 0;
};

std::string attributes(const Counts& c) {
  return attribute("tests", std::to_string(c.tests)) + attribute("failures", std::to_string(c.failures)) +
         attribute("errors", std::to_string(c.errors)) + attribute("skipped", std::to_string(c.skipped)) +
         attribute("time", seconds_text(c.seconds));
}

std::string option_of(const Result& result, std::string_view name) {
  for (const auto& [key, value] : result.options)
    if (key == name) return value;
  return {};
}

/// "models.tutorial.lost_update", with the class of a test of it: what servers make a hierarchy of.
std::string class_name(const ModelReport& model, const SourcePaths& paths) {
  std::string name = paths.model(model.result);
  if (name.ends_with(".py")) name.resize(name.size() - 3);
  name.erase(0, name.find_first_not_of('/'));
  std::replace(name.begin(), name.end(), '/', '.');
  const std::string test = option_of(model.result, "test");
  if (const auto at = test.rfind("::"); at != std::string::npos) name += '.' + test.substr(0, at);
  return name;
}

bool counts(const ResultFinding& f) { return f.suppressed.empty() && f.severity == "error"; }

class Junit {
 public:
  explicit Junit(const SourcePaths& paths) : paths_(paths) {}

  std::string render(std::span<const ModelReport> models) {
    Counts all;
    std::string cases;
    for (const ModelReport& model : models) {
      const Outcome outcome = outcome_of(model);
      ++all.tests;
      all.failures += outcome == Outcome::Failed;
      all.errors += outcome == Outcome::Error;
      all.skipped += outcome == Outcome::Skipped;
      all.seconds += model.result.seconds;
      cases += test_case(model, outcome);
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"raddle\"" + attributes(all) +
           ">\n<testsuite name=\"raddle\"" + attributes(all) + ">\n" + cases +
           "</testsuite>\n</testsuites>\n";
  }

 private:
  std::string test_case(const ModelReport& model, Outcome outcome) const {
    const std::string test = option_of(model.result, "test");
    const auto at = test.rfind("::");
    const std::string name = test.empty()              ? name_of(model)
                             : at == std::string::npos ? test
                                                       : test.substr(at + 2);
    std::string xml = "<testcase" + attribute("classname", class_name(model, paths_)) +
                      attribute("name", model.name.empty() ? name : model.name) +
                      attribute("file", paths_.model(model.result)) +
                      attribute("time", seconds_text(model.result.seconds)) + ">\n";
    switch (outcome) {
      case Outcome::Passed: break;
      case Outcome::Failed: xml += failure(model); break;
      case Outcome::Error: xml += error(model); break;
      case Outcome::Skipped: xml += "<skipped" + attribute("message", model.skipped) + "/>\n"; break;
    }
    if (outcome != Outcome::Skipped && status_of(model) != kExitBadInput)
      xml += "<system-out>" + escaped(remarks(model)) + "</system-out>\n";
    return xml + "</testcase>\n";
  }

  static std::string element(const char* name, std::string_view type, const std::string& message,
                             const std::string& text) {
    return std::string("<") + name + attribute("type", type) + attribute("message", message) + ">" +
           escaped(text) + "</" + name + ">\n";
  }

  std::string failure(const ModelReport& model) const {
    const Result& r = model.result;
    const auto errors = static_cast<std::size_t>(std::count_if(r.findings.begin(), r.findings.end(), counts));
    const ResultFinding* first = nullptr;
    std::string text = model.problem.empty() ? "" : model.problem + "\n\n";
    std::size_t told = 0;
    for (std::size_t i = 0; i < r.findings.size() && told < kTraces; ++i) {
      if (!counts(r.findings[i])) continue;
      if (!first) first = &r.findings[i];
      text += (told++ ? "\n" : "") + told_of(model, r.findings[i], witness_of(model, i));
    }
    if (errors > told) text += "\nand " + std::to_string(errors - told) + " more\n";
    std::string message = model.problem;
    if (message.empty() && first) message = sentence_of(*first);
    if (errors > 1) message += " (and " + std::to_string(errors - 1) + " more)";
    return element("failure", first ? first->kind : "unexpected", message, text);
  }

  std::string told_of(const ModelReport& model, const ResultFinding& f, const engine::Trace* witness) const {
    if (witness) return text_trace(*witness, {.path = f.trace});
    std::string text = heading_of(f.kind) + "  " + place_of(model, f) + '\n' + sentence_of(f) + '\n';
    for (const ResultPlace& place : f.places) text += "  " + place.thread + ": " + place.text + '\n';
    return text;
  }

  std::string place_of(const ModelReport& model, const ResultFinding& f) const {
    if (f.site.file.empty()) return {};
    return paths_.path(model.result, f.site.file) +
           (f.site.line > 0 ? ':' + std::to_string(f.site.line) : "");
  }

  static std::string error(const ModelReport& model) {
    if (status_of(model) == kExitInconclusive) {
      const Result& r = model.result;
      const std::string why =
          !r.inconclusive_reason.empty() ? r.inconclusive_reason : coverage_text(r.coverage);
      return element("error", "inconclusive", why, summary(r) + '\n');
    }
    const std::string why =
        model.problem.empty() ? "exit status " + std::to_string(status_of(model)) : model.problem;
    return element("error", "not-checked", why, why + '\n');
  }

  /// What was explored, and what it found that does not make it fail.
  std::string remarks(const ModelReport& model) const {
    const Result& r = model.result;
    const bool passed = status_of(model) == kExitClean;
    std::string text = summary(r) + '\n';
    for (const ResultFinding& f : r.findings) {
      if (counts(f) && !passed) continue;
      const std::string place = place_of(model, f);
      text += f.severity + "  " + place + (place.empty() ? "" : "  ") + sentence_of(f) + " [" + f.kind + "]" +
              (f.suppressed.empty() ? "" : " does not count: " + f.suppressed) + '\n';
    }
    for (const std::string& warning : r.warnings) text += "warning  " + warning + '\n';
    return text;
  }

  const SourcePaths& paths_;
};

}  // namespace

std::string junit(std::span<const ModelReport> models, const SourcePaths& paths) {
  return Junit(paths).render(models);
}

}  // namespace raddle::reports
