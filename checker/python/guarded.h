// One method of a queue, event, semaphore or condition as one operation of the engine.
#pragma once
#include <optional>
#include <string>

#include "checker/engine/recorder.h"
#include "checker/python/lock.h"
#include "checker/python/sites.h"

namespace raddle::python {

/// What a method is going to do to the object behind `lock`.
struct Step {
  engine::OpKind kind = engine::OpKind::None;
  bool write = true;
  bool ready = true;                // can it go on at once?
  bool tries = false;               // the state says whether it changes anything (engine::kTries)
  std::int64_t timeout = kForever;  // for steps that wait
  engine::ObjectState state;        // of the object, as it is now
  struct Items {
    std::int32_t length = 0, capacity = 0;
  };
  std::optional<Items> items;  // of a queue whose ends may be told apart (engine/queue_ends.h)
};

/// The lock that stands for the object whose lock this is, if its methods are one operation each here and now; else
/// null: the original is to be called.
/// `always`: whether or not such objects are to run step by step.
LockObject* as_inner(PyObject* lock, bool always = false);

/// Announces the step. 1: do it; 0: its timeout has expired; -1: an exception is set.
int take_step(LockObject* lock, const Step& step);

/// The step has put an item into the queue, or taken one.
void move_item(LockObject* lock, bool put);

/// The step has been done: this is the state now.
void set_state(LockObject* lock, engine::ObjectState state);

/// What the step returned, for the thread's history: a digest.
void set_result(std::uint64_t digest);

/// Is the latest step to be shown in a recording?
bool recording();
/// The step has put the item into a queue, or has got it from one that gives its items in this order. Before show_items().
void show_put(PyObject* item);
void show_got(PyObject* item, engine::QueueOrder order);
/// How many items the queue has now, of how many.
void show_items(std::int32_t count, std::int32_t capacity);
void show_effect(const std::string& before, const std::string& after, const std::string& result);

}  // namespace raddle::python
