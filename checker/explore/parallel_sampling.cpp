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

ParallelSampling::ParallelSampling(Inspector& inspector, Sampler& sampler, std::uint64_t seed,
                                   Program& program, Processes& processes, Options options)
    : inspector_(inspector),
      program_(program),
      processes_(processes),
      options_(options),
      sampling_(inspector, sampler, seed) {}

bool ParallelSampling::begin(Engine& e) {
  if (role_ == Role::Worker) return work(e);
  if (is_time_for_others() && !inspector_.is_to_stop()) return coordinate(e);
  return sampling_.begin(e);
}

void ParallelSampling::end(Engine& e, Outcome o) {
  sampling_.end(e, o);
  ++executed_;
}

// The clock is looked at now and then.
bool ParallelSampling::is_time_for_others() const {
  if (options_.jobs < 2 || executed_ == 0 || sampling_.next_run() < alone_until_) return false;
  if (executed_ % 64 && executed_ & (executed_ - 1)) return false;
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
}

// The first block may have been begun before there were others.
ParallelSampling::Run ParallelSampling::end_of(Run block) const {
  return std::min(end_, (block / Sampler::kBlock + 1) * Sampler::kBlock);
}

// --- the coordinator

bool ParallelSampling::coordinate(Engine& e) {
  role_ = Role::Coordinator;
  processes_.pause(true);
  next_ = sampling_.next_run();
  const std::uint64_t left = inspector_.executions_left();
  end_ = trouble_ = left < UINT64_MAX - next_ ? next_ + left : UINT64_MAX;
  again_.clear();
  results_.erase(results_.begin(), results_.lower_bound(next_));
  tasks_.assign(options_.jobs, {});
  for (std::size_t i = 0; i < options_.jobs; ++i) {
    replace(e, i);
    if (role_ == Role::Worker) return work(e);
  }
  bool trouble = false;
  while (!trouble && !inspector_.is_to_stop()) {
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
  if (!trouble) return false;
  // As if nobody else had executed anything, up to the end of this block.
  alone_until_ = end_of(sampling_.next_run());
  return sampling_.begin(e);
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
  processes_.enter(i, e);
  inspector_.continue_while_there_is_time();
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
  while (results_.contains(next_)) next_ = end_of(next_);
  // Who is fast does not run away from who is slow: results that have to wait take room.
  const Run window = (4 * options_.jobs + 4) * Sampler::kBlock;
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
  Result result{static_cast<State>(in.number()), 0, {}};
  if (result.state == State::Trouble)
    tasks_[i].in_trouble = true;
  else
    result.next = in.number(), result.news = in.text();
  if (result.state != State::Complete) trouble_ = std::min(trouble_, block);
  results_[block] = std::move(result);
  std::erase(tasks_[i].blocks, block);
}

// In the order of the blocks. false: the next one has to be executed here.
bool ParallelSampling::take_results(Engine& e) {
  while (!results_.empty() && results_.begin()->first == sampling_.next_run()) {
    if (results_.begin()->second.state == State::Cut && inspector_.is_to_stop()) return true;
    const Result result = std::move(results_.extract(results_.begin()).mapped());
    if (result.state != State::Complete) return false;
    if (inspector_.stops_at_errors() && inspector_.brings_error(WireReader(result.news))) return false;
    merge(e, result);
  }
  return true;
}

void ParallelSampling::merge(Engine& e, const Result& result) {
  WireReader in(result.news);
  inspector_.merge_news(in);
  for (std::size_t loop = 0; loop < e.loops().size(); ++loop) e.add_cuts(loop, in.number());
  program_.merge(in);
  sampling_.merge(in, result.next);
  ++blocks_;
}

// Time is over: what has been executed counts, in whichever blocks.
void ParallelSampling::dismiss(Engine& e) {
  if (inspector_.statistics().stop == StopReason::Executions) return;
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
  for (const auto& [block, result] : results_)
    if (result.state != State::Trouble) merge(e, result);
  results_.clear();
}

// --- a worker

bool ParallelSampling::work(Engine& e) {
  for (;;) {
    if (!busy_) {
      std::string message;
      if (!channel_->receive(message)) ::_exit(0);
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
  if (state != State::Trouble) {
    WireWriter news;
    inspector_.save_news(news);
    for (std::size_t i = 0; i < e.loops().size(); ++i)
      news.number(e.loops()[i].cuts - std::exchange(cuts_reported_[i], e.loops()[i].cuts));
    program_.save(news);
    sampling_.save(news);
    out.number(sampling_.next_run());
    out.text(news.bytes());
  }
  if (!channel_->send(out.bytes())) ::_exit(0);
}

}  // namespace raddle::explore
