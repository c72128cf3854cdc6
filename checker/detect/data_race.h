// Data races: two accesses to one plain location by different threads, at least one of them a write, that no
// synchronization puts in order.
//
// Happens-before is the program's: order within a thread, starts, joins and barriers (Thread::inherited), and from
// what an operation publishes to what acquires it: releasing a lock and getting it, notifying and being woken, putting
// and getting, setting an event and having waited for it, an atomic write and reading it. It is not the clock of the
// search, which also orders conflicting plain accesses, and operations that give nothing away.
//
// An access is compared with its neighbours: a read with the latest write, a write with that and the reads since. If
// two accesses further apart are unordered, then one of them and a write in between are, too. The neighbours, and so
// what is observed, are the same for all executions of a class.
//
// Cost: a row of a clock where a thread learns something new, none for a plain access, and nothing for what stays from
// the execution before: `Point` says for every step how much of the tables belongs to the steps up to it.
#pragma once
#include <array>
#include <vector>

#include "checker/detect/detector.h"
#include "checker/engine/clocks.h"

namespace raddle::detect {

class DataRace : public Detector {
 public:
  explicit DataRace(Severity severity = Severity::Error) : severity_(severity) {}
  std::uint64_t interests() const override { return bit(engine::OpKind::kCount) - 1; }
  void event(const engine::Engine&, const engine::History&, engine::Step, Sink&) override;
  /// Observation::steps: the two accesses, in the order in which they happened.
  enum Steps { kFirst, kSecond };

 private:
  using Row = engine::Step;  // of clocks_
  /// What others can acquire: n > 0: all that happened up to event n - 1; n < 0: row -n; 0: nothing.
  using Published = std::int32_t;

  /// What is known after a step.
  struct Point {
    Row row = 0;  // what happens before the thread's next event; its own component does not count
    /// On the event's first and second object; where there is only one, and for queues, the second thing that it passes on
    /// (a queue: the room that get makes).
    std::array<Published, 2> published{};
    Row rows = 1;                // rows in use
    std::uint32_t reported = 0;  // length of reported_
  };

  void inherit(const engine::Engine& e, const engine::HistoryEvent& ev, Point& p);
  void check(const engine::Engine& e, const engine::History& h, engine::Step at, engine::Access a,
             engine::Step previous, engine::Step previous_write, const Point& p, Sink& sink);
  void meet(const engine::Engine& e, const engine::History& h, engine::Step k, engine::Step at,
            engine::ObjectId object, const Point& p, Sink& sink);
  void synchronize(const engine::Engine& e, const engine::History& h, const engine::HistoryEvent& ev,
                   Point& p);
  void synchronize_ends(const engine::Engine& e, const engine::History& h, const engine::HistoryEvent& ev,
                        Point& p);
  void use_queue(const engine::History& h, const engine::HistoryEvent& ev, Point& p, bool bounded);
  Published published_in_queue(engine::Step k, int channel) const;
  Published both(const engine::History& h, Published a, Published b);
  void access_atomic(const engine::Engine&, const engine::History& h, const engine::HistoryEvent& ev,
                     Point& p);
  std::array<Published, 2> published_before(const engine::History& h, engine::Step k,
                                            engine::ObjectId o) const;
  void acquire(const engine::History& h, Point& p, Published published);
  void follow(const engine::History& h, Point& p, engine::Step s);
  void publish(const engine::History& h, Point& p, int channel, bool adds);
  bool covers(Row row, const engine::HistoryEvent& x) const { return x.index <= clocks_.row(row)[x.t.tid]; }
  Row own_row(Point& p);
  Row new_row(Row copy);

  Severity severity_;
  engine::ClockTable clocks_;  // row 0: nothing
  Row rows_ = 1;               // rows in use
  Row rows_before_ = 1;        // those that other events use as well
  std::vector<Point> points_;  // by step

  // What has been observed in this execution already: once is enough. Lossy, so a few are observed again.
  static constexpr std::size_t kRemembered = 256;
  std::array<std::uint64_t, kRemembered> remembered_{};
  std::vector<std::uint8_t> reported_;  // slots of remembered_, to be emptied when their steps go
};

}  // namespace raddle::detect
