#include "checker/engine/thread_set.h"

#include <random>
#include <set>
#include <vector>

#include <doctest/doctest.h>

using namespace raddle::engine;

namespace {

std::vector<Tid> members(const ThreadSet& s) {
  std::vector<Tid> v;
  s.for_each([&](Tid t) { v.push_back(t); });
  return v;
}

}  // namespace

TEST_CASE("an empty set") {
  ThreadSet s;
  CHECK(s.empty());
  CHECK(s.size() == 0);
  CHECK_FALSE(s.contains(0));
  CHECK(s.find([](Tid) { return true; }) == kNoThread);
  s.erase(5);
  CHECK(s.empty());
}

TEST_CASE("the smallest and the largest id, and those around the borders of words") {
  for (Tid t : {0, 1, 63, 64, 65, 127, 128, kMaxThreads - 64, kMaxThreads - 1}) {
    CAPTURE(t);
    ThreadSet s;
    s.insert(t);
    CHECK(s.contains(t));
    CHECK(s.first() == t);
    CHECK(s.last() == t);
    CHECK(s.size() == 1);
    CHECK(members(s) == std::vector<Tid>{t});
    s.erase(t);
    CHECK(s.empty());
    CHECK_FALSE(s.contains(t));
  }
}

TEST_CASE("behaves as std::set, whatever is done in whatever order") {
  std::minstd_rand random(1);
  ThreadSet s;
  std::set<Tid> reference;
  for (int k = 0; k < 20000; ++k) {
    // Few ids most of the time, so that words get empty again.
    const Tid t = static_cast<Tid>(random() % (random() % 4 == 0 ? kMaxThreads : 70));
    switch (random() % 5) {
      case 0:
      case 1:
        s.insert(t);
        reference.insert(t);
        break;
      case 2:
      case 3:
        s.erase(t);
        reference.erase(t);
        break;
      case 4:
        if (random() % 50 == 0) s.clear(), reference.clear();
        break;
    }
    REQUIRE(s.empty() == reference.empty());
    REQUIRE(s.contains(t) == reference.contains(t));
    if (reference.empty()) continue;
    REQUIRE(s.first() == *reference.begin());
    REQUIRE(s.last() == *reference.rbegin());
    if (k % 100 == 0) {
      REQUIRE(s.size() == static_cast<int>(reference.size()));
      REQUIRE(members(s) == std::vector<Tid>(reference.begin(), reference.end()));
    }
  }
}

TEST_CASE("a member may be erased while it is visited") {
  ThreadSet s;
  for (Tid t : {2, 3, 63, 64, 700}) s.insert(t);
  std::vector<Tid> visited;
  s.for_each([&](Tid t) {
    visited.push_back(t);
    if (t != 63) s.erase(t);
  });
  CHECK(visited == std::vector<Tid>{2, 3, 63, 64, 700});
  CHECK(members(s) == std::vector<Tid>{63});
}

TEST_CASE("find stops at the first member that fits") {
  ThreadSet s;
  for (Tid t : {4, 64, 90, 500}) s.insert(t);
  int asked = 0;
  CHECK(s.find([&](Tid t) { return ++asked, t > 60; }) == 64);
  CHECK(asked == 2);
  CHECK(s.find([](Tid t) { return t > 500; }) == kNoThread);
}
