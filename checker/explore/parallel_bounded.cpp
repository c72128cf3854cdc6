#include "checker/explore/parallel_bounded.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "checker/explore/knowledge.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr std::uint64_t kAlone =
    20000;  // executions of a search for the first error, unless it takes longer than
constexpr std::chrono::seconds kLongestAlone(5);
constexpr std::size_t kMostBranches = 256;  // of a batch

}  // namespace

ParallelBounded::ParallelBounded(Inspector& inspector, Program& program, Processes& processes,
                                 Checkpoints& checkpoints, Options options)
    : inspector_(inspector),
      program_(program),
      processes_(processes),
      checkpoints_(checkpoints),
      options_(options),
      bounded_(inspector, options.bounded) {}

bool ParallelBounded::begin(Engine& e) {
  if (role_ == Role::Worker) return work(e);
  if (!resumed_.empty()) {
    const std::string left = std::exchange(resumed_, {});
    WireReader in(left);
    bounded_.restore(in, e);
    if (!in.at_end()) throw WireError("there is more than a search");
  }
  if (is_time_for_others() && !inspector_.is_to_stop()) return coordinate(e);
  return explore_alone(e);
}

void ParallelBounded::end(Engine& e, Outcome o) {
  bounded_.end(e, o);
  ++executed_;
}

// The clock is looked at now and then; sooner if executions take long.
bool ParallelBounded::is_time_for_others() const {
  if (options_.jobs < 2 || stays_alone_ || executed_ == 0) return false;
  if (executed_ % 64 && executed_ & (executed_ - 1) && options_.alone.count() > 0) return false;
  const auto spent = Clock::now() - since_;
  const bool soon = !inspector_.stops_at_errors() || options_.alone.count() == 0;
  return spent >= options_.alone && (soon || executed_ >= kAlone || spent >= kLongestAlone);
}

bool ParallelBounded::explore_alone(Engine& e) {
  if (may_keep() && !inspector_.ended_in_haste() && checkpoints_.due()) keep(e, false);
  if (bounded_.begin(e)) return true;
  const StopReason stop = inspector_.statistics().stop;
  if (!round_with_error_.empty() && (stop == StopReason::Time || stop == StopReason::Interrupted)) {
    checkpoints_.restore(round_with_error_);  // others had found it sooner
    inspector_.ended(StopReason::FirstFinding);
    return false;
  }
  const bool hasty = inspector_.ended_in_haste();
  if (may_keep() && (!hasty || executed_ > 1)) keep(e, hasty);  // else what was kept last is right
  return false;
}

void ParallelBounded::restart(Engine& e) {
  if (role_ == Role::Worker) {  // everybody has to
    WireWriter out;
    out.number(static_cast<std::uint64_t>(Message::Restart));
    save_knowledge(out, e, program_);
    channel_->send(out.bytes());
    ::_exit(0);
  }
  bounded_.restart(e);
  states_.reset();
  executed_ = 0;
  batches_ = 0;
  round_before_.clear();
  left_before_.clear();
  round_with_error_.clear();
  stays_alone_ = false;
}

// --- keeping the state

bool ParallelBounded::may_keep() const {
  return checkpoints_.any() && executed_ > 0 && !is_broken_off(inspector_.statistics().stop);
}

void ParallelBounded::keep(Engine& e, bool undo) {
  WireWriter out;
  bounded_.save(out, e, undo);
  checkpoints_.keep(out.bytes());
}

// --- the coordinator

bool ParallelBounded::coordinate(Engine& e) {
  role_ = Role::Coordinator;
  restarting_ = ending_ = false;
  processes_.pause(true);
  if (inspector_.stops_at_errors()) {
    WireWriter left;
    bounded_.save(left, e, false);
    left_before_ = left.take();
    round_before_ = checkpoints_.round();
  }
  const bool in_worker = !start_workers(e);
  if (in_worker || !explore_together(e)) return work(e);
  ending_ = true;
  if (!restarting_) dismiss(e);
  workers_.kill_all();
  for (std::size_t i = 0; i < assigned_.size(); ++i)
    if (assigned_[i]) lose(i);
  if (!restarting_) settle(e);
  lost_.clear();
  const bool aborted = is_broken_off(inspector_.statistics().stop);
  if (checkpoints_.any() && !restarting_ && !aborted && !inspector_.error_found()) keep(e, false);
  for (const std::string& news : restarting_ ? std::vector<std::string>() : cut_) {
    WireReader in(news);
    take_news(e, in);
  }
  cut_.clear();
  processes_.pause(false);
  role_ = Role::Alone;
  assigned_.clear();
  if (restarting_) {
    restart(e);
    return bounded_.begin(e);
  }
  return inspector_.error_found() && !left_before_.empty() ? go_back(e) : false;
}

// false: in a worker.
bool ParallelBounded::start_workers(Engine& e) {
  make_room();
  assigned_.assign(options_.jobs, std::nullopt);
  for (std::size_t i = 0; i < options_.jobs; ++i) {
    hear(e, i);
    if (role_ == Role::Worker) return false;
  }
  return true;
}

// At least three quarters of it are free then.
void ParallelBounded::make_room() {
  room_ = std::max(options_.least_room, 4 * bounded_.states());
  auto larger = std::make_unique<SharedStates>(room_, options_.jobs);
  if (states_) {
    states_->for_each([&](std::uint64_t state) { static_cast<void>(larger->insert(state)); });
    bounded_.share(nullptr);
  }
  bounded_.share(larger.get());
  states_ = std::move(larger);
}

// false: in a worker.
bool ParallelBounded::explore_together(Engine& e) {
  const auto end = [&] { return restarting_ || inspector_.error_found() || inspector_.is_to_stop(); };
  while (!end()) {
    const bool keeps = may_keep() && checkpoints_.due(), full = bounded_.states() > room_ / 2;
    if (all_back()) {
      settle(e);
      if (bounded_.pending() == 0 && !bounded_.next_cost()) {
        inspector_.exhausted();
        return true;
      }
      if (keeps) keep(e, false);
      if (full) {
        workers_.kill_all();
        if (!start_workers(e)) return false;
      }
    }
    if (all_back() || (!keeps && !full && lost_.empty())) assign(e);
    workers_.wait(20);
    for (std::size_t i = 0; i < workers_.size() && !restarting_; ++i) {
      hear(e, i);
      if (role_ == Role::Worker) return false;
    }
  }
  return true;
}

bool ParallelBounded::all_back() const {
  return std::none_of(assigned_.begin(), assigned_.end(), [](const auto& a) { return a.has_value(); });
}

void ParallelBounded::assign(Engine& e) {
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if (!workers_[i].pid || assigned_[i] || bounded_.pending() == 0) continue;
    const std::size_t share = bounded_.pending() / (2 * options_.jobs);
    Assignment a{bounded_.lend(e, std::clamp<std::size_t>(share, 1, kMostBranches)), ++leases_};
    WireWriter out;
    out.number(a.lease);
    out.number(room_ / 4 / options_.jobs);
    out.text(a.batch.bytes);
    workers_[i].channel.send(out.bytes());  // who is gone is noticed when listened to
    assigned_[i] = std::move(a);
  }
}

// (Re)starts the worker if it is not there; in it returns as a worker.
void ParallelBounded::hear(Engine& e, std::size_t i) {
  if (i < workers_.size() && workers_[i].pid) {
    if (take_messages(e, i) || restarting_) return;
    const int status = workers_.bury(i);
    if (assigned_[i]) lose(i);
    // Whatever else ends it, it may be from outside: then trying again helps.
    const bool from_outside = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    if (!from_outside || ++deaths_ > 3 * options_.jobs) processes_.lost(i, status);
  }
  Channel* channel = workers_.start(i);
  if (!channel) return;
  role_ = Role::Worker;
  channel_ = channel;
  worker_ = i;
  assigned_.clear();
  lost_.clear();
  processes_.enter(i, e);
  inspector_.continue_always();
  inspector_.before_cut([this, &e] {
    WireWriter out;
    write_news(e, out);
    before_cut_ = out.take();
  });
  WireWriter known;
  inspector_.save_news(known);
  cuts_reported_.clear();
  for (const Loop& l : e.loops()) cuts_reported_.push_back(l.cuts);
}

// false: worker `i` is there no more, and all that it has said is known.
bool ParallelBounded::take_messages(Engine& e, std::size_t i) {
  const bool there = workers_[i].channel.take_in();
  std::string message;
  while (!restarting_ && workers_[i].channel.next(message)) {
    WireReader in(message);
    const auto kind = static_cast<Message>(in.number());
    if (kind == Message::Result) {
      take_result(e, i, in);
    } else if (kind == Message::Cut) {
      cut_.emplace_back(in.rest());
    } else if (!ending_) {
      restarting_ = true;
      restore_knowledge(in, e, program_);
      e.set_loop_bound(e.loop_bound());  // nothing has been cut yet
    }
  }
  return there;
}

void ParallelBounded::take_news(Engine& e, WireReader& in) {
  for (std::size_t loop = 0; loop < e.loops().size(); ++loop) e.add_cuts(loop, in.number());
  program_.merge(in);
  inspector_.merge_news(in);
}

void ParallelBounded::take_result(Engine& e, std::size_t i, WireReader& in) {
  take_news(e, in);
  const Assignment a = std::move(*assigned_[i]);
  assigned_[i].reset();
  ++batches_;
  bounded_.take_back(e, a.batch, in);
}

void ParallelBounded::lose(std::size_t i) {
  lost_.emplace_back(i, std::move(*assigned_[i]));
  assigned_[i].reset();
}

// Nobody explores anything: what was begun in vain can be made undone.
void ParallelBounded::settle(Engine& e) {
  for (const auto& [worker, a] : lost_) {
    states_->remove(worker + 1, a.lease);
    bounded_.take_back(e, a.batch);
  }
  lost_.clear();
  bounded_.erase_undone();
}

// The search is over: what is being explored still counts.
void ParallelBounded::dismiss(Engine& e) {
  if (inspector_.statistics().stop == StopReason::Interrupted) workers_.signal_all(SIGINT);
  const auto last = Clock::now() + std::chrono::seconds(2);
  while (!all_back() && Clock::now() < last) {
    workers_.wait(20);
    for (std::size_t i = 0; i < workers_.size(); ++i)
      if (workers_[i].pid && assigned_[i] && !take_messages(e, i)) {
        workers_.bury(i);
        if (assigned_[i]) lose(i);
      }
  }
}

// As if there had been nobody else.
bool ParallelBounded::go_back(Engine& e) {
  round_with_error_ = checkpoints_.round();
  states_.reset();
  checkpoints_.restore(round_before_);
  const std::string left = std::exchange(left_before_, {});
  WireReader in(left);
  bounded_.restore(in, e);
  stays_alone_ = true;
  return explore_alone(e);
}

// --- a worker

bool ParallelBounded::work(Engine& e) {
  for (;;) {
    if (!busy_) {
      std::string message;
      processes_.pause(true);
      if (!channel_->receive(message)) ::_exit(0);
      processes_.pause(false);
      WireReader in(message);
      states_->begin(worker_ + 1, static_cast<SharedStates::Lease>(in.number()));
      const auto room = static_cast<std::size_t>(in.number());
      bounded_.take(e, {{}, std::string(in.text())}, room);
      busy_ = true;
      executed_ = 0;
      begun_ = Clock::now();
    }
    const bool looks = executed_ % 16 == 0 || !(executed_ & (executed_ - 1));
    const bool time = looks && executed_ > 0 && Clock::now() - begun_ >= options_.lease;
    const bool over = time || !bounded_.has_room() || inspector_.ended_in_haste() || inspector_.error_found();
    if (!over && bounded_.begin(e)) return true;
    report(e);
  }
}

void ParallelBounded::write_news(Engine& e, WireWriter& out) {
  for (std::size_t i = 0; i < e.loops().size(); ++i)
    out.number(e.loops()[i].cuts - std::exchange(cuts_reported_[i], e.loops()[i].cuts));
  program_.save(out);
  inspector_.save_news(out);
}

// What an execution has shown that was cut is for this search alone: who goes on with it executes it again.
void ParallelBounded::report(Engine& e) {
  const auto send = [this](Message kind, const std::string& text) {
    WireWriter out;
    out.number(static_cast<std::uint64_t>(kind));
    if (!channel_->send(out.bytes() + text)) ::_exit(0);
  };
  WireWriter out;
  write_news(e, out);
  std::string news = out.take();
  if (!before_cut_.empty()) {
    news.swap(before_cut_);
    send(Message::Cut, std::exchange(before_cut_, {}));
  }
  busy_ = false;
  send(Message::Result, news + bounded_.give_back(e, inspector_.ended_in_haste()));
}

}  // namespace raddle::explore
