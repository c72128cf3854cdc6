// What the methods of queues, events, semaphores and conditions do as one step is what they do step by step.
#include "tests/python/support.h"

using namespace raddle::python::test;

namespace {

// One line per thread; prints what came out, whatever the order of threads.
std::string threads(const std::string& setup, const std::vector<std::string>& bodies,
                    const std::string& end = "") {
  std::string text = "import threading, queue\nlog = []\n" + setup + "\ndef call(f, *a, **k):\n" +
                     "    try: return f(*a, **k)\n    except Exception as e: return type(e).__name__\n";
  std::string starts;
  int n = 0;
  for (const std::string& body : bodies) {
    const std::string name = "t" + std::to_string(++n);
    text += "r" + name + " = None\ndef f" + name + "():\n    global r" + name + "\n    r" + name + " = " +
            body + "\n";
    text += name + " = threading.Thread(target=f" + name + ")\n";
    starts += name + ".start()\n";
  }
  text += starts;
  for (int i = 1; i <= n; ++i) text += "t" + std::to_string(i) + ".join()\n";
  text += "print(";
  for (int i = 1; i <= n; ++i) text += "rt" + std::to_string(i) + ", ";
  return text + (end.empty() ? "''" : end) + ")\n";
}

struct Program {
  std::string name;
  std::string text;
};

const std::string kQ0 = "q = queue.Queue()", kQ1 = "q = queue.Queue(1)";

const std::vector<Program> programs = {
    {"put and get", threads(kQ0, {"q.put(1)", "q.get()"}, "q.qsize()")},
    {"get or nothing", threads(kQ0, {"q.put(1)", "call(q.get_nowait)"}, "q.qsize()")},
    {"get with a timeout", threads(kQ0, {"q.put(1)", "call(q.get, timeout=1)"}, "q.qsize()")},
    {"put or full", threads(kQ1, {"call(q.put_nowait, 1)", "call(q.put_nowait, 2)"}, "list(q.queue)")},
    {"two producers, a full queue", threads(kQ1, {"q.put(1)", "q.put(2)"}, "q.qsize()")},
    {"two producers, one consumer", threads(kQ1, {"q.put(1)", "q.put(2)", "(q.get(), q.get())"})},
    {"put with a timeout",
     threads(kQ1 + "\nq.put(0)", {"call(q.put, 1, timeout=1)", "q.get()"}, "q.qsize()")},
    {"two consumers, one item",
     threads(kQ0, {"q.put(1)", "call(q.get, timeout=1)", "call(q.get, timeout=1)"})},
    {"two consumers who wait", threads(kQ0, {"q.put(1)", "q.get()", "q.get()"})},
    {"looking at a queue", threads(kQ1, {"q.put(1)", "(q.empty(), q.qsize(), q.full())"})},
    {"last in, first out", threads("q = queue.LifoQueue()", {"q.put(1)", "q.put(2)", "q.get()"}, "q.get()")},
    {"the smallest first",
     threads("q = queue.PriorityQueue()", {"q.put(2)", "q.put(1)", "q.get()"}, "q.get()")},
    {"task_done and join",
     threads(kQ0 + "\nq.put(1)",
             {"(q.get(), log.append('done'), q.task_done()) and None", "(q.join(), list(log))"})},
    {"join before put",
     threads(kQ0, {"(q.put(1), q.get(), q.task_done())[1]", "q.join()"}, "q.unfinished_tasks")},
    {"too many task_done", threads(kQ0 + "\nq.put(1)", {"call(q.task_done)", "call(q.task_done)"})},
    {"simple queue", threads("q = queue.SimpleQueue()", {"q.put(1)", "call(q.get, timeout=1)", "q.empty()"})},
    {"set and wait", threads("e = threading.Event()", {"e.set()", "e.wait()"})},
    {"set or not", threads("e = threading.Event()", {"e.set()", "e.is_set()"})},
    {"wait with a timeout", threads("e = threading.Event()", {"e.set()", "e.wait(1)"})},
    {"a pulse", threads("e = threading.Event()", {"(e.set(), e.clear())[1]", "e.wait()"}, "e.is_set()")},
    {"a pulse, with a timeout",
     threads("e = threading.Event()", {"(e.set(), e.clear())[1]", "(e.wait(1), e.is_set())"})},
    {"two who wait", threads("e = threading.Event()", {"e.set()", "e.wait(1)", "e.wait()"})},
    {"clear races with set",
     threads("e = threading.Event()", {"e.set()", "e.clear()", "e.is_set()"}, "e.is_set()")},
    {"semaphore", threads("s = threading.Semaphore(0)", {"s.release()", "s.acquire()"}, "s._value")},
    {"semaphore for two",
     threads("s = threading.Semaphore(0)", {"s.release(2)", "s.acquire()", "s.acquire()"}, "s._value")},
    {"semaphore, tried",
     threads("s = threading.Semaphore(1)", {"s.acquire(False)", "s.acquire(False)"}, "s._value")},
    {"semaphore, with a timeout",
     threads("s = threading.Semaphore(0)", {"s.release()", "s.acquire(timeout=1)", "s.acquire(timeout=1)"})},
    {"bounded semaphore", threads("s = threading.BoundedSemaphore(1)",
                                  {"(s.acquire(), call(s.release))", "call(s.release)"}, "s._value")},
    {"semaphore as a lock", threads("s = threading.Semaphore(1)\nn = 0\ndef add():\n    global n\n    with "
                                    "s:\n        m = n\n        n = m + 1",
                                    {"add()", "add()"}, "n")},
    {"condition", threads("c = threading.Condition()\nready = False\ndef give():\n    global ready\n    with "
                          "c:\n        ready = True\n        "
                          "c.notify()\ndef take():\n    with c: return c.wait_for(lambda: ready)",
                          {"give()", "take()"})},
    {"a notification that is lost", threads("c = threading.Condition()\ndef give():\n    with c: "
                                            "c.notify()\ndef take():\n    with c: return c.wait()",
                                            {"give()", "take()"})},
    {"a notification or a timeout", threads("c = threading.Condition()\ndef give():\n    with c: "
                                            "c.notify()\ndef take():\n    with c: return c.wait(1)",
                                            {"give()", "take()"})},
    {"one notification, two who wait",
     threads("c = threading.Condition(threading.Lock())\ndef give():\n    with c: c.notify()\n"
             "def take(name):\n    with c:\n        log.append(name)\n        return c.wait(1)",
             {"give()", "take('a')", "take('b')"}, "log")},
    {"notify_all", threads("c = threading.Condition()\ndef give():\n    with c: c.notify_all()\ndef "
                           "take():\n    with c: return c.wait(1)",
                           {"give()", "take()", "take()"})},
    {"barrier",
     threads("b = threading.Barrier(2)", {"call(b.wait)", "call(b.wait)", "b.n_waiting"}, "b.broken")},
    {"barrier with a timeout",
     threads("b = threading.Barrier(2)", {"call(b.wait, 1)", "call(b.wait)"}, "b.broken")},
};

// Everything that a program can come to: what it prints, how it fails, and whether it stops.
Outputs ends(const Seen& seen) {
  Outputs all = seen.distinct();
  if (seen.deadlocks == 0) all.erase("");
  if (seen.deadlocks > 0) all.insert("DEADLOCK");
  for (const auto& [failure, count] : seen.failures) all.insert(failure);
  return all;
}

}  // namespace

TEST_CASE("one step or step by step: what programs can come to is the same") {
  CHECK(programs.size() >= 25);
  for (const Program& p : programs) {
    CAPTURE(p.name);
    const Seen coarse = run(p.text, {.runs = 200'000}), fine = run(p.text, {.runs = 200'000, .fine = true});
    CHECK(coarse.exhausted);
    CHECK(fine.exhausted);
    CHECK(coarse.blocked + fine.blocked == 0);
    CHECK(ends(coarse) == ends(fine));
  }
}

TEST_CASE("step by step there is more to see") {
  for (const std::size_t i : {0, 16, 23}) {
    const Seen coarse = run(programs[i].text), fine = run(programs[i].text, {.fine = true});
    CAPTURE(programs[i].name);
    CHECK(fine.events > coarse.events);
  }
}

TEST_CASE("a program that reaches inside has that object run step by step, and no other") {
  const std::string setup =
      "q = queue.Queue()\ndef put():\n    with q.mutex:\n        q.queue.append(7)\n        "
      "q.not_empty.notify()\ndef look():\n    with q.mutex: return len(q.queue)\n";
  const Seen coarse = run(threads(setup, {"put()", "q.get()", "look()"})),
             fine = run(threads(setup, {"put()", "q.get()", "look()"}), {.fine = true});
  CHECK(coarse.exhausted);
  CHECK(coarse.distinct() == Outputs{"None 7 0 \n", "None 7 1 \n"});
  CHECK(ends(coarse) == ends(fine));
  // The flag is read without the lock that others hold when they change it.
  const std::string event =
      "e = threading.Event()\ndef set():\n    with e._cond:\n        e._flag = True\n        "
      "e._cond.notify_all()\n";
  CHECK(ends(run(threads(event, {"set()", "e.is_set()", "e.wait(1)"}))) ==
        ends(run(threads(event, {"set()", "e.is_set()", "e.wait(1)"}), {.fine = true})));
  CHECK(ends(run(threads(event, {"set()", "e.is_set()"}))).size() == 2);
  // Waiters can be counted.
  const std::string waiters = "c = threading.Condition()\ndef wait():\n    with c: return c.wait(1)\n";
  const std::vector<std::string> bodies = {"wait()", "len(c._waiters)"};
  CHECK(ends(run(threads(waiters, bodies))) == Outputs{"False 0 \n", "False 1 \n"});
  CHECK(ends(run(threads(waiters, bodies), {.fine = true})) == Outputs{"False 0 \n", "False 1 \n"});
  // So can those of an event.
  const std::vector<std::string> others = {"e.wait(1)", "len(e._cond._waiters)"};
  CHECK(ends(run(threads("e = threading.Event()", others))) == Outputs{"False 0 \n", "False 1 \n"});
}

TEST_CASE("a queue with methods of the program's own runs step by step") {
  for (const char* own :
       {"def _put(self, item): self.queue.append(item)", "def _get(self): return self.queue.popleft()",
        "def _qsize(self): return len(self.queue)",
        "def _init(self, n):\n        import collections\n        self.queue = collections.deque()"}) {
    const std::string setup = "class Q(queue.Queue):\n    " + std::string(own) + "\nq = Q(1)";
    const std::string text = threads(setup, {"q.put(1)", "q.put(2)", "(q.get(), q.get())"});
    const Seen seen = run(text);
    CAPTURE(own);
    CHECK(seen.exhausted);
    CHECK(ends(seen) == Outputs{"None None (1, 2) \n", "None None (2, 1) \n"});
    CHECK(seen.executions >
          run(threads("q = queue.Queue(1)", {"q.put(1)", "q.put(2)", "(q.get(), q.get())"})).executions);
  }
}
