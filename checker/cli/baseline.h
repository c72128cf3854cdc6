// --baseline and --write-baseline: which findings are accepted, and what a run says and writes about them in the end.
#pragma once
#include <span>
#include <string>

#include "checker/cli/check_options.h"
#include "reports/baseline.h"

namespace raddle::cli {

/// Reads the file of --baseline and gives the model its name in it: its path from the folder of the file. Throws engine::UserError.
void load_baseline(CheckRequest& request);

/// Gives the model its name in the baseline of the request, if it has one.
void name_in_baseline(CheckRequest& request);

/// Says which accepted findings have gone (for people, whole lines), and writes the file of --write-baseline, whose `models`
/// are all that there are if `whole`. Throws engine::UserError.
std::string conclude_baseline(const CheckRequest& request, std::span<const reports::BaselineModel> models,
                              bool whole);

}  // namespace raddle::cli
