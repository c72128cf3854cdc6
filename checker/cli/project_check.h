// Checking several models: a line for each, the findings of those that fail, and a summary; reports and baseline for
// all of them together.
#pragma once
#include "checker/cli/model_list.h"

namespace raddle::cli {

/// Goes on behind a model that fails, crashes or cannot be run. Returns the exit status: 2 if one cannot be run, else 1 if one
/// fails, else 3 if one is inconclusive. Throws engine::UserError for what cannot be written.
int check_project(const ModelList& list);

}  // namespace raddle::cli
