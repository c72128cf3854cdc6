// SafeStack (Dmitry Vyukov): an array as a lock-free stack. Two threads can pop the same cell; it takes three
// threads and five preemptions. Correct: a lock around each operation.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

constexpr int kCells = 3;

class SafeStack {
 public:
  explicit SafeStack(bool correct) : correct_(correct) {
    for (int i = 0; i < kCells; ++i) cells_[i].below.store(i + 1 < kCells ? i + 1 : -1);
  }

  /// -1: there is none that may be taken.
  int pop() {
    unique_lock lock(m_, std::defer_lock);
    if (correct_) lock.lock();
    while (count_.load() > 1) {
      const int top = head_.load();
      const int below = cells_[top].below.exchange(-1);
      if (below < 0) continue;
      int expected = top;
      if (head_.compare_exchange_strong(expected, below)) {
        count_.fetch_sub(1);
        return top;
      }
      cells_[top].below.exchange(below);
    }
    return -1;
  }
  void push(int cell) {
    unique_lock lock(m_, std::defer_lock);
    if (correct_) lock.lock();
    int top = head_.load();
    do cells_[cell].below.store(top);
    while (!head_.compare_exchange_strong(top, cell));
    count_.fetch_add(1);
  }
  variable<int>& value(int cell) { return cells_[cell].value; }

 private:
  struct Cell {
    variable<int> value;
    atomic<int> below;
  };
  bool correct_;
  mutex m_;
  atomic<int> head_{0, "head"}, count_{kCells, "count"};
  Cell cells_[kCells];
};

void safe_stack(bool correct) {
  SafeStack stack(correct);
  auto use = [&](int me) {
    for (int i = 0; i < 4; ++i) {
      int cell;
      if ((cell = stack.pop()) < 0) continue;
      stack.value(cell).store(me);
      require(stack.value(cell).load() == me, "the cell belongs to one thread");
      stack.push(cell);
    }
  };
  thread a([&] { use(1); }), b([&] { use(2); }), c([&] { use(3); });
  a.join();
  b.join();
  c.join();
}

const classic::Program program("safe_stack", safe_stack);

}  // namespace
