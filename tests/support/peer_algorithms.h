// Mutual exclusion by loads and stores alone: the classic algorithms, as other checkers' test suites have
// them. Waiting is bounded: a thread gives up after some tries. See peer_programs.h.
#pragma once
#include "tests/support/peer_programs.h"
#include "tests/support/peer_view.h"

namespace programs {

/// Does `f` hold within so many tries?
template <class F>
bool within(int tries, const F& f) {
  for (int i = 0; i < tries; ++i)
    if (f()) return true;
  return false;
}
/// The critical section: a write that must still be there in the next moment.
inline void alone(atomic<int>& x, int me) {
  x.store(me);
  require(x.load() == me);
}

inline auto peterson(int rounds) {
  return [=] {
    Array<atomic<int>> wants(2);
    atomic<int> turn, x;
    threads(2, [&](int me) {
      const int other = 1 - me;
      for (int round = 0; round < rounds; ++round) {
        wants[me].store(1);
        turn.store(other);
        const bool entered = within(rounds, [&] {
          const bool contended = wants[other].load(), his_turn = turn.load() == other;
          return !contended || !his_turn;
        });
        if (!entered) return;
        alone(x, me);
        wants[me].store(0);
      }
    });
  };
}

inline auto dekker(int rounds) {
  return [=] {
    Array<atomic<int>> wants(2);
    atomic<int> turn, x;
    threads(2, [&](int me) {
      const int other = 1 - me;
      for (int round = 0; round < rounds; ++round) {
        wants[me].store(1);
        bool gave_up = false;
        const bool entered = within(rounds, [&] {
          if (gave_up) return false;
          if (!wants[other].load()) return true;
          if (turn.load() == me) return false;
          wants[me].store(0);
          gave_up = !within(rounds, [&] { return turn.load() == me; });
          if (!gave_up) wants[me].store(1);
          return false;
        });
        if (!entered) return;
        alone(x, me);
        turn.store(other);
        wants[me].store(0);
      }
    });
  };
}

inline auto szymanski(int rounds) {
  return [=] {
    Array<atomic<int>> state(
        2);  // 0 outside, 1 at the door, 2 in the waiting room, 3 in the doorway, 4 inside
    atomic<int> x;
    threads(2, [&](int me) {
      atomic<int>&mine = state[me], &his = state[1 - me];
      for (int round = 0; round < rounds; ++round) {
        mine.store(1);
        if (!within(rounds, [&] { return his.load() < 3; })) return;
        mine.store(3);
        if (his.load() == 1) {
          mine.store(2);
          if (!within(rounds, [&] { return his.load() == 4; })) return;
        }
        mine.store(4);
        if (!within(rounds, [&] { return his.load() < 2; })) return;
        alone(x, me);
        if (!within(rounds, [&] { return his.load() < 2 || his.load() > 3; })) return;
        mine.store(0);
      }
    });
  };
}

/// Lamport's fast mutual exclusion for two threads.
inline auto lamport_fast(int rounds) {
  return [=] {
    Array<atomic<int>> busy(2);
    atomic<int> x, y, critical;
    threads(2, [&](int i) {
      const int me = i + 1;
      auto enter = [&] {
        for (int attempt = 0; attempt < rounds; ++attempt) {
          busy[i].store(1);
          x.store(me);
          if (y.load() != 0) {
            busy[i].store(0);
            if (!within(rounds, [&] { return y.load() == 0; })) return false;
            continue;
          }
          y.store(me);
          if (x.load() == me) return true;
          busy[i].store(0);
          if (!within(rounds, [&] { return !busy[1 - i].load(); })) return false;
          if (y.load() == me) return true;
          if (!within(rounds, [&] { return y.load() == 0; })) return false;
        }
        return false;
      };
      for (int round = 0; round < rounds; ++round) {
        if (!enter()) return;
        alone(critical, me);
        y.store(0);
        busy[i].store(0);
      }
    });
  };
}
/// The same for n threads once each, and with assumptions instead of waiting.
inline auto lamport_assuming(int n, PeerView& view) {
  return [=, &view] {
    view.begin();
    Array<Cell> busy(n, &view);
    Cell x(&view), y(&view), critical(&view);
    view.threads(n, [&](int i) {
      const int me = i + 1;
      auto enter = [&] {
        busy[i].store(1);
        x.store(me);
        if (y.load() != 0) {
          busy[i].store(0);
          view.assume(y.load() == 0);
          return false;
        }
        y.store(me);
        if (x.load() == me) return true;
        busy[i].store(0);
        for (int j = 0; j < n; ++j) view.assume(!busy[j].load());
        if (y.load() == me) return true;
        view.assume(y.load() == 0);
        return false;
      };
      while (!enter()) {
      }
      critical.store(me);
      require(critical.load() == me);
      y.store(0);
      busy[i].store(0);
    });
    view.end();
  };
}

/// Lamport's bakery for two threads.
inline auto bakery(int tries) {
  return [=] {
    Array<atomic<int>> ticket(2), choosing(2);
    atomic<int> resource;
    threads(2, [&](int me) {
      choosing[me].store(1);
      int highest = 0;
      for (int i = 0; i < 2; ++i) highest = std::max(highest, ticket[i].load());
      ticket[me].store(highest + 1);
      choosing[me].store(0);
      for (int i = 0; i < 2; ++i) {
        if (!within(tries, [&] { return !choosing[i].load(); })) return;
        const bool first = within(tries, [&] {
          const int his = ticket[i].load(), mine = ticket[me].load();
          return his == 0 || mine < his || (mine == his && me <= i);
        });
        if (!first) return;
      }
      require(resource.load() == 0);
      resource.store(me);
      resource.store(0);
      ticket[me].store(0);
    });
  };
}

/// Burns and Lynch's one-bit algorithm for two threads. A thread that has had to start again once never
/// believes that it has succeeded: a slip of the original, which is part of the count.
inline auto burns(int tries) {
  return [=] {
    Array<atomic<int>> wants(2);
    atomic<int> x;
    threads(2, [&](int me) {
      auto free = [&] { return wants[1 - me].load() == 0; };
      if (me == 0) {
        wants[0].store(0);
        wants[0].store(1);
        if (!within(tries, free)) return;
      } else {
        bool gave_up = false, again = false;
        const bool entered = within(tries, [&] {
          if (gave_up) return false;
          wants[1].store(0);
          gave_up = !within(tries, free);
          if (gave_up) return false;
          wants[1].store(1);
          again |= !within(tries, free);
          return !again;
        });
        if (!entered) return;
      }
      alone(x, me);
      wants[me].store(0);
    });
  };
}

/// Dijkstra's solution for two threads.
inline auto dijkstra(int tries) {
  return [=] {
    Array<atomic<int>> interested(2), passed(2);
    atomic<int> turn, x;
    threads(2, [&](int me) {
      interested[me].store(1);
      auto takes_turn = [&] {
        const int whose = turn.load();
        if (whose == me) return true;
        if (!interested[whose].load()) turn.store(me);
        return false;
      };
      bool gave_up = false;
      const bool entered = within(tries, [&] {
        gave_up = gave_up || !within(tries, takes_turn);
        if (gave_up) return false;
        passed[me].store(1);
        if (!passed[1 - me].load()) return true;
        passed[me].store(0);
        return false;
      });
      if (!entered) return;
      alone(x, me);
      passed[me].store(0);
      interested[me].store(0);
    });
  };
}

/// The race in Java's LockSupport.park (bug 6822370), which is none under sequential consistency. Its
/// low-level mutex is half of Peterson's: where both want it both wait for ever, which assumptions exclude.
inline auto parker(int tries, PeerView& view) {
  return [=, &view] {
    view.begin();
    Cell done(&view), finished(&view), permit(&view), waits(&view);
    Array<Cell> wants(2, &view);
    auto lock = [&](int i) {
      wants[i].store(1);
      view.assume(wants[1 - i].load() == 0);
    };
    auto try_lock = [&](int i) {
      wants[i].store(1);
      if (wants[1 - i].load() == 0) return true;
      wants[i].store(0);
      return false;
    };
    auto park = [&] {
      if (permit.load() > 0) return permit.store(0);
      if (!try_lock(1)) return;
      if (permit.load() <= 0) {
        waits.store(1);
        wants[1].store(0);
        require(!finished.load() || waits.load() == 0);
        view.assume(waits.load() == 0);
        lock(1);
      }
      permit.store(0);
      wants[1].store(0);
    };
    auto unpark = [&] {
      lock(0);
      const int before = permit.load();
      permit.store(1);
      wants[0].store(0);
      if (before < 1) waits.store(0);
    };
    view.threads(2, [&](int i) {
      if (i == 0) {
        unpark();
        done.store(1);
        unpark();
        finished.store(1);
      } else {
        for (int k = 0; !done.load(); ++k) {
          view.assume(k < tries);
          park();
        }
      }
    });
    view.end();
  };
}

}  // namespace programs
