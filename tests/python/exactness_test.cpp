// The optimal search sees every class of small programs once: as many, with the same checksum and the same outputs, as
// brute force. See run_against_brute_force.
#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

namespace {

// `setup`, then a thread for each function of `threads`, started and joined, then `end`.
std::string program(const std::string& setup, const std::string& threads, const std::string& end = "") {
  return "import threading, queue\nfrom threading import *\n" + setup +
         "\nthreads_ = [threading.Thread(target=f) for f in (" + threads +
         ",)]\nfor t_ in threads_: t_.start()\nfor t_ in threads_: t_.join()\n" + end + "\n";
}

void check(const std::string& text, long classes = 0, bool all_visible = true) {
  CAPTURE(text);
  const Seen seen = run_against_brute_force(text, all_visible);
  if (classes) CHECK(seen.executions == classes);
}

}  // namespace

TEST_CASE("variables") {
  check(program("x = 0\ndef a():\n    global x\n    x += 1\n", "a, a", "print(x)"), 4);
  check(program("x = y = 0\ndef a():\n    global x\n    x = 1\n    print('a', y)\ndef b():\n    global y\n   "
                " y = 1\n"
                "    print('b', x)\n",
                "a, b"),
        3);
  check(program("x = 0\ndef a():\n    global x\n    x = 1\n    x = 2\ndef b(): print(x, x)\n", "a, b"));
  check(program("class C: pass\nc = C()\nc.n = 0\ndef a(): c.n += 1\ndef b(): c.n = 5\n", "a, b",
                "print(c.n)"));
  check(program("class C: pass\nc = C()\ndef a(): c.n = 1\ndef b(): print(hasattr(c, 'n'), c.__dict__)\n",
                "a, b"));
}

TEST_CASE("containers") {
  check(program("l = []\ndef a(): l.append(1)\ndef b(): l.append(2)\ndef c(): print(list(l), len(l))\n",
                "a, b, c", "print(l)"));
  check(
      program("d = {}\ndef a(): d['a'] = 1\ndef b(): d['b'] = d.get('a')\ndef c(): print('b' in d, len(d))\n",
              "a, b, c", "print(d)"));
  check(program("d = {'k': 0}\ndef a(): d['k'] += 1\ndef b(): d.pop('k', None)\n", "a, b", "print(d)"));
  check(program("s = {1}\ndef a(): s.add(2)\ndef b(): s.discard(2)\ndef c(): print(sorted(s))\n", "a, b, c",
                "print(s)"));
  check(program("l = [0, 0]\ndef a(): l[0] += 1\ndef b(): l[1] += 1\ndef c(): print(sum(l))\n", "a, b, c"));
  check(program(
      "k, l, m = [1], [2], [3]\ndef a():\n    for c in k, l, m: c.append(0)\ndef b(): print(k, l, m)\n",
      "a, b"));
  check(program("l = [3]\ndef a():\n    if l: print('a', l.pop())\n", "a, a"));
}

TEST_CASE("code in C that calls the program back goes on in a step of its own") {
  check(
      program("l = [2, 1]\ndef f(x): return x\ndef a():\n    try: l.sort(key=f)\n    except ValueError: "
              "print('changed')\n"
              "def b(): print(len(l)); l.append(0)\n",
              "a, b", "print(l)"));
  check(
      program("import functools\nn = []\n@functools.lru_cache\ndef f(x):\n    n.append(x)\n    return x\n"
              "def a(): print(f(1))\n",
              "a, a", "print(n)"));
  check(
      program("from collections import defaultdict\ndef new(): return []\nd = defaultdict(new)\n"
              "def a(): d['k'].append(1)\ndef b(): print('k' in d)\n",
              "a, a, b", "print(d['k'])"));
  check(
      program("class K:\n    def __init__(self, n): self.n = n\n    def __hash__(self): return 1\n"
              "    def __eq__(self, other): return self.n == other.n\nd = {K(1): 'x'}\n"
              "def a(): print(d.pop(K(1), None))\ndef b(): d[K(2)] = len(d)\n",
              "a, b", "print(len(d))"));
  check(program(
      "d = {'a': 1}\ndef a(): print(sum(d.get(k, 5) for k in ('a', 'b')))\ndef b(): d['b'] = d.pop('a')\n",
      "a, b"));
}

TEST_CASE("a generator that two threads advance") {
  check(
      program("def f():\n    for i in range(2):\n        d.append(i)\n        yield i\nd = []\ng = f()\n"
              "def a():\n    try: print(next(g, 'end'))\n    except ValueError: print('running')\n",
              "a, a", "print(d)"));
  check(
      program("def f():\n    while len(d) < 2:\n        d.append(1)\n        yield len(d)\nd = []\ng = f()\n"
              "def a():\n    try:\n        for i in g: print(i)\n    except ValueError: print('running')\n",
              "a, a", "print(d)"));
}

TEST_CASE("code of the library that works on the program's objects") {
  check(program("from collections import Counter\nc = Counter(a=1)\ndef a(): c.update({'a': 1})\n", "a, a",
                "print(c)"));
  check(
      program("from collections import UserDict\nc = UserDict(a=1)\ndef a(): c['a'] += 1\ndef b(): "
              "print(len(c), 'a' in c)\n",
              "a, b", "print(c)"));
  check(
      program("import dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int\n    y: int\np, q = P(1, 1), "
              "P(2, 2)\n"
              "def a(): p.x = 2; p.y = 2\ndef b(): print(p == q, p)\n",
              "a, b"));
  check(program("l = [1]\ndef b():\n    if l: print(len(l))\n", "l.clear, b, b"));
  check(program("l = [1]\ndef b(): exec('l.append(len(l))')\ndef a(): print(eval('l[0] + len(l)'))\n",
                "a, b, b", "print(l)"));
}

TEST_CASE("the death of what is referred to weakly") {
  check(program(
      "import weakref\nclass C: pass\nc = C()\nr = weakref.ref(c)\ndef a():\n    global c\n    c = None\n"
      "def b(): print(r() is None, r() is None)\n",
      "a, b"));
  check(
      program("import weakref\nclass C: pass\nc = [C()]\nd = weakref.WeakValueDictionary(k=c[0])\ndef a(): "
              "c.clear()\n"
              "def b(): print('k' in d, len(d))\n",
              "a, b"));
}

TEST_CASE("locks") {
  check(program("l = Lock()\nx = 0\ndef a():\n    global x\n    with l: x += 1\n", "a, a, a", "print(x)"), 6);
  check(program("l, m = Lock(), Lock()\ndef a():\n    with l, m: pass\ndef b():\n    with m, l: pass\n",
                "a, b"),
        3);
  check(
      program("l = RLock()\norder = []\ndef a():\n    with l:\n        with l: order.append('a')\ndef b():\n"
              "    if l.acquire(False):\n        order.append('b')\n        l.release()\n",
              "a, b", "print(order)"));
  check(program("l = Lock()\nx = 0\ndef a():\n    with l: pass\ndef b(): print(l.locked())\n", "a, b, b"));
  check(program(
      "l = Lock()\ndef a():\n    if l.acquire(timeout=1):\n        l.release()\n        print('got')\n",
      "a, a"));
  check(program("l = Lock()\nl.acquire()\ndef a(): l.release()\ndef b(): l.acquire()\n", "a, b, b"));
}

TEST_CASE("conditions") {
  const std::string condition = "c = Condition()\nitems = []\n";
  check(program(condition +
                    "def get():\n    with c:\n        while not items: c.wait()\n        print(items.pop())\n"
                    "def put():\n    with c:\n        items.append(1)\n        c.notify()\n",
                "get, put"),
        2);
  check(program(condition + "def get():\n    with c:\n        c.wait()\n        print('woken')\n"
                            "def put():\n    with c: c.notify()\n",
                "get, get, put"));
  check(program(
      condition + "def get():\n    with c: print(c.wait(1))\ndef put():\n    with c: c.notify_all()\n",
      "get, put"));
  check(program(condition + "def get():\n    with c:\n        c.wait_for(lambda: len(items) == 2)\n"
                            "def put():\n    with c:\n        items.append(1)\n        c.notify_all()\n",
                "get, put, put"));
  check(program(condition +
                    "def get(): \n    with c: print(c.wait(1), len(items))\ndef put():\n    items.append(1)\n"
                    "    with c: c.notify()\n",
                "get, put"));
}

TEST_CASE("events, semaphores, barriers") {
  check(
      program("e = Event()\nx = 0\ndef a():\n    global x\n    x = 1\n    e.set()\ndef b():\n    e.wait()\n  "
              "  print(x)\n",
              "a, b"));
  check(
      program("e = Event()\ndef a():\n    e.set()\n    e.clear()\ndef b(): print(e.is_set())\n", "a, b, b"));
  check(program("e = Event()\ndef a(): e.set()\ndef b(): print(e.wait(1), e.is_set())\n", "a, b"));
  check(program("s = Semaphore(1)\nx = []\ndef a():\n    with s: x.append(1)\n", "a, a", "print(x)"));
  check(program("s = Semaphore(0)\ndef a(): s.release()\ndef b(): print(s.acquire(False), s._value)\n",
                "a, a, b, b"));
  check(program("s = Semaphore(0)\ndef a(): s.release()\ndef b(): print(s._value)\n", "a, a, b"));
  check(program("s = Semaphore(0)\ndef a(): s.release()\ndef b(): print(s.acquire(timeout=1))\n", "a, a, b"));
  check(
      program("s = BoundedSemaphore(1)\ns.acquire()\ndef a():\n    try: s.release()\n    except ValueError: "
              "print('bound')\n",
              "a, a"));
  check(program("s = Semaphore(0)\ndef a():\n    s.acquire()\n    print('a')\ndef b(): s.release(2)\n",
                "a, a, b"));
  check(
      program("s = BoundedSemaphore(2)\ndef a():\n    if s.acquire(False):\n        print('in')\n        "
              "s.release()\n",
              "a, a, a"));
  check(program("b = Barrier(2)\nx = 0\ndef a():\n    global x\n    x += 1\n    b.wait()\n", "a, a",
                "print(x)"));
  check(program("e = Event()\ndef a():\n    e.set()\n    e.clear()\ndef b(): print(e.wait())\n", "a, b"));
}

TEST_CASE("queues") {
  check(program("q = queue.Queue(1)\ndef a():\n    for i in range(2): q.put(i)\ndef b():\n    for i in "
                "range(2): print(q.get())\n",
                "a, b"),
        1);
  check(program(
      "q = queue.Queue()\ndef a(): q.put('a')\ndef b(): q.put('b')\ndef c(): print(q.get(), q.qsize())\n",
      "a, b, c"));
  check(program(
      "q = queue.Queue(1)\ndef a():\n    try: q.put_nowait('a')\n    except queue.Full: print('full')\n"
      "def c():\n    try: print(q.get(timeout=1))\n    except queue.Empty: print('empty')\n",
      "a, a, c"));
  check(
      program("q = queue.Queue()\nfor i in range(2): q.put(i)\ndef a():\n    q.get()\n    q.task_done()\n"
              "def b():\n    q.join()\n    print('joined')\n",
              "a, a, b"));
  check(program("q = queue.SimpleQueue()\ndef a(): q.put(1)\ndef b():\n    print(q.empty())\n    q.get()\n",
                "a, b"));
  check(program("q = queue.PriorityQueue()\ndef a(): q.put(1)\ndef b(): q.put(0)\ndef c(): print(q.get())\n",
                "a, b, c"));
  check(
      program("q = queue.Queue()\ndef a():\n    with q.mutex: q.queue.append(1)\ndef b(): print(q.qsize())\n",
              "a, b"));
}

TEST_CASE("threads") {
  check(
      program("def a(): Thread(target=print, args=(1,)).start()\ndef b(): print(active_count())\n", "a, b"));
  check(program(
      "x = 0\ndef inner():\n    global x\n    x += 1\ndef a():\n    t = Thread(target=inner)\n    t.start()\n"
      "    inner()\n    t.join()\n",
      "a, inner", "print(x)"));
  check(
      "import threading\nx = 0\ndef a():\n    global x\n    x = 1\n"
      "t = threading.Thread(target=a)\nt.start()\nprint(t.is_alive(), x)\nt.join()\nprint(x)\n");
  check(
      "import threading\nx = 0\ndef a():\n    global x\n    x = 1\n    print('a')\n    x = 2\n"
      "t = threading.Thread(target=a, daemon=True)\nt.start()\nprint(x)\n");
  check(
      "import threading\ndef a(): print('a')\nt = "
      "threading.Thread(target=a)\nt.start()\nt.join(1)\nprint(t.is_alive())\n");
  check(
      "import threading, os\nx = 0\ndef a():\n    global x\n    x = 1\n    print(x)\n"
      "t = threading.Thread(target=a)\nt.start()\nx = 2\nos._exit(x)\n");
  check(program("x = 0\ndef a():\n    global x\n    x += 1\n    assert x == 1\n", "a, a", "print(x)"));
}

TEST_CASE("timers and executors") {
  check("import threading\nt = threading.Timer(1, print, ('rang',))\nt.start()\nt.cancel()\nt.join()\n");
  check(
      "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\n"
      "print(pool.submit(abs, -1).result())\n");
  check(
      "from concurrent.futures import ThreadPoolExecutor\nx = 0\ndef work():\n    global x\n    x += 1\n"
      "with ThreadPoolExecutor(1) as pool:\n    pool.submit(work)\n    work()\nprint(x)\n");
  check(
      "from concurrent.futures import ThreadPoolExecutor\nx = 0\ndef work():\n    global x\n    x += 1\n"
      "with ThreadPoolExecutor(2) as pool:\n    for _ in range(2): pool.submit(work)\nprint(x)\n");
  check(
      "from concurrent.futures import Future\nimport threading\nf = Future()\n"
      "t = threading.Thread(target=f.set_result, args=(1,))\nt.start()\nprint(f.done(), "
      "f.result())\nt.join()\n");
}

TEST_CASE("a waiter whose timeout has expired can still be notified") {
  check(R"(
import threading
c, gate = threading.Condition(), threading.Event()
order = []
def other():
    gate.wait()
    with c: order.append('other')
def notifier():
    gate.wait()
    with c:
        order.append('notifier')
        c.notify()
def waiter():
    with c:
        gate.set()
        c.wait(1)
        order.append('waiter')
threads = [threading.Thread(target=f) for f in (other, notifier, waiter)]
for t in threads: t.start()
for t in threads: t.join()
print(order)
)",
        9);
}

TEST_CASE("looking directly at what others wait for") {
  check(
      program("q = queue.Queue()\ndef a(): print(list(q.queue))\ndef b():\n    len(q.queue)\n    q.put(1)\n",
              "a, b"),
      3, false);
  check(program("q = queue.Queue()\ndef a(): print(q.unfinished_tasks)\n"
                "def b():\n    q.put(1)\n    q.get()\n    q.task_done()\n",
                "a, b"),
        4, false);
  check(program("s = Semaphore(1)\ndef a(): print(s._value)\ndef b(): s.acquire()\n", "a, b"), 2, false);
  check(program("b = Barrier(2)\ndef a(): print(b.n_waiting)\ndef w(): b.wait()\n", "a, w, w"), 14, false);
}
