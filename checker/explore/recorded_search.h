// Every execution of a search with full recording: for pictures of small searches. Ordinary searches have nothing of it.
#pragma once
#include <cstddef>
#include <utility>
#include <vector>

#include "checker/detect/detector.h"
#include "checker/engine/strategy.h"
#include "checker/engine/trace_recorder.h"
#include "checker/explore/inspector.h"

namespace raddle::explore {

/// An execution as the search has seen it.
struct RecordedExecution {
  engine::Trace trace;
  bool counts = true;                                            // false: it was redundant, or cannot be
  std::vector<std::pair<detect::Kind, detect::Severity>> found;  // in it
};

/// The executions of the last round of a search, in their order.
struct RecordedExecutions {
  std::size_t limit = 0;  // no more than these are kept
  bool too_many = false;  // there were more, and none is kept
  std::vector<RecordedExecution> all;
};

/// A search, of one process, that records. The inspector is the one that it reports to.
class RecordedSearch : public engine::Strategy {
 public:
  RecordedSearch(engine::Strategy& search, const Inspector& inspector, RecordedExecutions& executions)
      : search_(search), inspector_(inspector), executions_(executions) {}

  bool begin(engine::Engine& e) override;
  engine::Decision pick(engine::Engine& e, engine::Tid current) override { return search_.pick(e, current); }
  void end(engine::Engine& e, engine::Outcome outcome) override;
  void restart(engine::Engine& e) override;
  bool unordered_access(const engine::Engine& e, engine::ObjectId o) const override {
    return search_.unordered_access(e, o);
  }

 private:
  engine::Strategy& search_;
  const Inspector& inspector_;
  RecordedExecutions& executions_;
  engine::TraceRecorder recorder_;
};

}  // namespace raddle::explore
