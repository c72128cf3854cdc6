#include "checker/explore/shortening.h"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "checker/engine/error.h"
#include "checker/explore/finding_codec.h"
#include "checker/explore/parallel_search.h"
#include "checker/explore/workers.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr Seconds kGrace{2};                     // behind what a copy may take by itself
constexpr std::uint64_t kMostExecutions = 1000;  // of a copy: each may leave something behind

bool is_interrupted(const MinimisingBudget& budget) {
  return budget.interrupt && budget.interrupt->load(std::memory_order_relaxed);
}

/// Runs `work(channel, budget)` in a copy of this process, and calls `take` with each message that it has sent until it
/// ended or time was over.
template <class Work, class Take>
void in_a_copy(Engine& e, MinimisingBudget& budget, Processes& processes, const Work& work,
               const Take& take) {
  if (budget.executions == 0 || budget.waited <= Seconds(0) || is_interrupted(budget)) return;
  const auto start = std::chrono::steady_clock::now();
  const Seconds most = std::min(budget.waited, budget.waited_per_finding) + kGrace;
  Workers workers;
  processes.pause(true);
  Channel* channel = nullptr;
  try {
    channel = workers.start(0);
  } catch (const UserError&) {  // no more processes: then it stays as it is
    processes.pause(false);
    return;
  }
  if (channel) {
    try {
      processes.enter(0, e);
      budget.per_finding = std::min(budget.per_finding, kMostExecutions);
      work(*channel, budget);
    } catch (...) {  // what it has said counts
    }
    ::_exit(0);
  }
  auto waited = [&] { return Seconds(std::chrono::steady_clock::now() - start); };
  for (bool open = true; open && waited() < most && !is_interrupted(budget);) {
    workers.wait(20);
    open = workers[0].channel.take_in();
    for (std::string message; workers[0].channel.next(message);) {
      WireReader in(message);
      budget.executions = std::min(budget.executions, in.number());
      take(in);
    }
  }
  workers.kill_all();
  budget.waited -= waited();
  processes.pause(false);
}

WireWriter message(const MinimisingBudget& budget) {
  WireWriter out;
  out.number(budget.executions);
  return out;
}

bool shows_its_kind(Engine& e, Program& program, const Finding& finding, const DetectorOptions& detectors) {
  Watch watch(detectors);
  Replay replay(watch.inspector, finding.schedule);
  e.run(replay, program);
  const auto& findings = watch.inspector.findings();
  return replay.diverged_at() == kNever &&
         std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& f) { return f.observation.kind == finding.observation.kind; });
}

void write(WireWriter& out, const CriticalOrder& order) {
  out.number(static_cast<std::uint64_t>(order.first));
  out.number(static_cast<std::uint64_t>(order.second + 1));
  out.digest(order.thread);
  out.number(order.gone_on);
  explore::write(out, order.passing);
}

CriticalOrder read_order(WireReader& in) {
  CriticalOrder order;
  order.first = static_cast<Step>(in.number());
  order.second = static_cast<Step>(in.number()) - 1;
  order.thread = in.digest();
  order.gone_on = in.number() != 0;
  order.passing = read_schedule(in);
  return order;
}

}  // namespace

Shortened shorten(Engine& e, Program& program, const Finding& finding, const DetectorOptions& detectors,
                  bool updates_are_lost, MinimisingBudget& budget) {
  Shortened s{minimise(e, program, finding, detectors, budget).finding, {}};
  if (s.finding.severity() == detect::Severity::Error)
    s.order = find_critical_order(e, program, s.finding, detectors, updates_are_lost, budget);
  return s;
}

Shortened shorten_in_copies(Engine& e, Program& program, const Finding& finding,
                            const DetectorOptions& detectors, bool updates_are_lost, MinimisingBudget& budget,
                            Processes& processes) {
  Finding shorter = finding;
  in_a_copy(
      e, budget, processes,
      [&](Channel& channel, MinimisingBudget& own) {
        minimise(e, program, finding, detectors, own, [&](const Finding& better) {
          WireWriter out = message(own);
          write(out, better.observation);
          write(out, better.schedule);
          channel.send(out.bytes());
        });
      },
      [&](WireReader& in) {
        shorter.observation = read_observation(in);
        shorter.schedule = read_schedule(in);
      });
  Shortened s{finding, {}};
  in_a_copy(
      e, budget, processes,
      [&](Channel& channel, MinimisingBudget& own) {
        if (!shows_its_kind(e, program, shorter, detectors)) return;
        channel.send(message(own).bytes());
        if (shorter.severity() != detect::Severity::Error) return;
        const auto order = find_critical_order(e, program, shorter, detectors, updates_are_lost, own);
        WireWriter out = message(own);
        if (order) write(out, *order);
        channel.send(out.bytes());
      },
      [&](WireReader& in) {
        s.finding = shorter;
        if (!in.at_end()) s.order = read_order(in);
      });
  return s;
}

}  // namespace raddle::explore
