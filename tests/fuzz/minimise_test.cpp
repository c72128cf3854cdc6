// Minimised witnesses of random programs: as few preemptions as any schedule that shows the same finding, found by running
// every single schedule; and the same witness whichever schedule of its class was met first.
#include "checker/explore/minimise.h"

#include <cstdlib>
#include <map>

#include <doctest/doctest.h>

#include "checker/explore/costed_replay.h"
#include "checker/explore/sampling.h"
#include "tests/support/every_schedule.h"
#include "tests/support/random_program.h"

using namespace programs;
using namespace raddle::explore;
using raddle::test::EverySchedule;
using raddle::test::Model;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* s = std::getenv(name);
  return s ? std::strtoull(s, nullptr, 10) : otherwise;
}

/// The program, and at its end an assertion that holds in some of its executions.
auto failing_model(const RandomProgram& p) {
  return [&p] {
    World& w = *new (latest_world()) World(p);
    interpret(p, w, 0);
    const auto x = static_cast<std::uint64_t>(w.x[0].load()), y = static_cast<std::uint64_t>(w.x[1].load());
    require(raddle::engine::mix(w.seen[0] + 7 * x + 31 * y) % 3 != 0);
  };
}

/// What is the same for the same finding in all searches: operations, places, and objects by their structural names.
using Name = std::pair<std::string, std::string>;
using Least = std::map<Name, int>;

Name name_of(raddle::engine::Engine& e, raddle::engine::Program& p, const Finding& f) {
  const CheckedFinding c = witness(e, p, f);
  const raddle::engine::Trace& t = c.trace;
  auto object = [&t](int o) { return o < 0 ? "" : t.objects[static_cast<std::size_t>(o)].id; };
  std::vector<std::string> parts;
  if (f.observation.kind == detect::Kind::Deadlock)
    for (const auto& b : t.blocked) {
      // A cycle is told apart by its own threads, and who is to be woken by the lock that it needs then.
      const auto& cycle = c.finding.threads;
      if (t.outcome != "deadlock" && std::find(cycle.begin(), cycle.end(), b.thread) == cycle.end()) continue;
      const bool waits = b.operation == "wake" || b.operation == "wait";
      const std::string place = (waits ? "" : object(b.object)) + ":" + std::to_string(b.site.line);
      parts.push_back(b.operation == "join" ? "join" : b.operation + place);
    }
  if (f.observation.kind == detect::Kind::LostUpdate)
    for (const std::size_t i : {0, 2}) {
      const auto& x = t.events[static_cast<std::size_t>(c.finding.steps[i] - 1)];
      parts.push_back(object(x.object) + ":" + std::to_string(x.site.line));
    }
  std::sort(parts.begin(), parts.end());
  Name name{detect::name(f.observation.kind), ""};
  for (const std::string& part : parts) name.second += part + " ";
  return name;
}

struct Searched {
  raddle::engine::Engine engine;
  Inspector inspector;
  Detectors detectors{DetectorOptions{}};
};

bool is_interesting(const Finding& f) {
  return f.observation.kind == detect::Kind::Assertion || f.observation.kind == detect::Kind::Deadlock ||
         f.observation.kind == detect::Kind::LostUpdate;
}

template <class F>
bool find_least(const F& program, bool notify_any, std::uint8_t revealed, Least& least) {
  Searched s;
  s.engine.set_notify_any(notify_any);
  s.engine.set_revealed(revealed);
  s.detectors.add_to(s.inspector);
  EverySchedule all(s.inspector, 30000);
  std::map<std::uint64_t, int> by_key;
  all.on_end = [&](raddle::engine::Engine&, raddle::engine::Outcome, int preemptions) {
    for (const Finding& f : s.inspector.findings()) {
      if (f.last_execution != s.inspector.statistics().executions) continue;
      auto [it, fresh] = by_key.try_emplace(f.observation.key, preemptions);
      it->second = std::min(it->second, preemptions);
    }
  };
  all.on_restart = [&] { by_key.clear(); };
  Model<F> model(program);
  s.engine.run(all, model);
  for (const Finding& f : s.inspector.findings()) {
    if (!is_interesting(f)) continue;
    auto [it, fresh] = least.try_emplace(name_of(s.engine, model, f), by_key.at(f.observation.key));
    it->second = std::min(it->second, by_key.at(f.observation.key));
  }
  return all.complete;
}

}  // namespace

TEST_CASE("a minimised witness has as few preemptions as any schedule with the same finding") {
  const std::uint64_t programs = from_environment("RADDLE_FUZZ_PROGRAMS", 40);
  Generator generate(from_environment("RADDLE_FUZZ_SEED", 1));
  const unsigned rows[] = {0u, kLocks, kLocks | kConditions | kTimeouts, kSemaphores | kQueues,
                           kLocks | kChoices};
  std::map<std::string, std::uint64_t> kinds;
  std::uint64_t shorter = 0, before = 0, after = 0, failing = 0;
  for (std::uint64_t k = 0; failing < programs; ++k) {
    const RandomProgram p = generate(rows[k % std::size(rows)]);
    auto program = failing_model(p);
    Least least;
    if (!find_least(program, p.notify_any, 0, least) || least.empty()) continue;
    ++failing;
    CAPTURE(p.text());
    Searched s;
    s.engine.set_notify_any(p.notify_any);
    s.detectors.add_to(s.inspector);
    s.inspector.set_limits({.executions = 30});
    RandomWalk walk;
    Sampling sampling(s.inspector, walk, k);
    Model<decltype(program)> model(program);
    s.engine.run(sampling, model);
    for (const Finding& f : std::vector<Finding>(s.inspector.findings())) {
      if (!is_interesting(f)) continue;
      MinimisingBudget budget;
      const Minimised m = minimise(s.engine, model, f, {}, budget);
      CAPTURE(std::string(detect::name(f.observation.kind)));
      REQUIRE(m.repeated);
      CHECK(m.fewest);
      const auto name = name_of(s.engine, model, m.finding);
      REQUIRE(least.contains(name));
      CHECK(name == name_of(s.engine, model, f));
      CHECK(m.preemptions == least[name]);
      // What it says is what its schedule has.
      auto replayed = [&](const Finding& x) {
        auto inspector = std::make_unique<Inspector>();
        auto replay = std::make_unique<CostedReplay>(*inspector, x.schedule);
        s.engine.run(*replay, model);
        return std::pair{std::move(inspector), std::move(replay)};
      };
      const auto now = replayed(m.finding), was = replayed(f);
      CHECK(now.second->preemptions() == m.preemptions);
      ++kinds[name.first];
      shorter += m.preemptions < was.second->preemptions();
      before += static_cast<std::uint64_t>(was.second->preemptions());
      after += static_cast<std::uint64_t>(m.preemptions);
      // From another schedule of the same class to the same witness.
      for (raddle::engine::Tid first = 0; first < was.second->order().threads(); ++first) {
        Inspector inspector;
        Detectors detectors{DetectorOptions{}};
        detectors.add_to(inspector);
        CostedReplay other(inspector, was.second->order().long_runs(first));
        s.engine.run(other, model);
        CHECK(inspector.class_fingerprint() == was.first->class_fingerprint());
        for (const Finding& x : std::vector<Finding>(inspector.findings())) {
          if (x.observation.kind != f.observation.kind || x.observation.failure != f.observation.failure)
            continue;
          if (name_of(s.engine, model, x) != name) continue;
          const Minimised same = minimise(s.engine, model, x, {}, budget);
          CHECK(same.preemptions == m.preemptions);
          const auto equal = [](const NamedChoice& a, const NamedChoice& b) {
            return a.thread == b.thread && a.alternative == b.alternative && a.waiter == b.waiter;
          };
          const auto &a = same.finding.schedule, &b = m.finding.schedule;
          CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end(), equal));
        }
      }
    }
  }
  for (const auto& [kind, n] : kinds) MESSAGE(kind, ": ", n, " findings");
  MESSAGE(failing, " programs, ", before, " preemptions before and ", after, " after, ", shorter,
          " witnesses shorter");
  for (const char* kind : {"assertion", "deadlock", "lost-update"}) CHECK(kinds[kind] > 0);
  CHECK(shorter > 0);
}
