// Full detail of one execution, for showing and for replaying: who did what, where, with which values.
//
// Searches run without a recorder. When a schedule is worth keeping it is executed once more with one. The engine
// reports each event when it is chosen; the primitive or front end that executes it adds what only it knows.
#pragma once
#include <string>
#include <string_view>

#include "checker/engine/operation.h"

namespace raddle::engine {

class Engine;
struct Thread;

/// Things worth showing that are no operations.
enum class NoteKind : std::uint8_t { Start, Join, End, Sleep, Output, Note, BarrierPass };

/// Which of its items a queue gives first.
enum class QueueOrder : std::uint8_t { FirstInFirstOut, LastInFirstOut, Other };

class Recorder {
 public:
  virtual ~Recorder() = default;

  /// `t` executes its pending operation with this alternative; the state is the one before.
  virtual void event(const Engine&, const Thread& t, Alternative alt) = 0;
  /// The same thread goes on, and is about to do what the event says: on its own stack, with all in the state before. Must
  /// not end the execution.
  virtual void perform(const Engine&, const Thread&) {}
  /// What the latest event of the running thread did to its object: value before and after, and what it returned.
  /// Empty: not applicable.
  virtual void effect(std::string_view before, std::string_view after, std::string_view result) = 0;
  /// Which part of its object that event accesses, where the object stands for more than that: "scores['bob']".
  virtual void part(std::string_view) {}
  /// How many items are in the queue of that event now, and how many there is room for (0: any number).
  virtual void items(int count, int capacity) {
    static_cast<void>(count);
    static_cast<void>(capacity);
  }
  /// The latest event has put an item into its queue, or got one. `item` tells it from most others that are there, as an address
  /// does. To be called before items().
  virtual void item_put(std::uint64_t item) { static_cast<void>(item); }
  virtual void item_got(std::uint64_t item, QueueOrder order) {
    static_cast<void>(item);
    static_cast<void>(order);
  }
  /// Not an operation. `other`: the thread that was started or joined.
  virtual void note(const Engine&, const Thread& t, NoteKind, Tid other, std::string_view text,
                    const Site&) = 0;
  /// Names an object for people: kind ("mutex", "variable", ...) and label ("database_value", or empty).
  virtual void object(ObjectId, std::string_view kind, std::string_view label) = 0;
  /// Names a thread for people.
  virtual void thread(Tid, std::string_view label) = 0;
};

}  // namespace raddle::engine
