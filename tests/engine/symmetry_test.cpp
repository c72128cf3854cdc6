#include "checker/engine/symmetry.h"

#include <array>

#include <doctest/doctest.h>

using namespace raddle::engine;
using Turn = Symmetry::Turn;

namespace {

// Three threads that main has started, and objects.
struct Group {
  Symmetry symmetry;
  ObjectTable objects;
  std::array<Thread, 5> threads;  // main, three that are alike, another one
  ObjectId x, y;
  Step step = 0;

  Group() {
    objects.clear();
    x = objects.add(17);
    y = objects.add(18);
    for (std::size_t i = 0; i < threads.size(); ++i) {
      threads[i].id = static_cast<Tid>(i);
      threads[i].parent = i ? 0 : kNoThread;
      threads[i].name = threads[i].kin = 100 + i;
    }
    REQUIRE(symmetry.add(objects, threads[1], threads[2]));
    REQUIRE(symmetry.add(objects, threads[1], threads[3]));
  }
  Turn announce(Tid t, OpKind kind, Access a, int line = 1) {
    Operation& op = threads[static_cast<std::size_t>(t)].op;
    op.kind = kind;
    op.a0 = a;
    op.site.line = line;
    return symmetry.announce(threads[static_cast<std::size_t>(t)]);
  }
  /// Returns whose turn it is then.
  Tid execute(Tid t) {
    Thread& th = threads[static_cast<std::size_t>(t)];
    const Tid next = symmetry.executed(objects, th, 0, step);
    th.last_step = step++;
    ++th.count;
    return next;
  }
  Tid run(Tid t, OpKind kind, Access a) {
    REQUIRE(announce(t, kind, a) == Turn::Go);
    return execute(t);
  }
};

}  // namespace

TEST_CASE("the first goes on, the others wait for it, one after the other") {
  Group g;
  CHECK(g.announce(2, OpKind::Read, reads(g.x)) == Turn::Wait);
  CHECK(g.announce(3, OpKind::Read, reads(g.x)) == Turn::Wait);
  CHECK(g.symmetry.held(2));
  CHECK_FALSE(g.symmetry.held(1));
  CHECK(g.run(1, OpKind::Read, reads(g.x)) == 2);
  CHECK_FALSE(g.symmetry.held(2));
  CHECK(g.announce(2, OpKind::Read, reads(g.x)) == Turn::Go);
  CHECK(g.threads[2].turn == 0);
  CHECK(g.execute(2) == 3);
}

TEST_CASE("what is the same keeps them in step, what is not tells them apart") {
  struct Case {
    OpKind kind;
    AccessMode mode;
    Access between;  // what another thread does between theirs
    bool in_step;
  };
  Group names;
  const ObjectId x = names.x, y = names.y;
  for (const Case& c :
       {Case{OpKind::Read, kReads, 0, true}, Case{OpKind::Read, kReads, reads(x), true},
        Case{OpKind::Read, kReads, writes(y), true}, Case{OpKind::Read, kReads, writes(x), false},
        Case{OpKind::Read, kReads, adds(x), false}, Case{OpKind::Write, kWrites, 0, false},
        Case{OpKind::Add, kAdds, 0, true}, Case{OpKind::Add, kAdds, adds(x), true},
        Case{OpKind::Add, kAdds, reads(x), false}, Case{OpKind::Choose, AccessMode{}, writes(x), true}}) {
    CAPTURE(static_cast<int>(c.kind));
    CAPTURE(c.between);
    Group g;
    const Access a = c.mode ? g.x << 2 | c.mode : 0;
    g.run(1, c.kind, a);
    if (c.between) g.run(4, OpKind::Write, c.between);
    g.run(2, c.kind, a);
    const Turn second = g.announce(2, OpKind::Read, reads(g.y));
    CHECK((second == Turn::Wait) == c.in_step);
  }
}

TEST_CASE("who has been told apart from the one before is still followed by the one behind") {
  Group g;
  g.run(1, OpKind::Read, reads(g.x));
  g.run(4, OpKind::Write, writes(g.x));
  g.run(2, OpKind::Read, reads(g.x));
  g.run(3, OpKind::Read, reads(g.x));
  CHECK(g.announce(3, OpKind::Write, writes(g.x)) == Turn::Wait);
  CHECK(g.run(2, OpKind::Write, writes(g.x)) == 3);
  CHECK(g.run(3, OpKind::Write, writes(g.x)) == kNoThread);
  CHECK_FALSE(g.symmetry.in_step());
}

TEST_CASE("other operations, and other knowledge, are noticed") {
  for (const int what : {0, 1, 2, 3}) {
    Group g;
    g.run(1, OpKind::Read, reads(g.x));
    if (what == 1) g.threads[2].learned = 5;
    const Turn turn = g.announce(2, what == 2 ? OpKind::Write : OpKind::Read, reads(g.x), what == 3 ? 2 : 1);
    CHECK(turn == (what == 0 ? Turn::Go : Turn::Differs));
  }
}

TEST_CASE("who leaves does not wait any more") {
  Group g;
  g.symmetry.leave(2);
  CHECK(g.announce(2, OpKind::Read, reads(g.x)) == Turn::Go);
}

TEST_CASE("joins: all of them by one thread, with nothing in between") {
  Group g;
  CHECK(g.symmetry.join(g.threads[0], g.threads[2]));
  CHECK(g.symmetry.is_between_joins(g.threads[0]));
  CHECK(g.symmetry.join(g.threads[0], g.threads[4]));  // is like nobody
  CHECK(g.symmetry.join(g.threads[0], g.threads[1]));
  CHECK(g.symmetry.join(g.threads[0], g.threads[3]));
  CHECK_FALSE(g.symmetry.is_between_joins(g.threads[0]));
  ++g.threads[0].count;
  CHECK(g.symmetry.join(g.threads[0], g.threads[1]));

  Group late;
  CHECK(late.symmetry.join(late.threads[0], late.threads[1]));
  ++late.threads[0].count;
  CHECK_FALSE(late.symmetry.join(late.threads[0], late.threads[2]));

  Group other;
  CHECK(other.symmetry.join(other.threads[0], other.threads[1]));
  CHECK_FALSE(other.symmetry.join(other.threads[4], other.threads[2]));
}

TEST_CASE("threads that began otherwise are not alike") {
  Group g;
  CHECK_FALSE(g.symmetry.add(g.objects, g.threads[1], g.threads[2]));  // a member already
  g.threads[4].inherited.push_back(3);
  CHECK_FALSE(g.symmetry.add(g.objects, g.threads[1], g.threads[4]));
  g.threads[4].inherited.clear();
  g.threads[4].daemon = true;
  CHECK_FALSE(g.symmetry.add(g.objects, g.threads[1], g.threads[4]));
  g.threads[4].daemon = false;
  CHECK(g.symmetry.add(g.objects, g.threads[1], g.threads[4]));
  CHECK(g.threads[4].kin == g.threads[1].name);
  CHECK(g.symmetry.met() == std::vector<std::vector<std::uint64_t>>{{101, 102, 103, 104}});
}

TEST_CASE("the next execution begins without groups, and the search remembers them") {
  Group g;
  g.symmetry.begin();
  CHECK_FALSE(g.symmetry.any());
  CHECK_FALSE(g.symmetry.is_member(2));
  CHECK(g.symmetry.met().size() == 1);
  g.symmetry.clear();
  CHECK(g.symmetry.met().empty());
}
