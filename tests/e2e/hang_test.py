"""Hangs: whoever is left polls, and nothing will ever change. Each with a program that comes to an end instead."""
import json
import re

import support

START = """
threads = [threading.Thread(target=f) for f in ({functions},)]
for t in threads: t.start()
for t in threads: t.join()
"""
NOBODY_SETS_IT = """import queue, threading, time
done = threading.Event(); flag = False; items = queue.Queue(); lock = threading.Lock(); lock.acquire()
def worker():
    while {test}: {body}
def other():
    {set}
"""
# test, body, and what would end the loop
POLLS = {
    "event": ("not done.is_set()", "pass", "done.set()"),
    "sleep": ("not done.is_set()", "time.sleep(1)", "done.set()"),
    "timeout": ("not done.wait(1)", "pass", "done.set()"),
    "variable": ("not flag", "pass", "global flag; flag = True"),
    "queue": ("items.empty()", "time.sleep(0.1)", "items.put(1)"),
    "try lock": ("not lock.acquire(blocking=False)", "pass", "lock.release()"),
    "lock with timeout": ("not lock.acquire(timeout=1)", "pass", "lock.release()"),
}
LIVELOCK = """import threading
a, b = threading.Lock(), threading.Lock()
def f(x, y):
    while True:
        x.acquire()
        if y.acquire({how}):
            break
        x.release()
    y.release(); x.release()
def g(): f(a, b)
def h(): f({second})
""" + START.format(functions="g, h")


class Hangs(support.Test):
    def check(self, text, *options, code):
        path = self.write("model.py", text)
        result = self.raddle("check", "--all", "--report", "r.json", *options, path, code=code)
        self.report = json.loads(self.read("r.json"))
        self.kinds = [f["kind"] for f in self.report["findings"] if f["severity"] == "error"]
        return result

    def test_polling_for_what_nobody_does(self):
        for name, (test, body, sets) in POLLS.items():
            with self.subTest(name):
                text = NOBODY_SETS_IT + START.format(functions="worker, other")
                self.check(text.format(test=test, body=body, set="pass"), code=1)
                self.assertEqual(self.kinds, ["hang"])
                self.check(text.format(test=test, body=body, set=sets), code=0)
                self.assertEqual(self.report["coverage"], {"kind": "complete"})
                self.assertEqual((self.report["executions"], self.report["truncated"]), (3, 0))

    def test_polling_for_the_end_of_threads(self):
        text = """import threading
done = threading.Event()
t = threading.Thread(target=done.wait); t.start()
{set}
while t.is_alive(): t.join(1)
"""
        self.check(text.format(set="pass"), code=1)
        self.assertEqual(self.kinds, ["hang"])
        self.check(text.format(set="done.set()"), code=0)
        self.assertEqual(self.report["coverage"], {"kind": "complete"})

    def test_polling_with_the_methods_of_queues_and_futures(self):
        queue = """import queue, threading
q = queue.Queue()
def worker():
    while True:
        try:
            q.get_nowait()
            break
        except queue.Empty: pass
"""
        future = """import threading, time
from concurrent.futures import Future
f = Future()
def worker():
    while not f.done(): time.sleep(1)
"""
        atomic = """import raddle, threading
x = y = 0
def worker():
    while True:
        with raddle.atomic():
            if x: break
def other():
    global x, y
    y = 1
    {set}
t = threading.Thread(target=other); t.start()
"""
        for text, does in ((queue, "q.put(1)"), (future, "f.set_result(1)"), (atomic, "x = 1")):
            text += "w = threading.Thread(target=worker); w.start()\n"
            text += "" if "{set}" in text else "{set}\n"
            with self.subTest(does):
                self.check(text.replace("{set}", "pass"), code=1)
                self.assertEqual(self.kinds, ["hang"])
                self.check(text.replace("{set}", does), code=0)
                self.assertEqual(self.report["coverage"], {"kind": "complete"})

    def test_polling_for_the_end_of_main(self):
        text = """import threading, time
def f():
    while threading.main_thread().is_alive(): time.sleep(1)
t = threading.Thread(target=f); t.start()
{join}
"""
        self.check(text.format(join=""), code=0)
        self.assertEqual(self.report["coverage"], {"kind": "complete"})
        self.check(text.format(join="t.join()"), code=1)
        self.assertEqual(self.kinds, ["hang"])

    def test_polling_for_what_only_one_thread_knows(self):
        for test in ("lock.locked()", "not lock.acquire(False)", "not done.is_set()"):
            with self.subTest(test):
                text = "import threading\nlock = threading.Lock(); {}; done = threading.Event(); {}\n" + f"while {test}: pass\n"
                self.check(text.format("lock.acquire()", ""), code=1)
                self.assertEqual(self.kinds, ["hang"])
                self.check(text.format("pass", "done.set()"), code=0)

    def test_polling_under_a_lock_that_nobody_else_takes(self):
        text = """import threading
flag = False
def f():
    {take}
    while True:
        with lock:
            if flag: break
threads = [threading.Thread(target=f) for _ in range(2)]
for t in threads: t.start()
{set}
for t in threads: t.join()
"""
        for take in ("lock = threading.Lock()", "lock = threading.RLock()", "lock = threading.RLock(); lock.acquire()",
                     "lock = threading.Condition()"):
            with self.subTest(take):
                self.check(text.format(take=take, set=""), code=1)
                self.assertEqual(self.kinds, ["hang"])
                self.assertEqual(self.report["coverage"], {"kind": "complete"})
                self.check(text.format(take=take, set="flag = True"), code=0)
                self.assertEqual((self.report["coverage"], self.kinds), ({"kind": "complete"}, []))

    def test_polling_under_a_lock_that_others_take(self):
        poll = """import threading
lock = threading.{kind}()
stop = False
def worker():
    while True:
        with lock:
            if stop: return
def other():
    global stop
    {does}
"""
        for kind in ("Lock", "RLock", "Condition"):
            with self.subTest(kind):
                text = poll.replace("{kind}", kind) + START.format(functions="worker, worker, other")
                self.check(text.replace("{does}", "with lock: stop = False"), code=1)
                self.assertEqual(self.kinds, ["hang"])
                self.check(text.replace("{does}", "with lock: stop = True"), code=0)
                self.assertEqual(self.report["coverage"], {"kind": "complete"})
        # Who tries it notices that it is held for a while, in whichever round.
        text = poll.replace("{kind}", "Lock") + START.format(functions="worker, other")
        tries = "if lock.acquire(blocking=False): lock.release()\n    with lock: stop = True"
        self.check(text.replace("{does}", tries), code=3)
        self.assertEqual(self.report["coverage"]["kind"], "bounded")

    def test_locks_that_are_passed_on_in_a_loop(self):
        text = """import threading
a, b = threading.Lock(), threading.Lock()
b.acquire()
n = 0
done = threading.Event()
def one():
    while not done.is_set():
        a.acquire(); b.release()
def two():
    global n
    for i in range(3):
        b.acquire(); n += 1
        if i == 2: done.set()
        a.release()
def three():
    while not done.is_set(): pass
"""
        self.check(text + START.format(functions="one, two, three") + "assert n == 3\n", code=0)
        self.assertEqual(self.report["coverage"], {"kind": "complete"})

    def test_a_lock_that_is_given_away_again_and_again_is_no_hang(self):
        text = """import threading
lock = threading.Lock()
done = False
def poll():
    lock.acquire()
    while not done:
        lock.release()
        lock.acquire()
    lock.release()
def other():
    global done
    {does}
"""
        self.check(text.format(does="with lock: done = True") + START.format(functions="poll, other"), code=3)
        self.assertEqual(self.kinds, [])
        self.check(text.format(does="pass") + START.format(functions="poll, other"), code=1)
        self.assertEqual(self.kinds, ["hang"])

    def test_a_lock_that_is_taken_for_good_is_no_polling(self):
        text = """import threading
a = threading.Lock()
a.acquire()
done = threading.Event()
def one():
    while True: a.acquire()
def two():
    a.release()
    done.set()
def three():
    while not done.is_set(): pass
"""
        self.check(text + START.format(functions="one, two, three"), code=1)
        self.assertEqual(self.kinds, ["deadlock"])

    def test_polling_that_gathers_holds_ends_some_time(self):
        text = """import threading
flag = False
lock = threading.RLock()
def f():
    while not flag:
        lock.acquire()
    for n in range(4):
        try: lock.release()
        except RuntimeError: break
    assert n < 3
def g():
    global flag
    flag = True
"""
        self.check(text + START.format(functions="f, g"), code=1)
        self.assertEqual(self.kinds, ["assertion"])

    def test_the_finding(self):
        test, body, _ = POLLS["event"]
        text = NOBODY_SETS_IT.format(test=test, body=body, set="pass") + START.format(functions="worker")
        result = self.check(text, code=1)
        self.assertTrue(result.stdout.startswith("HANG  done  "), result)
        words = " ".join(result.stdout.split())
        self.assertIn("worker goes round the loop for ever: nothing that it looks at changes. "
                      "Meanwhile main waits for worker to end.", words.replace("Thread-1 (worker)", "worker").replace("t1 ", "worker "))
        self.assertIn("<- again and again", result.stdout)
        self.assertIn("1 hangs", result.last_line)
        trace = json.loads(self.read(self.report["findings"][0]["trace"]))
        self.assertEqual(trace["outcome"], "truncated")
        self.assertEqual(sorted(b["operation"] for b in trace["blocked"]), ["join", "poll"])
        self.raddle("replay", self.report["findings"][0]["trace"], code=1)

    def test_two_that_poll_for_each_other(self):
        text = """import threading
mine = yours = False
def f():
    global mine
    while not yours: pass
    mine = True
def g():
    global yours
    {first}
    while not mine: pass
    yours = True
""" + START
        self.check(text.format(functions="f, g", first="pass"), code=1)
        self.assertEqual(self.kinds, ["hang"])
        self.check(text.format(functions="f, g", first="yours = True"), code=0)
        self.assertEqual(self.report["coverage"]["kind"], "complete")

    def test_livelock(self):
        """Each backs off when the other one holds its second lock, for ever; in one order nobody has to."""
        self.check(LIVELOCK.format(how="blocking=False", second="b, a"), "--loop-bound", "2", code=1)
        self.assertEqual(self.kinds, ["hang"])
        self.check(LIVELOCK.format(how="blocking=False", second="a, b"), "--loop-bound", "2", code=0)

    def test_a_thread_that_never_ends(self):
        text = "import threading, time\nn = 0\ndef f():\n    while True:\n        {body}\nthreading.Thread(target=f{daemon}).start()\nn\n"
        body = "if n: break"
        self.check("import threading\nn = 0\ndef f():\n    while not n: pass\nthreading.Thread(target=f, daemon=True).start()\nn = 2\n", code=0)
        self.check("import threading\nn = 0\ndef f():\n    while n != 1: pass\nthreading.Thread(target=f).start()\nn = 2\n", code=1)
        self.assertEqual(self.kinds, ["hang"])

    def test_a_loop_that_counts_is_no_hang(self):
        for start, count in (("0", "tries += 1"), ("[]", "tries.append(1)"), ("{}", "tries[0] = tries.get(0, 0) + 1"),
                             ("iter(range(10**6))", "next(tries)")):
            with self.subTest(count):
                self.check(f"import threading\nflag = False\ndef worker():\n    tries = {start}\n    while not flag:\n"
                           f"        {count}\nt = threading.Thread(target=worker)\nt.start()\nflag = False\nt.join()\n",
                           "--loop-bound", "3", code=0)
                self.assertEqual((self.kinds, self.report["coverage"]["kind"]), ([], "bounded"))

    def test_a_look_at_the_clock_or_at_random_numbers_is_no_hang(self):
        for test in ("time.monotonic() < 10**9", "random.random() < 2"):
            with self.subTest(test):
                self.check(f"import random, threading, time\nflag = False\ndef f():\n    while {test} and not flag: pass\n"
                           "t = threading.Thread(target=f)\nt.start()\nflag = False\nt.join()\n", code=3)
                self.assertNotIn("hang", self.kinds)

    def test_hidden_state(self):
        """A round that changes what nobody else sees is one: of an object in C, of an iterator, of the thread's own."""
        for start, change, value in (
                ("n = 0", "n += 1", "n"),
                ("n = threading.local(); n.x = 0", "n.x += 1", "n.x"),
                ("n = threading.Semaphore(0)", "n.release()", "n._value"),
                ("n = []", "list(map(n.append, [1]))", "len(n)"),
                ("n = L()", "n.append(1)", "len(n)"),
                ("n = itertools.count().__next__", "n()", "n()"),
                ("n = [iter('0123456789')]", "''.join(itertools.islice(n[0], 1))", "int(next(n[0]))"),
                ("n = type('X', (), {'n': 0})", "n = type('X', (), {'n': n.n + 1})", "n.n"),
                ("n = contextvars.ContextVar('n', default=0)", "n.set(n.get() + 1)", "n.get()"),
                ("n = ET.Element('a')", "ET.SubElement(n, 'x')", "len(n)")):
            outcomes = []
            for loop in ("while not box[0]:", "for _ in iter(int, 1):\n        if box[0]: break"):
                self.check("import contextvars, itertools, threading\nimport xml.etree.ElementTree as ET\nbox = [0]\n"
                           "class L(list):\n    def append(self, x): super().append(x)\n"
                           f"def setter(): box[0] = 1\ndef main():\n    {start}\n    t = threading.Thread(target=setter); t.start()\n"
                           f"    {loop}\n        {change}\n    print(min({value}, 2)); t.join()\nmain()\n",
                           "--outcomes", "--loop-bound", "3", code=0)
                outcomes.append(sorted(o["output"] for o in self.report["outcomes"]))
            with self.subTest(change):
                self.assertEqual(outcomes[0], outcomes[1])
                self.assertEqual(outcomes[0], ["0\n", "1\n", "2\n"])

    def test_what_ends_behind_the_loop_is_still_explored(self):
        """Polling is left out where it changes nothing, and only there: compared with a loop that nobody sees through."""
        body = """import threading
flag = False; log = []
def poll():
    {loop}:
        if flag: break
    log.append("p")
def other():
    global flag
    log.append("o")
    flag = True
    log.append("q")
""" + START.format(functions="poll, other") + "print(log)\n"
        outcomes = []
        for loop in ("while True", "for _ in iter(int, 1)"):
            self.check(body.format(loop=loop), "--outcomes", "--loop-bound", "3", code=0)
            outcomes.append({o["output"] for o in self.report["outcomes"]})
        self.assertEqual(outcomes[0], outcomes[1])
        self.assertEqual(outcomes[0], {"['o', 'q', 'p']\n", "['o', 'p', 'q']\n"})

    def test_a_lock_that_is_held_for_a_moment_is_seen(self):
        """A round in which a lock is taken is no mere look: somebody else fails to get it meanwhile."""
        self.check("""import threading
lock = threading.Lock(); flag = False; got = None
def poll():
    while True:
        with lock:
            if flag: break
def other():
    global flag, got
    got = lock.acquire(blocking=False)
    if got: lock.release()
    flag = True
""" + START.format(functions="poll, other") + "print(got)\n", "--outcomes", "--accept", "bounded", code=0)
        self.assertEqual({o["output"] for o in self.report["outcomes"]}, {"True\n", "False\n"})


class Values(support.Test):
    def test_values_that_hash_alike_are_different(self):
        text = "import threading\nflag = False\ndef wait():\n    t = {}\n    while not flag: t = {}\n    assert t != {}\n" \
               "def set_it():\n    global flag\n    flag = True\nfor f in (wait, set_it): threading.Thread(target=f).start()\n"
        for start, change, bad in (("0.0", "t - 1.0", "-2.0"), ("True", "2 if t is True else True", "2"),
                                   ("2 ** 80", "t + 2 ** 61 - 1", "2 ** 80 + 2 ** 61 - 1")):
            path = self.write("values.py", text.format(start, change, bad))
            self.assertIn("fails an assertion", self.raddle("check", path, code=1).stdout, start)


class Sampling(support.Test):
    def test_samples_find_hangs_too(self):
        waits = self.write("waits.py", "import threading\ndone = False\ndef wait():\n    while not done: pass\n"
                                       "threading.Thread(target=wait).start()\n")
        result = self.raddle("check", "--strategy", "random", "--runs", "20", "--all", waits, code=1)
        self.assertTrue(result.stdout.startswith("HANG  done"), result.stdout)
        self.assertIn("20 executions sampled (sampled(20)), 21 in all rounds, 1 distinct, 20 hang", result.stdout)
        self.assertIn("reproduced: ", self.raddle("replay", ".raddle/waits-1.json", code=1).stdout)

    def test_nothing_but_truncated_samples_is_no_result(self):
        text = "import threading\ndef work():\n    n = 0\n    while n < {}: n += 1; lock.acquire(); lock.release()\n" \
               "lock = threading.Lock()\nfor _ in range(2): threading.Thread(target=work).start()\n"
        for rounds, code in ((10 ** 9, 3), (2, 0)):
            path = self.write("counts.py", text.format(rounds))
            out = self.raddle("check", "--strategy", "random", "--runs", "3", path, code=code).stdout
            self.assertEqual("3 truncated" in out, code == 3, out)

    def test_who_is_stopped_early_is_counted(self):
        """Nothing hangs here but in the runs that are missing."""
        polls = self.write("polls.py", """import threading, queue
items, over = queue.Queue(), threading.Event()
def consume():
    while not over.is_set() or not items.empty():
        try: items.get(timeout=1)
        except queue.Empty: pass
def produce():
    for i in range(2): items.put(i)
for f in (consume, produce): threading.Thread(target=f).start()
""")
        out = self.raddle("check", "--strategy", "random", "--runs", "50", "--all", polls, code=1).stdout
        hang, truncated = (int(re.search(rf"(\d+) {word}", out)[1]) for word in ("hang", "truncated"))
        self.assertEqual(hang + truncated, 50)
        self.assertGreater(hang, 5)
        # With loops that end in time, nothing is bounded.
        self.write("polls.py", self.read("polls.py").replace("items.put(i)", "items.put(i)\n    over.set()"))
        self.assertIn("50 executions sampled (sampled(50)), ",
                      out := self.raddle("check", "--strategy", "random", "--runs", "50", polls, code=0).stdout)
        self.assertNotIn("truncated", out)


support.main()
