// Which models were asked for when they are several: on the command line, or by a project file. Folders and files of
// tests are taken apart into tests.
#pragma once
#include <string>
#include <vector>

#include "checker/cli/check_options.h"

namespace raddle::cli {

struct ListedModel {
  std::string name;      // as it is called in the output
  CheckRequest request;  // its number of jobs is 0 if it is not to be a certain one
  std::string problem;   // not empty: why it cannot be checked
  std::string skipped;   // not empty: why it is not to be checked
};

struct ModelList {
  std::vector<ListedModel> models;
  CheckRequest common;  // what holds for all together: files that are written, what is printed, the jobs
  std::string heading;  // the project; empty: there is none
  bool whole = false;   // all models of the project
  std::vector<std::string> output_folders;  // of the project's output files; made when those are written
};

/// From what could be typed behind "raddle check".
ModelList list_models(const std::vector<std::string>& typed);

/// From what was typed behind "raddle check", and what that means. Throws engine::UserError.
ModelList list_models(const std::vector<std::string>& typed, const CheckOptionTexts& texts);

}  // namespace raddle::cli
