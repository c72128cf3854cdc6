// Several models, each checked in a process of its own, some at the same time. What comes out is told in the order in
// which they were asked for.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/cli/check_options.h"
#include "checker/cli/models_progress.h"

namespace raddle::cli {

struct ModelOutcome {
  std::optional<CheckedModel> checked;
  std::string
      error;  // what is wrong with the model, or with what it was to write, for the user; may be there besides `checked`
  int status = 0;            // exit status, without regard to what was expected
  bool interrupted = false;  // before it came to its end, or before it began
};

/// Checks them in at most `jobs` processes in all. A request whose number of jobs is not 0 gets as many; else, while
/// there are several models, each gets one, and what is left at the end the others' share. `report` is called for each, in their order. Ctrl-C ends
/// those that run, as it does one alone, and the others do not begin. Returns whether that has happened. `progress`, of as many
/// models: how far they have come is shown there.
bool check_models(const std::vector<CheckRequest>& requests, std::size_t jobs,
                  const std::function<void(std::size_t, ModelOutcome)>& report,
                  ModelsProgress* progress = nullptr);

}  // namespace raddle::cli
