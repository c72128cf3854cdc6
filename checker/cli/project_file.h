// raddle.json: which models to check, each with what options (docs/gate.md, docs/schemas/raddle-project-1.schema.json).
// What it says is turned into what could be typed behind `raddle check`; nothing is checked here.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace raddle::cli {

/// Its name in the current folder.
inline constexpr const char* kProjectFile = "raddle.json";

struct ProjectModel {
  std::string model;  // as it could be typed here: path, FILE::TEST, or the name of a module
  bool as_module = false;
  std::vector<std::string> typed;  // its options
  std::vector<std::string> arguments;
  std::string place;  // where the file says so: "raddle.json:12: models[3]"
};

struct Project {
  std::string path;
  std::vector<ProjectModel> models;            // in the order of the file, those of a pattern sorted
  std::map<std::string, std::string> outputs;  // option ("report", "sarif") -> path as it could be typed here
  std::string baseline;                        // empty: none
};

/// Of what can be typed behind `raddle check`, the options that are about each model, as they could stand in the project: each in one text.
std::vector<std::string> typed_for_model(const std::vector<std::string>& typed);

/// Throws engine::UserError for everything that can be wrong with it, models that are not there included.
Project read_project(const std::string& path);

}  // namespace raddle::cli
