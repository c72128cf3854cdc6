// What is pending in a bounded search, for other processes and for files.
#include <algorithm>

#include "checker/explore/bounded.h"

namespace raddle::explore {

using namespace engine;

/// Choices by the structural names of threads: their ids are a process's own.
class Bounded::Codec {
 public:
  Codec(const Engine& e, WireWriter& out) : engine_(e), out_(&out) {}
  Codec(Engine& e, WireReader& in) : engine_(e), interning_(&e), in_(&in) {}

  void write(const Choice& c) {
    thread(c.tid);
    out_->number(c.wakes ? 1 : c.alt == kExpire ? 2 : std::uint64_t{c.alt} + 3);
    if (c.wakes) thread(c.alt - 1);
  }
  Choice read() {
    Choice c;
    c.tid = static_cast<std::uint16_t>(thread() & 0x7FFF);
    const std::uint64_t alt = in_->number();
    c.wakes = alt == 1;
    c.alt = c.wakes    ? static_cast<Alternative>(thread() + 1)
            : alt == 2 ? kExpire
                       : static_cast<Alternative>(alt - 3);
    return c;
  }

 private:
  void thread(Tid t) {
    const auto i = static_cast<std::size_t>(t);
    if (i >= numbers_.size()) numbers_.resize(i + 1);
    const bool fresh = !numbers_[i];
    if (fresh) numbers_[i] = ++known_;
    out_->number(numbers_[i] - 1);
    if (fresh) out_->digest(engine_.thread(t).name);
  }
  Tid thread() {
    const std::uint64_t n = in_->number();
    if (n > threads_.size()) throw WireError("a thread has no name");
    if (n == threads_.size()) {
      const Tid t = interning_->intern_thread(in_->digest());
      if (t == kNoThread) throw WireError("there are too many threads");
      threads_.push_back(t);
    }
    return threads_[static_cast<std::size_t>(n)];
  }

  const Engine& engine_;
  Engine* interning_ = nullptr;
  WireWriter* out_ = nullptr;
  WireReader* in_ = nullptr;
  std::vector<std::uint64_t> numbers_;  // by thread
  std::uint64_t known_ = 0;
  std::vector<Tid> threads_;
};

void Bounded::share(SharedStates* states) {
  if (states)
    states_.for_each([states](std::uint64_t state, Nothing) { static_cast<void>(states->insert(state)); });
  states_.clear();
  shared_ = states;
}

Bounded::Batch Bounded::lend(const Engine& e, std::size_t n) {
  auto& branches = bucket(cost_);
  const std::size_t kept = branches.size() - std::min(n, branches.size());
  Batch batch;
  for (std::size_t i = kept; i < branches.size(); ++i)
    for (Node node = branches[i].from; node; node = moves_[node].parent) batch.nodes.push_back(node);
  std::sort(batch.nodes.begin(), batch.nodes.end());
  batch.nodes.erase(std::unique(batch.nodes.begin(), batch.nodes.end()), batch.nodes.end());
  const auto number = [&](Node node) -> std::uint64_t {  // 0: the root
    if (node == 0) return 0;
    return static_cast<std::uint64_t>(std::lower_bound(batch.nodes.begin(), batch.nodes.end(), node) -
                                      batch.nodes.begin()) +
           1;
  };
  WireWriter out;
  Codec codec(e, out);
  out.number(static_cast<std::uint64_t>(cost_));
  out.number(batch.nodes.size());
  for (const Node node : batch.nodes) {
    out.number(number(moves_[node].parent));
    codec.write(moves_[node].choice);
  }
  out.number(branches.size() - kept);
  for (std::size_t i = kept; i < branches.size(); ++i) {
    out.number(number(branches[i].from));
    codec.write(branches[i].choice);
    out.digest(branches[i].state);
  }
  branches.resize(kept);
  batch.bytes = out.take();
  return batch;
}

void Bounded::take_back(Engine& e, const Batch& lent) {
  WireReader in(lent.bytes);
  Codec codec(e, in);
  in.number();
  for (std::size_t n = in.count(); n; --n) in.number(), codec.read();
  for (std::size_t n = in.count(); n; --n) {
    Branch b;
    const std::uint64_t from = in.number();
    b.from = from ? lent.nodes[static_cast<std::size_t>(from - 1)] : 0;
    b.choice = codec.read();
    b.state = in.digest();
    bucket(cost_).push_back(b);
  }
}

void Bounded::take(Engine& e, const Batch& lent, std::size_t most_states) {
  WireReader in(lent.bytes);
  Codec codec(e, in);
  leased_ = true;
  started_ = true;
  moves_.assign(1, {});
  buckets_.clear();
  beyond_.clear();
  entered_ = 0;
  most_states_ = most_states;
  schedule_.clear();
  places_.assign(1, {0, 0});
  cost_ = static_cast<int>(in.number());
  for (std::size_t n = in.count(); n; --n) {
    Move m;
    m.parent = static_cast<Node>(in.number());
    if (m.parent >= moves_.size()) throw WireError("there is no such node");
    m.choice = codec.read();
    moves_.push_back(m);
  }
  cost_begin_ = lent_ = static_cast<Node>(moves_.size());
  for (std::size_t n = in.count(); n; --n) {
    Branch b;
    b.from = static_cast<Node>(in.number());
    if (b.from >= moves_.size()) throw WireError("there is no such node");
    b.choice = codec.read();
    b.state = in.digest();
    bucket(cost_).push_back(b);
  }
}

std::string Bounded::give_back(const Engine& e, bool undo) {
  if (undo)
    for (std::size_t cost = 0; cost < buckets_.size(); ++cost)
      buckets_[cost].resize(cost < sizes_before_.size() ? sizes_before_[cost] : 0);
  // Known by now: not worth the way.
  for (auto& branches : buckets_)
    std::erase_if(branches, [this](const Branch& b) { return is_known(b.state); });
  if (undo) bucket(cost_).push_back(begun_with_);
  std::vector<bool> there(moves_.size());
  there[0] = true;
  for (const auto& branches : buckets_)
    for (const Branch& b : branches)
      for (Node n = b.from; !there[n]; n = moves_[n].parent) there[n] = true;
  std::vector<std::uint64_t> numbers(moves_.size());
  WireWriter out;
  Codec codec(e, out);
  std::uint64_t fresh = 0;
  for (Node n = lent_; n < moves_.size(); ++n) fresh += there[n];
  out.number(entered_);
  out.number(fresh);
  for (Node n = 0; n < lent_; ++n) numbers[n] = n;
  std::uint64_t next = lent_;
  for (Node n = lent_; n < moves_.size(); ++n) {
    if (!there[n]) continue;
    numbers[n] = next++;
    out.number(numbers[moves_[n].parent]);
    codec.write(moves_[n].choice);
  }
  out.number(buckets_.size());
  for (const auto& branches : buckets_) {
    out.number(branches.size());
    for (const Branch& b : branches) {
      out.number(numbers[b.from]);
      codec.write(b.choice);
      out.digest(b.state);
    }
  }
  out.number(beyond_.size());
  for (const std::uint64_t state : beyond_) out.digest(state);
  out.number(undo ? entered_now_.size() : 0);
  if (undo)
    for (const std::uint64_t state : entered_now_) out.digest(state);
  buckets_.clear();
  return out.take();
}

std::size_t Bounded::take_back(Engine& e, const Batch& lent, WireReader& in) {
  Codec codec(e, in);
  const std::size_t entered = static_cast<std::size_t>(in.number());
  std::vector<Node> nodes(1, 0);
  nodes.insert(nodes.end(), lent.nodes.begin(), lent.nodes.end());
  const auto node = [&](std::uint64_t number) {
    if (number >= nodes.size()) throw WireError("there is no such node");
    return nodes[static_cast<std::size_t>(number)];
  };
  for (std::size_t n = in.count(); n; --n) {
    Move m;
    m.parent = node(in.number());
    m.choice = codec.read();
    nodes.push_back(static_cast<Node>(moves_.size()));
    moves_.push_back(m);
  }
  const std::size_t costs = in.count();
  for (std::size_t cost = 0; cost < costs; ++cost) {
    for (std::size_t n = in.count(); n; --n) {
      Branch b;
      b.from = node(in.number());
      b.choice = codec.read();
      b.state = in.digest();
      bucket(static_cast<int>(cost)).push_back(b);
    }
  }
  for (std::size_t n = in.count(); n; --n) beyond_.push_back(in.digest());
  for (std::size_t n = in.count(); n; --n) undone_.push_back(in.digest());
  entered_ += entered;
  return entered;
}

void Bounded::erase_undone() {
  for (const std::uint64_t state : undone_) shared_->erase(state);
  undone_.clear();
}

// --- everything

void Bounded::save(WireWriter& out, const Engine& e, bool undo) const {
  const auto size = [&](std::size_t cost) {
    if (!undo) return buckets_[cost].size();
    return cost < sizes_before_.size() ? sizes_before_[cost] : 0;
  };
  std::vector<bool> there(moves_.size());
  there[0] = true;
  const auto mark = [&](Node n) {
    for (; !there[n]; n = moves_[n].parent) there[n] = true;
  };
  for (std::size_t cost = 0; cost < buckets_.size(); ++cost)
    for (std::size_t i = 0; i < size(cost); ++i) mark(buckets_[cost][i].from);
  if (undo) mark(begun_with_.from);

  out.number(static_cast<std::uint64_t>(cost_));
  out.number(levels_.size());
  for (const Level& l : levels_) out.number(l.executions), out.number(l.classes);
  FlatMap<Nothing> undone;
  if (undo)
    for (const std::uint64_t state : entered_now_) undone.insert(state);
  std::vector<std::uint64_t> states;
  const auto add = [&](std::uint64_t state) {
    if (!undone.contains(state)) states.push_back(state);
  };
  if (shared_)
    shared_->for_each(add);
  else
    states_.for_each([&](std::uint64_t state, Nothing) { add(state); });
  out.number(states.size());
  for (const std::uint64_t state : states) out.digest(state);

  Codec codec(e, out);
  out.number(static_cast<std::uint64_t>(std::count(there.begin(), there.end(), true) - 1));
  std::vector<std::uint64_t> numbers(moves_.size());
  std::uint64_t next = 1;
  for (Node n = 1; n < moves_.size(); ++n) {
    if (!there[n]) continue;
    numbers[n] = next++;
    out.number(numbers[moves_[n].parent]);
    codec.write(moves_[n].choice);
  }
  const auto write = [&](const Branch& b) {
    out.number(numbers[b.from]);
    codec.write(b.choice);
    out.digest(b.state);
  };
  out.number(buckets_.size());
  for (std::size_t cost = 0; cost < buckets_.size(); ++cost) {
    const bool again = undo && cost == static_cast<std::size_t>(cost_);
    out.number(size(cost) + again);
    for (std::size_t i = 0; i < size(cost); ++i) write(buckets_[cost][i]);
    if (again) write(begun_with_);
  }
  out.number(beyond_.size());
  for (const std::uint64_t state : beyond_) out.digest(state);
}

void Bounded::restore(WireReader& in, Engine& e) {
  states_.clear();
  shared_ = nullptr;
  buckets_.clear();
  levels_.clear();
  beyond_.clear();
  schedule_.clear();
  entered_now_.clear();
  moves_.assign(1, {});
  places_.assign(1, {0, 0});
  started_ = true;
  leased_ = false;
  most_states_ = SIZE_MAX;
  cost_ = static_cast<int>(in.number());
  for (std::size_t n = in.count(); n; --n) {
    Level l;
    l.executions = in.number();
    l.classes = in.number();
    levels_.push_back(l);
  }
  for (std::size_t n = in.count(); n; --n) states_.insert(in.digest());
  entered_ = states_.size();
  Codec codec(e, in);
  for (std::size_t n = in.count(); n; --n) {
    Move m;
    m.parent = static_cast<Node>(in.number());
    if (m.parent >= moves_.size()) throw WireError("there is no such node");
    m.choice = codec.read();
    moves_.push_back(m);
  }
  cost_begin_ = static_cast<Node>(moves_.size());
  const std::size_t costs = in.count();
  if (static_cast<std::size_t>(cost_) >= costs) throw WireError("there is no such cost");
  for (std::size_t cost = 0; cost < costs; ++cost) {
    for (std::size_t n = in.count(); n; --n) {
      Branch b;
      b.from = static_cast<Node>(in.number());
      if (b.from >= moves_.size()) throw WireError("there is no such node");
      b.choice = codec.read();
      b.state = in.digest();
      bucket(static_cast<int>(cost)).push_back(b);
    }
  }
  for (std::size_t n = in.count(); n; --n) beyond_.push_back(in.digest());
}

}  // namespace raddle::explore
