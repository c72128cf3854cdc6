#include "checker/cli/trace_model.h"

#include <filesystem>

#include "checker/cli/parse.h"
#include "checker/engine/error.h"
#include "reports/search_result.h"
#include "reports/text_trace.h"

namespace raddle::cli {

namespace fs = std::filesystem;
using engine::UserError;

namespace {

/// The file as seen from here: traces name it as it was typed in the folder above theirs, most likely.
std::string locate(const std::string& file, const std::string& trace_path) {
  std::error_code error;
  if (fs::path(file).is_absolute() || fs::exists(file, error)) return file;
  const fs::path folder = fs::absolute(trace_path, error).parent_path();
  for (const fs::path& base : {folder.parent_path(), folder})
    if (fs::exists(base / file, error)) return (base / file).string();
  throw UserError("the trace's program " + file + " is neither here nor in the folder above the trace's; " +
                  "go to the folder where it was checked");
}

}  // namespace

void TraceModel::check_front_end(const std::string& step) const {
  if (trace_.front_end == "library" && !step.empty() && !trace_.replay_command.empty())
    throw UserError(path_ + ": this is a trace of a test that uses the C++ library. To stop there in gdb: " +
                    "gdb -ex run --args env RADDLE_BREAK=" + step + " " +
                    reports::replay_command(trace_, path_));
  if (trace_.front_end == "library")
    throw UserError(path_ + ": this is a trace of a test that uses the C++ library. " +
                    (trace_.replay_command.empty()
                         ? "Run that test with RADDLE_REPLAY=" + path_
                         : "To replay it: " + reports::replay_command(trace_, path_)));
  if (trace_.front_end != "python")
    throw UserError(path_ + ": this raddle cannot replay traces of front end \"" + trace_.front_end + "\"");
}

void TraceModel::load(Supervision& supervision) {
  ModelSpec spec = ModelSpec::from_trace(trace_);
  std::string input;
  if (!spec.stdin_file.empty()) {
    input = read_input("the trace's standard input", locate(spec.stdin_file, path_));
    if (content_hash(input) != option_of(trace_.options, "stdin-hash"))
      note_change("its standard input " + spec.stdin_file);
  }
  if (!spec.as_module) spec.model = locate(spec.model, path_);
  model_ = supervision.load(spec, input);
  if (model_->program_hash() != trace_.program_hash) note_change(trace_.model);
}

void TraceModel::note_change(const std::string& what) {
  if (!force_)
    throw UserError(path_ + ": " + what + " has changed since this trace was recorded. Check it again, " +
                    "or replay with --force to see how far the trace still fits");
  if (changed_.empty()) changed_ = what;
}

engine::Program& TraceModel::prepare(engine::Engine& engine, Supervision& supervision) {
  engine.set_notify_any(false);
  engine.set_timeouts(option_of(trace_.options, "timeouts") != "never");
  engine.set_virtual_clock(option_of(trace_.options, "clock") == "virtual");
  model_->set_visibility(option_of(trace_.options, kVisibility));
  reports::bound_loops_as_in(trace_, engine);
  return supervision.watch(engine, *model_);
}

}  // namespace raddle::cli
