#include "checker/cli/model_list.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "checker/cli/baseline.h"
#include "checker/cli/model_check.h"
#include "checker/cli/project_file.h"
#include "checker/cli/test_suite.h"
#include "checker/engine/error.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;
using engine::UserError;
using Texts = std::vector<std::string>;

constexpr const char* kAnyModel = "model.py";

std::string key_of(const std::string& path) { return fs::absolute(path).lexically_normal().string(); }

class Lister {
 public:
  explicit Lister(CheckRequest common) { list_.common = std::move(common); }

  /// Tests, as FILE::TEST, that are not taken once more with the others of their file.
  void keep_apart(const std::string& file_and_test) {
    const std::size_t end = file_and_test.find("::");
    apart_.insert(key_of(file_and_test.substr(0, end)) + file_and_test.substr(end));
  }

  /// The model, or its tests.
  void add(CheckRequest request) {
    const ModelSpec& model = request.model;
    std::error_code error;
    const bool folder = !model.as_module && fs::is_directory(model.model, error);
    if (!model.as_module && !fs::exists(model.model, error))
      return add_problem(request, "there is no such file. Arguments of the model come behind --");
    if (model.as_module || !model.test.empty() || (!folder && !is_test_file(model.model)))
      return add_one(std::move(request));
    const std::vector<Test> tests = collect_tests(request);
    if (tests.empty() && !folder) return add_one(std::move(request));
    if (tests.empty()) return add_problem(request, "there are no tests in this folder");
    for (const Test& test : tests) {
      if (apart_.contains(key_of(test.file) + "::" + test.name)) continue;
      CheckRequest one = request;
      one.model.model = test.file;
      one.model.test = test.name;
      if (test.why_not.empty()) {
        name_in_baseline(one);
        add_one(std::move(one));
      } else if (test.name.empty()) {
        add_problem(one, test.why_not);
      } else {
        list_.models.push_back({name_of(one.model, one.model.model), one, {}, test.why_not});
      }
    }
  }

  ModelList finish() {
    name_traces();
    return std::move(list_);
  }

 private:
  void add_one(CheckRequest request) {
    const std::string name = name_of(request.model, request.model.model);
    list_.models.push_back({name, std::move(request), {}, {}});
  }
  void add_problem(const CheckRequest& request, const std::string& problem) {
    list_.models.push_back({name_of(request.model, request.model.model), request, problem, {}});
  }

  /// Models of the same name, in different folders or with different arguments, do not write over each other's traces.
  void name_traces() {
    std::map<std::string, std::vector<CheckRequest*>> by_stem;
    for (ListedModel& m : list_.models)
      if (m.problem.empty() && m.skipped.empty())
        by_stem[m.request.trace_folder + '/' + trace_stem_of(m.request.model)].push_back(&m.request);
    std::set<std::string> used;
    for (const auto& [stem, requests] : by_stem)
      if (requests.size() == 1) used.insert(stem);
    for (const auto& [stem, requests] : by_stem) {
      if (requests.size() == 1) continue;
      for (CheckRequest* r : requests) {
        const std::string folder = fs::path(r->model.model).parent_path().lexically_normal().string();
        std::string name =
            (folder.empty() || r->model.as_module ? "" : folder + '-') + trace_stem_of(r->model);
        std::replace(name.begin(), name.end(), '/', '-');
        name.erase(0, name.find_first_not_of("-."));
        for (int number = 1;
             !used.insert(r->trace_folder + '/' +
                          (r->trace_stem = name + (number > 1 ? "." + std::to_string(number) : "")))
                  .second;
             ++number) {
        }
      }
    }
  }

  ModelList list_;
  std::set<std::string> apart_;
};

void require_one_file(const CheckRequest& r) {
  if (!r.checkpoint.empty())
    throw UserError("--checkpoint: several models have several states. Name one model");
  if (!r.graph.empty()) throw UserError("--graph: several models have several searches. Name one model");
  if (r.search.shard.of) throw UserError("--shard: several models have several searches. Name one model");
}

/// What was typed for all, for one of them.
CheckRequest without_common_files(CheckRequest r) {
  r.report.clear();
  r.outputs = {};
  r.progress = ProgressKind::Never;
  return r;
}

ModelList from_command_line(const Texts& typed, const CheckOptionTexts& texts) {
  if (!texts.module().empty())
    throw UserError("check: both a model (" + texts.models().front() + ") and -m " + texts.module() +
                    " given. The model's own arguments come behind --");
  Lister lister(parse_check(typed, texts.models().front()));
  const CheckRequest first = parse_check(typed, texts.models().front());
  require_one_file(first);
  for (const std::string& model : texts.models()) {
    CheckRequest r = without_common_files(parse_check(typed, model));
    r.search.jobs = 0;
    lister.add(std::move(r));
  }
  return lister.finish();
}

/// Is the model one of those that were named?
bool is_wanted(const ProjectModel& model, const Texts& wanted, std::vector<bool>& used) {
  bool is = wanted.empty();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (!model.as_module && key_of(wanted[i]) == key_of(model.model)) is = used[i] = true;
  return is;
}

ModelList from_project(const std::string& path, const Texts& typed, const CheckOptionTexts& texts) {
  if (!texts.module().empty())
    throw UserError("check: both a project (" + path + ") and -m " + texts.module() + " given");
  if (texts.has_model_arguments())
    throw UserError("check: the arguments of a project's models are in " + path + ", not behind --");
  const Project project = read_project(path);
  CheckRequest typed_alone = parse_check(typed, kAnyModel);
  require_one_file(typed_alone);
  // What is typed counts more than the file.
  Texts of_project;
  std::error_code error;
  if (!project.baseline.empty() &&
      (typed_alone.write_baseline.empty() || fs::exists(project.baseline, error)))
    of_project.push_back("--baseline=" + project.baseline);
  std::vector<std::string> output_folders;
  for (const auto& [option, file] : project.outputs) {
    of_project.push_back("--" + option + '=' + file);
    output_folders.push_back(fs::path(file).parent_path().string());
  }
  Texts all = of_project;
  all.insert(all.end(), typed.begin(), typed.end());
  Lister lister(parse_check(all, kAnyModel));
  for (const ProjectModel& model : project.models)
    if (!model.as_module && model.model.find("::") != std::string::npos) lister.keep_apart(model.model);
  std::vector<bool> used(texts.models().size());
  for (const ProjectModel& model : project.models) {
    if (!is_wanted(model, texts.models(), used)) continue;
    Texts options = model.typed;
    if (model.as_module) options.push_back("-m" + model.model);
    const Texts own = options;
    options.insert(options.end(), all.begin(), all.end());
    try {
      CheckRequest r = without_common_files(parse_check(options, model.model));
      r.model.arguments = model.arguments;
      name_in_baseline(r);
      r.typed = own;
      const Texts of_all = typed_for_model(all);
      r.typed.insert(r.typed.end(), of_all.begin(), of_all.end());
      if (!model.as_module) r.typed.push_back(model.model);
      if (!model.arguments.empty()) r.typed.emplace_back("--");
      r.typed.insert(r.typed.end(), model.arguments.begin(), model.arguments.end());
      const bool certain =
          std::any_of(own.begin(), own.end(), [](const auto& o) { return o.starts_with("--jobs="); });
      if (!certain) r.search.jobs = 0;
      lister.add(std::move(r));
    } catch (const UserError& e) {
      throw UserError(model.place + ": " + e.what());
    }
  }
  for (std::size_t i = 0; i < used.size(); ++i)
    if (!used[i]) throw UserError(path + ": " + texts.models()[i] + " is none of its models");
  ModelList list = lister.finish();
  list.heading = path;
  list.whole = texts.models().empty();
  list.output_folders = std::move(output_folders);
  return list;
}

}  // namespace

ModelList list_models(const Texts& typed, const CheckOptionTexts& texts) {
  if (texts.project().empty() && !texts.models().empty()) return from_command_line(typed, texts);
  std::error_code error;
  const std::string path = texts.project().empty() ? kProjectFile : texts.project();
  if (texts.project().empty() && (texts.has_model_arguments() || !fs::exists(path, error)))
    throw UserError(
        "check: no model given" +
        (texts.has_model_arguments() ? std::string(" before --, only arguments for it behind")
                                     : ", and there is no " + path + " in this folder that would name some") +
        ". Try raddle check PROGRAM.py" +
        (texts.has_model_arguments() ? "" : R"(, or write {"models": ["PROGRAM.py"]} into raddle.json)") +
        ", or see raddle help check");
  return from_project(path, typed, texts);
}

}  // namespace raddle::cli
