#include "reports/github.h"

#include <algorithm>
#include <array>
#include <vector>

#include "reports/kinds.h"
#include "reports/policy.h"
#include "reports/text_result.h"
#include "reports/text_trace.h"
#include "reports/utf8.h"

namespace raddle::reports {
namespace {

constexpr std::size_t kShown = 10;  // of each level

std::string escaped(std::string_view text, bool property) {
  std::string result;
  for (const char c : valid_utf8(text)) {
    switch (c) {
      case '%': result += "%25"; break;
      case '\r': result += "%0D"; break;
      case '\n': result += "%0A"; break;
      case ':': result += property ? "%3A" : ":"; break;
      case ',': result += property ? "%2C" : ","; break;
      default: result += c;
    }
  }
  return result;
}

std::string command(std::string_view level, const std::string& path, const engine::TraceSite& site,
                    const std::string& title, const std::string& message) {
  std::string line = "::" + std::string(level) + " ";
  if (!path.empty()) line += "file=" + escaped(path, true) + ',';
  if (site.line > 0) line += "line=" + std::to_string(site.line) + ',';
  if (site.column > 0) line += "col=" + std::to_string(site.column) + ',';
  return line + "title=" + escaped(printable(title), true) + "::" + escaped(message, false) + '\n';
}

std::string message_of(const ModelReport& model, std::size_t i, const SourcePaths& paths) {
  const ResultFinding& f = model.result.findings[i];
  const engine::Trace* trace = witness_of(model, i);
  std::string message;
  // Harmless to the terminal of the log, and each in its own line.
  auto add = [&](const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      message += (message.empty() ? "" : "\n") + printable(std::string_view(text).substr(at, end - at));
      at = end + 1;
    }
  };
  add(sentence_of(f));
  for (const ResultPlace& place : f.places)
    add("  " + place.thread + ": " + place.text +
        (place.site.line > 0
             ? "  " + paths.path(model.result, place.site.file) + ':' + std::to_string(place.site.line)
             : ""));
  if (trace) add(trace->explanation);
  if (trace && !f.trace.empty()) add("replay: " + replay_command(*trace, f.trace));
  return message;
}

class Annotations {
 public:
  Annotations(std::span<const ModelReport> models, const SourcePaths& paths)
      : models_(models), paths_(paths) {}

  std::string render() {
    for (const ModelReport& model : models_) unchecked(model);
    for (const ModelReport& model : models_) findings(model);
    for (const ModelReport& model : models_) inconclusive(model);
    std::string text;
    for (const Level& level : levels_) {
      const bool all = level.lines.size() <= kShown;
      for (std::size_t i = 0; i < (all ? level.lines.size() : kShown - 1); ++i) text += level.lines[i];
      const std::size_t more = level.lines.size() - (kShown - 1);
      if (!all)
        text +=
            command(level.name, "", {}, "raddle",
                    std::to_string(more) + " more " + level.plural + ", which are not shown at their lines");
    }
    return text;
  }

 private:
  struct Level {
    const char *name, *plural;
    std::vector<std::string> lines;
  };

  Level& level(std::string_view severity) {
    return levels_[severity == "error" ? 0 : severity == "warning" ? 1 : 2];
  }

  void unchecked(const ModelReport& model) {
    if (!model.problem.empty()) add("error", model, {}, name_of(model), printable(model.problem));
  }

  void findings(const ModelReport& model) {
    const bool passed = status_of(model) == kExitClean;
    for (std::size_t i = 0; i < model.result.findings.size(); ++i) {
      const ResultFinding& f = model.result.findings[i];
      if (!f.suppressed.empty() || (passed && f.severity == "error")) continue;  // that was expected
      add(f.severity, model, own_site_of(f), heading_of(f.kind) + (f.title.empty() ? "" : "  " + f.title),
          message_of(model, i, paths_));
    }
  }

  void inconclusive(const ModelReport& model) {
    if (status_of(model) != kExitInconclusive) return;
    const Result& r = model.result;
    add("error", model, {}, "INCONCLUSIVE  " + name_of(model),
        printable(r.inconclusive_reason.empty() ? coverage_text(r.coverage) : r.inconclusive_reason));
  }

  void add(std::string_view severity, const ModelReport& model, const engine::TraceSite& site,
           const std::string& title, const std::string& message) {
    Level& l = level(severity);
    l.lines.push_back(command(l.name, paths_.path(model.result, site.file), site, title, message));
  }

  std::span<const ModelReport> models_;
  const SourcePaths& paths_;
  std::array<Level, 3> levels_ = {
      {{"error", "errors", {}}, {"warning", "warnings", {}}, {"notice", "notices", {}}}};
};

}  // namespace

std::string github_annotations(std::span<const ModelReport> models, const SourcePaths& paths) {
  return Annotations(models, paths).render();
}

}  // namespace raddle::reports
