// The program families whose exact numbers of Mazurkiewicz classes are known: see tests/golden.
#pragma once
#include <memory>
#include <vector>

#include "raddle/atomic.h"
#include "raddle/barrier.h"
#include "raddle/choose.h"
#include "raddle/condition_variable.h"
#include "raddle/mutex.h"
#include "raddle/semaphore.h"
#include "raddle/thread.h"
#include "raddle/variable.h"
#include "tests/support/queue.h"

namespace programs {
using namespace raddle;  // NOLINT: the models are to look like ordinary programs

/// A fixed number of objects that cannot be moved.
template <class T, int N = 32>
class Array {
 public:
  template <class... A>
  explicit Array(int n, A... a) : n_(n) {
    for (int i = 0; i < n; ++i) new (at(i)) T(a...);
  }
  /// Element i is what make(i) returns.
  template <class F>
  requires std::is_invocable_r_v<T, F, int> Array(int n, const F& make) : Array(0) {
    for (; n_ < n; ++n_) new (at(n_)) T(make(n_));
  }
  ~Array() noexcept(false) {
    for (int i = n_; i-- > 0;) at(i)->~T();
  }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  T& operator[](int i) { return *at(i); }

 private:
  T* at(int i) { return reinterpret_cast<T*>(buffer_) + i; }
  int n_;
  alignas(T) char buffer_[sizeof(T) * N];
};

/// Runs body(0), ..., body(n - 1) in threads of their own and joins them.
template <class F>
void threads(int n, const F& body) {
  auto start = [&](int i) { return thread([&body, i] { body(i); }); };
  if (n <= 32) {  // a model has to be cheap to run millions of times: no allocation for usual sizes
    Array<thread> t(n, start);
    for (int i = 0; i < n; ++i) t[i].join();
  } else {
    std::vector<thread> t;
    for (int i = 0; i < n; ++i) t.push_back(start(i));
    for (thread& x : t) x.join();
  }
}

/// `pollers` threads look at a flag until it is set. That is a loop without end.
inline auto polling(int pollers) {
  return [=] {
    atomic<bool> flag(false);
    std::vector<thread> threads;
    for (int i = 0; i < pollers; ++i)
      threads.emplace_back([&] {
        while (!flag.load()) {
        }
      });
    flag.store(true);
    for (thread& t : threads) t.join();
  };
}

inline auto counter(int n, int k) {
  return [=] {
    variable<int> x;
    threads(n, [&](int) {
      for (int i = 0; i < k; ++i) x.store(x.load() + 1);
    });
  };
}
inline auto locked_counter(int n, int k) {
  return [=] {
    variable<int> x;
    mutex m;
    threads(n, [&](int) {
      for (int i = 0; i < k; ++i) {
        m.lock();
        x.store(x.load() + 1);
        m.unlock();
      }
    });
  };
}
inline auto sections(int n, int k) {  // empty critical sections
  return [=] {
    mutex m;
    threads(n, [&](int) {
      for (int i = 0; i < k; ++i) {
        m.lock();
        m.unlock();
      }
    });
  };
}
inline auto increments(int n, int k) {
  return [=] {
    atomic<int> x;
    threads(n, [&](int) {
      for (int i = 0; i < k; ++i) x.fetch_add(1);
    });
  };
}
inline auto readers(int n) {
  return [=] {
    variable<int> x;
    threads(n + 1, [&](int i) {
      if (i == 0)
        x.store(1);
      else
        x.load();
    });
  };
}
inline auto lastzero(int n) {
  return [=] {
    Array<variable<int>> x(n + 1);
    threads(n + 1, [&](int i) {
      if (i == 0) {
        int k = n;
        while (x[k].load() != 0 && k > 0) --k;
      } else {
        x[i].store(x[i - 1].load() + 1);
      }
    });
  };
}
inline auto philosophers(int n, bool ordered) {
  return [=] {
    Array<mutex> fork(n);
    threads(n, [&](int i) {
      int a = i, b = (i + 1) % n;
      if (ordered && a > b) std::swap(a, b);
      fork[a].lock();
      fork[b].lock();
      fork[b].unlock();
      fork[a].unlock();
    });
  };
}
/// Long executions: each thread has k private writes before and behind one shared increment.
inline auto private_work(int n, int k) {
  return [=] {
    Array<variable<int>> own(n);
    atomic<int> x;
    threads(n, [&](int i) {
      for (int j = 0; j < k; ++j) own[i].store(j);
      x.fetch_add(1);
      for (int j = 0; j < k; ++j) own[i].store(j);
    });
  };
}
/// counter(3,1) with further objects created inside the threads.
inline auto own_objects() {
  return [] {
    variable<int> x;
    threads(3, [&](int i) {
      mutex m;
      variable<int> own(i);
      m.lock();
      int r = x.load();
      own.store(r);
      m.unlock();
      x.store(r + 1);
    });
  };
}
/// counter(3,1) in a tree of threads.
inline auto thread_tree() {
  return [] {
    variable<int> x;
    auto increment = [&x] { x.store(x.load() + 1); };
    thread a([&] {
      thread b(increment), c(increment);
      increment();
      b.join();
      c.join();
    });
    a.join();
  };
}
inline auto producers_consumers(int producers, int consumers, int items, int capacity) {
  return [=] {
    queue<int> q(capacity);
    threads(producers + consumers, [&](int i) {
      if (i < producers)
        for (int k = 0; k < items; ++k) q.put(k);
      else
        for (int k = 0; k < items * producers / consumers; ++k) q.get();
    });
  };
}
inline auto condition_buffer(int producers, int consumers, int items, bool one_condition) {
  return [=] {
    mutex m;
    condition_variable not_full, own_not_empty;
    variable<int> full;
    condition_variable& not_empty = one_condition ? not_full : own_not_empty;
    threads(producers + consumers, [&](int i) {
      const bool produces = i < producers;
      for (int k = 0; k < (produces ? items : items * producers / consumers); ++k) {
        unique_lock lock(m);
        while (full.load() == (produces ? 1 : 0)) (produces ? not_full : not_empty).wait(lock);
        full.store(produces ? 1 : 0);
        (produces ? not_empty : not_full).notify_one();
      }
    });
  };
}
inline auto semaphore_mutex(int n) {
  return [=] {
    counting_semaphore<> s(1);
    variable<int> x;
    threads(n, [&](int) {
      s.acquire();
      x.store(x.load() + 1);
      s.release();
    });
  };
}
inline auto try_lock_once(int n) {
  return [=] {
    mutex m;
    variable<int> x;
    threads(n, [&](int) {
      if (!m.try_lock()) return;
      x.store(x.load() + 1);
      m.unlock();
    });
  };
}
inline auto timed_lock_once(int n) {
  return [=] {
    timed_mutex m;
    variable<int> x;
    threads(n, [&](int) {
      if (!m.try_lock_for(std::chrono::seconds(1))) return;
      x.store(x.load() + 1);
      m.unlock();
    });
  };
}
inline auto lost_wakeup() {
  return [=] {
    mutex m;
    condition_variable c;
    threads(2, [&](int i) {
      if (i == 1) return c.notify_one();
      unique_lock lock(m);
      c.wait(lock);
    });
  };
}
/// Waiters with a timeout, and one notification: (L; timed wait; U) each, and (L; [W f;] notify_one; U).
inline auto timed_waits(int waiters, bool writes_flag) {
  return [=] {
    mutex m;
    condition_variable c;
    variable<int> f;
    threads(waiters + 1, [&](int i) {
      unique_lock lock(m);
      if (i < waiters) {
        c.wait_for(lock, std::chrono::seconds(1));
      } else {
        if (writes_flag) f.store(1);
        c.notify_one();
      }
    });
  };
}
inline auto barrier_neighbours(int n) {  // write one's own; barrier; read the next one's
  return [=] {
    Array<variable<int>> x(n);
    barrier<> b(n);
    threads(n, [&](int i) {
      x[i].store(1);
      b.arrive_and_wait();
      x[(i + 1) % n].load();
    });
  };
}
inline auto choices() {
  return [=] {
    threads(2, [&](int i) {
      choose(3);
      if (i == 0) choose(2);
    });
  };
}
inline auto choice_race() {
  return [=] {
    variable<int> x;
    threads(2, [&](int i) {
      if (i == 1 || choose(2)) x.store(1);
    });
  };
}
/// Loses classes in searches that look only at races new in an execution.
inline auto rescan_trap() {
  return [=] {
    atomic<int> y;
    mutex a, b;
    threads(4, [&](int i) {
      if (i == 0) {
        y.load();
      } else if (i == 1) {
        if (a.try_lock()) y.store(1);
      } else if (i == 2) {
        y.fetch_add(1);
      } else {
        b.lock();
        a.lock();
        a.unlock();
      }
    });
  };
}
/// Flanagan and Godefroid's indexer: threads insert into a hash table with linear probing.
inline auto indexer(int n) {
  return [=] {
    constexpr int kSize = 128;
    Array<atomic<int>, kSize> table(kSize);
    threads(n, [&](int i) {
      for (int k = 1; k <= 4; ++k) {
        const int w = k * 11 + i;
        for (int h = w * 7 % kSize, expected = 0; !table[h].compare_exchange_strong(expected, w);
             expected = 0)
          h = (h + 1) % kSize;
      }
    });
  };
}
/// Flanagan and Godefroid's file system: inodes and blocks with a lock each.
inline auto filesystem(int n) {
  return [=] {
    Array<mutex> inode_lock(32), block_lock(26);
    Array<variable<int>> inode(32), busy(26);
    threads(n, [&](int t) {
      const int i = t % 32;
      inode_lock[i].lock();
      if (inode[i].load() == 0) {
        for (int b = i * 2 % 26;; b = (b + 1) % 26) {
          block_lock[b].lock();
          if (busy[b].load() == 0) {
            busy[b].store(1);
            inode[i].store(b + 1);
            block_lock[b].unlock();
            break;
          }
          block_lock[b].unlock();
        }
      }
      inode_lock[i].unlock();
    });
  };
}

}  // namespace programs
