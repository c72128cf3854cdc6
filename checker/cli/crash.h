// When the model takes the whole process down (a segmentation fault in an extension module, os.abort, a used-up
// stack), raddle cannot go on, but it can say what happened.
#pragma once

namespace raddle::engine {
class Engine;
}

namespace raddle::cli {

/// From now on a fatal signal is reported on standard error, and the process ends with reports::kExitInconclusive.
void report_crashes();
void ignore_crashes();
/// The engine that runs the model now; null: the model is being loaded, or what it did is being written down.
void crashes_belong_to(const engine::Engine* engine);

}  // namespace raddle::cli
