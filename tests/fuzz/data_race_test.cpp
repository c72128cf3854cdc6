// Data races of random programs: the clocks that are kept while a depth-first search rewinds against the definition,
// and the same findings from the optimal search, source DPOR and brute force.
//
// RADDLE_FUZZ_PROGRAMS and RADDLE_FUZZ_SEED as in dpor_test.cpp.
#include "checker/detect/data_race.h"

#include <algorithm>
#include <bitset>
#include <cstdlib>
#include <set>
#include <utility>

#include <doctest/doctest.h>

#include "tests/support/random_program.h"
#include "tests/support/search.h"

using namespace programs;
using namespace raddle::engine;
using raddle::detect::DataRace;
using raddle::test::SearchOptions;

namespace {

using Race = std::pair<int, int>;  // lines, in order: each is one instruction
using Races = std::set<Race>;

Race race_of(const History& h, Step a, Step b) { return std::minmax({h[a].site.line, h[b].site.line}); }

/// By definition: all predecessors of each event, from pairs of events that one edge connects.
class Reference {
 public:
  void event(const Engine& e, const History& h, Step at, Races& found) {
    before_.resize(static_cast<std::size_t>(at) + 1);
    auto& mine = before_.back();
    mine.reset();
    auto add = [&](Step s) {
      mine |= before_[static_cast<std::size_t>(s)];
      mine.set(static_cast<std::size_t>(s));
    };
    const HistoryEvent& y = h[at];
    if (y.prev_own != kNever) add(y.prev_own);
    for (Step s : e.thread(y.t.tid).inherited) add(s);
    in_queue_.resize(before_.size());
    in_queue_.back().reset();
    for (Step k = 0; k < at && has_ends(e, y); ++k) {
      if (!has_ends(e, h[k]) || !conflict(h[k].t, y.t)) continue;
      in_queue_.back() |= in_queue_[static_cast<std::size_t>(k)];
      in_queue_.back().set(static_cast<std::size_t>(k));
    }
    for (Step k = 0; k < at; ++k)
      if (synchronizes(e, h, k, at)) add(k);
    for (Access a : {y.t.a0, y.t.a1})
      if (y.memory & kUnordered && a) unordered(h, at, a, found);
  }

 private:
  void unordered(const History& h, Step at, Access a, Races& found) const {
    const auto& mine = before_.back();
    for (Step k = at; k-- > 0;) {
      const HistoryEvent& x = h[k];
      Access other = 0;
      for (Access b : {x.t.a0, x.t.a1})
        if (b && object_of(b) == object_of(a)) other = b;
      if (!other || !(is_write(a) || is_write(other))) continue;
      if (x.t.tid != h[at].t.tid && !mine.test(static_cast<std::size_t>(k))) found.insert(race_of(h, k, at));
      if (is_write(other)) return;
    }
  }

  static bool succeeds(const HistoryEvent& x) {
    switch (x.t.kind) {
      case OpKind::TryLock: return x.guards & kIfZero;
      case OpKind::TryPut: return x.guards & kIfRoom;
      case OpKind::TryAcquire:
      case OpKind::TryGet:
      case OpKind::EventTest:
      case OpKind::ThreadAlive: return x.guards & kIfPositive;
      default: return true;
    }
  }

  static bool has_ends(const Engine& e, const HistoryEvent& x) {
    return e.objects().has_ends(object_of(x.t.a0));
  }

  bool synchronizes(const Engine& e, const History& h, Step k, Step at) const {
    const HistoryEvent &x = h[k], &y = h[at];
    if (y.t.kind == OpKind::Wake && y.notifier == k) return true;
    const ObjectId o = object_of(y.t.a0);
    const bool ends = has_ends(e, y);  // then only what comes before in all executions of the class counts
    if (!o || !succeeds(x) || !succeeds(y)) return false;
    if (ends ? !in_queue_.back().test(static_cast<std::size_t>(k)) : object_of(x.t.a0) != o) return false;
    const OpKind from = x.t.kind, to = y.t.kind;
    auto is = [](OpKind what, std::initializer_list<OpKind> kinds) {
      return std::find(kinds.begin(), kinds.end(), what) != kinds.end();
    };
    auto edge = [&](std::initializer_list<OpKind> give, std::initializer_list<OpKind> take) {
      return is(from, give) && is(to, take);
    };
    using K = OpKind;
    if (is_memory(from) && is_memory(to)) {
      if (x.memory & kUnordered || y.memory & kUnordered) return false;
      if (!is_write(x.t.a0) || to == K::Write || to == K::Add) return false;
      for (Step i = k + 1; i < at; ++i)  // a plain store in between is what is read, or begins what is read
        if (h[i].t.kind == K::Write && object_of(h[i].t.a0) == o) return false;
      return true;
    }
    const bool bounded = (ends ? e.objects().ends(o).capacity : e.object(o).cap) < Queue::kUnbounded / 2;
    return edge({K::Unlock, K::Wait}, {K::Lock, K::TryLock, K::Wake}) ||
           edge({K::Release}, {K::Acquire, K::TryAcquire}) ||
           (is_write(x.t.a0) && edge({K::EventSet}, {K::EventWait, K::EventTest})) ||
           edge({K::OnceEnd}, {K::OnceBegin}) || edge({K::ThreadEnd}, {K::ThreadAlive, K::TimedJoin}) ||
           edge({K::Put, K::TryPut}, {K::Get, K::TryGet, K::QueueTest}) ||
           edge({K::Get, K::TryGet}, {K::QueueTest}) ||
           edge({K::Put, K::TryPut, K::QueueUpdate}, {K::QueueJoin}) ||
           edge({K::QueueUpdate}, {K::Get, K::TryGet, K::QueueTest}) ||
           (bounded && edge({K::Get, K::TryGet}, {K::Put, K::TryPut}));
  }

  std::vector<std::bitset<256>> before_;
  std::vector<std::bitset<256>> in_queue_;  // of those on the queue: those on it that come before
};

/// Runs both on every event of a search.
class Compared : public raddle::detect::Detector, private raddle::detect::Sink {
 public:
  std::uint64_t interests() const override { return detector_.interests(); }
  void event(const Engine& e, const History& h, Step at, raddle::detect::Sink&) override {
    history_ = &h;
    const auto i = static_cast<std::size_t>(at);
    for (auto* prefixes : {&seen_, &expected_}) {
      prefixes->resize(i + 1);
      (*prefixes)[i] = i ? (*prefixes)[i - 1] : Races{};
    }
    detector_.event(e, h, at, *this);
    reference_.event(e, h, at, expected_[i]);
    same &= seen_[i] == expected_[i];
  }
  void restart() override { found.clear(); }
  Races found;       // in the search
  bool same = true;  // in every execution

 private:
  void observe(const raddle::detect::Observation& o) override {
    const Race race = race_of(*history_, o.steps[DataRace::kFirst], o.steps[DataRace::kSecond]);
    seen_.back().insert(race);
    found.insert(race);
  }
  DataRace detector_;
  Reference reference_;
  const History* history_ = nullptr;
  std::vector<Races> seen_, expected_;  // up to each step of the current execution
};

struct Searched {
  Races found;
  bool same = false;  // as by definition
  bool complete = false;
  std::uint8_t revealed = 0;
};

/// Searches with the strategy that make(inspector) returns.
template <class F>
Searched races(const RandomProgram& p, std::uint8_t revealed, F&& make) {
  Engine e;
  e.set_notify_any(p.notify_any);
  e.set_revealed(revealed);
  raddle::explore::Inspector inspector;
  Compared compared;
  inspector.add(compared);
  auto strategy = make(inspector);
  auto program = model(p);
  raddle::test::Model<decltype(program)> m(program);
  e.run(strategy, m);
  Searched s{compared.found, compared.same, true, e.revealed()};
  if constexpr (requires { strategy.complete(); }) s.complete = strategy.complete();
  return s;
}

struct Row {
  const char* name;
  unsigned features;
};
constexpr Row kRows[] = {
    {"memory", 0},
    {"two places at once", kPairs},
    {"atomics", kCas},
    {"locks", kLocks | kTimeouts},
    {"conditions", kLocks | kConditions | kTimeouts},
    {"semaphores", kSemaphores | kTimeouts},
    {"queues", kQueues | kPutsAndGets},
    {"queues and tasks", kQueues | kTasks},
    {"timed queues", kQueues | kTasks | kTimeouts},
    {"events", kEvents | kTimeouts},
    {"barriers", kBarriers | kLocks},
    {"once", kOnce | kLocks},
    {"lives of threads", kLives | kLocks},
    {"daemons and exits", kExits | kLocks | kSemaphores},
    {"all",
     kCas | kLocks | kConditions | kSemaphores | kQueues | kEvents | kBarriers | kOnce | kLives | kChoices},
};

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* s = std::getenv(name);
  return s ? std::strtoull(s, nullptr, 10) : otherwise;
}

}  // namespace

TEST_CASE("the same data races by definition and from every exhaustive strategy") {
  const std::uint64_t programs = from_environment("RADDLE_FUZZ_PROGRAMS", 60);
  Generator generate(from_environment("RADDLE_FUZZ_SEED", 1));
  std::uint64_t all_racing = 0, all_silent = 0;
  for (const Row& row : kRows) {
    CAPTURE(std::string(row.name));
    std::uint64_t bad = 0, racing = 0, skipped = 0;
    for (std::uint64_t k = 0; k < programs;) {
      const RandomProgram p = generate(row.features | kPlainPlaces);
      const Searched brute = races(p, 0, [](auto& i) { return raddle::explore::Brute(i, 20000); });
      if (!brute.complete) {
        ++skipped;
        continue;
      }
      ++k;
      racing += !brute.found.empty();
      bool wrong = !brute.same;
      for (const bool optimal : {true, false}) {
        const Searched s =
            races(p, brute.revealed, [&](auto& i) { return raddle::explore::Dpor(i, {.optimal = optimal}); });
        wrong |= !s.same || s.found != brute.found;
      }
      if (wrong && bad++ == 0) MESSAGE(std::string(row.name), "\n", p.text());
    }
    all_racing += racing;
    all_silent += programs - racing;
    MESSAGE(std::string(row.name), ": ", programs, " programs (", skipped, " skipped), ", racing,
            " with data races, wrong ", bad);
    CHECK(bad == 0);
  }
  CHECK(all_racing > 0);
  CHECK(all_silent > 0);
}
