// Random programs for the differential tests: a small instruction set over every primitive, and its interpreter.
//
// A program is data, so that a failing one can be printed and shrunk by hand. Threads start and join one another at
// random places, some are never joined.
#pragma once
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "checker/engine/event.h"
#include "checker/engine/life.h"
#include "tests/support/programs.h"

namespace programs {

enum class I : std::uint8_t {
  Read,
  Write,
  WriteRegister,
  FetchAdd,
  CompareExchange,
  Lock,
  Unlock,
  TryLock,
  LockFor,
  Wait,
  WaitFor,
  NotifyOne,
  NotifyAll,
  Acquire,
  AcquireFor,
  TryAcquire,
  Release,
  Put,
  Get,
  TryPut,
  TryGet,
  PutFor,
  GetFor,
  Size,
  TaskDone,
  QueueJoin,
  EventWait,
  EventWaitFor,
  EventSet,
  EventClear,
  EventTest,
  Arrive,
  ArriveOnly,
  Once,
  Choose,
  SkipIfZero,
  SkipIfNot,
  Spawn,
  SpawnDaemon,
  Join,
  JoinFor,
  Alive,
  Destroy,
  Exit,
  One,
  Both,
  Locked,
  AddOnly,
};

struct Instruction {
  I op;
  int a = 0, b = 0;
};

struct RandomProgram {
  std::vector<std::vector<Instruction>> threads;  // 0 is main
  int semaphores[2] = {0, 0};
  int capacity = 1;
  bool counts_tasks = false;
  int parties = 2;
  bool notify_any = true;
  bool plain = false;          // places are plain variables
  std::uint32_t detached = 0;  // threads that are not joined are detached anyway; for printing only
  int group = 0, copies = 1;   // threads[group] is started so many times over: they are alike; 0: none is

  std::string text() const {
    static const char* const names[] = {
        "R",     "W",     "WR",      "ADD",  "CAS",  "L",     "U",   "TL",    "LF",     "CW",
        "CWF",   "N1",    "NA",      "P",    "PF",   "TP",    "V",   "PUT",   "GET",    "TPUT",
        "TGET",  "PUTF",  "GETF",    "SIZE", "DONE", "QJOIN", "EW",  "EWF",   "ES",     "EC",
        "ET",    "BAR",   "ARR",     "ONCE", "CH",   "BZ",    "BNZ", "SPAWN", "DAEMON", "JOIN",
        "JOINF", "ALIVE", "DESTROY", "EXIT", "ONE",  "BOTH",  "LKD", "ADD1"};
    std::ostringstream s;
    s << "semaphores " << semaphores[0] << ' ' << semaphores[1] << " capacity " << capacity << " parties "
      << parties << (notify_any ? " notify any" : " notify first") << (plain ? " plain" : "");
    if (group) s << " thread " << group << " x " << copies;
    s << '\n';
    for (const auto& t : threads) {
      for (const Instruction& i : t)
        s << " (" << names[static_cast<int>(i.op)] << ' ' << i.a << ' ' << i.b << ')';
      s << '\n';
    }
    return s.str();
  }
};

/// A mutex that can be looked at.
struct Lock : timed_mutex {
  bool locked(engine::Engine& e, site where) { return m_.locked(e, where); }
};

/// The shared objects of one execution. Threads may outlive main: objects live in storage that does too.
struct World {
  Array<atomic<int>, 2> x{2};
  Array<Lock, 2> m{2};
  Array<condition_variable, 2> c{2};
  counting_semaphore<> s0, s1;
  queue<int> q;
  engine::Event event;
  engine::Barrier barrier;
  engine::Once once;
  // Places that one operation may touch both of.
  engine::ObjectId places[2] = {engine::Engine::current()->new_object(),
                                engine::Engine::current()->new_object()};
  int values[2] = {};
  engine::ObjectId doomed = engine::Engine::current()->new_object();
  std::uint64_t seen[8] = {};      // digests of what each thread has seen
  std::vector<engine::Tid> alike;  // RandomProgram::group
  explicit World(const RandomProgram& p)
      : s0(p.semaphores[0]),
        s1(p.semaphores[1]),
        q(p.capacity, p.counts_tasks),
        event(*engine::Engine::current()),
        barrier(*engine::Engine::current(), p.parties, false),
        once(*engine::Engine::current()) {}
};

inline void interpret(const RandomProgram& p, World& w, int me) {
  using namespace std::chrono_literals;
  engine::Engine& e = *engine::Engine::current();
  int r = 0;
  engine::Tid children[8] = {};
  const auto& code = p.threads[static_cast<std::size_t>(me)];
  for (std::size_t pc = 0; pc < code.size(); ++pc) {
    const Instruction& i = code[pc];
    counting_semaphore<>& s = i.a ? w.s1 : w.s0;
    switch (i.op) {
      case I::Read: r = w.x[i.a].load(); break;
      case I::Write: w.x[i.a].store(i.b); break;
      case I::WriteRegister: w.x[i.a].store(r + i.b); break;
      case I::One:
      case I::Both: {
        const int second = 1 - i.a;
        const bool both = i.op == I::Both, first_writes = i.b & 1, second_writes = both && i.b & 2;
        engine::Site at = here();
        at.line = me * 100 + static_cast<int>(pc);
        auto access = [&](int k, bool writes) {
          return writes ? engine::writes(w.places[k]) : engine::reads(w.places[k]);
        };
        e.visible(
            first_writes || second_writes ? engine::OpKind::ReadModifyWrite : engine::OpKind::Read,
            access(i.a, first_writes), both ? access(second, second_writes) : 0, at, 0,
            static_cast<std::uint8_t>(p.plain ? engine::kPlain | (both ? engine::kPlainSecond : 0) : 0));
        r = w.values[i.a] + (both ? 2 * w.values[second] : 0);
        if (first_writes) w.values[i.a] = 1 - w.values[i.a];
        if (second_writes) w.values[second] = 1 - w.values[second];
        e.self().result = static_cast<std::uint64_t>(r);
        break;
      }
      case I::AddOnly: w.x[i.a].add(i.b); break;
      case I::FetchAdd: r = w.x[i.a].fetch_add(i.b); break;
      case I::CompareExchange: {
        int expected = i.b & 1;
        r = w.x[i.a].compare_exchange_strong(expected, 1 + (i.b >> 1 & 1));
        break;
      }
      case I::Lock: w.m[i.a].lock(); break;
      case I::Unlock: w.m[i.a].unlock(); break;
      case I::TryLock: r = w.m[i.a].try_lock(); break;
      case I::Locked: r = w.m[i.a].locked(e, here()); break;
      case I::LockFor: r = w.m[i.a].try_lock_for(1s); break;
      case I::Wait:
      case I::WaitFor: {
        unique_lock lock(w.m[i.b], std::defer_lock);
        if (i.op == I::Wait)
          w.c[i.a].wait(lock);
        else
          r = w.c[i.a].wait_for(lock, 1s) == cv_status::no_timeout;
        break;
      }
      case I::NotifyOne: w.c[i.a].notify_one(); break;
      case I::NotifyAll: w.c[i.a].notify_all(); break;
      case I::Acquire: s.acquire(); break;
      case I::AcquireFor: r = s.try_acquire_for(1s); break;
      case I::TryAcquire: r = s.try_acquire(); break;
      case I::Release: s.release(); break;
      case I::Put: w.q.put(i.a); break;
      case I::Get: r = w.q.get(); break;
      case I::TryPut: r = w.q.try_put(i.a); break;
      case I::TryGet: r = w.q.try_get().value_or(-1) + 1; break;
      case I::PutFor: r = w.q.put_for(i.a, 1); break;
      case I::GetFor: r = w.q.get_for(1).value_or(-1) + 1; break;
      case I::Size: r = w.q.size(); break;
      case I::TaskDone: r = w.q.task_done(); break;
      case I::QueueJoin: w.q.join(); break;
      case I::EventWait: w.event.wait(e, here()); break;
      case I::EventWaitFor: r = w.event.wait_for(e, 1, here()); break;
      case I::EventSet: w.event.set(e, here()); break;
      case I::EventClear: w.event.clear(e, here()); break;
      case I::EventTest: r = w.event.is_set(e, here()); break;
      case I::Arrive: {
        const int phase = w.barrier.arrive(e, false, here(), [] {});
        if (phase != engine::Barrier::kTornDown) w.barrier.pass(e, phase);
        break;
      }
      case I::ArriveOnly: w.barrier.arrive(e, false, here(), [] {}); break;
      case I::Once:
        if (w.once.begin(e, here())) {
          w.x[i.a].store(w.x[i.a].load() + 1);
          w.once.end(e, i.b, here());
        }
        break;
      case I::Choose: r = choose(i.a); break;
      case I::SkipIfZero:
        if (!r) pc += static_cast<std::size_t>(i.a);
        break;
      case I::SkipIfNot:
        if (r) pc += static_cast<std::size_t>(i.a);
        break;
      case I::Spawn:
      case I::SpawnDaemon:
        for (int copy = 0; copy < (i.a == p.group ? p.copies : 1); ++copy) {
          children[i.a] = e.spawn(i.op == I::SpawnDaemon);
          e.body(children[i.a]).set([&p, &w, k = i.a] { raddle::api::guarded([&] { interpret(p, w, k); }); });
          if (i.a != p.group) continue;
          if (!w.alike.empty()) e.alike(w.alike.front(), children[i.a]);
          w.alike.push_back(children[i.a]);
        }
        break;
      case I::Join:
        if (i.a != p.group) {
          e.join(children[i.a]);
          break;
        }
        for (const engine::Tid t : w.alike)
          if (!e.join(t)) break;
        break;
      case I::JoinFor: r = engine::join_for(e, children[i.a], 1, here()); break;
      case I::Alive: r = engine::is_alive(e, children[i.a], here()); break;
      case I::Exit: e.exit(i.a, here()); break;
      case I::Destroy: e.destroy(w.doomed, here()); break;
    }
    std::uint64_t& seen = w.seen[me];
    seen = engine::mix(seen + pc + 1) + static_cast<std::uint64_t>(r);
  }
}

/// The one of the current execution.
inline World* latest_world() {
  alignas(World) static thread_local char memory[sizeof(World)];
  return reinterpret_cast<World*>(memory);
}

/// The program as a model for the engine. `p` must outlive it.
inline auto model(const RandomProgram& p) {
  return [&p] { interpret(p, *new (latest_world()) World(p), 0); };
}

/// Which instructions a program may contain, besides memory accesses.
enum Feature : unsigned {
  kCas = 1,
  kLocks = 2,
  kConditions = 4,
  kSemaphores = 8,
  kQueues = 16,
  kChoices = 32,
  kTimeouts = 64,
  kEvents = 128,
  kBarriers = 256,
  kLives = 512,
  kOnce = 1024,
  kDestroy = 2048,
  kExits = 4096,
  kLarger = 8192,          // more instructions per thread
  kPairs = 16384,          // accesses to two places at once
  kPlainPlaces = 32768,    // places are plain, and most accesses are to them
  kTasks = 1 << 16,        // with kQueues: items are dealt with, and that is waited for
  kPutsAndGets = 1 << 17,  // with kQueues: much of these, in queues of up to 3 items or without limit
  kTries = 1 << 18,        // much that may fail: of all other features
  kAdditions = 1 << 19,    // additions that return nothing
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}

  RandomProgram operator()(unsigned features) {
    RandomProgram p;
    const int n = 2 + (below(5) + 1) / 2;  // 2..5 with main, which runs code of its own too
    int budget = n <= 2 ? 3 + below(5) : n == 3 ? 2 + below(4) : 2 + below(2);
    if (features & kLarger) budget += 2;
    std::vector<int> pool{0, 0};
    auto allow = [&](unsigned f, std::initializer_list<int> what) {
      if (features & f) pool.insert(pool.end(), what);
    };
    allow(kLocks, {1, 1, 2, 3});
    if (features & kLocks) allow(kTimeouts, {14, 14});
    allow(kConditions, {4, 4, 5, 5, 6});
    if (features & kConditions) allow(kTimeouts, {15, 15});
    allow(kSemaphores, {7, 8, 8, 16});
    if (features & kSemaphores) allow(kTimeouts, {17, 17});
    allow(kQueues, {9, 10, 9, 10, 18, 19, 20});
    if (features & kQueues) allow(kTimeouts, {21, 22});
    allow(kTasks, {34, 34, 35});
    allow(kPutsAndGets, {9, 10, 9, 10, 9, 10, 9, 10, 9, 10});
    allow(kChoices, {11, 12});
    allow(kCas, {13});
    allow(kEvents, {23, 24, 24, 25, 26});
    if (features & kEvents) allow(kTimeouts, {27, 27});
    allow(kBarriers, {28, 28, 29});
    allow(kOnce, {30, 30});
    allow(kDestroy, {31});
    allow(kPairs, {32, 32, 32, 33});
    allow(kAdditions, {37, 37, 37, 37});
    if (features & kTries) {
      allow(kCas, {13, 13, 13});
      allow(kLocks, {3, 3, 3, 36});
      allow(kSemaphores, {16, 16});
      allow(kQueues, {18, 18, 19, 19, 20});
      allow(kEvents, {24, 25, 26});
      allow(kOnce, {30});
    }
    p.plain = plain_ = features & kPlainPlaces;
    p.threads.resize(static_cast<std::size_t>(n));
    for (int t = 0; t < n; ++t)
      fill(p.threads[static_cast<std::size_t>(t)], t == 0 ? below(budget + 1) : budget, n, pool);
    start_threads(p, features);
    p.semaphores[0] = below(2);
    p.semaphores[1] = below(3);
    p.capacity = 1 + below(2);
    if (features & kPutsAndGets && below(2)) p.capacity = below(2) ? 3 : engine::Queue::kUnbounded / 2;
    p.counts_tasks = features & kTasks;
    p.parties = 1 + below(3);
    p.notify_any = below(5) < 3;
    return p;
  }

  int below(int n) {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<int>((state_ >> 33) % static_cast<std::uint64_t>(n));
  }

 private:
  using Code = std::vector<Instruction>;
  static bool visible(I i) { return i != I::SkipIfZero && i != I::SkipIfNot; }

  Instruction access() {
    if (plain_ && below(5) > 0) return {I::One, below(2), below(2)};
    const int k = below(4), x = below(2);
    return {k == 0 ? I::Read : k == 1 ? I::Write : k == 2 ? I::WriteRegister : I::FetchAdd, x, 1 + below(2)};
  }

  void fill(Code& c, int size, int n, const std::vector<int>& pool) {
    auto length = [&] {
      return std::count_if(c.begin(), c.end(), [](const Instruction& i) { return visible(i.op); });
    };
    auto add = [&](std::initializer_list<Instruction> l) { c.insert(c.end(), l); };
    auto guarded_section = [&](Instruction acquire, Instruction release) {
      const int k = below(2);
      add({acquire, {I::SkipIfZero, k + 1}});
      if (k) c.push_back(access());
      c.push_back(release);
    };
    while (length() < size) {
      const int m = below(2);
      switch (pool[static_cast<std::size_t>(below(static_cast<int>(pool.size())))]) {
        case 0: c.push_back(access()); break;
        case 32: c.push_back({I::Both, m, below(4)}); break;
        case 33: c.push_back({I::One, m, below(2)}); break;
        case 1:
          c.push_back({I::Lock, m});
          for (int k = below(3); k; --k) c.push_back(access());
          c.push_back({I::Unlock, m});
          break;
        case 2: add({{I::Lock, m}, {I::Lock, 1 - m}, {I::Unlock, 1 - m}, {I::Unlock, m}}); break;
        case 3: guarded_section({I::TryLock, m}, {I::Unlock, m}); break;
        case 4: add({{I::Lock, 0}, {I::Wait, n > 2 ? below(2) : 0, 0}, {I::Unlock, 0}}); break;
        case 5: {
          const Instruction notify{I::NotifyOne, n > 2 ? below(2) : 0};
          if (below(5) < 2)
            add({{I::Lock, 0}, notify, {I::Unlock, 0}});
          else
            c.push_back(notify);
          break;
        }
        case 6: c.push_back({I::NotifyAll, 0}); break;
        case 7: c.push_back({I::Acquire, m}); break;
        case 8: c.push_back({I::Release, m}); break;
        case 9: c.push_back({I::Put, 1 + m}); break;
        case 10: c.push_back({I::Get}); break;
        case 11: c.push_back({I::Choose, 2 + below(2)}); break;
        case 12: {
          int k = 1 + below(2);
          add({{I::Read, m}, {below(2) ? I::SkipIfZero : I::SkipIfNot, k}});
          while (k--) c.push_back(access());
          break;
        }
        case 13: c.push_back({I::CompareExchange, m, below(4)}); break;
        case 14: guarded_section({I::LockFor, m}, {I::Unlock, m}); break;
        case 15: add({{I::Lock, 0}, {I::WaitFor, n > 2 ? below(2) : 0, 0}, {I::Unlock, 0}}); break;
        case 16: c.push_back({I::TryAcquire, m}); break;
        case 17: c.push_back({I::AcquireFor, m}); break;
        case 18: c.push_back({I::TryGet}); break;
        case 19: c.push_back({I::TryPut, 1 + m}); break;
        case 20: c.push_back({I::Size}); break;
        case 21: c.push_back({I::PutFor, 1 + m}); break;
        case 22: c.push_back({I::GetFor}); break;
        case 23: c.push_back({I::EventWait}); break;
        case 24: c.push_back({I::EventSet}); break;
        case 25: c.push_back({I::EventClear}); break;
        case 26: c.push_back({I::EventTest}); break;
        case 27: c.push_back({I::EventWaitFor}); break;
        case 28: c.push_back({I::Arrive}); break;
        case 29: c.push_back({I::ArriveOnly}); break;
        case 30: c.push_back({I::Once, m, below(3) > 0}); break;
        case 31: c.push_back({I::Destroy}); break;
        case 34: c.push_back({I::TaskDone}); break;
        case 35: c.push_back({I::QueueJoin}); break;
        case 37: c.push_back({I::AddOnly, m, below(3) - 1}); break;
        case 36: c.push_back({I::Locked, m}); break;
      }
    }
  }

  // Thread k is started by main or by thread k-1, at a random place outside of branches, and joined later or never.
  void start_threads(RandomProgram& p, unsigned features) {
    const int n = static_cast<int>(p.threads.size());
    auto branches = [&](int t) {
      const auto& c = p.threads[static_cast<std::size_t>(t)];
      return std::any_of(c.begin(), c.end(), [](const Instruction& i) { return !visible(i.op); });
    };
    for (int k = n - 1; k >= 1; --k) {
      const int parent = k >= 2 && below(3) == 0 ? k - 1 : 0;
      Code& c = p.threads[static_cast<std::size_t>(parent)];
      const int at = branches(parent) || below(2) ? 0 : below(static_cast<int>(c.size()) + 1);
      const bool daemon = features & kExits && below(2);
      c.insert(c.begin() + at, Instruction{daemon ? I::SpawnDaemon : I::Spawn, k});
      if (below(2)) continue;
      const int size = static_cast<int>(c.size());
      const int later = at + 1 + (branches(parent) ? size - at - 1 : below(size - at));
      const int how = features & kLives ? below(4) : 0;
      c.insert(c.begin() + later, Instruction{how == 2 ? I::JoinFor : how == 3 ? I::Alive : I::Join, k});
    }
    if (features & kExits) {
      p.threads[0].push_back({I::Exit, 0});
      if (below(3) == 0) p.threads[static_cast<std::size_t>(below(n))].push_back({I::Exit, 1});
    }
  }

  std::uint64_t state_;
  bool plain_ = false;
};

}  // namespace programs
