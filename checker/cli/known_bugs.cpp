#include "checker/cli/known_bugs.h"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "checker/cli/check_options.h"
#include "checker/cli/embedded.h"
#include "checker/cli/expectation.h"
#include "checker/cli/model_process.h"
#include "checker/cli/terminal.h"
#include "checker/engine/error.h"
#include "reports/atomic_file.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "raddle-XXXXXX").string();
    if (!::mkdtemp(name.data()))
      throw engine::UserError(name + " cannot be made: " + std::strerror(errno) +
                              ". TMPDIR names another place");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Program {
  std::string name;  // "lost_update"
  std::string kind;  // what it has
  bool correct = false;
};

/// The first line of each says what it has, and with which options that is an error: "# data-race --strict".
std::vector<std::string> words_of_first_line(std::string_view text) {
  std::istringstream line(std::string(text.substr(2, text.find('\n') - 2)));
  std::vector<std::string> words;
  for (std::string word; line >> word;) words.push_back(word);
  return words;
}

CheckRequest request_for(const std::string& path, const std::vector<std::string>& words, bool correct) {
  std::vector<std::string> typed(words.begin() + 1, words.end());
  typed.push_back("--expect=" + (correct ? "clean" : words.front()));
  typed.push_back(path);
  CheckRequest request = parse_check(typed);
  if (correct) request.model.arguments = {"correct"};
  request.keep_traces = false;
  request.search.jobs = 1;
  return request;
}

}  // namespace

int check_known_bugs(std::size_t jobs, bool quiet) {
  const TemporaryFolder folder;
  std::vector<Program> programs;
  std::vector<CheckRequest> requests;
  for (const embedded::cli::File& file : embedded::cli::files()) {
    const fs::path path = folder.path() / fs::path(file.name).filename();
    reports::write_file(path.string(), file.text);
    const auto words = words_of_first_line(file.text);
    for (const bool correct : {false, true}) {
      programs.push_back({path.stem().string(), words.front(), correct});
      requests.push_back(request_for(path.string(), words, correct));
    }
  }
  std::size_t wrong = 0;
  bool failed = false, inconclusive = false;
  const bool interrupted = check_models(requests, jobs, [&](std::size_t i, const ModelOutcome& outcome) {
    const Program& p = programs[i];
    const std::string what = p.correct ? "nothing in its correct version" : p.kind;
    std::string verdict = "ok      ", why;
    if (!outcome.checked) {
      verdict = outcome.interrupted ? "not checked " : "FAILED  ";
      why = outcome.interrupted ? "" : ": " + outcome.error;
      (outcome.interrupted ? inconclusive : failed) = true;
    } else if (const Judgement j =
                   judge(requests[i].expected, outcome.checked->report.result, requests[i].accept);
               !j.met) {
      verdict = "FAILED  ";
      why = ": " + j.message;
      failed = true;
    }
    wrong += verdict == "FAILED  ";
    if (!quiet || !why.empty()) print(verdict + p.name + ": " + what + why + '\n');
  });
  print(std::to_string(programs.size() / 2) + " bugs and their correct versions: " +
        (wrong         ? std::to_string(wrong) + " not as expected"
         : interrupted ? "interrupted"
                       : "all as expected") +
        '\n');
  return failed                        ? reports::kExitFindings
         : interrupted || inconclusive ? reports::kExitInconclusive
                                       : reports::kExitClean;
}

}  // namespace raddle::cli
