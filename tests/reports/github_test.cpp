// Annotations for GitHub Actions.
#include "reports/github.h"

#include <doctest/doctest.h>

#include "reports/policy.h"
#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

const SourcePaths kPaths("/here", "/here");

ResultFinding finding(const char* severity, const std::string& message, int line) {
  ResultFinding f;
  f.kind = "lost-update";
  f.severity = severity;
  f.message = message;
  f.site = {"m.py", line, 3, ""};
  return f;
}

ModelReport model_with(std::vector<ResultFinding> findings, const char* verdict = "findings") {
  ModelReport model;
  model.result.model = "src/m.py";
  model.result.verdict = verdict;
  model.result.findings = std::move(findings);
  return model;
}

std::size_t lines_with(const std::string& text, const std::string& start) {
  std::size_t n = 0;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    n += text.compare(at, start.size(), start) == 0;
  return n;
}

}  // namespace

TEST_CASE("a finding is a command with its place, its kind and its message") {
  ModelReport model = model_with({finding("error", "x is lost", 7)});
  CHECK(github_annotations({&model, 1}, kPaths) ==
        "::error file=src/m.py,line=7,col=3,title=LOST UPDATE::x is lost\n");
  model.result.findings[0].severity = "warning";
  CHECK(github_annotations({&model, 1}, kPaths).starts_with("::warning file="));
  model.result.findings[0].severity = "note";
  CHECK(github_annotations({&model, 1}, kPaths).starts_with("::notice file="));
}

TEST_CASE("what would end a command, or a property, is escaped") {
  ModelReport model = model_with({finding("error", "100%: a,\nb", 7)});
  model.result.model = "a,b:c/m.py";
  model.result.findings[0].title = "x::y,\n%";
  CHECK(github_annotations({&model, 1}, kPaths) ==
        "::error file=a%2Cb%3Ac/m.py,line=7,col=3,title=LOST UPDATE  x%3A%3Ay%2C\\n%25::x::y,%0A%25: 100%25: "
        "a,%0Ab\n");
}

TEST_CASE("the witness tells the accesses, what had to be different, and how to see it again") {
  ModelReport model;
  model.result = tests::lost_update_result();
  model.witnesses.emplace_back(tests::lost_update());
  const std::string text = github_annotations({&model, 1}, kPaths);
  CHECK(
      text.find("%0A  t2: write database_value = 1  models/tutorial/models/tutorial/lost_update.py:16%0A") !=
      std::string::npos);
  CHECK(text.ends_with("%0Areplay: raddle replay .raddle/lost_update-1.json\n"));
  CHECK(lines_with(text, "::") == 1);
}

TEST_CASE("no more than are shown, the most severe first, and how many more there are") {
  std::vector<ResultFinding> all;
  for (int i = 1; i <= 12; ++i) all.push_back(finding("warning", "w", i));
  for (int i = 1; i <= 10; ++i) all.push_back(finding("error", "e", i));
  ModelReport model = model_with(all);
  const std::string text = github_annotations({&model, 1}, kPaths);
  CHECK(lines_with(text, "::error ") == 10);
  CHECK(lines_with(text, "::warning ") == 10);
  CHECK(text.starts_with("::error "));
  CHECK(text.find("more errors") == std::string::npos);
  CHECK(text.ends_with("::warning title=raddle::3 more warnings, which are not shown at their lines\n"));
}

TEST_CASE("what does not count is not annotated; what is inconclusive or wrong is") {
  ModelReport model = model_with({finding("error", "e", 1)}, "clean");
  model.result.findings[0].suppressed = "--ignore";
  CHECK(github_annotations({&model, 1}, kPaths).empty());

  ModelReport expected = model_with({finding("error", "e", 1)});
  expected.status = kExitClean;
  CHECK(github_annotations({&expected, 1}, kPaths).empty());

  ModelReport cut = model_with({}, "inconclusive");
  cut.result.coverage.kind = "cut";
  cut.result.coverage.reason = "time";
  CHECK(github_annotations({&cut, 1}, kPaths) ==
        "::error file=src/m.py,title=INCONCLUSIVE  src/m.py::cut: the time budget ran out\n");

  ModelReport bad = model_with({}, "clean");
  bad.status = kExitBadInput;
  bad.problem = "there is no such file";
  CHECK(github_annotations({&bad, 1}, kPaths) ==
        "::error file=src/m.py,title=src/m.py::there is no such file\n");
}
