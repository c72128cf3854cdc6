#include "reports/html_page.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "reports/embedded.h"
#include "reports/html_trace.h"
#include "reports/text_result.h"

#ifndef RADDLE_VERSION
#define RADDLE_VERSION "unknown"
#endif

namespace raddle::reports {
namespace {

using Json = nlohmann::ordered_json;

std::string_view file(const std::string& name) { return embedded::reports::file("html/" + name); }

/// The modules that this line imports from, if it is such a line: "./state.js" as "state.js".
std::string_view imported(std::string_view line) {
  if (!line.starts_with("import ")) return {};
  const std::size_t from = line.find("\"./");
  return line.substr(from + 3, line.rfind('"') - from - 3);
}

/// Modules one behind the other, each behind those that it imports, as one: their names are unique.
class Bundle {
 public:
  std::string take(const std::string& module) {
    add(module);
    return std::move(text_);
  }

 private:
  void add(const std::string& module) {
    if (std::find(added_.begin(), added_.end(), module) != added_.end()) return;
    added_.push_back(module);
    std::string own;
    for (std::string_view rest = file(module); !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (const std::string_view other = imported(line); !other.empty()) {
        add(std::string(other));
        continue;
      }
      constexpr std::string_view kExport = "export ";
      if (line.starts_with(kExport)) line.remove_prefix(kExport.size());
      own.append(line) += '\n';
    }
    text_ += "\n// --- " + module + "\n" + own;
  }

  std::vector<std::string> added_;
  std::string text_;
};

/// Inside of a script element nothing may look like its end.
std::string script_data(const Json& json) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size() + text.size() / 64);
  for (const char c : text) {
    if (c == '<')
      safe += "\\u003c";
    else if (c == '>')
      safe += "\\u003e";
    else if (c == '&')
      safe += "\\u0026";
    else
      safe += c;
  }
  return safe;
}

std::string page_of(const Json& data) {
  std::string styles;
  for (const char* name : {"theme.css", "page.css", "lanes.css", "panel.css"}) styles.append(file(name));
  std::string page(file("page.html"));
  auto fill = [&page](std::string_view place, const std::string& text) {
    page.replace(page.find(place), place.size(), text);
  };
  fill("<!--styles-->", "<style>\n" + styles + "</style>");
  // The data come last: no other place is looked for in what models contain.
  fill("<!--script-->", "<script type=\"module\">" + Bundle().take("main.js") + "</script>");
  fill("<!--data-->", "<script type=\"application/json\" id=\"data\">" + script_data(data) + "</script>");
  return page;
}

Json header() { return {{"version", RADDLE_VERSION}, {"models", Json::array()}, {"traces", Json::array()}}; }

}  // namespace

std::string html_page(const engine::Trace& trace, const std::string& path, const SourceLookup& lookup) {
  HtmlSources sources(lookup);
  Json data = header();
  data["traces"].push_back(html_trace(trace, path, sources));
  data["sources"] = sources.json();
  return page_of(data);
}

std::string html_page(std::span<const ModelReport> models, const SourceLookup& lookup) {
  HtmlSources sources(lookup);
  Json data = header();
  for (const ModelReport& model : models) {
    Json json = {{"name", name_of(model)},
                 {"verdict", model.result.verdict},
                 {"summary", summary_line(model.result)},
                 {"status", status_of(model)},
                 {"problem", model.problem},
                 {"skipped", model.skipped}};
    json["findings"] = Json::array();
    for (std::size_t i = 0; i < model.result.findings.size(); ++i) {
      const ResultFinding& f = model.result.findings[i];
      Json finding = {{"kind", f.kind},   {"severity", f.severity},     {"message", f.message},
                      {"title", f.title}, {"suppressed", f.suppressed}, {"count", f.count},
                      {"trace", -1}};
      if (i < model.witnesses.size() && model.witnesses[i]) {
        finding["trace"] = data["traces"].size();
        data["traces"].push_back(html_trace(*model.witnesses[i], f.trace, sources));
      }
      json["findings"].push_back(std::move(finding));
    }
    data["models"].push_back(std::move(json));
  }
  data["sources"] = sources.json();
  return page_of(data);
}

}  // namespace raddle::reports
