#include "checker/cli/project_file.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <CLI/CLI.hpp>

#include "checker/cli/check_options.h"
#include "checker/cli/glob.h"
#include "checker/cli/located_json.h"
#include "checker/cli/parse.h"
#include "checker/engine/error.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;
using engine::UserError;
using Texts = std::vector<std::string>;

/// What may stand before a value: an option of `raddle check` without its dashes.
struct KnownOption {
  std::string name;
  bool flag = false, list = false, path = false;
};

/// Those that make sense for one model of several.
std::vector<KnownOption> known_options() {
  const std::set<std::string> not_of_models = {"project", "baseline", "write-baseline", "shard", "knowing"};
  const std::set<std::string> outputs_of_models = {"trace-dir", "checkpoint", "checkpoint-every"};
  CheckOptionTexts texts;
  CLI::App app;
  texts.declare(app);
  std::vector<KnownOption> known;
  for (const CLI::Option* o : app.get_options()) {
    if (o->get_lnames().empty() || o->get_group().empty() || o->get_positional()) continue;
    const std::string& name = o->get_lnames().front();
    if (not_of_models.contains(name) || name == "help") continue;
    if (o->get_group() == "Output" && !outputs_of_models.contains(name)) continue;
    const std::string type = o->get_type_name();
    known.push_back(
        {name, o->get_expected_max() == 0, o->get_expected_max() > 1, type == "FILE" || type == "DIR"});
  }
  return known;
}

/// Files with the results of all models.
Texts known_outputs() {
  const std::set<std::string> of_models = {"checkpoint", "graph"};
  CheckOptionTexts texts;
  CLI::App app;
  texts.declare(app);
  Texts known;
  for (const CLI::Option* o : app.get_options())
    if (o->get_group() == "Output" && o->get_type_name() == "FILE" &&
        !of_models.contains(o->get_lnames().front()))
      known.push_back(o->get_lnames().front());
  return known;
}

/// The options of a model or of all: option -> what is typed for it, in the order of the options' names.
using Given = std::map<std::string, Texts>;

class Reader {
 public:
  explicit Reader(const std::string& path)
      : json_(read_input("--project", path), path),
        folder_(fs::path(path).parent_path().string()),
        options_(known_options()),
        outputs_(known_outputs()) {}

  Project read() {
    const Json& document = json_.document();
    if (!document.is_object()) json_.fail("", "it has to be an object: {\"models\": [...]}");
    for (const auto& [key, value] : document.items())
      json_.require_known("", key,
                          {"$schema", "models", "exclude", "profile", "defaults", "outputs", "baseline"});
    Project project;
    project.path = json_.path();
    if (document.contains("profile")) apply_profile(document["profile"]);
    if (document.contains("defaults")) read_defaults(document["defaults"]);
    if (document.contains("exclude"))
      for (const std::string& pattern : texts("exclude", document["exclude"]))
        for (const std::string& file : matching_files(folder_, pattern)) excluded_.insert(key_of(file));
    if (document.contains("outputs")) read_outputs(document["outputs"], project);
    if (document.contains("baseline")) project.baseline = below(text("baseline", document["baseline"]));
    if (!document.contains("models"))
      json_.fail("", "there are no \"models\". Say which: {\"models\": [\"tests/*.py\"]}");
    read_models(document["models"], project);
    return project;
  }

 private:
  std::string text(const std::string& place, const Json& value) const {
    if (!value.is_string()) json_.fail(place, "is " + type_of(value) + ", and has to be a text");
    if (value.get<std::string>().empty()) json_.fail(place, "is empty");
    return value.get<std::string>();
  }

  Texts texts(const std::string& place, const Json& value, bool may_be_empty = false) const {
    if (value.is_string()) return {text(place, value)};
    if (!value.is_array())
      json_.fail(place, "is " + type_of(value) + ", and has to be a text or a list of texts");
    Texts all;
    for (std::size_t i = 0; i < value.size(); ++i)
      all.push_back(may_be_empty && value[i].is_string() ? value[i].get<std::string>()
                                                         : text(element_place(place, i), value[i]));
    return all;
  }

  /// A path of the file, as it could be typed here.
  std::string below(const std::string& path) const {
    if (folder_.empty() || fs::path(path).is_absolute()) return path;
    return (fs::path(folder_) / path).lexically_normal().string();
  }

  static std::string key_of(const std::string& path) {
    return fs::absolute(path).lexically_normal().string();
  }

  const KnownOption* find(const std::string& name) const {
    for (const KnownOption& o : options_)
      if (o.name == name) return &o;
    return nullptr;
  }

  /// What would be typed for an option.
  Texts typed(const std::string& place, const KnownOption& option, const Json& value) const {
    const std::string dashes = "--" + option.name;
    if (option.flag) {
      if (!value.is_boolean()) json_.fail(place, "is " + type_of(value) + ", and has to be true or false");
      return value.get<bool>() ? Texts{dashes} : Texts{};
    }
    Texts values;
    if (option.list)
      values = texts(place, value);
    else if (value.is_number_integer() || value.is_number_float())
      values = {value.dump()};
    else
      values = {text(place, value)};
    Texts all;
    for (std::string& v : values) {
      if (option.path) v = below(v);
      if (option.name == "expect-output" && v.starts_with('@')) v = '@' + below(v.substr(1));
      all.push_back(dashes + '=' + v);
    }
    return all;
  }

  /// Is each of them good by itself?
  void try_out(const std::string& place, const Texts& options) const {
    if (options.empty()) return;
    Texts all = options;
    all.emplace_back("model.py");
    try {
      parse_check(all);
    } catch (const UserError& e) {
      std::string what = e.what();
      if (const auto see = what.rfind(". See raddle help check"); see != std::string::npos) what.resize(see);
      json_.fail(place, what);
    }
  }

  /// One member of an object of options. `others`: what else it takes.
  void read_option(const std::string& place, const std::string& key, const Json& value, const Texts& others,
                   Given& given) const {
    const std::string here = member_place(place, key);
    if (key == "budget") return read_budget(here, value, given);
    const KnownOption* option = find(key);
    if (!option) {
      Texts known = others;
      known.emplace_back("budget");
      for (const KnownOption& o : options_) known.push_back(o.name);
      json_.require_known(place, key, known);
      return;
    }
    const Texts all = typed(here, *option, value);
    try_out(here, all);
    given[key] = all;
  }

  void read_budget(const std::string& place, const Json& value, Given& given) const {
    if (!value.is_object())
      json_.fail(place, "is " + type_of(value) + R"(, and has to be an object: {"time": "10s"})");
    given["time"].clear();
    given["runs"].clear();
    for (const auto& [key, limit] : value.items()) {
      json_.require_known(place, key, {"time", "runs"});
      read_option(place, key, limit, {}, given);
    }
  }

  void apply_profile(const Json& value) {
    if (text("profile", value) != "strict")
      json_.fail("profile", "there is no '" + value.get<std::string>() + "'. It takes strict.");
    defaults_["strict"] = {"--strict"};
    defaults_["fail-on"] = {"--fail-on=data-race"};
    defaults_["all"] = {"--all"};
  }

  void read_defaults(const Json& value) {
    if (!value.is_object())
      json_.fail("defaults", "is " + type_of(value) + ", and has to be an object of options");
    for (const auto& [key, member] : value.items()) read_option("defaults", key, member, {}, defaults_);
  }

  void read_outputs(const Json& value, Project& project) const {
    if (!value.is_object())
      json_.fail("outputs",
                 "is " + type_of(value) + R"(, and has to be an object: {"report": "raddle-results.json"})");
    for (const auto& [key, path] : value.items()) {
      json_.require_known("outputs", key, outputs_);
      project.outputs[key] = below(text(member_place("outputs", key), path));
    }
  }

  void read_models(const Json& models, Project& project) {
    if (!models.is_array()) json_.fail("models", "is " + type_of(models) + ", and has to be a list");
    if (models.empty()) json_.fail("models", "is empty: nothing would be checked");
    // What is named by itself is not taken once more from a pattern.
    for (std::size_t i = 0; i < models.size(); ++i)
      if (const std::string path = named_path(models[i]);
          !path.empty() && !is_pattern(path) && path.find("::") == std::string::npos)
        named_.insert(key_of(below(path)));
    for (std::size_t i = 0; i < models.size(); ++i)
      read_model(element_place("models", i), models[i], project);
  }

  static std::string named_path(const Json& model) {
    if (model.is_string()) return model.get<std::string>();
    for (const char* key : {"model", "test"})
      if (model.is_object() && model.contains(key) && model[key].is_string())
        return model[key].get<std::string>();
    return {};
  }

  void read_model(const std::string& place, const Json& value, Project& project) {
    ProjectModel model;
    Given given = defaults_;
    std::string path;
    if (value.is_string()) {
      path = text(place, value);
    } else if (value.is_object()) {
      path = read_members(place, value, model, given);
    } else {
      json_.fail(place, "is " + type_of(value) + R"(, and has to be a path or an object: {"model": "PATH"})");
    }
    for (const auto& [name, typed] : given) model.typed.insert(model.typed.end(), typed.begin(), typed.end());
    try_out(place, model.typed);
    model.place = where(place);
    if (model.as_module) {
      model.model = path;
      project.models.push_back(model);
      return;
    }
    for (const std::string& file : files_of(place, path)) {
      model.model = file;
      project.models.push_back(model);
    }
  }

  /// Returns the path, or the module.
  std::string read_members(const std::string& place, const Json& value, ProjectModel& model,
                           Given& given) const {
    const Texts whats = {"model", "module", "test"};
    std::string path, what;
    Given own;
    for (const auto& [key, member] : value.items()) {
      const std::string here = member_place(place, key);
      if (std::find(whats.begin(), whats.end(), key) != whats.end()) {
        if (!what.empty()) json_.fail(here, "there is a \"" + what + "\", too. Say one of them");
        what = key;
        path = text(here, member);
        if (key == "test" && path.find("::") == std::string::npos)
          json_.fail(here, "'" + path +
                               "' is not like tests/test_it.py::test_it. For all tests in it, say \"model\"");
      } else if (key == "arguments") {
        model.arguments = texts(here, member, true);
      } else {
        if (key == "budget" && (own.contains("time") || own.contains("runs")))
          json_.fail(here, "there is a time or a number of runs besides it. Say it once");
        if ((key == "time" || key == "runs") && value.contains("budget"))
          json_.fail(here, "there is a \"budget\", too. Say it once");
        read_option(place, key, member, {"model", "module", "test", "arguments"}, own);
      }
    }
    if (what.empty()) json_.fail(place, R"(there is no "model", "module" or "test" in it)");
    if (own.contains("time") || own.contains("runs")) given["time"].clear(), given["runs"].clear();
    for (auto& [name, typed] : own) given[name] = std::move(typed);
    model.as_module = what == "module";
    return path;
  }

  Texts files_of(const std::string& place, const std::string& path) {
    if (!is_pattern(path)) {
      const std::string file = below(path);
      std::error_code error;
      if (!fs::exists(file.substr(0, file.find("::")), error))
        json_.fail(place, "there is no file " + file.substr(0, file.find("::")));
      return {file};
    }
    const Texts matching = matching_files(folder_, path);
    if (matching.empty()) json_.fail(place, "no file matches " + path);
    if (std::all_of(matching.begin(), matching.end(),
                    [this](const std::string& file) { return excluded_.contains(key_of(file)); }))
      json_.fail(place, "all files that match " + path + " are excluded: nothing would be checked");
    Texts files;
    for (const std::string& file : matching) {
      const std::string key = key_of(file);
      if (!excluded_.contains(key) && !named_.contains(key) && taken_.insert(key).second)
        files.push_back(file);
    }
    return files;
  }

  std::string where(const std::string& place) const {
    try {
      json_.fail(place, "");
    } catch (const UserError& e) {
      std::string text = e.what();
      return text.substr(0, text.size() - 2);  // without ": "
    }
  }

  LocatedJson json_;
  std::string folder_;
  std::vector<KnownOption> options_;
  Texts outputs_;
  Given defaults_;
  std::set<std::string> excluded_, named_, taken_;
};

}  // namespace

Texts typed_for_model(const Texts& typed) {
  std::set<std::string> names = {"baseline", "write-baseline"};
  for (const KnownOption& o : known_options()) names.insert(o.name);
  CheckOptionTexts texts;
  CLI::App app;
  texts.declare(app);
  app.parse(Texts(typed.rbegin(), typed.rend()));
  Texts of_model;
  for (const CLI::Option* o : app.get_options()) {
    if (o->count() == 0 || o->get_lnames().empty() || !names.contains(o->get_lnames().front())) continue;
    const std::string option = "--" + o->get_lnames().front();
    if (o->get_expected_max() == 0)
      of_model.push_back(option);
    else
      for (const std::string& value : o->reduced_results()) of_model.push_back(option + '=' + value);
  }
  return of_model;
}

Project read_project(const std::string& path) { return Reader(path).read(); }

}  // namespace raddle::cli
