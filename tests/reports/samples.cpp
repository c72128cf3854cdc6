#include "tests/reports/samples.h"

#include <utility>

namespace raddle::tests {
namespace {

using engine::Trace;
using engine::TraceEvent;
using engine::TraceSite;

/// Adds to a trace in the order in which things happen.
struct Maker {
  Trace trace;
  std::string file;

  explicit Maker(const std::string& model) : file(model) {
    trace.model = model;
    trace.front_end = "python";
    trace.program_hash = "9c1185a5c5e9fc54612808977ee8f548b2258d31";
    trace.raddle_version = "0.1.0";
    trace.options = {{"clock", "free"}, {"timeouts", "any"}};
    trace.outcome = "complete";
    trace.threads.push_back({"0", "main", -1, false, {}});
  }

  TraceSite at(int line) const { return {file, line, 0, ""}; }

  int object(const std::string& kind, const std::string& label) {
    trace.objects.push_back({"0#" + std::to_string(trace.objects.size()), kind, label});
    return static_cast<int>(trace.objects.size()) - 1;
  }

  TraceEvent& event(int thread, const std::string& operation, int line) {
    TraceEvent e;
    e.step = static_cast<int>(trace.events.size()) + 1;
    e.thread = thread;
    e.operation = operation;
    e.site = at(line);
    return trace.events.emplace_back(e);
  }

  int start(const std::string& label, int line, int parent = 0) {
    int thread = static_cast<int>(trace.threads.size());
    trace.threads.push_back({"0." + std::to_string(thread - 1), label, parent, false, at(line)});
    TraceEvent& e = event(parent, "start", line);
    e.visible = false;
    e.other = thread;
    return thread;
  }

  TraceEvent& on(int thread, const std::string& operation, int object, int line) {
    trace.schedule.push_back({thread, ""});
    TraceEvent& e = event(thread, operation, line);
    e.object = object;
    return e;
  }

  TraceEvent& read(int thread, int object, const std::string& value, int from, int line) {
    TraceEvent& e = on(thread, "read", object, line);
    e.result = value;
    e.reads_from = from;
    return e;
  }

  TraceEvent& write(int thread, int object, const std::string& before, const std::string& after, int line) {
    TraceEvent& e = on(thread, "write", object, line);
    e.before = before;
    e.after = after;
    return e;
  }

  void end(int thread) { event(thread, "end", 0).visible = false; }

  void join(int other, int line) {
    TraceEvent& e = event(0, "join", line);
    e.visible = false;
    e.other = other;
  }

  void blocked(int thread, const std::string& operation, int object, int holder, int line) {
    engine::TraceBlocked b;
    b.thread = thread;
    b.operation = operation;
    b.object = object;
    b.holder = holder;
    b.site = at(line);
    trace.blocked.push_back(b);
  }

  void blocked_join(int other, int line) {
    blocked(0, "join", -1, -1, line);
    trace.blocked.back().waits_for = other;
  }

  void finding(const std::string& kind, const std::string& title, const std::string& message, int line,
               std::vector<int> threads, std::vector<int> objects, std::vector<int> steps) {
    engine::TraceFinding f;
    f.kind = kind;
    f.severity = "error";
    f.title = title;
    f.message = message;
    f.site = at(line);
    f.threads = std::move(threads);
    f.objects = std::move(objects);
    f.steps = std::move(steps);
    f.fingerprint = kind + ":" + title;
    trace.findings.push_back(f);
  }
};

}  // namespace

Trace lost_update() {
  Maker m("models/tutorial/lost_update.py");
  int x = m.object("variable", "database_value");
  int t1 = m.start("t1", 21);
  int t2 = m.start("t2", 21);
  m.read(t1, x, "0", 0, 13).mark = "stale-read";
  TraceEvent& read = m.read(t2, x, "0", 0, 13);
  read.mark = "stale-read";
  read.switched = "preempted";
  TraceEvent& first = m.write(t1, x, "0", "1", 16);
  first.mark = "overwritten";
  first.switched = "preempted";
  m.end(t1);
  TraceEvent& second = m.write(t2, x, "1", "1", 16);
  second.mark = "lost-update";
  second.switched = "ended";
  second.reads_from = 5;
  m.end(t2);
  m.join(t1, 23);
  m.join(t2, 23);
  m.read(0, x, "1", 7, 24);
  TraceEvent& output = m.event(0, "output", 24);
  output.visible = false;
  output.text = "database_value is 1\n";
  m.trace.output = "database_value is 1\n";
  m.finding("lost-update", "database_value",
            "t2 overwrote t1's write without having read it: both read 0, both wrote 1.", 16, {t1, t2}, {x},
            {4, 5, 7});
  m.trace.explanation = "If step 7 had come before step 3, or 4 after 5, this run would have passed.";
  return m.trace;
}

Trace philosophers() {
  Maker m("models/classic/philosophers.py");
  m.trace.arguments = {"3"};
  int forks[3];
  for (int i = 0; i < 3; ++i) forks[i] = m.object("mutex", "forks[" + std::to_string(i) + "]");
  int seats[3];
  for (int i = 0; i < 3; ++i) seats[i] = m.start("t" + std::to_string(i + 1), 28);
  for (int i = 0; i < 3; ++i) {
    TraceEvent& e = m.on(seats[i], "lock", forks[i], 12);
    e.mark = "holds";
    if (i > 0) e.switched = "blocked on forks[" + std::to_string(i) + "]";
  }
  for (int i = 0; i < 3; ++i) m.blocked(seats[i], "lock", forks[(i + 1) % 3], seats[(i + 1) % 3], 13);
  m.blocked_join(seats[0], 30);
  m.trace.outcome = "deadlock";
  m.finding("deadlock", "forks[0]", "Each of t1, t2 and t3 waits for a lock that the next one holds.", 13,
            {1, 2, 3}, {0, 1, 2}, {});
  return m.trace;
}

Trace lost_wakeup() {
  Maker m("wakeup.py");
  int lock = m.object("mutex", "lock");
  int ready = m.object("condition", "ready");
  int producer = m.start("producer", 20);
  int consumer = m.start("consumer", 21);
  m.on(producer, "lock", lock, 8);
  m.on(producer, "notify-one", ready, 10).mark = "lost-wakeup";
  m.on(producer, "unlock", lock, 8);
  m.end(producer);
  TraceEvent& e = m.on(consumer, "lock", lock, 14);
  e.switched = "ended";
  m.on(consumer, "wait", lock, 15).object2 = ready;
  m.blocked(consumer, "wake", ready, -1, 15);
  m.trace.blocked.back().mark = "lost-wakeup";
  m.trace.blocked.back().reason = "Nobody is left to notify ready.";
  m.blocked_join(consumer, 23);
  m.trace.outcome = "deadlock";
  m.finding("deadlock", "ready",
            "consumer waits for ready, but the notification came before it waited (lost wakeup).", 15,
            {consumer}, {ready}, {});
  return m.trace;
}

Trace holder_gone() {
  Maker m("gone.py");
  int lock = m.object("mutex", "");
  int worker = m.start("worker", 12);
  m.on(worker, "lock", lock, 5);
  m.end(worker);
  m.join(worker, 13);
  m.blocked(0, "lock", lock, worker, 14);
  m.trace.blocked.back().mark = "holder-gone";
  m.trace.outcome = "deadlock";
  m.finding("deadlock", "mutex 0#0", "main waits for a lock that worker acquired and never released.", 14,
            {0, worker}, {lock}, {2});
  m.trace.findings.back().detail = "worker ended by ValueError: no such row";
  return m.trace;
}

Trace self_deadlock() {
  Maker m("double_acquire.py");
  int lock = m.object("mutex", "lock");
  m.on(0, "lock", lock, 11);
  m.blocked(0, "lock", lock, 0, 13);
  m.trace.outcome = "deadlock";
  m.finding("deadlock", "lock", "main acquires a lock that it holds already.", 13, {0}, {lock}, {1});
  return m.trace;
}

Trace assertion() {
  Maker m("app/main.py");
  int stock = m.object("variable", "Shop.stock");
  int buyer = m.start("buyer", 31);
  int seller = m.start("seller", 32);
  m.read(buyer, stock, "1", 0, 12);
  m.read(seller, stock, "1", 0, 18).switched = "preempted";
  m.write(seller, stock, "1", "0", 19);
  m.write(buyer, stock, "0", "-1", 14).switched = "ended";
  TraceEvent& failed = m.event(buyer, "exception", 9);
  failed.visible = false;
  failed.site.file = "app/checks.py";
  failed.text = "AssertionError: stock is -1";
  failed.mark = "failure";
  m.trace.outcome = "aborted";
  m.finding("assertion", "AssertionError", "buyer: AssertionError: stock is -1", 9, {buyer}, {stock}, {7});
  m.trace.findings.back().site = {"app/checks.py", 9, 5, "check"};
  m.trace.findings.back().detail =
      "Traceback (most recent call last):\n"
      "  File \"/usr/lib/python3.11/threading.py\", line 1038, in _bootstrap_inner\n"
      "    self.run()\n"
      "  File \"app/main.py\", line 15, in buy\n"
      "    check(shop)\n"
      "  File \"app/checks.py\", line 9, in check\n"
      "    assert shop.stock >= 0, f\"stock is {shop.stock}\"\n"
      "AssertionError: stock is -1\n";
  return m.trace;
}

Trace twenty_threads() {
  Maker m("crowd.py");
  int x = m.object("variable", "counter");
  std::vector<int> all;
  for (int i = 1; i <= 20; ++i) all.push_back(m.start("worker-" + std::to_string(i), 14));
  for (int thread : all) m.read(thread, x, "0", 0, 7).mark = "stale-read";
  for (int thread : all) {
    TraceEvent& e = m.write(thread, x, thread == all.front() ? "0" : "1", "1", 8);
    e.mark = thread == all.front() ? "overwritten" : "lost-update";
  }
  std::vector<int> steps;
  for (int step = 21; step <= 60; ++step) steps.push_back(step);
  m.finding("lost-update", "counter", "19 of 20 updates are lost.", 8, all, {x}, steps);
  return m.trace;
}

Trace long_run() {
  Maker m("long.py");
  int x = m.object("variable", "counter");
  int t1 = m.start("t1", 10);
  int t2 = m.start("t2", 10);
  int value = 0;
  for (int i = 0; i < 49; ++i) {
    for (int thread : {t1, t2}) {
      m.read(thread, x, std::to_string(value), 0, 5);
      m.write(thread, x, std::to_string(value), std::to_string(value + 1), 5);
      ++value;
    }
  }
  m.read(t1, x, "98", 0, 5).mark = "stale-read";
  m.read(t2, x, "98", 0, 5);
  int first = static_cast<int>(m.trace.events.size()) + 1;
  m.write(t2, x, "98", "99", 5).mark = "overwritten";
  m.write(t1, x, "99", "99", 5).mark = "lost-update";
  m.finding("lost-update", "counter",
            "t1 overwrote t2's write without having read it: both read 98, both wrote 99.", 5, {t1, t2}, {x},
            {first - 2, first, first + 1});
  return m.trace;
}

Trace strange_texts() {
  Maker m("モデル/größe.py");
  int x = m.object("variable", "数値の変数");
  int y = m.object("variable", "naïve_e\xCC\x81t\xC3\xA9");
  int z = m.object("variable", std::string(200, 'x'));
  int same1 = m.object("mutex", "lock");
  int same2 = m.object("mutex", "lock");
  int t1 = m.start("スレッド", 3);
  int t2 = m.start("worker", 4);
  int t3 = m.start("worker", 4);
  m.write(t1, x, "''", "'日本語のとても長い値で、列に収まらないもの'", 10);
  m.read(t2, y, "'\x1b[31mred\x1b[0m\n\u202Ednim'", 0, 11);
  m.write(t3, z, "b'\xFF\xFE'", "'" + std::string(300, 'v') + "'", 12);
  m.on(t1, "lock", same1, 13);
  m.on(t2, "lock", same2, 14);
  m.read(t3, x, "'🎉🎉'", 4, 15).site.file = "other/größe.py";
  m.finding("exception", "UnicodeError: \xFF", "worker#2: \x1b]0;title\x07 failed on 'ä'.\nSecond line.", 15,
            {t3}, {x, y, z}, {9});
  m.trace.arguments = {"--name", "two words", "it's"};
  return m.trace;
}

Trace everything() {
  Trace trace = lost_update();
  trace.arguments = {"3", "", "two words"};
  trace.front_end = "library";
  trace.passing = {{0, ""}, {1, "value 1"}};
  trace.options = {{"clock", "virtual"}, {"instrument", "a"}, {"instrument", "b"}};
  trace.replay_command = "RADDLE_REPLAY={trace} ./test";
  trace.seed = 18446744073709551615u;
  trace.threads[2].daemon = true;
  trace.threads[2].start = {"a.py", 1, 2, "f"};
  trace.objects.push_back({"0.1#0", "condition", ""});
  trace.schedule[1].alternative = "wake 0.1";
  TraceEvent& e = trace.events[3];
  e.object2 = 1;
  e.part = "items['a']";
  e.other = 2;
  e.before = "a\"b\\c\n\t\x01";
  e.after = "ünïcode 日本";
  e.text = "text";
  e.site = {"b.cpp", 2147483, 77, "ns::f(int)::{lambda()#1}"};
  e.reads_from = 1;
  e.items = 3;
  trace.objects[0].capacity = 10;
  trace.critical = {2, 4, 1};
  trace.passing_run = {{trace.threads[0]}, {trace.objects[1]}, {trace.events[0]}};
  trace.passing_run.events[0].thread = 0;
  trace.passing_run.events[0].other = -1;
  trace.sources = {{"a.py", "00c0ffee00c0ffee"}, {"b.cpp", "cbf29ce484222325"}};
  trace.blocked.push_back({1, "wake", 1, 2, 0, "reason", {"c.py", 5, 6, "g"}, "lost-wakeup"});
  trace.outcome = "deadlock";
  trace.findings[0].detail = "line 1\nline 2";
  trace.findings.push_back({"data-race", "warning", "message", "", {}, {}, {}, {}, "", ""});
  return trace;
}

Trace passing() {
  Trace trace = lost_update();
  trace.findings.clear();
  trace.explanation.clear();
  for (TraceEvent& e : trace.events) e.mark.clear();
  return trace;
}

reports::Result lost_update_result() {
  reports::Result result;
  result.model = "models/tutorial/lost_update.py";
  result.program_hash = "9c1185a5c5e9fc54612808977ee8f548b2258d31";
  result.raddle_version = "0.1.0";
  result.strategy = "exhaustive";
  result.options = {{"clock", "free"}};
  result.verdict = "findings";
  result.executions = result.executions_total = result.classes = 4;
  result.class_checksum = "00c0ffee00c0ffee";
  result.seconds = 0.001234;
  Trace trace = lost_update();
  result.findings.push_back(reports::summarize(trace, trace.findings[0], 2, ".raddle/lost_update-1.json"));
  return result;
}

reports::Result full_result() {
  reports::Result result = lost_update_result();
  result.arguments = {"a", "b c"};
  result.options = {{"clock", "free"}, {"instrument", "a"}, {"instrument", "b"}};
  result.seed = 18446744073709551615u;
  result.shard = {2, 4, {"--shard", "2/4", "model.py"}, "cbf29ce484222325", std::string("\x00\x7f\xff", 3)};
  result.inconclusive_reason = "The model behaves differently under the same schedule.";
  result.coverage.kind = "bounded";
  result.coverage.reason = "loop-bound";
  result.coverage.detail = "loops cut";
  result.coverage.bound = 8;
  result.coverage.runs = 5;
  result.coverage.requested = true;
  result.coverage.loops = {{{"m.py", 3, 4, "f"}, "t1", 8}, {{}, "", 0}};
  result.coverage.levels = {{2, 2}, {8, 7}};
  result.coverage.partial = {"ctypes call at m.py:9"};
  result.executions_total = 9;
  result.sample = reports::SampleSummary{.draws = 6,
                                         .classes = 5,
                                         .once = 4,
                                         .twice = 1,
                                         .new_class_probability = 0.5,
                                         .least_classes = 7.5,
                                         .ordered_pairs = 12,
                                         .in_both_orders = 3};
  result.blocked = 1;
  result.deadlocks = 2;
  result.truncated = 3;
  result.findings[0].detail = "detail";
  result.findings[0].suppressed = "baseline";
  result.findings[0].content_fingerprint = "0123456789abcdef";
  result.findings[0].context = "lost_update.py, update: database_value = local_copy";
  result.findings.push_back({});
  result.findings.back().kind = "leak";
  result.findings.back().severity = "note";
  result.outcomes = {{"database_value is 1\n", 2, ".raddle/lost_update-2.json"}, {"", 2, ""}};
  result.warnings = {"The folder .raddle cannot be written: traces are not kept."};
  return result;
}

}  // namespace raddle::tests
