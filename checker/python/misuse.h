// What the library refuses to do with a lock, thread, queue, ... since that can only be a mistake. It raises an exception.
// One that leaves its thread is a finding of its own; where the program catches it, and goes on, it is a misuse, which
// nobody would hear of otherwise.
//
// Not among them: BrokenBarrierError, queue.Empty, timeouts, and whatever else programs are meant to catch.
#pragma once
#include "checker/python/lock.h"

namespace raddle::python {

enum class Misuse : std::uint8_t {
  ReleaseUnlocked,
  ReleaseNotOwner,
  WaitNotOwner,
  NotifyNotOwner,
  OverRelease,
  StartTwice,
  JoinSelf,
  JoinUnstarted,
  TaskDone,
  SetTwice,
};

/// The running thread has done this, if the exception that is set says so; `lock` is, or stands for, the object, or is null.
/// Keeps the exception.
void note_misuse(Misuse misuse, LockObject* lock = nullptr);

/// The same for a call that has returned null if so. Returns `result`.
PyObject* watch_misuse(PyObject* result, Misuse misuse, PyObject* object);

/// The exception is a finding of its own: it, and what it was raised in the handling of, is no misuse that was caught.
void take_back_misuse(PyObject* exception);
void take_back_misuse(const engine::Failure& exception);

/// For methods that are not ours otherwise. After prepare_primitives. -1: an exception is set.
int prepare_misuse();

}  // namespace raddle::python
