#include "checker/explore/lease_codec.h"

namespace raddle::explore {

using namespace engine;

// --- transitions

void TransitionWriter::thread(Tid t) {
  const auto i = static_cast<std::size_t>(t);
  if (i >= threads_.size()) threads_.resize(i + 1);
  if (threads_[i]) return out_.number(threads_[i] - 1);
  threads_[i] = ++threads_known_;
  out_.number(threads_[i] - 1);
  out_.digest(engine_.thread(t).name);
}

void TransitionWriter::access(Access a) {
  const ObjectId o = object_of(a);
  if (!o) return out_.number(0);
  if (o >= objects_.size()) objects_.resize(o + 1);
  const bool fresh = !objects_[o];
  if (fresh) objects_[o] = ++objects_known_;
  out_.number(std::uint64_t{objects_[o]} << 2 | mode_of(a));
  if (fresh) out_.digest(engine_.objects().name(o));
}

void TransitionWriter::transition(const Transition& t) {
  out_.number(static_cast<std::uint64_t>(t.kind));
  out_.number(t.flags);
  out_.number(t.arity);
  thread(t.tid);
  access(t.a0);
  access(t.a1);
  const bool wakes = t.kind == OpKind::NotifyOne && t.alt != 0;
  out_.number(wakes ? 1 : t.alt);
  if (wakes) thread(t.alt - 1);
}

void TransitionWriter::transitions(const std::vector<Transition>& all) {
  out_.number(all.size());
  for (const Transition& t : all) transition(t);
}

void TransitionWriter::forest(const Forest& forest) {
  out_.number(forest.nodes.size());
  for (const Forest::Node& n : forest.nodes) {
    transition(n.t);
    out_.number(n.children);
  }
}

Tid TransitionReader::thread() {
  const std::uint64_t n = in_.number();
  if (n > threads_.size()) throw WireError("a thread has no name");
  if (n == threads_.size()) {
    const Tid t = engine_.intern_thread(in_.digest());
    if (t == kNoThread) throw WireError("there are too many threads");
    threads_.push_back(t);
  }
  return threads_[static_cast<std::size_t>(n)];
}

Access TransitionReader::access() {
  const std::uint64_t n = in_.number();
  if (!n) return 0;
  const auto number = static_cast<std::size_t>(n >> 2);
  if (number == 0 || number > objects_.size() + 1) throw WireError("an object has no name");
  if (number > objects_.size()) objects_.push_back(engine_.objects().add(in_.digest()));
  const ObjectId o = objects_[number - 1];
  const auto mode = mode_of(static_cast<Access>(n & 3));
  if (!mode) throw WireError("there is no such access");
  return o << 2 | mode;
}

Transition TransitionReader::transition() {
  Transition t;
  const std::uint64_t kind = in_.number();
  if (kind >= static_cast<std::uint64_t>(OpKind::kCount)) throw WireError("there is no such operation");
  t.kind = static_cast<OpKind>(kind);
  t.flags = static_cast<std::uint8_t>(in_.number());
  t.arity = static_cast<std::uint16_t>(in_.number());
  t.tid = static_cast<std::uint16_t>(thread());
  t.a0 = access();
  t.a1 = access();
  t.alt = static_cast<Alternative>(in_.number());
  if (t.kind == OpKind::NotifyOne && t.alt != 0) t.alt = static_cast<Alternative>(thread() + 1);
  return t;
}

std::vector<Transition> TransitionReader::transitions() {
  std::vector<Transition> all(in_.count());
  for (Transition& t : all) t = transition();
  return all;
}

Forest TransitionReader::forest() {
  Forest forest;
  forest.nodes.resize(in_.count());
  std::uint64_t children = 0;
  for (Forest::Node& n : forest.nodes) {
    n.t = transition();
    n.children = static_cast<std::uint32_t>(in_.number());
    children += n.children;
  }
  if (children > forest.nodes.size()) throw WireError("a tree has fewer nodes than it says");
  return forest;
}

// --- leases

void write(WireWriter& out, const Engine& e, const Lease& lease) {
  TransitionWriter w(e, out);
  out.number(static_cast<std::uint64_t>(lease.root));
  out.number(lease.retain);
  w.transitions(lease.path);
  for (const LeaseNode& n : lease.nodes) {
    w.transitions(n.started);
    w.forest(n.pending);
  }
}

Lease read_lease(WireReader& in, Engine& e) {
  TransitionReader r(e, in);
  Lease lease;
  lease.root = static_cast<Step>(in.number());
  lease.retain = in.number() != 0;
  lease.path = r.transitions();
  lease.nodes.resize(lease.path.size() + 1);
  for (LeaseNode& n : lease.nodes) {
    n.started = r.transitions();
    n.pending = r.forest();
  }
  return lease;
}

void write(WireWriter& out, const Engine& e, const LeaseResult& result) {
  TransitionWriter w(e, out);
  w.transitions(result.path);
  for (const LeaseResult::Node& n : result.nodes) {
    w.forest(n.explored);
    w.forest(n.pending);
  }
  out.number(result.exported.size());
  for (const Exported& x : result.exported) {
    out.number(static_cast<std::uint64_t>(x.at));
    w.transitions(x.v);
  }
}

LeaseResult read_lease_result(WireReader& in, Engine& e) {
  TransitionReader r(e, in);
  LeaseResult result;
  result.path = r.transitions();
  result.nodes.resize(result.path.size() + 1);
  for (LeaseResult::Node& n : result.nodes) {
    n.explored = r.forest();
    n.pending = r.forest();
  }
  result.exported.resize(in.count());
  for (Exported& x : result.exported) {
    x.at = static_cast<Step>(in.number());
    x.v = r.transitions();
  }
  return result;
}

}  // namespace raddle::explore
