// The random module's shared generator, one stream per thread: with a common one, what a thread draws would depend on
// the order in which threads draw. A thread's stream begins where its parent's was when it was started (for its second
// child and further ones, somewhere else), so that a program in which one thread draws gets what it gets under plain
// Python with the same seed.
#pragma once
#include <cstdint>
#include <memory>

#include "checker/engine/thread.h"
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// State of a Mersenne Twister as CPython lays it out.
struct RandomState {
  std::int32_t index;
  std::uint32_t state[624];
};

/// A thread's stream, while another thread draws from its own.
struct RandomStream {
  std::unique_ptr<RandomState> own;  // null: it has not drawn yet, nor has its parent
  Ref gauss;                         // the second number of a pair, which random.gauss() keeps
};

/// Finds the generator. -1: an exception is set.
int prepare_random();

/// An execution begins: seeded as always.
void reset_random();

/// `child` is about to be started by the running thread.
void inherit_random(const engine::Thread& child, RandomStream& stream);

/// Changes with every number that the running thread draws.
std::uint64_t random_position();

/// Does the program draw from it? Then each thread gets other numbers.
bool is_random_in_use();

/// The thread of `stream` goes on; the thread that ran before may have been another one.
void switch_random(RandomStream& stream);

}  // namespace raddle::python
