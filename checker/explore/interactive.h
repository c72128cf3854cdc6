// Executions in which somebody else decides, one decision after another, and may go back to an earlier one: the model is
// then executed again up to there.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "checker/engine/trace_recorder.h"
#include "checker/explore/replay.h"
#include "checker/explore/witness.h"

namespace raddle::explore {

/// Whoever decides. All is called on the engine's OS thread.
class Chooser {
 public:
  struct Question {
    const engine::Engine& engine;
    const engine::TraceRecorder& recorder;      // what has happened so far
    std::span<const engine::Decision> enabled;  // at least two, those of a thread together
    std::size_t suggested = 0;  // what the given schedule does next, else what needs no switch: an index
    bool can_undo = false;      // there was a question before
  };
  struct Reply {
    enum class Kind {
      Choose,    // enabled[choice]
      Undo,      // back to the question before
      BackTo,    // to what comes before event `step`, as shown, or the first question behind it
      Continue,  // to the end without questions, and without preemptions
      Stop       // all is over
    };
    Kind kind = Kind::Choose;
    std::size_t choice = 0;
    int step = 0;
  };

  virtual ~Chooser() = default;
  virtual Reply choose(const Question& question) = 0;
  /// An execution has come to its end: its trace has what was found in it. Choose and Continue mean Stop.
  virtual Reply ended(const engine::Trace& trace) = 0;
  /// What was executed before cannot be followed any further: the questions begin here. `step`: events so far.
  virtual void lost_track(engine::Step step) = 0;
  /// Is all to end at once? Asked at every decision.
  virtual bool wants_to_stop() const { return false; }
};

class Interactive : public engine::Strategy {
 public:
  /// `schedule`: is suggested for as long as it is followed.
  Interactive(Chooser& chooser, std::vector<NamedChoice> schedule)
      : chooser_(chooser), schedule_(std::move(schedule)) {}

  /// Executes the program until the chooser wants no more, with full recording.
  void run(engine::Engine& e, engine::Program& program);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine&, engine::Tid current) override;
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;

  /// The latest execution, with its findings: errors first. Of one that was left before its end, what had happened.
  const engine::Trace& trace() const { return trace_; }
  /// Has it come to its end?
  bool has_ended() const { return ended_; }

 private:
  bool collect(const engine::Engine& e);
  std::size_t suggestion(const engine::Engine& e, engine::Tid current) const;
  void note(const engine::Engine& e, engine::Decision d);
  /// Makes another execution begin, with the first decisions of this one.
  void go_back(const Chooser::Reply& reply);
  void add_findings(engine::Engine& e, const std::vector<engine::Failure>& failures);

  Chooser& chooser_;
  std::vector<NamedChoice> schedule_;
  std::vector<NamedChoice> prefix_;    // of the execution, given
  std::vector<NamedChoice> executed_;  // all of it so far
  std::vector<std::size_t> asked_;     // at which decisions
  std::size_t matched_ = 0;            // decisions at the beginning that are those of schedule_
  std::unique_ptr<Watch> watch_;
  std::unique_ptr<Replay> replay_;
  engine::TraceRecorder recorder_;
  engine::Trace trace_;
  engine::List<engine::Decision> enabled_;
  bool again_ = true;  // another execution is to begin
  bool continuing_ = false, canonical_ = false, stopped_ = false, ended_ = false;
};

}  // namespace raddle::explore
