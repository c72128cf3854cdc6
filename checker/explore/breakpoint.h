// Stopping a replay at one step, in the thread that performs it.
#pragma once
#include <functional>
#include <utility>

#include "checker/engine/trace_recorder.h"

namespace raddle::explore {

struct Breakpoint {
  int step = 0;  // as shown
  /// Called on the stack of the step's thread: before an operation is performed, but after what is none (a start, a
  /// join, output, a note). Must not end the execution.
  std::function<void()> stop;
};

/// Records as always, and stops.
class BreakingRecorder : public engine::TraceRecorder {
 public:
  explicit BreakingRecorder(Breakpoint breakpoint) : breakpoint_(std::move(breakpoint)) {}

  void event(const engine::Engine& e, const engine::Thread& t, engine::Alternative alt) override {
    TraceRecorder::event(e, t, alt);
    due_ = is_there();
  }
  void perform(const engine::Engine&, const engine::Thread&) override {
    if (std::exchange(due_, false)) breakpoint_.stop();
  }
  void note(const engine::Engine& e, const engine::Thread& t, engine::NoteKind kind, engine::Tid other,
            std::string_view text, const engine::Site& site) override {
    const std::size_t before = trace().events.size();
    TraceRecorder::note(e, t, kind, other, text, site);
    if (trace().events.size() > before && is_there()) breakpoint_.stop();
  }

 private:
  bool is_there() { return trace().events.size() == static_cast<std::size_t>(breakpoint_.step); }

  Breakpoint breakpoint_;
  bool due_ = false;  // the latest event is the one, and not performed yet
};

}  // namespace raddle::explore
