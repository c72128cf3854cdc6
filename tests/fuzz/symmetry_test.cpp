// Searches that leave out executions of symmetric threads, on random programs in which one thread is started several
// times over. All classes of the program, by brute force, fall into *orbits*: those that an exchange of these threads turns
// into one another. Every orbit has to be met, every class at most once, and nothing that is none; and what is found has to
// be the same.
//
// RADDLE_FUZZ_PROGRAMS sets the number of programs per row (default: a quick run); RADDLE_FUZZ_SEED the seed.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <doctest/doctest.h>

#include "checker/explore/witness.h"
#include "tests/support/fuzz_rows.h"
#include "tests/support/random_program.h"
#include "tests/support/search.h"

using namespace programs;
using namespace raddle;
using raddle::test::from_environment;
using raddle::test::FuzzRow;
using raddle::test::kFuzzRows;

namespace {

// The class of an execution, from its definition, with threads named otherwise; see explore/fingerprint.h for what
// determines a class.
class Renamed {
 public:
  Renamed(const engine::Engine& e, const engine::History& h, const std::vector<engine::Tid>& from,
          const std::vector<engine::Tid>& to)
      : e_(e), h_(h) {
    for (engine::Tid t = 0; t < e.thread_count(); ++t) names_.push_back(name_of(t, from, to));
  }

  std::uint64_t print() const {
    std::uint64_t sum = 0;
    for (engine::Step s = 0; s < h_.size(); ++s) sum += share(h_[s]);
    return sum;
  }

 private:
  std::uint64_t name_of(engine::Tid t, const std::vector<engine::Tid>& from,
                        const std::vector<engine::Tid>& to) const {
    const engine::Thread& th = e_.thread(t);
    if (const auto it = std::find(from.begin(), from.end(), t); it != from.end())
      return e_.thread(to[static_cast<std::size_t>(it - from.begin())]).name;
    if (th.parent == engine::kNoThread) return th.name;
    return engine::child_name(name_of(th.parent, from, to), static_cast<std::uint64_t>(th.child_number));
  }
  std::uint64_t thread(engine::Tid t) const { return names_[static_cast<std::size_t>(t)]; }
  std::uint64_t event(engine::Step s) const {
    if (s == engine::kNever) return 0;
    return engine::mix(thread(h_[s].t.tid) + static_cast<std::uint64_t>(h_[s].index) * 0x9E3779B97F4A7C15ull);
  }
  std::uint64_t source(engine::Access a, engine::Step latest) const {
    std::uint64_t sum = 0;
    const engine::ObjectId o = engine::object_of(a);
    for (; latest != engine::kNever && !engine::History::writes_to(h_[latest], o);
         latest = engine::History::previous_write(h_[latest], o))
      if (engine::conflict(a, engine::History::access_to(h_[latest], o))) sum += engine::mix(event(latest));
    return sum + event(latest);
  }
  std::uint64_t share(const engine::HistoryEvent& ev) const {
    const engine::Transition& t = ev.t;
    std::uint64_t p = engine::mix(thread(t.tid) + static_cast<std::uint64_t>(ev.index) * 31) * 3 +
                      static_cast<std::uint64_t>(t.kind) * 7;
    const bool wakes = t.kind == engine::OpKind::NotifyOne && t.alt;
    p = engine::mix(p + (wakes ? thread(t.alt - 1) : t.alt));
    if (t.a0) p = engine::mix(p + source(t.a0, ev.prev_write0) * 5);
    if (t.a1) p = engine::mix(p + source(t.a1, ev.prev_write1) * 11);
    if (t.kind == engine::OpKind::Exit) {
      std::uint64_t killed = 0;
      e_.alive().for_each([&](engine::Tid other) {
        if (other != t.tid)
          killed +=
              engine::mix(thread(other) +
                          engine::mix(h_.last_own(other) == engine::kNever ? 0 : event(h_.last_own(other))));
      });
      p = engine::mix(p + killed);
    }
    return engine::mix(p);
  }

  const engine::Engine& e_;
  const engine::History& h_;
  std::vector<std::uint64_t> names_;
};

// The least print under all permutations of the group.
struct Orbits : detect::Detector {
  std::map<std::uint64_t, std::uint64_t> met;  // executions
  bool sees_every_end() const override { return true; }
  void end(const engine::Engine& e, const engine::History& h, engine::Outcome, detect::Sink&) override {
    const std::vector<engine::Tid> group = latest_world()->alike;
    std::vector<engine::Tid> order = group;
    std::sort(order.begin(), order.end());
    const std::vector<engine::Tid> from = order;
    std::uint64_t least = UINT64_MAX;
    do least = std::min(least, Renamed(e, h, from, order).print());
    while (std::next_permutation(order.begin(), order.end()));
    ++met[least];
  }
  void restart() override { met.clear(); }
};

using FoundSet = std::set<std::tuple<int, std::uint64_t, int>>;

struct Explored {
  std::map<std::uint64_t, std::uint64_t> orbits;
  std::unordered_map<std::uint64_t, std::uint64_t> classes;
  explore::Statistics statistics;
  FoundSet found;
  std::uint8_t revealed = 0;
  bool complete = false;
  bool once() const {
    return std::all_of(classes.begin(), classes.end(), [](const auto& c) { return c.second == 1; });
  }
};

enum class How { Dpor, Brute };

Explored explore_program(const RandomProgram& p, How how, bool symmetric, std::uint8_t revealed,
                         explore::Dpor::Options options = {}, std::uint64_t limit = UINT64_MAX) {
  engine::Engine e;
  e.set_notify_any(p.notify_any);
  e.set_revealed(revealed);
  e.set_symmetry(symmetric);
  explore::Inspector inspector;
  inspector.set_limits({.executions = limit});
  inspector.count_classes(true);
  inspector.count_each_class(true);
  explore::Detectors detectors({.data_races = detect::Severity::Error});
  detectors.add_to(inspector);
  Orbits orbits;
  inspector.add(orbits);
  auto program = model(p);
  raddle::test::Model<decltype(program)> m(program);
  Explored r;
  if (how == How::Dpor) {
    explore::Dpor dpor(inspector, options);
    e.run(dpor, m);
    r.complete = inspector.statistics().stop == explore::StopReason::Exhausted;
  } else {
    explore::Brute brute(inspector, 20000);
    e.run(brute, m);
    r.complete = brute.complete();
  }
  r.orbits = orbits.met;
  r.classes = inspector.class_counts();
  r.statistics = inspector.statistics();
  r.revealed = e.revealed();
  for (const explore::Finding& f : inspector.findings()) {
    const bool names_thread = f.observation.kind == detect::Kind::DaemonKilled;
    r.found.insert({static_cast<int>(f.observation.kind), names_thread ? 0 : f.observation.key,
                    static_cast<int>(f.severity())});
  }
  return r;
}

constexpr std::uint8_t kApart = static_cast<std::uint8_t>(engine::Hidden::Symmetry);
constexpr std::uint8_t kDestroys = static_cast<std::uint8_t>(engine::Hidden::Destroys);

std::uint8_t without(std::uint8_t revealed, std::uint8_t what) {
  return static_cast<std::uint8_t>(revealed & ~what);
}

}  // namespace

TEST_CASE("of symmetric threads, every orbit of classes and no class twice") {
  const std::uint64_t programs = from_environment("RADDLE_FUZZ_PROGRAMS", 3);
  Generator generate(from_environment("RADDLE_FUZZ_SEED", 1));
  std::uint64_t all_classes = 0, all_orbits = 0, all_executions = 0;
  for (const FuzzRow& row : kFuzzRows) {
    CAPTURE(row.name);
    std::uint64_t classes = 0, orbits = 0, executions = 0, skipped = 0, apart = 0, bad = 0;
    for (std::uint64_t k = 0; k < programs;) {
      RandomProgram p = generate(row.features);
      p.group = 1 + generate.below(static_cast<int>(p.threads.size()) - 1);
      p.copies = 2 + (generate.below(3) == 0) + (generate.below(6) == 0);
      const Explored brute = explore_program(p, How::Brute, false, 0);
      if (!brute.complete) {
        ++skipped;
        continue;
      }
      ++k;
      bool wrong = false;
      std::uint64_t reduced = 0;
      for (unsigned mode = 0; mode < 5 && !wrong; ++mode) {
        explore::Dpor::Options o;
        o.shuffle = mode & 1 ? 1 + static_cast<unsigned>(generate.below(1 << 30)) : 0;
        o.rescan_all = mode == 2;
        o.trim = mode != 3;
        o.optimal = mode != 4;
        const Explored s =
            explore_program(p, How::Dpor, true, brute.revealed, o, 20 * brute.classes.size() + 200);
        const bool dissolved = s.revealed & kApart;
        const std::uint8_t visible = without(s.revealed, kApart);
        bool same = s.complete && (!o.optimal || (s.once() && s.statistics.blocked == 0)) &&
                    without(visible, kDestroys) == without(brute.revealed, kDestroys);
        // Where destroying has become visible, there are more classes.
        const Explored reference =
            visible == brute.revealed ? brute : explore_program(p, How::Brute, false, visible);
        if (!reference.complete) continue;
        if (mode == 0) {
          apart += dissolved;
          if (!dissolved) {
            classes += reference.classes.size();
            orbits += reference.orbits.size();
            executions += s.statistics.executions;
          }
        }
        if (!dissolved && o.optimal) {
          if (mode == 0) reduced = s.statistics.executions;
          same = same && s.statistics.executions == reduced;
        }
        same = same && s.orbits.size() == reference.orbits.size() &&
               std::equal(s.orbits.begin(), s.orbits.end(), reference.orbits.begin(),
                          [](const auto& x, const auto& y) { return x.first == y.first; });
        for (const auto& [print, count] : s.classes) same = same && reference.classes.contains(print);
        if (dissolved) same = same && s.classes.size() == reference.classes.size();
        same = same && s.found == reference.found;
        if (!same && bad == 0)
          MESSAGE(row.name, " mode ", mode, ": ", s.orbits.size(), " of ", reference.orbits.size(),
                  " orbits, ", s.classes.size(), " of ", reference.classes.size(), " classes, ",
                  s.statistics.executions, " executions, blocked ", s.statistics.blocked, ", complete ",
                  s.complete, ", revealed ", int(s.revealed), " / ", int(reference.revealed), ", findings ",
                  s.found.size(), " / ", reference.found.size(), ", deadlocks ", s.statistics.deadlocks,
                  " / ", reference.statistics.deadlocks, ' ', s.statistics.abort_reason, "\n", p.text());
        wrong |= !same;
      }
      // The same restriction, explored from its definition.
      const Explored restricted = explore_program(p, How::Brute, true, brute.revealed);
      if (restricted.complete && !(restricted.revealed & kApart) && restricted.classes.size() != reduced &&
          restricted.revealed == brute.revealed) {
        if (bad == 0)
          MESSAGE(row.name, ": ", reduced, " executions, but by brute force ", restricted.classes.size(),
                  "\n", p.text());
        wrong = true;
      }
      bad += wrong;
    }
    MESSAGE(row.name, ": ", programs, " programs (", skipped, " skipped, ", apart, " told apart), ", classes,
            " classes, ", orbits, " orbits, ", executions, " executions, wrong ", bad);
    all_classes += classes, all_orbits += orbits, all_executions += executions;
    CHECK(bad == 0);
  }
  MESSAGE("in all: ", all_classes, " classes, ", all_orbits, " orbits, ", all_executions, " executions");
  CHECK(all_executions < all_classes);
}
