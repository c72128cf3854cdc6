#include "checker/engine/object_table.h"

#include <vector>

#include <doctest/doctest.h>

using namespace raddle::engine;

TEST_CASE("ids are handed out from 1: 0 means none") {
  ObjectTable t;
  CHECK(t.add(11) == 1);
  CHECK(t.add(12) == 2);
  CHECK(t.size() == 3);
}

TEST_CASE("an object's life begins with the given state and without waiters") {
  ObjectTable t;
  const ObjectId a = t.add(1), b = t.add(2);
  t.reset(a, 3, 5);
  t.reset(b, 1, 0);
  CHECK(t.state(a).n == 3);
  CHECK(t.state(a).cap == 5);
  t.waiters(a) = {7, 4};
  t.waiters(b) = {2};
  t.reset(a, 0, 0);
  CHECK(t.state(a).n == 0);
  CHECK(t.waiters(a).empty());
  CHECK(t.waiters(b) == std::vector<Tid>{2});
}

TEST_CASE("objects that never had waiters do not see those of others") {
  ObjectTable t;
  const ObjectId a = t.add(1), b = t.add(2);
  t.waiters(a).push_back(3);
  const ObjectTable& constant = t;
  CHECK(constant.waiters(b).empty());
  CHECK(constant.waiters(a) == std::vector<Tid>{3});
}

TEST_CASE("waiters stay in the order in which they came, while other objects get waiters too") {
  ObjectTable t;
  std::vector<ObjectId> ids;
  for (std::uint64_t name = 1; name <= 50; ++name) ids.push_back(t.add(name));
  for (Tid w : {9, 2, 5})
    for (ObjectId id : ids) t.waiters(id).push_back(w + static_cast<Tid>(id));
  for (ObjectId id : ids) {
    const Tid d = static_cast<Tid>(id);
    CHECK(t.waiters(id) == std::vector<Tid>{9 + d, 2 + d, 5 + d});
  }
}

TEST_CASE("a structural name means the same object in every execution, new in each") {
  ObjectTable t;
  t.add(3);
  const ObjectId x = t.named(0xAAAA, 0), y = t.named(0xBBBB, 0);
  CHECK(x != y);
  t.state(x) = {4, 9};
  CHECK(t.named(0xAAAA, 0) == x);
  CHECK(t.state(x).n == 4);  // the same execution: it goes on living
  CHECK(t.named(0xBBBB, 1) == y);
  CHECK(t.named(0xAAAA, 1) == x);
  CHECK(t.state(x).n == 0);
  CHECK(t.state(x).cap == 0);
  CHECK(t.name(x) == 0xAAAA);
  CHECK(t.name(y) == 0xBBBB);
}

TEST_CASE("a named object that an execution left out is new in the next one that meets it") {
  ObjectTable t;
  const ObjectId x = t.named(1, 0);
  t.state(x).n = 5;
  t.waiters(x).push_back(2);
  CHECK(t.named(1, 7) == x);
  CHECK(t.state(x).n == 0);
  CHECK(t.waiters(x).empty());
}

TEST_CASE("who has heard of an object before meets it under the same id") {
  ObjectTable t;
  const ObjectId x = t.add(7);
  CHECK(t.add(8) != x);
  CHECK(t.add(7) == x);
  CHECK(t.named(7, 0) == x);
  CHECK(t.name(x) == 7);
}

TEST_CASE("times are forgotten together") {
  ObjectTable t;
  const ObjectId a = t.add(1), b = t.add(2);
  t.times(b).written = 5;
  CHECK(t.times(a).written == 0);
  CHECK(t.times(b).written == 5);
  t.clear_times();
  CHECK(t.times(b).written == 0);
}

TEST_CASE("clear forgets ids and names") {
  ObjectTable t;
  t.add(3);
  t.named(1, 0);
  t.clear();
  CHECK(t.size() == 1);
  CHECK(t.named(2, 0) == 1);
  CHECK(t.name(1) == 2);
}

TEST_CASE("guard bits of a state") {
  CHECK(guards_of({0, 0}) == (kIfZero | kIfNotOne | kIfEven));
  CHECK(guards_of({1, 0}) == (kIfPositive | kIfEven));
  CHECK(guards_of({1, 2}) == (kIfPositive | kIfRoom | kIfEven));
  CHECK(guards_of({2, 2}) == (kIfPositive | kIfNotOne | kIfEven));
}

TEST_CASE("accesses conflict on the same object if one of them writes") {
  CHECK(conflict(writes(3), writes(3)));
  CHECK(conflict(reads(3), writes(3)));
  CHECK(conflict(writes(3), reads(3)));
  CHECK_FALSE(conflict(reads(3), reads(3)));
  CHECK_FALSE(conflict(writes(3), writes(4)));
  CHECK_FALSE(conflict(writes(2), reads(3)));
  CHECK_FALSE(conflict(0, 0));
  CHECK_FALSE(conflict(0, writes(1)));
  CHECK(object_of(writes(9)) == 9);
  CHECK(is_write(writes(9)));
  CHECK_FALSE(is_write(reads(9)));
}
