// What the HTML page is told about one trace: plain data in JSON, with the names and sentences of the text reports.
// For html_page.cpp; reports/html/trace.js reads it.
#pragma once
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "checker/engine/trace.h"
#include "reports/model_report.h"

namespace raddle::reports {

/// The source files of all traces of a page, each version of a file once.
class HtmlSources {
 public:
  explicit HtmlSources(const SourceLookup& lookup) : lookup_(lookup) {}
  /// The number of a file that the trace names; -1 for none. `shown`: what it is called.
  int add(const engine::Trace& trace, const std::string& file, const std::string& shown);
  /// A line that the page will want to show.
  void use(int source, int line);
  nlohmann::ordered_json json() const;

 private:
  struct Source {
    std::string shown, text, problem;
    std::vector<int> lines;
  };
  const SourceLookup& lookup_;
  std::vector<Source> sources_;
  std::map<std::pair<std::string, std::string>, int> known_;  // by model's folder and file, and by digest
};

nlohmann::ordered_json html_trace(const engine::Trace& trace, const std::string& path, HtmlSources& sources);

}  // namespace raddle::reports
