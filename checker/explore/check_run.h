// What a search, its conclusions, and the joining of its parts have in common: for checker.cpp and merge.cpp.
#pragma once
#include <chrono>
#include <memory>

#include "checker/explore/parallel_search.h"
#include "checker/explore/rounds.h"
#include "checker/explore/sampler.h"
#include "checker/explore/sampling.h"

namespace raddle::explore {

/// One call of check() or merge().
struct Check {
  Check(engine::Engine& engine, engine::Program& p, const CheckOptions& options)
      : e(engine), program(p), o(options), detectors(options.detectors) {
    e.set_timeouts(o.timeouts);
    e.set_virtual_clock(o.virtual_clock);
    e.set_notify_any(o.notify_any);
    e.set_max_steps(o.max_steps);
    detectors.add_to(inspector);
    Limits limits = o.limits;
    limits.seconds *= 1 - o.sampled;
    inspector.set_limits(limits);
  }

  void search();
  void bounded();
  void sample();
  void sample_the_rest();
  CheckReport conclude();

  engine::Engine& e;
  engine::Program& program;
  const CheckOptions& o;
  const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  Inspector inspector;
  Detectors detectors;
  CheckReport report;
  Rounds rounds{e, program, o, inspector, detectors, report};
  Processes nobody;
};

/// The sampler of a sampling strategy.
std::unique_ptr<Sampler> make_sampler(const CheckOptions& o);
/// What it has seen, besides its findings.
void take_sample(const Sampling& sampling, CheckReport& report);

}  // namespace raddle::explore
