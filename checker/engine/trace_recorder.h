// Builds a Trace from one recorded execution.
#pragma once
#include <deque>
#include <unordered_map>
#include <vector>

#include "checker/engine/engine.h"
#include "checker/engine/recorder.h"
#include "checker/engine/trace.h"

namespace raddle::engine {

/// "main", "t2", "t2.1": what a thread is called that has been given no other name.
std::string default_label(const Engine&, Tid);

class TraceRecorder : public Recorder {
 public:
  void event(const Engine&, const Thread& t, Alternative alt) override;
  void effect(std::string_view before, std::string_view after, std::string_view result) override;
  void part(std::string_view) override;
  void items(int count, int capacity) override;
  void item_put(std::uint64_t item) override;
  void item_got(std::uint64_t item, QueueOrder order) override;
  void note(const Engine&, const Thread& t, NoteKind, Tid other, std::string_view text, const Site&) override;
  void object(ObjectId, std::string_view kind, std::string_view label) override;
  void thread(Tid, std::string_view label) override;

  /// To be called when the execution is over, while leftover threads still have their pending operations
  /// (Strategy::end).
  void finish(const Engine&, Outcome);
  /// The execution starts again (Strategy::restart).
  void restart();

  Trace& trace() { return trace_; }
  /// Whoever was left when the bounds of loops had stopped the last thread, as in Trace::blocked; "poll": in such a loop.
  const std::vector<TraceBlocked>& left() const { return left_; }
  /// Has this execution come to `step`?
  bool has_event(Step step) const { return static_cast<std::size_t>(step) < index_of_step_.size(); }
  /// Index into Trace::events of the event at `step`. Precondition: it has one.
  int event_index(Step step) const { return index_of_step_[static_cast<std::size_t>(step)]; }
  /// Index into Trace::threads.
  int thread_index(const Engine&, Tid);
  /// Index into Trace::objects; -1 for none.
  int object_index(const Engine&, ObjectId);

 private:
  struct Description {
    std::string kind, label;
  };
  struct QueuedItem {
    std::uint64_t item = 0;
    int step = 0;  // of its put, as shown
  };
  TraceEvent& add(const Engine&, const Thread& t, const char* operation, const Site& site);
  void complete_result(const Thread& t);
  void complete_units(const Engine&);
  std::string why_switched(const Engine&, Tid from);

  Trace trace_;
  std::vector<TraceBlocked> left_;
  std::vector<int> index_of_step_;
  std::size_t told_ = 0;  // notes of what the model tells: one that runs on and on may tell without end
  std::unordered_map<Tid, int> threads_;
  std::unordered_map<Tid, std::string> thread_labels_;
  std::unordered_map<ObjectId, int> objects_;
  std::unordered_map<ObjectId, Description> descriptions_;
  std::unordered_map<ObjectId, int> last_write_;  // step as shown
  std::unordered_map<int, std::deque<QueuedItem>>
      queued_;                                // by index of the object, in the order of the puts
  std::unordered_map<Tid, int> open_result_;  // event whose result is not known yet
  Tid last_thread_ = kNoThread;
  ObjectId counted_ = 0;  // the semaphore that the latest event is on
};

/// A thread's structural name ("0.1.0") as the engine hashes it. 0 if it is malformed.
std::uint64_t thread_name_hash(const std::string& id);
TraceSite trace_site(const Site& s);

}  // namespace raddle::engine
