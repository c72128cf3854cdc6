#include "checker/explore/wakeup_tree.h"

#include <vector>

#include <doctest/doctest.h>

using namespace raddle;
using explore::WakeupTree;
using Branch = WakeupTree::Branch;

namespace {

engine::Transition of(int thread) {
  engine::Transition t;
  t.tid = static_cast<std::uint16_t>(thread);
  return t;
}

}  // namespace

TEST_CASE("a new branch has no siblings and no children") {
  WakeupTree t;
  const Branch b = t.add(of(3));
  CHECK(t[b].t.tid == 3);
  CHECK(t[b].next == WakeupTree::kNone);
  CHECK(t[b].child == WakeupTree::kNone);
}

TEST_CASE("branches form chains and forests, and keep what they hold while others are added") {
  WakeupTree t;
  const Branch root = t.add(of(0));
  Branch last = root;
  for (int i = 1; i < 1000; ++i) {
    const Branch b = t.add(of(i % 100));
    i % 2 ? t.set_child(last, b) : t.set_next(last, b);
    last = b;
  }
  Branch b = root;
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(b != WakeupTree::kNone);
    CHECK(t[b].t.tid == i % 100);
    b = i % 2 ? t[b].next : t[b].child;
  }
  CHECK(b == WakeupTree::kNone);
}

TEST_CASE("released branches are used again, so that memory is what is pending") {
  WakeupTree t;
  std::vector<Branch> branches;
  for (int i = 0; i < 50; ++i) branches.push_back(t.add(of(i)));
  CHECK(t.peak() == 50);
  const std::size_t bytes = t.bytes();
  for (int round = 0; round < 100; ++round) {
    for (Branch b : branches) t.release(b);
    for (Branch& b : branches) b = t.add(of(round % 50));
    for (Branch b : branches) {
      CHECK(t[b].t.tid == round % 50);
      CHECK(t[b].next == WakeupTree::kNone);
      CHECK(t[b].child == WakeupTree::kNone);
    }
  }
  CHECK(t.peak() == 50);
  CHECK(t.bytes() == bytes);
}

TEST_CASE("the peak counts what was pending at the same time") {
  WakeupTree t;
  for (int i = 0; i < 10; ++i) t.release(t.add(of(i)));
  CHECK(t.peak() == 1);
  const Branch a = t.add(of(1));
  t.add(of(2));
  t.release(a);
  t.add(of(3));
  CHECK(t.peak() == 2);
}

TEST_CASE("clear forgets all branches") {
  WakeupTree t;
  t.add(of(1));
  const Branch b = t.add(of(2));
  t.release(b);
  t.clear();
  CHECK(t.add(of(5)) == 0);
  CHECK(t[0].t.tid == 5);
}
