// The views of `raddle show`: compared with files in golden/, which RADDLE_UPDATE_GOLDEN=1 writes anew.
#include "reports/text_trace.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "reports/event_selection.h"
#include "reports/text_blocked.h"
#include "reports/trace_names.h"
#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

struct Sample {
  const char* name;
  engine::Trace trace;
};

std::vector<Sample> samples() {
  return {{"lost_update", tests::lost_update()},
          {"philosophers", tests::philosophers()},
          {"lost_wakeup", tests::lost_wakeup()},
          {"holder_gone", tests::holder_gone()},
          {"self_deadlock", tests::self_deadlock()},
          {"assertion", tests::assertion()},
          {"twenty_threads", tests::twenty_threads()},
          {"long_run", tests::long_run()},
          {"strange_texts", tests::strange_texts()},
          {"everything", tests::everything()},
          {"passing", tests::passing()}};
}

TextOptions options_for(const std::string& name) {
  TextOptions options;
  options.path = ".raddle/" + name + "-1.json";
  return options;
}

std::ptrdiff_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

std::string without_escapes(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = text.find('m', i);
    } else {
      plain += text[i];
    }
  }
  return plain;
}

}  // namespace

TEST_CASE("short") {
  for (const auto& [name, trace] : samples()) {
    std::string text = text_trace(trace, options_for(name));
    tests::check_golden(name, text);
    tests::check_width(text, 100);
    CHECK(lines(text) <= 26);
  }
}

TEST_CASE("full") {
  for (const auto& [name, trace] : samples()) {
    TextOptions options = options_for(name);
    options.full = true;
    std::string text = text_trace(trace, options);
    tests::check_golden(std::string(name) + ".full", text);
    tests::check_width(text, 100);
    // Every event is there, in order.
    std::size_t at = 0;
    for (const auto& event : trace.events) {
      std::string step = std::to_string(event.step);
      std::string row = "\n" + std::string(step.size() < 4 ? 4 - step.size() : 0, ' ') + step + "  ";
      at = text.find(row, at);
      REQUIRE(at != std::string::npos);
    }
  }
}

TEST_CASE("any width") {
  for (const Sample& sample : samples()) {
    for (std::size_t width : {1, 20, 40, 60, 72, 80, 90, 120, 200, 1000}) {
      for (bool full : {false, true}) {
        CAPTURE(sample.name);
        CAPTURE(width);
        TextOptions options;
        options.width = width;
        options.full = full;
        std::string text = text_trace(sample.trace, options);
        if (width >= 80 && sample.trace.model != "crowd.py") tests::check_width(text, width);
        CHECK(text.ends_with('\n'));
      }
    }
  }
  TextOptions narrow = options_for("lost_update");
  narrow.width = 60;
  tests::check_golden("lost_update.60", text_trace(tests::lost_update(), narrow));
  narrow.width = 80;
  tests::check_golden("lost_update.80", text_trace(tests::lost_update(), narrow));
}

TEST_CASE("colours change nothing but the colour") {
  for (const auto& [name, trace] : samples()) {
    TextOptions options = options_for(name);
    std::string plain = text_trace(trace, options);
    options.colour = true;
    std::string coloured = text_trace(trace, options);
    CHECK(plain.find('\x1b') == std::string::npos);
    CHECK(coloured.find("\x1b[") != std::string::npos);
    CHECK(without_escapes(coloured) == plain);
  }
}

TEST_CASE("what to do next") {
  engine::Trace trace = tests::lost_update();
  CHECK(text_trace(trace).find("replay:") == std::string::npos);  // it is in no file
  TextOptions options;
  options.path = "my traces/it's.json";
  options.html = "my page.html";
  std::string text = text_trace(trace, options);
  CHECK(text.find("replay: raddle replay 'my traces/it'\\''s.json'") != std::string::npos);
  CHECK(text.find("html: my page.html") != std::string::npos);

  trace.replay_command = "RADDLE_REPLAY={trace} ./test --case 3";
  CHECK(text_trace(trace, {.path = "a.json"}).find("replay: RADDLE_REPLAY=a.json ./test --case 3\n") ==
        std::string::npos);
  CHECK(text_trace(trace, {.path = "a.json"}).find("replay: RADDLE_REPLAY=a.json ./test --case 3") !=
        std::string::npos);
  CHECK(text_trace(trace).find("replay:") == std::string::npos);
  trace.replay_command = "make replay";
  CHECK(text_trace(trace).find("replay: make replay") != std::string::npos);
}

TEST_CASE("short shows what matters and says how much it left out") {
  EventSelection few = select_events(tests::long_run(), 12);
  CHECK(few.events.size() == 14);
  CHECK(few.events.back() == tests::long_run().events.size() - 1);
  CHECK(few.dropped_before[2] == 187);

  EventSelection crowd = select_events(tests::twenty_threads(), 12);
  CHECK(crowd.events.size() == 18);
  CHECK(crowd.dropped_before.front() == 22);

  engine::Trace empty;
  empty.threads.push_back({"0", "main", -1, false, {}});
  CHECK(select_events(empty, 12).events.empty());
  CHECK(text_trace(empty).starts_with("NO FINDING"));
}

TEST_CASE("cycles") {
  CHECK(wait_cycle(tests::philosophers()) == std::vector<int>{1, 2, 3});
  CHECK(wait_cycle(tests::self_deadlock()) == std::vector<int>{0});
  CHECK(wait_cycle(tests::lost_wakeup()).empty());
  engine::Trace joins;  // t1 joins t2, t2 joins t1, main joins t1
  for (int i = 0; i < 3; ++i) joins.blocked.push_back({i, "join", -1, -1, i == 1 ? 2 : 1, "", {}, ""});
  CHECK(wait_cycle(joins) == std::vector<int>{1, 2});
}

TEST_CASE("who holds a lock since when") {
  engine::Trace trace;
  auto add = [&](int thread, const char* operation, const char* result = "") {
    engine::TraceEvent e;
    e.thread = thread;
    e.operation = operation;
    e.object = 0;
    e.result = result;
    trace.events.push_back(e);
  };
  add(1, "lock");               // 0
  add(1, "unlock");             // 1
  add(1, "try-lock", "False");  // 2
  add(1, "try-lock", "True");   // 3
  add(2, "locked", "True");     // 4
  add(1, "lock");               // 5, recursive
  add(3, "lock", "timeout");    // 6
  CHECK(acquisition(trace, 1, 0) == 3);
  CHECK(acquisition(trace, 2, 0) == -1);
  CHECK(acquisition(trace, 3, 0) == -1);
  add(1, "wait");
  CHECK(acquisition(trace, 1, 0) == -1);
  add(1, "wake");
  CHECK(acquisition(trace, 1, 0) == 8);
}

TEST_CASE("names are never ambiguous") {
  engine::Trace trace;
  trace.model = "a/x.py";
  trace.threads = {{"0", "main", -1, false, {"b/x.py", 1, 0, ""}},
                   {"0.0", "", 0, false, {"x.py", 1, 0, ""}},
                   {"0.1", "w", 0, false, {"c/y.py", 1, 0, ""}},
                   {"0.2", "w", 0, false, {}}};
  trace.objects = {
      {"0#0", "mutex", ""}, {"0#1", "mutex", ""}, {"0#2", "condition", ""}, {"0#3", "mutex", "lock"}};
  TraceNames names(trace);
  CHECK(names.thread(0) == "main");
  CHECK(names.thread(1) == "thread 0.0");
  CHECK(names.thread(2) == "w#1");
  CHECK(names.thread(3) == "w#2");
  CHECK(names.thread(99) == "?");
  CHECK(names.object(0) == "mutex 0#0");
  CHECK(names.object(1) == "mutex 0#1");
  CHECK(names.object(2) == "condition 0#2");
  CHECK(names.object(3) == "lock");
  CHECK(names.object(-1) == "?");
  CHECK(names.file("a/x.py") == "a/x.py");
  CHECK(names.file("b/x.py") == "b/x.py");
  CHECK(names.file("x.py") == "x.py");
  CHECK(names.file("c/y.py") == "y.py");
  CHECK(names.place({"c/y.py", 4, 0, ""}) == "y.py:4");
  CHECK(names.place({"c/y.py", 4, 0, ""}, "c/y.py") == ":4");
  CHECK(names.place({}, "c/y.py").empty());
}

TEST_CASE("operations in words") {
  engine::Trace trace;
  trace.threads = {{"0", "main", -1, false, {}}, {"0.0", "t1", 0, false, {}}};
  trace.objects = {{"0#0", "mutex", "m"}, {"0#1", "condition", "c"}};
  TraceNames names(trace);
  auto words = [&](engine::TraceEvent e) { return names.describe(e, 80, true); };
  auto event = [](const char* operation, int object = -1) {
    engine::TraceEvent e;
    e.operation = operation;
    e.object = object;
    return e;
  };
  auto with = [&](const char* operation, const char* before, const char* after, const char* result) {
    engine::TraceEvent e = event(operation, 0);
    e.before = before;
    e.after = after;
    e.result = result;
    return e;
  };
  CHECK(words(with("read", "", "", "5")) == "read m -> 5");
  CHECK(words(with("read", "5", "", "")) == "read m -> 5");
  CHECK(words(with("write", "5", "6", "")) == "write m = 6 (was 5)");
  CHECK(words(with("write", "6", "6", "")) == "write m = 6");
  CHECK(words(with("read-modify-write", "5", "6", "")) == "update m: 5 -> 6");
  CHECK(words(with("read-modify-write", "5", "6", "5")) == "update m: 5 -> 6 -> 5");
  CHECK(words(with("try-lock", "", "", "False")) == "try-lock m -> False");
  CHECK(words(with("acquire", "2", "1", "")) == "acquire m: 2 -> 1");
  CHECK(words(event("lock", 0)) == "lock m");
  CHECK(words(event("expire", 0)) == "timeout of m");
  engine::TraceEvent wait = event("wait", 0);
  CHECK(words(wait) == "wait m");
  wait.object2 = 1;
  CHECK(words(wait) == "wait c (releases m)");
  CHECK(words(event("wake", 0)) == "wake up, lock m");
  engine::TraceEvent notify = event("notify-one", 1);
  CHECK(words(notify) == "notify-one c (wakes nobody)");
  notify.other = 1;
  CHECK(words(notify) == "notify-one c (wakes t1)");
  engine::TraceEvent join = event("join");
  join.other = 1;
  CHECK(words(join) == "join t1");
  engine::TraceEvent output = event("output");
  output.text = "two\nlines\n";
  CHECK(words(output) == "output \"two\\nlines\"");
  CHECK(words(event("yield")) == "yield");
  engine::TraceEvent choose = event("choose");
  choose.result = "2";
  CHECK(words(choose) == "choose -> 2");
  engine::TraceEvent put = with("put", "", "", "");
  put.text = "'item'";
  CHECK(words(put) == "put m 'item'");
}
