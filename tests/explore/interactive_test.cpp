// Somebody else decides, and may go back.
#include "checker/explore/interactive.h"

#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/explore/checker.h"
#include "checker/explore/verification.h"
#include "raddle/raddle.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::explore;
using engine::Engine;
using engine::Trace;
using Reply = Chooser::Reply;

namespace {

constexpr Reply kContinue{Reply::Kind::Continue}, kStop{Reply::Kind::Stop}, kUndo{Reply::Kind::Undo};
Reply choose_nth(std::size_t n) { return {Reply::Kind::Choose, n}; }
Reply back_to(int step) { return {Reply::Kind::BackTo, 0, step}; }

/// Gives the replies one after the other, then goes on to the end; keeps what it was asked.
struct Script : Chooser {
  struct Asked {
    std::size_t step, choices, suggested;
    bool can_undo;
    std::vector<std::string> threads;  // of the choices
  };
  explicit Script(std::vector<Reply> r) : replies(std::move(r)) {}

  Reply choose(const Question& q) override {
    Asked a{static_cast<std::size_t>(q.engine.step()), q.enabled.size(), q.suggested, q.can_undo, {}};
    for (const engine::Decision& d : q.enabled) a.threads.push_back(engine::default_label(q.engine, d.tid));
    asked.push_back(a);
    return next < replies.size() ? replies[next++] : kContinue;
  }
  Reply ended(const Trace& trace) override {
    ends.push_back(trace);
    return next < replies.size() ? replies[next++] : kStop;
  }
  void lost_track(engine::Step) override { ++lost; }
  bool wants_to_stop() const override { return stop_at && asked.size() >= stop_at; }

  std::vector<Reply> replies;
  std::size_t next = 0, stop_at = 0;
  std::vector<Asked> asked;
  std::vector<Trace> ends;
  int lost = 0;
};

/// Two threads write a letter each into the log, twice.
struct Letters {
  std::string& log;
  void operator()() const {
    log.clear();
    variable<int> x(0, "x");
    const auto write = [&](char c) {
      return [&, c] {
        for (int i = 0; i < 2; ++i) x.store(i), log += c;
      };
    };
    thread a(write('a')), b(write('b'));
    a.join();
    b.join();
  }
};

const auto lost_update = [] {
  variable<int> x(0, "x");
  const auto add = [&] { x.store(x.load() + 1); };
  thread a(add), b(add);
  a.join();
  b.join();
  require(x.load() == 2, "none is lost");
};

struct Session {
  bool ended = false;
  Trace trace;
};
template <class F>
Session run(Script& script, const F& program, std::vector<NamedChoice> suggested = {}) {
  Engine e;
  test::Model<F> model(program);
  Interactive session(script, std::move(suggested));
  session.run(e, model);
  return {session.has_ended(), session.trace()};
}

}  // namespace

TEST_CASE("each choice is made, and only where there are several") {
  std::string log;
  for (const std::string wanted : {"aabb", "abab", "baba", "bbaa", "abba"}) {
    CAPTURE(wanted);
    std::vector<Reply> replies;
    std::size_t as = 0, bs = 0;
    for (const char c : wanted) {
      if (as == 2 || bs == 2) break;
      replies.push_back(choose_nth(c == 'b'));
      (c == 'a' ? as : bs)++;
    }
    Script script(replies);
    const Session s = run(script, Letters{log});
    CHECK(log == wanted);
    CHECK(s.ended);
    CHECK(s.trace.outcome == "complete");
    CHECK(script.asked.size() == replies.size());
    for (const Script::Asked& a : script.asked) CHECK(a.threads == std::vector<std::string>{"t1", "t2"});
  }
}

TEST_CASE("what is suggested is the schedule as long as it is followed, then who is running") {
  std::string log;
  const std::uint64_t a = engine::child_name(1, 0), b = engine::child_name(1, 1);
  {
    Script follows({choose_nth(1), choose_nth(0), choose_nth(1)});
    run(follows, Letters{log}, {{b}, {a}, {b}, {a}});
    REQUIRE(follows.asked.size() == 3);
    CHECK(follows.asked[0].suggested == 1);
    CHECK(follows.asked[1].suggested == 0);
    CHECK(follows.asked[2].suggested == 1);
  }
  Script leaves({choose_nth(0), choose_nth(1), choose_nth(1)});
  run(leaves, Letters{log}, {{b}, {a}, {b}, {a}});
  CHECK(leaves.asked[0].suggested == 1);
  CHECK(leaves.asked[1].suggested == 0);  // a is running
  CHECK(leaves.asked[2].suggested == 1);  // b is
  CHECK(log == "abba");
}

TEST_CASE("undo goes back to the question before; the first one has none") {
  std::string log;
  Script script({choose_nth(0), choose_nth(1), kUndo, choose_nth(0)});
  run(script, Letters{log});
  CHECK(log == "aabb");
  REQUIRE(script.asked.size() == 4);
  CHECK_FALSE(script.asked[0].can_undo);
  CHECK(script.asked[1].can_undo);
  CHECK(script.asked[2].step == 2);
  CHECK(script.asked[3].step == 1);  // again
  Script twice({choose_nth(0), choose_nth(1), kUndo, kUndo, choose_nth(1), choose_nth(1)});
  run(twice, Letters{log});
  CHECK(log == "bbaa");
  CHECK_FALSE(twice.asked[4].can_undo);
}

TEST_CASE("back to a step: the first question at or behind it is asked again") {
  std::string log;
  Script script({choose_nth(1), choose_nth(0), back_to(1), choose_nth(0), choose_nth(0)});
  run(script, Letters{log});
  CHECK(log == "aabb");
  CHECK(script.asked[3].step == 0);
  // Behind the question: what came in between stays.
  Script behind({choose_nth(1), choose_nth(0), choose_nth(1), back_to(3), kContinue});
  run(behind, Letters{log});
  CHECK(log.starts_with("b"));
}

TEST_CASE("an end can be taken back, too") {
  std::string log;
  Script script({choose_nth(0), choose_nth(0), kUndo, choose_nth(1), choose_nth(1)});
  const Session s = run(script, Letters{log});
  CHECK(log == "abba");
  CHECK(script.ends.size() == 2);
  CHECK(s.ended);
}

TEST_CASE("continue asks nothing more, and switches only where it must") {
  std::string log;
  Script script({choose_nth(1), kContinue});
  const Session s = run(script, Letters{log}, {{engine::child_name(1, 1)}, {engine::child_name(1, 0)}});
  CHECK(log == "bbaa");
  CHECK(script.asked.size() == 2);
  CHECK(s.ended);
}

TEST_CASE("stop ends it before its end, and nothing is found in what was left") {
  std::string log;
  SUBCASE("as a reply") {
    Script script({choose_nth(0), kStop});
    const Session s = run(script, Letters{log});
    CHECK(log == "a");
    CHECK_FALSE(s.ended);
    CHECK(script.ends.empty());
    CHECK(s.trace.findings.empty());
  }
  SUBCASE("because the chooser wants to") {
    Script script({choose_nth(0), choose_nth(0), choose_nth(0)});
    script.stop_at = 1;
    const Session s = run(script, Letters{log});
    CHECK(script.asked.size() == 1);
    CHECK_FALSE(s.ended);
  }
}

TEST_CASE("what is found at the end is in the trace, which replays") {
  // Both read before either writes.
  Script script({choose_nth(0), choose_nth(1), choose_nth(0)});
  const Session s = run(script, lost_update);
  REQUIRE(s.ended);
  REQUIRE(!s.trace.findings.empty());
  CHECK(s.trace.findings[0].kind == "assertion");  // errors come first
  CHECK(s.trace.findings.back().severity != "error");
  REQUIRE(script.ends.size() == 1);
  CHECK(script.ends[0].findings == s.trace.findings);
  Engine e;
  test::Model model(lost_update);
  const ReplayReport replayed = replay(e, model, s.trace, 0);
  CHECK_FALSE(replayed.diverged);
  CHECK(replayed.reproduced);
  // One after the other: nothing.
  Script orderly({choose_nth(0), choose_nth(0)});
  const Session clean = run(orderly, lost_update);
  REQUIRE(clean.ended);
  for (const auto& f : clean.trace.findings) CHECK(f.severity != "error");
}

TEST_CASE("a deadlock is an end") {
  const auto ab_ba = [] {
    mutex a, b;
    const auto both = [](mutex& first, mutex& second) {
      return [&] {
        first.lock();
        second.lock();
        second.unlock();
        first.unlock();
      };
    };
    thread t(both(a, b)), u(both(b, a));
    t.join();
    u.join();
  };
  Script script({choose_nth(0), choose_nth(1)});
  const Session s = run(script, ab_ba);
  CHECK(s.ended);
  CHECK(s.trace.outcome == "deadlock");
  CHECK(s.trace.findings.at(0).kind == "deadlock");
  CHECK(s.trace.blocked.size() == 3);
}

TEST_CASE("alternatives of one thread are choices of their own") {
  int chosen = -1;
  Script script({choose_nth(2)});
  const Session s = run(script, [&] { chosen = choose(4); });
  CHECK(chosen == 2);
  REQUIRE(script.asked.size() == 1);
  CHECK(script.asked[0].choices == 4);
  CHECK(s.trace.schedule.at(0).alternative == "value 2");
}
