#include "checker/explore/parallel_search.h"

#include <unistd.h>

#include <csignal>
#include <deque>
#include <utility>

#include "checker/explore/lease_codec.h"

namespace raddle::explore {

using namespace engine;

ParallelSearch::ParallelSearch(Inspector& inspector, Program& program, Processes& processes, Options options)
    : inspector_(inspector),
      program_(program),
      processes_(processes),
      options_(options),
      dpor_(inspector, options.dpor) {}

bool ParallelSearch::begin(Engine& e) {
  if (role_ == Role::Worker) return work(e);
  if (is_time_for_others() && !inspector_.is_to_stop()) return coordinate(e);
  return dpor_.begin(e);
}

void ParallelSearch::end(Engine& e, Outcome o) {
  dpor_.end(e, o);
  ++executed_;
}

// The clock is looked at now and then.
bool ParallelSearch::is_time_for_others() const {
  if (options_.jobs < 2 || executed_ == 0 || dpor_.finished()) return false;
  if (executed_ % 64 && options_.alone.count() > 0) return false;
  const auto spent = Clock::now() - since_;
  return spent >= options_.alone &&
         (executed_ >= options_.executions_alone || spent >= options_.longest_alone);
}

void ParallelSearch::restart(Engine& e) {
  if (role_ == Role::Worker) {  // everybody has to
    WireWriter out;
    out.number(static_cast<std::uint64_t>(Message::Restart));
    out.number(e.revealed());
    out.text(program_.learnt());
    out.number(e.loops().size());
    for (const Loop& l : e.loops()) {
      out.text(l.site.file ? l.site.file : "");
      out.text(l.site.function ? l.site.function : "");
      out.number(static_cast<std::uint64_t>(l.site.line));
      out.number(static_cast<std::uint64_t>(l.site.column));
      out.number(static_cast<std::uint64_t>(l.kind));
    }
    channel_->send(out.bytes());
    ::_exit(0);
  }
  dpor_.restart(e);
  executed_ = 0;
  races_ = leases_ = 0;
}

// --- the coordinator

bool ParallelSearch::coordinate(Engine& e) {
  role_ = Role::Coordinator;
  restarting_ = false;
  processes_.pause(true);
  tree_.emplace();
  ExplorationTree::NodeId root = 0;
  static_cast<void>(tree_->lease({root, false, true}, root));
  tree_->give_back(root, dpor_.give_back());
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
  }
  const bool finished = tree_->finished() && !restarting_;
  if (!restarting_) dismiss(e);
  workers_.kill_all();
  peak_nodes_ = std::max(peak_nodes_, tree_->peak());
  tree_.reset();
  processes_.pause(false);
  role_ = Role::Alone;
  if (restarting_) {
    restart(e);
    return dpor_.begin(e);
  }
  if (finished) inspector_.exhausted();
  return false;
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
  WireWriter known;
  inspector_.save_news(known);
  races_reported_ = dpor_.counters().races;
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

void ParallelSearch::hear(Engine& e, std::size_t i) {
  if (!workers_[i].pid) return;
  const bool there = workers_[i].channel.take_in();
  std::string message;
  while (!restarting_ && workers_[i].channel.next(message)) {
    WireReader in(message);
    if (static_cast<Message>(in.number()) == Message::Result)
      take_result(e, i, in);
    else
      start_again(e, in);
  }
  if (there || restarting_) return;
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
  races_ += in.number();
  for (std::size_t loop = 0; loop < e.loops().size(); ++loop) e.add_cuts(loop, in.number());
  program_.merge(in);
  inspector_.merge_news(in);
  const Assignment a = std::move(*assigned_[i]);
  assigned_[i].reset();
  ++leases_;
  if (explored)
    tree_->give_back(a.root, result);
  else
    tree_->cancel(a.root, a.lease);
}

void ParallelSearch::start_again(Engine& e, WireReader& in) {
  static std::deque<std::string> names;  // of places, for good
  restarting_ = true;
  e.set_revealed(static_cast<std::uint8_t>(in.number()));
  program_.set_learnt(in.text());
  std::vector<Loop> loops;
  for (std::size_t n = in.count(); n; --n) {
    Loop l;
    l.site.file = names.emplace_back(in.text()).c_str();
    l.site.function = names.emplace_back(in.text()).c_str();
    l.site.line = static_cast<std::int32_t>(in.number());
    l.site.column = static_cast<std::int32_t>(in.number());
    l.kind = static_cast<OpKind>(in.number());
    loops.push_back(l);
  }
  e.set_loops(std::move(loops), e.loop_bound());
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
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      if (!workers_[i].pid || !assigned_[i]) continue;
      const bool there = workers_[i].channel.take_in();
      std::string message;
      while (assigned_[i] && workers_[i].channel.next(message)) {
        WireReader in(message);
        if (static_cast<Message>(in.number()) != Message::Result) break;
        take_result(e, i, in);
      }
      if (!there) workers_.bury(i);
    }
  }
}

// --- a worker

bool ParallelSearch::work(Engine& e) {
  for (;;) {
    if (!leased_) {
      std::string message;
      if (!channel_->receive(message)) ::_exit(0);
      WireReader in(message);
      in.number();
      dpor_.take(read_lease(in, e));
      leased_ = true;
      executed_ = 0;
      since_ = Clock::now();
      if (dpor_.begin(e)) return true;
      report(e, false);
    } else if (is_over() || !dpor_.begin(e)) {
      report(e, !inspector_.ended_in_haste());
    } else {
      return true;
    }
  }
}

bool ParallelSearch::is_over() const {
  if (dpor_.finished() || inspector_.ended_in_haste() || inspector_.error_found()) return true;
  if (inspector_.statistics().stop != StopReason::None) return true;
  return executed_ % 16 == 0 && Clock::now() - since_ >= options_.lease;
}

// `explored`: the lease's result can be used.
void ParallelSearch::report(Engine& e, bool explored) {
  WireWriter out;
  out.number(static_cast<std::uint64_t>(Message::Result));
  out.number(explored);
  write(out, e, explored ? dpor_.give_back() : LeaseResult{.nodes = {{}}, .path = {}, .exported = {}});
  out.number(dpor_.counters().races - std::exchange(races_reported_, dpor_.counters().races));
  for (std::size_t i = 0; i < e.loops().size(); ++i)
    out.number(e.loops()[i].cuts - std::exchange(cuts_reported_[i], e.loops()[i].cuts));
  program_.save(out);
  inspector_.save_news(out);
  leased_ = false;
  if (!channel_->send(out.bytes())) ::_exit(0);
}

}  // namespace raddle::explore
