// When the model takes the whole process down (a segmentation fault in an extension module, os.abort, a used-up
// stack), raddle cannot go on, but it can say what happened.
#pragma once

namespace raddle::engine {
class Engine;
}

namespace raddle::cli {

/// From now on a fatal signal while `engine` runs a model is reported on standard error, and the process ends with
/// reports::kExitInconclusive. null: the default again.
void report_crashes(const engine::Engine* engine);

}  // namespace raddle::cli
