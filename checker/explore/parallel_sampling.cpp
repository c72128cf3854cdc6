#include "checker/explore/parallel_sampling.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace raddle::explore {

using namespace engine;

namespace {

constexpr std::size_t kAhead = 2;  // blocks that a worker knows of, so that it need not wait for the next one

}  // namespace

void write(WireWriter& out, const SampledBlocks& blocks) {
  out.number(blocks.size());
  for (const auto& [first, block] : blocks) {
    out.number(first);
    out.number(static_cast<std::uint64_t>(block.state));
    out.number(block.next);
    out.number(block.cuts.size());
    for (const std::uint64_t cuts : block.cuts) out.number(cuts);
    out.text(block.news);
  }
}

SampledBlocks read_sampled_blocks(WireReader& in) {
  SampledBlocks blocks;
  for (std::size_t n = in.count(); n; --n) {
    SampledBlock& block = blocks[in.number()];
    const std::uint64_t state = in.number();
    if (state > static_cast<std::uint64_t>(SampledBlock::State::Trouble))
      throw WireError("there is no such state of a block");
    block.state = static_cast<SampledBlock::State>(state);
    block.next = in.number();
    block.cuts.resize(in.count());
    for (std::uint64_t& cuts : block.cuts) cuts = in.number();
    block.news = in.text();
  }
  return blocks;
}

ParallelSampling::ParallelSampling(Inspector& inspector, Sampler& sampler, std::uint64_t seed,
                                   Program& program, Processes& processes, Options options)
    : inspector_(inspector),
      program_(program),
      processes_(processes),
      options_(options),
      sampling_(inspector, sampler, seed),
      preparation_(scratch_, sampler, seed) {
  if (options_.shard.of) end_ = options_.runs;
}

void ParallelSampling::resume(std::string_view left) {
  WireReader in(left);
  restored_ = in.text();
  results_ = read_sampled_blocks(in);
  if (!in.at_end()) throw WireError("there is more than a sample");
  WireReader sample(restored_);
  sampling_.restore_all(sample);
  resumed_ = true;
}

void ParallelSampling::merge(SampledBlocks blocks, StopReason end) {
  results_ = std::move(blocks);
  end_of_merge_ = end;
  merging_ = true;
}

bool ParallelSampling::begin(Engine& e) {
  if (role_ == Role::Worker) return work(e);
  if (phase_ == Phase::First) plan(resumed_ ? sampling_.next_run() : following(0));
  if (phase_ == Phase::Prepare && prepare(e)) return true;
  return sample(e);
}

Decision ParallelSampling::pick(Engine& e, Tid current) {
  return phase_ == Phase::Prepare ? preparation_.pick(e, current) : sampling_.pick(e, current);
}

void ParallelSampling::end(Engine& e, Outcome o) {
  if (phase_ == Phase::Prepare) return preparation_.end(e, o);
  sampling_.end(e, o);
  ++executed_;
}

// The clock is looked at now and then.
bool ParallelSampling::is_time_for_others() const {
  if (options_.jobs < 2 || executed_ == 0 || sampling_.next_run() < alone_until_ || in_block_) return false;
  if (!options_.shard.of && executed_ % 64 && executed_ & (executed_ - 1)) return false;
  return Clock::now() - since_ >= options_.alone;
}

void ParallelSampling::restart(Engine& e) {
  if (role_ == Role::Worker) {  // what it has learnt, the coordinator learns by itself
    WireWriter out;
    out.number(block_);
    out.number(static_cast<std::uint64_t>(State::Trouble));
    channel_->send(out.bytes());
    ::_exit(0);
  }
  sampling_.restart(e);
  executed_ = 0;
  blocks_ = 0;
  alone_until_ = 0;
  results_.clear();
  log_.clear();
  cuts_reported_.clear();
  in_block_ = resumed_ = merging_ = false;
  phase_ = Phase::First;
}

// The first block may have been begun before there were others.
ParallelSampling::Run ParallelSampling::end_of(Run block) const {
  return std::min(end_, (block / Sampler::kBlock + 1) * Sampler::kBlock);
}

// The next run of this shard, from `run` on.
ParallelSampling::Run ParallelSampling::following(Run run) const {
  const Shard& shard = options_.shard;
  if (!shard.of || run % Sampler::kBlock) return run;
  const Run block = run / Sampler::kBlock, own = shard.index - 1;
  return (block + (own + shard.of - block % shard.of) % shard.of) * Sampler::kBlock;
}

// Has this shard executed all of its blocks?
bool ParallelSampling::over() {
  if (!options_.shard.of || sampling_.next_run() < end_) return false;
  inspector_.ended(StopReason::Executions);
  return true;
}

// --- in this process

// What comes before run `first`, and the runs behind it may depend on.
void ParallelSampling::plan(Run first) {
  to_prepare_.clear();
  phase_ = Phase::Prepare;
  // All shards learn the same about the program, as far as the first block shows it.
  if (first > 0) to_prepare_.emplace_back(0, options_.shard.of ? end_of(0) : 1);
  if (merging_) to_prepare_.emplace_back(0, 1);
  if (first % Sampler::kBlock && sampling_.learns())
    to_prepare_.emplace_back(first / Sampler::kBlock * Sampler::kBlock, first);
  scratch_.restart();
  scratch_.set_limits(inspector_.limits_of_time());
  preparation_.go_on_with(0);
  if (!resumed_) sampling_.go_on_with(first);
}

bool ParallelSampling::prepare(Engine& e) {
  while (!to_prepare_.empty()) {
    auto& [next, end] = to_prepare_.front();
    if (next == end) {
      to_prepare_.erase(to_prepare_.begin());
      continue;
    }
    preparation_.go_on_with(next++);
    if (preparation_.begin(e)) return true;
    to_prepare_.clear();  // time is over
  }
  go_on();
  return false;
}

void ParallelSampling::go_on() {
  phase_ = Phase::Sample;
  if (scratch_.statistics().executions == 0) return;
  sampling_.take_first_run(preparation_);
  if (!resumed_) inspector_.set_first_schedule(scratch_.first_schedule());
}

bool ParallelSampling::sample(Engine& e) {
  if (scratch_.ended_in_haste()) return false;
  if (options_.shard.of && in_block_ && sampling_.next_run() == block_end_) end_block(e);
  if (!results_.empty() && results_.begin()->first == sampling_.next_run() && !take_results(e))
    alone_until_ = end_of(sampling_.next_run());
  if (!in_block_) sampling_.go_on_with(following(sampling_.next_run()));
  if (merging_ && sampling_.next_run() >= alone_until_) return conclude_merge(e);
  if (over()) return false;
  if (is_time_for_others() && !inspector_.is_to_stop()) return coordinate(e);
  if (may_keep() && !inspector_.ended_in_haste() && options_.checkpoints->due()) keep(sampling_.next_run());
  if (options_.shard.of && !in_block_) begin_block(e);
  if (sampling_.begin(e)) return true;
  if (in_block_) end_block(e);
  if (may_keep()) keep(sampling_.next_run() - inspector_.ended_in_haste());
  return false;
}

// What one shard has not explored, nobody has.
bool ParallelSampling::conclude_merge(Engine& e) {
  if (inspector_.is_to_stop()) return false;
  while (!results_.empty()) {
    const auto first = results_.extract(results_.begin());
    const bool error = inspector_.stops_at_errors() && first.mapped().state != State::Trouble &&
                       inspector_.brings_error(WireReader(first.mapped().news));
    if (first.mapped().state != State::Trouble && !error) {
      merge(e, first.key(), first.mapped());
      continue;
    }
    sampling_.go_on_with(first.key());
    alone_until_ = end_of(first.key());
    return sampling_.begin(e);
  }
  inspector_.ended(end_of_merge_);
  return false;
}

// What has been met since the last time.
SampledBlock ParallelSampling::news(Engine& e, State state) {
  SampledBlock block{state, sampling_.next_run(), {}, {}};
  if (state == State::Trouble) return block;
  WireWriter out;
  inspector_.save_news(out);
  program_.save(out);
  sampling_.save(out);
  block.news = out.take();
  cuts_reported_.resize(e.loops().size());
  for (std::size_t i = 0; i < e.loops().size(); ++i)
    block.cuts.push_back(e.loops()[i].cuts - std::exchange(cuts_reported_[i], e.loops()[i].cuts));
  return block;
}

void ParallelSampling::begin_block(Engine& e) {
  in_block_ = true;
  block_ = sampling_.next_run();
  block_end_ = end_of(block_);
  sampling_.begin_news();
  if (std::exchange(merged_, false)) {  // what others have found is no news
    static_cast<void>(news(e, State::Complete));
    sampling_.begin_news();
  }
}

void ParallelSampling::end_block(Engine& e) {
  in_block_ = false;
  const StopReason stop = inspector_.statistics().stop;
  const bool cut = stop == StopReason::Time || stop == StopReason::Interrupted;
  const bool complete = sampling_.next_run() == block_end_ && !inspector_.error_found() &&
                        (stop == StopReason::None || stop == StopReason::Executions);
  log_[block_] = news(e, complete ? State::Complete : cut ? State::Cut : State::Trouble);
}

// --- keeping the state

bool ParallelSampling::may_keep() const {
  return options_.checkpoints && options_.checkpoints->any() && sampling_.next_run() > 0 &&
         !is_broken_off(inspector_.statistics().stop);
}

// `next`: the run that comes next.
void ParallelSampling::keep(Run next) {
  WireWriter sample, out;
  const Run here = sampling_.next_run();
  sampling_.go_on_with(next);
  sampling_.save_all(sample);
  sampling_.go_on_with(here);
  out.text(sample.bytes());
  SampledBlocks complete;
  for (const auto& [block, result] : results_)
    if (result.state == State::Complete) complete.emplace(block, result);
  write(out, complete);
  options_.checkpoints->keep(out.bytes());
}

// --- the coordinator

bool ParallelSampling::coordinate(Engine& e) {
  role_ = Role::Coordinator;
  processes_.pause(true);
  next_ = sampling_.next_run();
  const std::uint64_t left = inspector_.executions_left();
  if (!options_.shard.of) end_ = left < UINT64_MAX - next_ ? next_ + left : UINT64_MAX;
  trouble_ = end_;
  again_.clear();
  results_.erase(results_.begin(), results_.lower_bound(next_));
  tasks_.assign(options_.jobs, {});
  for (std::size_t i = 0; i < options_.jobs; ++i) {
    replace(e, i);
    if (role_ == Role::Worker) return work(e);
  }
  bool trouble = false;
  while (!trouble && !over() && !inspector_.is_to_stop()) {
    if (may_keep() && options_.checkpoints->due()) keep(sampling_.next_run());
    assign();
    workers_.wait(20);
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      hear(e, i);
      if (role_ == Role::Worker) return work(e);
    }
    trouble = !take_results(e);
  }
  if (!trouble) dismiss(e);
  workers_.kill_all();
  processes_.pause(false);
  role_ = Role::Alone;
  merged_ = true;
  if (!trouble) return false;
  // As if nobody else had executed anything, up to the end of this block.
  alone_until_ = end_of(sampling_.next_run());
  return sample(e);
}

// (Re)starts worker `i`; in it returns as a worker.
void ParallelSampling::replace(Engine& e, std::size_t i) {
  tasks_[i] = {};
  Channel* channel = workers_.start(i);
  if (!channel) return;
  role_ = Role::Worker;
  channel_ = channel;
  tasks_.clear();
  results_.clear();
  log_.clear();
  processes_.enter(i, e);
  inspector_.continue_while_there_is_time();
  cuts_reported_.clear();
  for (const Loop& l : e.loops()) cuts_reported_.push_back(l.cuts);
}

// What is left of a block that was begun here can be executed only by who knows its beginning.
bool ParallelSampling::next_block(const Task& task, Run& block) {
  const auto can = [&](Run b) { return b < trouble_ && (task.fresh || b % Sampler::kBlock == 0); };
  const auto lost = std::find_if(again_.begin(), again_.end(), can);
  if (lost != again_.end()) {
    block = *lost;
    again_.erase(lost);
    return true;
  }
  next_ = following(next_);
  while (results_.contains(next_)) next_ = following(end_of(next_));
  // Who is fast does not run away from who is slow: results that have to wait take room.
  const Run window = (4 * options_.jobs + 4) * Sampler::kBlock * std::max<Run>(options_.shard.of, 1);
  if (!can(next_) || next_ - sampling_.next_run() > window) return false;
  block = next_;
  next_ = end_of(next_);
  return true;
}

void ParallelSampling::assign() {
  for (std::size_t ahead = 1; ahead <= kAhead; ++ahead) {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      Task& task = tasks_[i];
      Run block = 0;
      if (!workers_[i].pid || task.blocks.size() >= ahead || !next_block(task, block)) continue;
      task.blocks.push_back(block);
      task.fresh = false;
      WireWriter out;
      out.number(block);
      out.number(end_of(block));
      workers_[i].channel.send(out.bytes());  // who is gone is noticed when listened to
    }
  }
}

void ParallelSampling::hear(Engine& e, std::size_t i) {
  if (!workers_[i].pid) return;
  Task& task = tasks_[i];
  const bool there = workers_[i].channel.take_in();
  std::string message;
  while (workers_[i].channel.next(message)) take_message(i, message);
  if (there) return;
  const int status = workers_.bury(i);
  // Whatever else ends it than a SIGKILL from outside comes from what it ran.
  const bool from_outside = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  const bool leaves = task.in_trouble && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!leaves && (!from_outside || ++deaths_ > 3 * options_.jobs) && !task.blocks.empty()) {
    results_[task.blocks.front()] = {};
    trouble_ = std::min(trouble_, task.blocks.front());
    task.blocks.pop_front();
  }
  again_.insert(task.blocks.begin(), task.blocks.end());
  replace(e, i);
}

void ParallelSampling::take_message(std::size_t i, const std::string& message) {
  WireReader in(message);
  const Run block = in.number();
  Result result{static_cast<State>(in.number()), 0, {}, {}};
  if (result.state == State::Trouble)
    tasks_[i].in_trouble = true;
  else
    result = read_sampled_blocks(in).at(block);
  if (result.state != State::Complete) trouble_ = std::min(trouble_, block);
  results_[block] = std::move(result);
  std::erase(tasks_[i].blocks, block);
}

// In the order of the blocks. false: the next one has to be executed here.
bool ParallelSampling::take_results(Engine& e) {
  while (!results_.empty() && results_.begin()->first == sampling_.next_run()) {
    if (results_.begin()->second.state == State::Cut && inspector_.is_to_stop()) return true;
    if (merging_ && results_.begin()->second.state == State::Cut) return true;
    const Result result = std::move(results_.extract(results_.begin()).mapped());
    if (result.state != State::Complete) return false;
    if (inspector_.stops_at_errors() && inspector_.brings_error(WireReader(result.news))) return false;
    merge(e, sampling_.next_run(), result);
    sampling_.go_on_with(following(sampling_.next_run()));
  }
  return true;
}

void ParallelSampling::merge(Engine& e, Run block, const Result& result) {
  if (options_.shard.of) log_[block] = result;
  if (result.cuts.size() != e.loops().size()) throw WireError("there are other loops");
  for (std::size_t loop = 0; loop < result.cuts.size(); ++loop) e.add_cuts(loop, result.cuts[loop]);
  WireReader in(result.news);
  inspector_.merge_news(in);
  program_.merge(in);
  sampling_.merge(in, result.next);
  ++blocks_;
}

// Time is over: what has been executed counts, in whichever blocks.
void ParallelSampling::dismiss(Engine& e) {
  if (inspector_.statistics().stop == StopReason::Executions) {
    if (may_keep()) keep(sampling_.next_run());
    return;
  }
  if (inspector_.statistics().stop == StopReason::Interrupted) workers_.signal_all(SIGINT);
  const auto last = Clock::now() + std::chrono::seconds(2);
  auto any = [&] {
    for (std::size_t i = 0; i < workers_.size(); ++i)
      if (workers_[i].pid && !tasks_[i].blocks.empty()) return true;
    return false;
  };
  while (any() && Clock::now() < last) {
    workers_.wait(20);
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      if (!workers_[i].pid) continue;
      const bool there = workers_[i].channel.take_in();
      std::string message;
      while (workers_[i].channel.next(message)) take_message(i, message);
      if (!there) workers_.bury(i);
    }
  }
  take_results(e);
  if (may_keep()) keep(sampling_.next_run());
  for (const auto& [block, result] : results_)
    if (result.state != State::Trouble) merge(e, block, result);
  results_.clear();
}

// --- a worker

bool ParallelSampling::work(Engine& e) {
  for (;;) {
    if (!busy_) {
      std::string message;
      processes_.pause(true);
      if (!channel_->receive(message)) ::_exit(0);
      processes_.pause(false);
      WireReader in(message);
      block_ = in.number();
      block_end_ = in.number();
      inspector_.forget();
      sampling_.take(block_);
      busy_ = true;
    }
    if (sampling_.next_run() < block_end_ && sampling_.begin(e)) return true;
    report(e);
    busy_ = false;
  }
}

void ParallelSampling::report(Engine& e) {
  WireWriter out;
  out.number(block_);
  const StopReason stop = inspector_.statistics().stop;
  const State state = stop == StopReason::None && !inspector_.error_found()         ? State::Complete
                      : stop == StopReason::Time || stop == StopReason::Interrupted ? State::Cut
                                                                                    : State::Trouble;
  out.number(static_cast<std::uint64_t>(state));
  if (state != State::Trouble) write(out, {{block_, news(e, state)}});
  if (!channel_->send(out.bytes())) ::_exit(0);
}

}  // namespace raddle::explore
