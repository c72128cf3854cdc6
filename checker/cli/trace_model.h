// The program of a recorded trace, loaded again as it was when the trace was recorded.
#pragma once
#include <memory>
#include <string>

#include "checker/cli/model.h"
#include "checker/cli/supervision.h"
#include "checker/engine/engine.h"
#include "checker/engine/trace.h"

namespace raddle::cli {

class TraceModel {
 public:
  /// `trace`, read from `path`, must outlive this. `force`: even if the program has changed since.
  TraceModel(const engine::Trace& trace, std::string path, bool force)
      : trace_(trace), path_(std::move(path)), force_(force) {}

  /// Throws engine::UserError if the trace's front end cannot be replayed by this program. `step`: where it is to stop in a
  /// debugger, as typed; empty: nowhere.
  void check_front_end(const std::string& step = {}) const;
  /// In the child process of `supervision`. Throws engine::UserError if the program is not there, or has changed.
  void load(Supervision& supervision);
  /// Sets up the engine as it was; returns the program to run, with the watchdog watching.
  engine::Program& prepare(engine::Engine& engine, Supervision& supervision);

  Model& model() { return *model_; }
  const Model& model() const { return *model_; }
  /// What has changed since, in spite of `force`; empty: nothing.
  const std::string& changed() const { return changed_; }

 private:
  void note_change(const std::string& what);

  const engine::Trace& trace_;
  std::string path_;
  bool force_;
  std::unique_ptr<Model> model_;
  std::string changed_;
};

}  // namespace raddle::cli
