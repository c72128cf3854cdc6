#include "checker/explore/sampling.h"

#include <algorithm>

#include "checker/explore/endless_loop.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

Sampling::Sampling(Inspector& inspector, Sampler& sampler, std::uint64_t seed)
    : inspector_(inspector), wanted_(sampler), seed_(seed) {
  inspector_.count_classes_elsewhere();
}

void Sampling::restart(Engine&) {
  inspector_.restart();
  classes_.clear();
  pairs_.clear();
  run_ = 0;
}

bool Sampling::begin(Engine&) {
  if (!inspector_.may_continue()) return false;
  inspector_.rewind(0);
  rng_ = Rng(seed_, run_);
  if (run_ % Sampler::kBlock == 0) wanted_.begin_block();
  sampler_ = run_ == 0 ? &first_ : &wanted_;
  ++run_;
  sampler_->begin(profile_, rng_);
  return true;
}

Decision Sampling::pick(Engine& e, Tid) {
  if (!e.launchable().empty()) return {to_launch(e), 0};
  return pick_event(e);
}

// On its way to its first operation a thread may fail, or start others.
Tid Sampling::to_launch(const Engine& e) {
  order_.look(e);
  if (order_.is_that_of_ids()) [[likely]]
    return e.launchable().first();
  return *std::find_if(order_.all().begin(), order_.all().end(),
                       [&](Tid t) { return e.launchable().contains(t); });
}

// Threads have been met in another order than that of their names.
void Sampling::collect_in_order(const Engine& e) {
  const auto add = [this](Tid t, Alternative a) { enabled_.push_back({t, a}); };
  const Tid holder = e.gluing() ? held(e) : kNoThread;
  if (holder != kNoThread) return for_each_alternative(e, holder, add);
  for (const Tid t : order_.all())
    if (e.ready().contains(t)) for_each_alternative(e, t, add);
}

// Apart from the above, which then needs no registers of its callers.
[[gnu::noinline]] Decision Sampling::pick_event(Engine& e) {
  enabled_.clear();
  order_.look(e);
  if (order_.is_that_of_ids()) [[likely]]
    for_each_possible(e, [this](Tid t, Alternative a) { enabled_.push_back({t, a}); });
  else
    collect_in_order(e);
  if (enabled_.empty()) return kStop;
  const Decision chosen = sampler_->choose(e, {enabled_.begin(), enabled_.size()}, rng_);
  inspector_.commit(e, chosen.tid, chosen.alt);
  return chosen;
}

void Sampling::end(Engine& e, Outcome o) {
  if (o == Outcome::Truncated && bound_endless_loop(e, inspector_.history())) return;
  if (run_ == 1) profile_ = Profile(inspector_.history(), order_);
  sampler_->end();
  const std::uint64_t before = inspector_.statistics().executions;
  inspector_.end(e, o);
  // What was cut since time is over says nothing of where it would have led.
  if (inspector_.statistics().executions > before && !inspector_.ended_in_haste() &&
      inspector_.fingerprints())
    count_run();
  // Exhaustive searches see elsewhere what follows when somebody who waits looks again. Here it is just missing.
  if (e.stopped_polling() && !inspector_.observed(detect::Kind::Hang)) inspector_.count_truncated();
}

void Sampling::count_run() {
  const Met met{inspector_.class_fingerprint(), run_ > 1 && !sampler_->learns()};
  if (news_) met_.push_back(met);
  if (!classes_.add(met.print, met.draw)) return;
  pairs_.add(inspector_.history());
  if (!elsewhere_) inspector_.add_class_told_otherwise(met.print);
}

// --- several processes, or parts

void Sampling::take(std::uint64_t run) {
  run_ = run;
  elsewhere_ = true;
  classes_.clear();
  pairs_.clear();
  begin_news();
}

void Sampling::begin_news() {
  news_ = true;
  met_.clear();
  pairs_before_ = pairs_.size();
}

void Sampling::save(WireWriter& out) const {
  out.number(met_.size());
  for (const Met& met : met_) {
    out.digest(met.print);
    out.number(met.draw);
  }
  save_pairs(out, pairs_before_);
}

void Sampling::save_pairs(WireWriter& out, std::size_t from) const {
  out.number(pairs_.size() - from);
  for (std::size_t i = from; i < pairs_.size(); ++i) {
    out.digest(pairs_.all()[i].first);
    out.digest(pairs_.all()[i].second);
  }
}

void Sampling::merge_pairs(WireReader& in) {
  for (std::size_t n = in.count(); n; --n) {
    const std::uint64_t pair = in.digest();
    pairs_.add({pair, in.digest()});
  }
}

void Sampling::save_all(WireWriter& out) const {
  out.number(run_);
  classes_.save(out);
  save_pairs(out, 0);
}

void Sampling::restore_all(WireReader& in) {
  run_ = in.number();
  classes_.restore(in);
  pairs_.clear();
  merge_pairs(in);
}

void Sampling::merge(WireReader& in, std::uint64_t next) {
  run_ = next;
  for (std::size_t n = in.count(); n; --n) {
    const std::uint64_t print = in.digest();
    if (classes_.add(print, in.number() != 0)) inspector_.add_class_told_otherwise(print);
  }
  merge_pairs(in);
}

}  // namespace raddle::explore
