// raddle.json: what it says, and what is wrong with it.
#include "checker/cli/project_file.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "checker/engine/error.h"

using namespace raddle;
using namespace raddle::cli;

namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

/// A folder with some files, which is the current one meanwhile.
class Folder {
 public:
  Folder() : before_(fs::current_path()) {
    std::string name = (fs::temp_directory_path() / "project-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    fs::current_path(path_ = name);
    for (const char* file :
         {"a.py", "b.py", "sub/c.py", "sub/deep/d.py", "sub/.hidden/e.py", "sub/notes.txt"}) {
      if (const fs::path parent = fs::path(file).parent_path(); !parent.empty())
        fs::create_directories(parent);
      std::ofstream(file) << "pass\n";
    }
  }
  ~Folder() {
    fs::current_path(before_);
    fs::remove_all(path_);
  }

 private:
  fs::path before_, path_;
};

Project read(const std::string& text, const std::string& path = "raddle.json") {
  std::ofstream(path) << text;
  return read_project(path);
}

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const engine::UserError& e) {
    return e.what();
  }
  return "fine";
}

Texts names(const Project& project) {
  Texts all;
  for (const ProjectModel& m : project.models) all.push_back(m.model);
  return all;
}

}  // namespace

TEST_CASE("paths and patterns, in the order of the file, each file once") {
  const Folder folder;
  CHECK(names(read(R"({"models": ["b.py", "a.py"]})")) == Texts{"b.py", "a.py"});
  CHECK(names(read(R"({"models": ["*.py"]})")) == Texts{"a.py", "b.py"});
  CHECK(names(read(R"({"models": ["**/*.py"]})")) == Texts{"a.py", "b.py", "sub/c.py", "sub/deep/d.py"});
  CHECK(names(read(R"({"models": ["sub/*.py", "sub/**/d.py"]})")) == Texts{"sub/c.py", "sub/deep/d.py"});
  CHECK(names(read(R"({"models": ["[a]*.py", "**/*.py", "sub/*.py"]})")) ==
        Texts{"a.py", "b.py", "sub/c.py", "sub/deep/d.py"});
  CHECK(names(read(R"({"models": ["**/*.py"], "exclude": "sub/deep/*"})")) ==
        Texts{"a.py", "b.py", "sub/c.py"});
}

TEST_CASE("what is named by itself is not taken from a pattern once more") {
  const Folder folder;
  const Project project = read(R"({"models": ["*.py", {"model": "a.py", "expect": "deadlock"}]})");
  CHECK(names(project) == Texts{"b.py", "a.py"});
  CHECK(project.models[1].typed == Texts{"--expect=deadlock"});
  CHECK(
      names(read(
          R"({"models": [{"model": "a.py", "arguments": ["1"]}, {"model": "a.py", "arguments": ["", "-x"]}]})")) ==
      Texts{"a.py", "a.py"});
}

TEST_CASE("paths are relative to the file") {
  const Folder folder;
  const Project project = read(
      R"({"models": ["c.py", {"model": "deep/*", "stdin": "notes.txt", "trace-dir": "/t"}], "baseline": "b.json",
               "outputs": {"report": "out/r.json"}})",
      "sub/p.json");
  CHECK(names(project) == Texts{"sub/c.py", "sub/deep/d.py"});
  CHECK(project.models[1].typed == Texts{"--stdin=sub/notes.txt", "--trace-dir=/t"});
  CHECK(project.baseline == "sub/b.json");
  CHECK(project.outputs.at("report") == "sub/out/r.json");
}

TEST_CASE("options: those of the model before the defaults before the profile") {
  const Folder folder;
  const Project project = read(R"({
    "profile": "strict",
    "defaults": {"budget": {"time": 5, "runs": 10}, "ignore": ["hang", "misuse:a.py"], "seed": 7},
    "models": ["a.py",
               {"model": "b.py", "strict": false, "time": "2s", "ignore": [], "arguments": ["x", ""], "fail-on": "hang"},
               {"module": "pkg.main"}, {"test": "sub/c.py::test_it"}]})");
  CHECK(project.models[0].typed == Texts{"--all", "--fail-on=data-race", "--ignore=hang",
                                         "--ignore=misuse:a.py", "--runs=10", "--seed=7", "--strict",
                                         "--time=5"});
  CHECK(project.models[1].typed == Texts{"--all", "--fail-on=hang", "--seed=7", "--time=2s"});
  CHECK(project.models[1].arguments == Texts{"x", ""});
  CHECK(project.models[2].as_module);
  CHECK(project.models[2].model == "pkg.main");
  CHECK(project.models[3].model == "sub/c.py::test_it");
  CHECK(project.models[3].place == "raddle.json:6: models[3]");
}

TEST_CASE("what is wrong is said with line, place and what is allowed") {
  const Folder folder;
  const std::pair<const char*, const char*> cases[] = {
      {"", "raddle.json:1:1: this is not JSON: the file is empty"},
      {"{\"models\": [\n\"a.py\",\n]}", "raddle.json:3:1: this is not JSON: "},
      {"{\"models\": [", "it ends in the middle"},
      {"[]", "raddle.json:1: it has to be an object"},
      {"{}", "raddle.json:1: there are no \"models\""},
      {R"({"models": []})", "raddle.json:1: models: is empty"},
      {R"({"models": "a.py"})", "models: is a text, and has to be a list"},
      {"{\n\"models\": [\"a.py\",\n  7]}",
       "raddle.json:3: models[1]: is a number, and has to be a path or an object"},
      {"{\n\"models\": [\"a.py\"],\n\"model\": 1}",
       "raddle.json:3: model: there is no such key (did you mean models?). Here it takes $schema, models, "},
      {"{\"models\": [\"a.py\"],\n\"models\": []}", "raddle.json:2: models: is there twice"},
      {R"({"models": [{"model": "a.py", "stratgey": "pct"}]})",
       "raddle.json:1: models[0].stratgey: there is no such key (did you mean strategy?). Here it takes "
       "model, module, test, arguments, budget"},
      {R"({"models": [{"model": "a.py", "strategy": "clever"}]})",
       "raddle.json:1: models[0].strategy: --strategy: there is no 'clever'. It takes exhaustive"},
      {R"({"models": [{"model": "a.py", "strict": "yes"}]})",
       "models[0].strict: is a text, and has to be true or false"},
      {R"({"models": [{"model": "a.py", "runs": 0}]})", "models[0].runs: --runs: '0' is not a number from 1"},
      {R"({"models": [{"model": "a.py", "seed": ["1"]}]})",
       "models[0].seed: is a list, and has to be a text"},
      {R"({"models": [{"model": "a.py", "ignore": [1]}]})", "models[0].ignore[0]: is a number"},
      {R"({"models": [{"model": "a.py", "report": "r.json"}]})", "models[0].report: there is no such key"},
      {R"({"models": [{"model": "a.py", "preemptions": 1, "delays": 1}]})",
       "raddle.json:1: models[0]: --delays does not go together with another bound"},
      {R"({"models": [{"model": "a.py", "budget": {"timee": 1}}]})",
       "models[0].budget.timee: there is no such key (did you mean time?)"},
      {R"({"models": [{"model": "a.py", "budget": {"time": "x"}}]})",
       "models[0].budget.time: --time: 'x' is not a duration"},
      {R"({"models": [{"model": "a.py", "budget": {"time": 1}, "runs": 5}]})", "Say it once"},
      {R"({"models": [{"model": "a.py", "module": "a"}]})", "models[0].module: there is a \"model\", too"},
      {R"({"models": [{"arguments": []}]})",
       "models[0]: there is no \"model\", \"module\" or \"test\" in it"},
      {R"({"models": [{"test": "a.py"}]})", "models[0].test: 'a.py' is not like tests/test_it.py::test_it"},
      {R"({"models": ["missing.py"]})", "raddle.json:1: models[0]: there is no file missing.py"},
      {R"({"models": ["x*.py"]})", "raddle.json:1: models[0]: no file matches x*.py"},
      {R"({"models": ["a.py"], "profile": "lax"})", "profile: there is no 'lax'. It takes strict."},
      {R"({"models": ["a.py"], "defaults": {"model": "b.py"}})", "defaults.model: there is no such key"},
      {R"({"models": ["a.py"], "outputs": {"sari": "x"}})",
       "outputs.sari: there is no such key (did you mean sarif?). Here it takes report, sarif"},
      {R"({"models": ["a.py"], "baseline": ""})", "baseline: is empty"},
  };
  for (const auto& [text, says] : cases) {
    CAPTURE(text);
    const std::string said = refusal(text);
    CAPTURE(said);
    CHECK(said.find(says) != std::string::npos);
    CHECK(said.starts_with("raddle.json:"));
  }
  CHECK_THROWS_AS(read_project("nowhere.json"), engine::UserError);
}
