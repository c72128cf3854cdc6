// The dialogue in which the user decides which thread goes next: `raddle replay --interactive`, `raddle run
// --interactive`. On a terminal or with commands from a pipe.
#pragma once
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "checker/cli/model.h"
#include "checker/cli/supervision.h"
#include "checker/engine/engine.h"
#include "checker/engine/trace.h"
#include "checker/explore/inspector.h"

namespace raddle::cli {

inline constexpr const char* kInteractiveHelp =
    "choose by hand which thread goes next: at each decision a number, Enter for what is suggested, u to "
    "undo, "
    "b N to go back to step N, c to go on to the end, s FILE to keep the run as a trace, q to quit";

struct InteractiveRequest {
  engine::Trace header;  // of the traces that are kept; its options without what executions learn
  std::vector<explore::NamedChoice> suggested;  // a schedule, or nothing
  std::string folder;                           // in which files are kept
  std::size_t width = 100;
  bool colours = false;
};

/// Inside Supervision::run, with the engine set up and the watchdog watching. Returns the exit status: 1 if the run that
/// came to its end last shows an error, 130 after an interruption, else 0.
int interact(const InteractiveRequest& request, Supervision& supervision, Model& model,
             engine::Engine& engine, engine::Program& program);

/// The same with a program, from its loading on. `options`: as a trace remembers those that change what it does
/// ("timeouts", "clock"), besides those of the spec.
int interact_with_model(const ModelSpec& spec, const Options& options, std::chrono::nanoseconds watchdog,
                        bool colours);

}  // namespace raddle::cli
