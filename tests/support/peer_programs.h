// Families of other checkers' test suites, written anew from what they do: Nidhugg's benchmarks (from
// SV-COMP, TRACER, RCMC, SCTBench and others) and GenMC's tests. How many traces each has is known: see
// docs/golden.md.
#pragma once
#include <array>
#include <numeric>
#include <vector>

#include "tests/support/programs.h"

namespace programs {

/// As threads(n, body), but main does `beside` before it joins them.
template <class F, class G>
void threads_beside(int n, const F& body, const G& beside) {
  std::array<thread, 16> t;
  for (int i = 0; i < n; ++i) t[i] = thread([&body, i] { body(i); });
  beside();
  for (int i = 0; i < n; ++i) t[i].join();
}

// --- reads and writes

/// Each thread marks the slot that a shared index names; main moves the index on before each start of a
/// thread.
inline auto sigma(int n) {
  return [=] {
    Array<atomic<int>> marks(n);
    atomic<int> slot(-1);
    std::array<thread, 16> t;
    for (int i = 0; i < n; ++i) {
      slot.store(slot.load() + 1);
      t[i] = thread([&] { marks[slot.load()].store(1); });
    }
    for (int i = 0; i < n; ++i) t[i].join();
  };
}
inline auto writers_and_reader(int writers) {
  return [=] {
    atomic<int> x;
    threads(writers + 1, [&](int i) {
      if (i < writers)
        x.store(1);
      else
        x.load();
    });
  };
}
/// Main reads what was written last.
inline auto last_write(int n) {
  return [=] {
    atomic<int> x;
    threads(n, [&](int i) { x.store(i + 1); });
    require(x.load() > 0);
  };
}
/// Main reads while the others write.
inline auto floating_read(int n) {
  return [=] {
    atomic<int> x;
    threads_beside(
        n, [&](int i) { x.store(i + 1); }, [&] { require(x.load() <= n); });
  };
}
/// Two threads add up one Fibonacci number each, and main looks on. `own_first`: each reads its own first,
/// else both the first thread's.
inline auto fibonacci(int rounds, bool own_first) {
  return [=] {
    atomic<int> x(1), y(1);
    int bound = 1;
    for (int i = 0, previous = 1; i < 2 * rounds; ++i) previous = std::exchange(bound, bound + previous);
    threads_beside(
        2,
        [&](int i) {
          atomic<int>&own = i == 0 ? x : y, &other = i == 0 ? y : x;
          for (int k = 0; k < rounds; ++k) {
            const int a = (own_first ? own : x).load();
            const int b = (own_first ? other : y).load();
            own.store(a + b);
          }
        },
        [&] { require(x.load() <= bound && y.load() <= bound); });
  };
}
inline auto two_increments(int n) {
  return [=] {
    atomic<int> x, y;
    threads(n, [&](int) {
      x.fetch_add(1);
      y.fetch_add(1);
    });
  };
}
/// Private work, then (write, read) k times: counter(2, k) backwards.
inline auto write_read(int private_accesses, int k) {
  return [=] {
    atomic<int> x;
    Array<atomic<int>> own(2);
    threads(2, [&](int i) {
      for (int j = 0; j < private_accesses; ++j) {
        own[i].store(j);
        own[i].load();
      }
      for (int j = 0; j < k; ++j) {
        x.store(i);
        x.load();
      }
    });
  };
}
/// Two threads write x and read it again behind y and z, which n - 1 others write.
inline auto coherence(int n) {
  return [=] {
    atomic<int> x, y, z;
    threads(n + 1, [&](int i) {
      if (i < 2) {
        x.store(i + 1);
        (i == 0 ? y : z).load();
        x.load();
      } else {
        y.store(i);
        z.store(i);
      }
    });
  };
}
/// A litmus test: of eight combinations of what the three reads see, one is impossible.
inline auto peter_z() {
  return [] {
    atomic<int> x, y, z;
    threads(3, [&](int i) {
      if (i == 0) {
        x.store(1);
        y.load();
      } else if (i == 1) {
        y.store(1);
        z.store(1);
      } else {
        z.load();
        x.load();
      }
    });
  };
}
/// A latch and a flag for each worker of a ring; the first worker's are set. Whoever is woken passes both on.
inline auto latches(int n, int tries) {
  return [=] {
    Array<atomic<int>> latch(n), flag(n);
    latch[0].store(1);
    flag[0].store(1);
    threads(n, [&](int i) {
      bool woken = false;
      for (int k = 0; k < tries && !woken; ++k) woken = latch[i].load() == 1;
      if (!woken) return;
      require(latch[i].load() == 0 || flag[i].load() == 1);
      latch[i].store(0);
      if (flag[i].load() == 1) {
        flag[i].store(0);
        flag[(i + 1) % n].store(1);
        latch[(i + 1) % n].store(1);
      }
    });
  };
}

// --- critical sections

/// Figure 2 of Huang's maximal causality reduction (PLDI 2015), everything but the assertion twice over.
inline auto exponential_bug(int n) {
  return [=] {
    mutex m;
    atomic<int> x, y;
    threads(3, [&](int i) {
      for (int round = 0; round < 2; ++round) {
        if (i == 0) {
          m.lock();
          x.store(1);
          for (int k = 0; k < n; ++k) y.store(1);
          m.unlock();
        } else if (i == 1) {
          m.lock();
          x.store(0);
          m.unlock();
          if (x.load() > 0) {
            y.store(y.load() + 1);
            x.store(2);
          }
        } else if (x.load() > 1) {
          if (y.load() == 3) return;
          y.store(2);
        }
      }
    });
  };
}
/// Threads that do something under one lock only: thread i sections[i] times.
inline auto under_one_lock(std::vector<int> sections) {
  return [=] {
    mutex m;
    variable<int> balance, changes;
    threads(static_cast<int>(sections.size()), [&](int i) {
      for (int k = 0; k < sections[i]; ++k) {
        m.lock();
        balance.store(balance.load() + i);
        changes.store(changes.load() + 1);
        m.unlock();
      }
    });
    require(changes.load() == std::accumulate(sections.begin(), sections.end(), 0));
  };
}
/// Two phases: each thread takes one lock twice and then another one twice.
inline auto phases(int n) {
  return [=] {
    Array<mutex> phase(2);
    threads(n, [&](int) {
      for (int i = 0; i < 4; ++i) {
        phase[i / 2].lock();
        phase[i / 2].unlock();
      }
    });
  };
}
/// Philosophers who take both forks under a lock for the whole table.
inline auto philosophers_in_turn(int n) {
  return [=] {
    mutex table;
    Array<mutex> fork(n);
    threads(n, [&](int i) {
      table.lock();
      fork[(i + 1) % n].lock();
      fork[i].lock();
      fork[i].unlock();
      fork[(i + 1) % n].unlock();
      table.unlock();
    });
  };
}
/// A ring buffer that a producer fills and a consumer empties, in turn. Whoever gets the lock and it is not
/// the turn of his kind goes home.
inline auto queue_in_turn(int producers, int consumers, int size) {
  return [=] {
    mutex m;
    Array<atomic<int>, 48> element(size), stored(size);
    atomic<int> head, tail, amount, may_put(1), may_take;
    auto advance = [&](atomic<int>& end) { end.store(end.load() == size - 1 ? 0 : end.load() + 1); };
    threads(producers + consumers, [&](int t) {
      const bool produces = t < producers;
      m.lock();
      if ((produces ? may_put : may_take).load()) {
        for (int i = 0; i < size; ++i) {
          if (produces) {
            if (amount.load() == size) continue;
            element[tail.load()].store(t + i);
            amount.store(amount.load() + 1);
            advance(tail);
            stored[i].store(t + i);
          } else {
            if (head.load() == tail.load() && amount.load() == 0) continue;
            const int expected = stored[i].load();
            require(element[head.load()].load() == expected);
            amount.store(amount.load() - 1);
            advance(head);
          }
        }
        (produces ? may_put : may_take).store(0);
        (produces ? may_take : may_put).store(1);
      }
      m.unlock();
    });
  };
}
/// One thread pushes on a stack, one pops what there is; the lock is taken for each element.
inline auto locked_stack(int size) {
  return [=] {
    mutex m;
    Array<atomic<int>> slots(size);
    atomic<int> top;
    threads(2, [&](int i) {
      for (int k = 0; k < size; ++k) {
        m.lock();
        if (i == 0) {
          slots[top.load()].store(k);
          top.store(top.load() + 1);
        } else if (top.load() > 0) {
          top.store(top.load() - 1);
          slots[top.load()].load();
        }
        m.unlock();
      }
    });
  };
}
/// A log of 10 entries: n attempts to append one if the last was taken, and n attempts to take one.
inline auto circular_buffer(int n) {
  return [=] {
    mutex m;
    Array<variable<int>> buffer(10);
    variable<int> first, next, value, full;
    threads(2, [&](int i) {
      for (int k = 0; k < n; ++k) {
        m.lock();
        if (i == 0 && !full.load()) {
          buffer[next.load()].store(k);
          next.store((next.load() + 1) % 10);
          value.store(k);
          full.store(1);
        } else if (i == 1 && full.load()) {
          require(next.load() > 0 && first.load() < 10);
          first.store(first.load() + 1);
          require(buffer[first.load() - 1].load() == value.load());
          full.store(0);
        }
        m.unlock();
      }
    });
  };
}
/// A buffer for one item, one producer and one consumer, who signal after they have released the lock.
inline auto one_item_handover() {
  return [] {
    mutex m;
    condition_variable emptied, filled;
    variable<int> items;
    threads(2, [&](int i) {
      {
        unique_lock lock(m);
        while (items.load() == 1 - i) (i == 0 ? emptied : filled).wait(lock);
        items.store(1 - i);
      }
      (i == 0 ? filled : emptied).notify_one();
    });
  };
}

}  // namespace programs
