// A lock-free stack whose cells are used again: the head is what it was, but not what lies below it.
// Correct: the head has a version.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

constexpr int kNone = 3;

/// Cells 0 to 2 by index; a head is an index and a version.
class Stack {
 public:
  explicit Stack(bool correct) : step_(correct ? 4 : 0) {
    for (int i = 0; i < kNone; ++i) below_[i].store(i + 1);
  }
  int pop() {
    int head = head_.load();
    while (true) {
      const int cell = head & 3;
      if (cell == kNone) return kNone;
      if (head_.compare_exchange_strong(head, next(head, below_[cell].load()))) return cell;
    }
  }
  void push(int cell) {
    int head = head_.load();
    do below_[cell].store(head & 3);
    while (!head_.compare_exchange_strong(head, next(head, cell)));
  }

 private:
  int next(int head, int cell) const { return (head & ~3) + step_ + cell; }

  int step_;
  atomic<int> head_{0, "head"}, below_[kNone];
};

void aba(bool correct) {
  Stack stack(correct);
  atomic<int> owners[kNone];
  auto take = [&] {
    const int cell = stack.pop();
    if (cell != kNone) require(owners[cell].fetch_add(1) == 0, "each cell has one owner");
    return cell;
  };
  thread one([&] { take(); });
  thread other([&] {
    const int first = take();
    take();
    if (first == kNone) return;
    owners[first].fetch_sub(1);
    stack.push(first);
    take();
  });
  one.join();
  other.join();
}

const classic::Program program("aba", aba);

}  // namespace
