#include "checker/explore/lease_codec.h"

#include <doctest/doctest.h>

#include "checker/engine/engine.h"

using namespace raddle::engine;
using namespace raddle::explore;

namespace {

bool same(const Transition& a, const Transition& b) {
  return a.a0 == b.a0 && a.a1 == b.a1 && a.tid == b.tid && a.alt == b.alt && a.kind == b.kind &&
         a.flags == b.flags && a.arity == b.arity;
}

struct Sample {
  ObjectId x, y;
  Tid t, u;
  explicit Sample(Engine& e, bool otherwise = false) {
    // Ids are handed out in the order in which names are met.
    if (otherwise) u = e.intern_thread(98), y = e.objects().add(78);
    x = e.objects().add(77);
    t = e.intern_thread(99);
    if (!otherwise) u = e.intern_thread(98), y = e.objects().add(78);
  }
  Transition write() const {
    Transition w;
    w.a0 = writes(x);
    w.tid = static_cast<std::uint16_t>(t);
    w.kind = OpKind::Write;
    return w;
  }
  Transition notify() const {
    Transition n;
    n.a0 = writes(y);
    n.a1 = reads(x);
    n.tid = static_cast<std::uint16_t>(u);
    n.alt = static_cast<Alternative>(t + 1);
    n.kind = OpKind::NotifyOne;
    n.flags = Transition::kTimed;
    n.arity = 3;
    return n;
  }
};

}  // namespace

TEST_CASE("a lease in another process means the same threads and objects there") {
  Engine here, there;
  const Sample s(here), other(there, true);
  CHECK(s.x != other.x);
  Lease lease;
  lease.root = 1;
  lease.retain = true;
  lease.path = {s.write()};
  lease.nodes.resize(2);
  lease.nodes[0].started = {s.notify()};
  lease.nodes[1].pending.nodes = {{s.notify(), 1}, {s.write(), 0}, {s.write(), 0}};
  WireWriter out;
  write(out, here, lease);
  WireReader in(out.bytes());
  const Lease read = read_lease(in, there);
  CHECK(in.at_end());
  CHECK(read.root == 1);
  CHECK(read.retain);
  REQUIRE(read.path.size() == 1);
  CHECK(same(read.path[0], other.write()));
  REQUIRE(read.nodes.size() == 2);
  REQUIRE(read.nodes[0].started.size() == 1);
  CHECK(same(read.nodes[0].started[0], other.notify()));
  REQUIRE(read.nodes[1].pending.nodes.size() == 3);
  CHECK(same(read.nodes[1].pending.nodes[0].t, other.notify()));
  CHECK(read.nodes[1].pending.nodes[0].children == 1);
}

TEST_CASE("bytes that are cut, or are none of a lease, are an error") {
  Engine e;
  const Sample s(e);
  LeaseResult result;
  result.nodes.resize(2);
  result.path = {s.notify()};
  result.nodes[0].explored.nodes = {{s.write(), 0}};
  result.exported = {{0, {s.write(), s.notify()}}};
  WireWriter out;
  write(out, e, result);
  {
    WireReader in(out.bytes());
    const LeaseResult read = read_lease_result(in, e);
    CHECK(in.at_end());
    REQUIRE(read.exported.size() == 1);
    CHECK(same(read.exported[0].v.at(1), s.notify()));
  }
  for (std::size_t n = 0; n < out.bytes().size(); ++n) {
    const std::string cut = out.bytes().substr(0, n);
    WireReader in(cut);
    CHECK_THROWS_AS(read_lease_result(in, e), WireError);
  }
  const std::string nonsense(40, '\x7F');
  WireReader in(nonsense);
  CHECK_THROWS_AS(read_lease_result(in, e), WireError);
}

TEST_CASE("trees survive being copied out of a pool and into another one") {
  Engine e;
  const Sample s(e);
  Forest forest;
  forest.nodes = {{s.write(), 2}, {s.notify(), 1}, {s.write(), 0}, {s.notify(), 0}, {s.notify(), 0}};
  WakeupTree pool;
  const Forest again = copy(pool, add(pool, forest));
  REQUIRE(again.nodes.size() == forest.nodes.size());
  for (std::size_t i = 0; i < forest.nodes.size(); ++i) {
    CHECK(same(again.nodes[i].t, forest.nodes[i].t));
    CHECK(again.nodes[i].children == forest.nodes[i].children);
  }
  CHECK(copy(pool, add(pool, {})).empty());
}
