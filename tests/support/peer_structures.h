// Compare-exchanges, locks built on atomics, and lock-free structures of RCMC's and GenMC's test suites. See
// peer_programs.h and peer_view.h.
#pragma once
#include "tests/support/peer_view.h"

namespace programs {

/// Thread i tries to take a counter from i to i + 1.
inline auto cas_rotation(int n, PeerView& view) {
  return [=, &view] {
    view.begin();
    Cell x(&view);
    view.threads(n, [&](int i) { x.compare_exchange(i, i + 1); });
    view.end();
  };
}
/// Each thread tries to be the first, and then writes in any case.
inline auto cas_then_write(int n, PeerView& view) {
  return [=, &view] {
    view.begin();
    Cell x(&view);
    view.threads(n, [&](int i) {
      x.compare_exchange(0, 1);
      x.store(i + 3);
    });
    view.end();
  };
}

// --- locks on atomics. Waiting is an assumption. So is the success of an attempt whose failure leaves
// everything as it was: GenMC recognises such loops as spinning, and does not follow them into a second
// round.

/// n threads take a Lock once each, write a variable and read it again.
template <class Lock>
auto with_lock(int n, PeerView& view) {
  return [=, &view] {
    view.begin();
    Lock lock(view);
    Cell shared(&view);
    view.threads(n, [&](int i) {
      lock.acquire();
      shared.store(i);
      require(shared.load() == i);
      lock.release();
    });
    view.end();
  };
}

/// Waits until it is free, then tries to take it by an exchange.
struct TestAndTestAndSet {
  explicit TestAndTestAndSet(PeerView& v) : view(v), taken(&v) {}
  void acquire() {
    view.assume(taken.load() == 0);
    view.assume(taken.exchange(1) == 0);
  }
  void release() { taken.store(0); }
  PeerView& view;
  Cell taken;
};
/// The same with a compare-exchange.
struct SpinLock {
  explicit SpinLock(PeerView& v) : view(v), taken(&v) {}
  void acquire() {
    view.assume(taken.load() == 0);
    view.assume(taken.compare_exchange(0, 1));
  }
  void release() { taken.store(0); }
  PeerView& view;
  Cell taken;
};
struct TicketLock {
  explicit TicketLock(PeerView& v) : view(v), next(&v), served(&v) {}
  void acquire() {
    const int ticket = next.fetch_add(1);
    view.assume(served.load() == ticket);
  }
  void release() { served.store(served.load() + 1); }
  PeerView& view;
  Cell next, served;
};
/// 0 free, 1 taken, 2 taken with waiters, who sleep until the wake-up counter changes.
struct FutexMutex {
  explicit FutexMutex(PeerView& v) : view(v), state(&v), wakeups(&v) {}
  void acquire() {
    if (state.compare_exchange(0, 1)) return;
    do {
      state.compare_exchange(1, 2);
      const int seen = wakeups.load();
      if (state.load() == 2) view.assume(wakeups.load() != seen);
    } while (!state.compare_exchange(0, 2));
  }
  void release() {
    if (state.compare_exchange(1, 0)) return;
    state.store(0);
    wakeups.fetch_add(1);
  }
  PeerView& view;
  Cell state, wakeups;
};

/// Linux's old reader-writer lock: a bias that readers take one from and writers take all of. Threads that do
/// both read first.
inline auto reader_writer_lock(int readers, int writers, int both, PeerView& view) {
  return [=, &view] {
    constexpr int kBias = 1 << 20;
    view.begin();
    Cell lock(&view, kBias), data(&view);
    auto locked = [&](bool writes, auto&& section) {
      const int share = writes ? kBias : 1;
      auto may_enter = [&](int before) { return writes ? before == kBias : before > 0; };
      view.assume(may_enter(lock.fetch_add(-share)));
      section();
      lock.fetch_add(share);
    };
    auto read = [&] { locked(false, [&] { data.load(); }); };
    auto write = [&] { locked(true, [&] { data.store(42); }); };
    view.threads(writers + readers + both, [&](int i) {
      if (i < writers) return write();
      read();
      if (i >= writers + readers) write();
    });
    view.end();
  };
}

// --- lock-free structures

/// A pointer to a node with a count against reuse, in an int: node in the low bits.
constexpr int kNode = 64;
constexpr int node_of(int pointer) { return pointer % kNode; }
constexpr int advanced(int pointer, int node) { return pointer / kNode * kNode + kNode + node; }

/// Treiber's stack. Two threads push a node each, one pops. For GenMC a failing round of pop is spinning.
inline auto treiber_stack(PeerView& view) {
  return [&view] {
    view.begin();
    Array<Cell> next(3, &view), value(3, &view), payload(3, &view);
    Cell top(&view);
    view.threads(3, [&](int i) {
      if (i < 2) {
        const int node = i + 1;
        payload[node].store(17);
        value[node].store(node);
        for (;;) {
          const int old = top.load();
          next[node].store(old);
          if (top.compare_exchange(old, advanced(old, node))) break;
        }
      } else {
        const int old = top.load();
        if (node_of(old) == 0) return;
        const int below = next[node_of(old)].load();
        view.assume(top.compare_exchange(old, advanced(old, node_of(below))));
        payload[value[node_of(old)].load()].load();
      }
    });
    view.end();
  };
}

/// Michael and Scott's queue, with its first node a dummy. The second assumption of take is one of the
/// original. The first is GenMC's: the round has changed nothing, so that it is spinning. (GenMC does not see
/// that in put.)
struct MichaelScottQueue {
  explicit MichaelScottQueue(PeerView& v) : view(v), next(8, &v), value(8, &v), head(&v, 1), tail(&v, 1) {}
  void put(int node, int v) {
    value[node].store(v);
    next[node].store(next[node].load() / kNode * kNode);
    int last;
    for (bool linked = false; !linked;) {
      last = tail.load();
      const int after = next[node_of(last)].load();
      if (tail.load() != last) continue;
      if (node_of(after) == 0) linked = next[node_of(last)].compare_exchange(after, advanced(after, node));
      if (!linked) tail.compare_exchange(last, advanced(last, node_of(next[node_of(last)].load())));
    }
    tail.compare_exchange(last, advanced(last, node));
  }
  void take() {
    for (;;) {
      const int first = head.load(), last = tail.load(), after = next[node_of(first)].load();
      view.assume(head.load() == first);
      if (node_of(first) != node_of(last)) {
        value[node_of(after)].load();
        view.assume(head.compare_exchange(first, advanced(first, node_of(after))));
        return;
      }
      if (node_of(after) == 0) return;
      tail.compare_exchange(last, advanced(last, node_of(after)));
    }
  }
  PeerView& view;
  Array<Cell> next, value;
  Cell head, tail;
};
inline auto michael_scott_queue(int writers, int readers, int both, PeerView& view) {
  return [=, &view] {
    view.begin();
    MichaelScottQueue q(view);
    view.threads(writers + readers + both, [&](int i) {
      if (i < writers || i >= writers + readers) q.put(2 + i, i);
      if (i >= writers) q.take();
    });
    view.end();
  };
}

/// Chase and Lev's work-stealing deque, in a ring of 10.
struct WorkStealingDeque {
  explicit WorkStealingDeque(PeerView& v) : bottom(&v), top(&v), item(10, &v) {}
  void push(int v) {
    const int b = bottom.load();
    if (b - top.load() >= 10) return;
    item[b % 10].store(v);
    bottom.store(b + 1);
  }
  void pop() {
    const int b = bottom.load();
    bottom.store(b - 1);
    const int t = top.load();
    if (b - t <= 0) return bottom.store(b);
    item[(b - 1) % 10].load();
    if (b - t > 1) return;
    top.compare_exchange(t, t + 1);
    bottom.store(b);
  }
  void steal() {
    const int t = top.load();
    if (bottom.load() - t <= 0) return;
    item[t % 10].load();
    top.compare_exchange(t, t + 1);
  }
  Cell bottom, top;
  Array<Cell> item;
};
/// The owner pushes, pops and pushes again; each thief steals so many times.
inline auto work_stealing(int pushes, int pops, int further_pushes, std::vector<int> steals, PeerView& view) {
  return [=, &view] {
    view.begin();
    WorkStealingDeque d(view);
    view.threads(1 + static_cast<int>(steals.size()), [&](int i) {
      if (i > 0) {
        for (int k = 0; k < steals[i - 1]; ++k) d.steal();
        return;
      }
      for (int k = 0; k < pushes; ++k) d.push(k);
      for (int k = 0; k < pops; ++k) d.pop();
      for (int k = 0; k < further_pushes; ++k) d.push(pushes + k);
    });
    view.end();
  };
}

}  // namespace programs
