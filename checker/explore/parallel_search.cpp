#include "checker/explore/parallel_search.h"

#include <unistd.h>

#include <csignal>
#include <utility>

#include "checker/explore/knowledge.h"
#include "checker/explore/lease_codec.h"

namespace raddle::explore {

using namespace engine;

ParallelSearch::ParallelSearch(Inspector& inspector, Program& program, Processes& processes, Options options)
    : inspector_(inspector),
      program_(program),
      processes_(processes),
      options_(options),
      alone_(inspector, options.order) {}

bool ParallelSearch::begin(Engine& e) {
  if (role_ == Role::Worker) return work(e);
  if (!resumed_.empty()) return start_resumed(e);
  if (is_time_for_others() && !inspector_.is_to_stop()) return share(e);
  return explore_alone(e);
}

void ParallelSearch::end(Engine& e, Outcome o) {
  if (role_ == Role::Worker)
    alone_.dpor().end(e, o);
  else
    alone_.end(e, o);
  ++executed_;
}

// The clock is looked at now and then; sooner if executions take long.
bool ParallelSearch::is_time_for_others() const {
  if (options_.jobs < 2 || executed_ == 0) return false;
  if (executed_ % 64 && executed_ & (executed_ - 1) && options_.alone.count() > 0) return false;
  const auto spent = Clock::now() - since_;
  return spent >= options_.alone &&
         (executed_ >= options_.executions_alone || spent >= options_.longest_alone) && !alone_.finished();
}

// Counting takes a moment where very much is pending.
void ParallelSearch::say_what_is_pending() {
  if (!options_.pending) return;
  const auto now = Clock::now();
  if (now < next_said_) return;
  options_.pending->store(tree_ ? tree_->pending() : alone_.pending(), std::memory_order_relaxed);
  next_said_ = now + std::max<Clock::duration>(std::chrono::milliseconds(250), 20 * (Clock::now() - now));
}

bool ParallelSearch::explore_alone(Engine& e) {
  if (executed_ % 64 == 1) say_what_is_pending();
  if (may_keep() && !inspector_.ended_in_haste() && !alone_.finished() && options_.checkpoints->due())
    keep(e, alone_.left());
  if (alone_.begin(e)) return true;
  if (!may_keep()) return false;
  if (!inspector_.ended_in_haste())
    keep(e, alone_.left());
  else if (executed_ > 1)  // else what was kept last is right
    keep(e, alone_.left_without_latest());
  return false;
}

// --- keeping the state

bool ParallelSearch::may_keep() const {
  return options_.checkpoints && options_.checkpoints->any() && executed_ > 0 &&
         !is_broken_off(inspector_.statistics().stop);
}

// As if nobody had begun with what is leased.
void ParallelSearch::keep(Engine& e, ExplorationTree tree) {
  WireWriter out;
  out.number(races());
  for (const auto& a : assigned_)
    if (a) tree.cancel(a->root, a->lease);
  tree.save(out, e);
  options_.checkpoints->keep(out.bytes());
}

bool ParallelSearch::start_resumed(Engine& e) {
  const std::string left = std::exchange(resumed_, {});
  WireReader in(left);
  races_ = in.number();
  ExplorationTree tree = ExplorationTree::load(in, e);
  const bool whole = tree.finished() || tree.parts().size() == 1;
  if (options_.jobs > 1 && !whole && !alone_.is_early()) {
    tree_ = std::move(tree);
    return coordinate(e);
  }
  alone_.go_on_with(std::move(tree));
  return explore_alone(e);
}

void ParallelSearch::restart(Engine& e) {
  if (role_ == Role::Worker) {  // everybody has to
    WireWriter out;
    out.number(static_cast<std::uint64_t>(Message::Restart));
    save_knowledge(out, e, program_);
    channel_->send(out.bytes());
    ::_exit(0);
  }
  alone_.restart(e);
  executed_ = 0;
  races_ = leases_ = 0;
}

// --- the coordinator

bool ParallelSearch::share(Engine& e) {
  tree_ = std::move(alone_.left());
  return coordinate(e);
}

bool ParallelSearch::coordinate(Engine& e) {
  role_ = Role::Coordinator;
  restarting_ = ending_ = false;
  processes_.pause(true);
  const bool keeps = options_.checkpoints && options_.checkpoints->any();
  assigned_.assign(options_.jobs, std::nullopt);
  for (std::size_t i = 0; i < options_.jobs; ++i) {
    replace(e, i);
    if (role_ == Role::Worker) return work(e);
  }
  while (!tree_->finished() && !restarting_ && !inspector_.is_to_stop()) {
    assign(e);
    workers_.wait(20);
    for (std::size_t i = 0; i < workers_.size() && !restarting_; ++i) {
      hear(e, i);
      if (role_ == Role::Worker) return work(e);
    }
    if (restarting_) break;
    say_what_is_pending();
    if (keeps && options_.checkpoints->due()) keep(e, *tree_);
  }
  ending_ = true;
  if (!restarting_) dismiss(e);
  workers_.kill_all();
  const bool finished = tree_->finished() && !restarting_;
  if (finished) inspector_.exhausted();
  if (keeps && !restarting_ && !is_broken_off(inspector_.statistics().stop)) keep(e, *tree_);
  if (!restarting_) take_unfinished(e);
  unfinished_.clear();
  assigned_.clear();
  tree_.reset();
  processes_.pause(false);
  role_ = Role::Alone;
  executed_ = 0;
  if (!restarting_) return false;
  restart(e);
  return alone_.begin(e);
}

// (Re)starts worker `i`; in it returns as a worker.
void ParallelSearch::replace(Engine& e, std::size_t i) {
  Channel* channel = workers_.start(i);
  if (!channel) return;
  role_ = Role::Worker;
  channel_ = channel;
  tree_.reset();
  assigned_.clear();
  processes_.enter(i, e);
  inspector_.continue_always();
  inspector_.before_cut({});
  WireWriter known;
  inspector_.save_news(known);
  races_reported_ = alone_.dpor().counters().races;
  for (const Loop& l : e.loops()) cuts_reported_.push_back(l.cuts);
}

// Every idle worker gets the first part that is left, in depth-first order.
void ParallelSearch::assign(Engine& e) {
  std::vector<std::size_t> idle;
  for (std::size_t i = 0; i < workers_.size(); ++i)
    if (workers_[i].pid && !assigned_[i]) idle.push_back(i);
  if (idle.empty()) return;
  auto parts = tree_->parts();
  while (parts.size() < idle.size()) {
    bool more = false;
    for (std::size_t k = 0; k < parts.size() && !more; ++k) more = tree_->split(parts[k]);
    if (!more) break;
    parts = tree_->parts();
  }
  for (std::size_t k = 0; k < std::min(parts.size(), idle.size()); ++k) {
    if (!parts[k].first && tree_->size() > options_.most_nodes) break;
    Assignment a;
    a.lease = tree_->lease(parts[k], a.root);
    WireWriter out;
    out.number(static_cast<std::uint64_t>(Message::Lease));
    write(out, e, a.lease);
    workers_[idle[k]].channel.send(out.bytes());  // who is gone is noticed when listened to
    assigned_[idle[k]] = std::move(a);
  }
}

// false: worker `i` is there no more, and all that it has said is known.
bool ParallelSearch::take_messages(Engine& e, std::size_t i) {
  const bool there = workers_[i].channel.take_in();
  std::string message;
  while (!restarting_ && workers_[i].channel.next(message)) {
    WireReader in(message);
    if (static_cast<Message>(in.number()) == Message::Result)
      take_result(e, i, in);
    else if (!ending_)
      start_again(e, in);
  }
  return there;
}

void ParallelSearch::hear(Engine& e, std::size_t i) {
  if (!workers_[i].pid || take_messages(e, i) || restarting_) return;
  const int status = workers_.bury(i);
  if (assigned_[i]) tree_->cancel(assigned_[i]->root, assigned_[i]->lease);
  assigned_[i].reset();
  // Whatever else ends it, it may be from outside: then trying again helps.
  const bool from_outside = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  if (!from_outside || ++deaths_ > 3 * options_.jobs) processes_.lost(i, status);
  replace(e, i);
}

void ParallelSearch::take_result(Engine& e, std::size_t i, WireReader& in) {
  const bool explored = in.number() != 0;
  const LeaseResult result = read_lease_result(in, e);
  const Assignment a = std::move(*assigned_[i]);
  assigned_[i].reset();
  ++leases_;
  if (explored) {
    take_news(e, in);
    tree_->give_back(a.root, result);
  } else {
    unfinished_.emplace_back(in.rest());
    tree_->cancel(a.root, a.lease);
  }
}

void ParallelSearch::take_news(Engine& e, WireReader& in) {
  races_ += in.number();
  for (std::size_t loop = 0; loop < e.loops().size(); ++loop) e.add_cuts(loop, in.number());
  program_.merge(in);
  inspector_.merge_news(in);
}

// The search is over, and its state is kept.
void ParallelSearch::take_unfinished(Engine& e) {
  for (const std::string& news : unfinished_) {
    WireReader in(news);
    take_news(e, in);
  }
}

void ParallelSearch::start_again(Engine& e, WireReader& in) {
  restarting_ = true;
  restore_knowledge(in, e, program_);
  e.set_loop_bound(e.loop_bound());  // nothing has been cut yet
}

// The search is over: what is being explored still counts.
void ParallelSearch::dismiss(Engine& e) {
  if (inspector_.statistics().stop == StopReason::Interrupted) workers_.signal_all(SIGINT);
  const auto last = Clock::now() + std::chrono::seconds(2);
  auto any = [&] {
    for (std::size_t i = 0; i < workers_.size(); ++i)
      if (workers_[i].pid && assigned_[i]) return true;
    return false;
  };
  while (any() && Clock::now() < last) {
    workers_.wait(20);
    for (std::size_t i = 0; i < workers_.size(); ++i)
      if (workers_[i].pid && assigned_[i] && !take_messages(e, i)) workers_.bury(i);
  }
}

// --- a worker

bool ParallelSearch::work(Engine& e) {
  for (;;) {
    if (!leased_) {
      std::string message;
      processes_.pause(true);
      if (!channel_->receive(message)) ::_exit(0);
      processes_.pause(false);
      WireReader in(message);
      in.number();
      alone_.dpor().take(read_lease(in, e));
      leased_ = true;
      executed_ = 0;
      since_ = Clock::now();
      if (alone_.dpor().begin(e)) return true;
      report(e, false);
    } else if (is_over() || !alone_.dpor().begin(e)) {
      report(e, !inspector_.ended_in_haste());
    } else {
      return true;
    }
  }
}

bool ParallelSearch::is_over() const {
  if (alone_.dpor().finished() || inspector_.ended_in_haste() || inspector_.error_found()) return true;
  if (inspector_.statistics().stop != StopReason::None) return true;
  const bool looks = executed_ % 16 == 0 || !(executed_ & (executed_ - 1));
  return looks && Clock::now() - since_ >= options_.lease;
}

// `explored`: the lease's result can be used.
void ParallelSearch::report(Engine& e, bool explored) {
  WireWriter out;
  out.number(static_cast<std::uint64_t>(Message::Result));
  out.number(explored);
  write(out, e,
        explored ? alone_.dpor().give_back() : LeaseResult{.nodes = {{}}, .path = {}, .exported = {}});
  out.number(alone_.dpor().counters().races - std::exchange(races_reported_, alone_.dpor().counters().races));
  for (std::size_t i = 0; i < e.loops().size(); ++i)
    out.number(e.loops()[i].cuts - std::exchange(cuts_reported_[i], e.loops()[i].cuts));
  program_.save(out);
  inspector_.save_news(out);
  leased_ = false;
  if (!channel_->send(out.bytes())) ::_exit(0);
}

}  // namespace raddle::explore
