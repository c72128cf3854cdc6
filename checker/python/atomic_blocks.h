// raddle.atomic: blocks of code that are one step, whatever they read and write.
//
// An operation touches two objects at most, and has to say which before it is executed. So everything that threads share
// and that any such block has used is made one object (locations.h), which a block writes when it begins: then it
// conflicts with whoever uses any of it. What is used there for the first time joins that object, in a search that starts
// again. Inside of a block no other thread runs.
//
// A block may use variables and containers only. Operations of other kinds (locks, queues, sleeping, starting threads)
// have objects of their own, or wait, and are refused.
#pragma once
#include "checker/python/instrument/access.h"
#include "checker/python/runtime.h"

namespace raddle::python {

/// The running thread begins a block, or one within another. -1: an exception is set, and it is in none.
int begin_atomic_block();

/// Its innermost block is over.
void end_atomic_block();

/// Inside of a block (Runtime::in_block): what an instruction is about to do. -1: an exception is set.
int note_in_block(const Access& access);

/// If the running thread is in a block: it must not do what it is about to do ("waits"). -1: an exception is set.
int refuse_in_block(const char* what);

/// The running thread's code is over: whatever it has left open ends.
void leave_atomic_blocks();

/// An execution begins.
void forget_atomic_blocks();

}  // namespace raddle::python
