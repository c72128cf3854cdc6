// Checking one model, from loading it to its verdict: the search, the reports, the traces, what is printed.
#pragma once
#include "checker/cli/check_options.h"

namespace raddle::cli {

struct CheckOutcome {
  int status = 0;            // exit status, see reports::ExitCode
  bool interrupted = false;  // the user wants no more
};

/// How the names of the model's traces begin: "lost_update" for models/lost_update.py, "package.module" for -m package.module.
std::string trace_stem_of(const ModelSpec& model);

/// Returns twice, as Supervision::run does: also in the child process, which then has nothing more to do. Throws engine::UserError for a model that
/// cannot be run, and for what cannot be written.
CheckOutcome check_model(const CheckRequest& request);

}  // namespace raddle::cli
