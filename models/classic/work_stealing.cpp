// A work-stealing queue (Cilk's THE protocol): its owner takes the last item without asking who is stealing it.
// Correct: it announces what it takes, and looks again under the lock.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

class StealingQueue {
 public:
  explicit StealingQueue(bool correct) : correct_(correct) {}

  void push(int item) {
    items_[tail_.load()].store(item);
    tail_.fetch_add(1);
  }
  /// By the owner, at the tail. 0: there is none.
  int take() {
    const int tail = tail_.load() - 1;
    if (!correct_) {
      if (head_.load() > tail) return 0;
      tail_.store(tail);
      return items_[tail].load();
    }
    tail_.store(tail);
    if (head_.load() <= tail) return items_[tail].load();
    lock_guard lock(m_);
    if (head_.load() <= tail) return items_[tail].load();
    tail_.store(tail + 1);
    return 0;
  }
  /// By others, at the head.
  int steal() {
    lock_guard lock(m_);
    const int head = head_.load();
    head_.store(head + 1);
    if (head < tail_.load()) return items_[head].load();
    head_.store(head);
    return 0;
  }

 private:
  bool correct_;
  mutex m_;
  atomic<int> head_{0, "head"}, tail_{0, "tail"};
  variable<int> items_[4];
};

void work_stealing(bool correct) {
  StealingQueue queue(correct);
  atomic<int> times[3];
  auto done = [&](int item) {
    if (item) require(times[item].fetch_add(1) == 0, "each item is taken once");
  };
  queue.push(1);
  queue.push(2);
  thread thief([&] {
    for (int i = 0; i < 2; ++i) done(queue.steal());
  });
  thread owner([&] {
    for (int i = 0; i < 2; ++i) done(queue.take());
  });
  thief.join();
  owner.join();
}

const classic::Program program("work_stealing", work_stealing);

}  // namespace
