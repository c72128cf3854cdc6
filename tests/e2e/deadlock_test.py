"""Deadlocks in Python of some threads, while others go on."""
import json

import support

DAEMONS = """import threading, time
a, b = threading.{lock}(), threading.{lock}()
def f():
    with a:
        with b: pass
def g():
    with {first}:
        with {second}: pass
for function in (f, g): threading.Thread(target=function, daemon=True).start()
time.sleep(1)
"""

SEMAPHORES = """import threading
def f(first, second):
    with first:
        with second: pass
a, b = {locks}
t = threading.Thread(target=f, args=(a, b)); u = threading.Thread(target=f, args=({order}))
t.start(); u.start()
t.join(); u.join()
"""
KILLED = """import threading
mine, lock, never = threading.Lock(), threading.Lock(), threading.Event()
def f():
    mine.acquire()
    lock.acquire({how})
    never.wait()
{taken}
threading.Thread(target=f, daemon=True).start()
mine.locked(), lock.locked()
"""


class Deadlocks(support.Test):
    def check_program(self, code, **names):
        path = self.write("model.py", DAEMONS.format(**names))
        return self.raddle("check", "--all", path, code=code)

    def test_a_cycle_of_daemons(self):
        result = self.check_program(1, lock="RLock", first="b", second="a")
        self.assertTrue(result.stdout.startswith("DEADLOCK  b, a "), result)
        self.assertIn("cycle: t1 -> t2 -> t1", result.stdout)
        replayed = self.raddle("replay", ".raddle/model-1.json", code=1)
        self.assertIn("DEADLOCK", self.raddle("show", ".raddle/model-1.json").stdout, replayed)

    def test_a_future_is_called_after_its_call(self):
        self.write("model.py", """from concurrent.futures import ThreadPoolExecutor
def inner(): return 1
def outer(pool):
    return pool.submit(inner).result()
with ThreadPoolExecutor(1) as pool:
    pool.submit(outer, pool).result()
""")
        result = self.raddle("check", "model.py", code=1)
        self.assertTrue(result.stdout.startswith("DEADLOCK  the future of submit(outer) at :6"), result)
        self.assertIn("worker-0_0 waits on the future of submit(inner) at :4", result.stdout.replace("\n  ", " "))
        self.assertNotIn("object#", result.stdout)

    def test_one_order(self):
        self.check_program(0, lock="RLock", first="a", second="b")

    def test_locks_that_anybody_may_release(self):
        self.check_program(0, lock="Lock", first="b", second="a")

    def test_semaphores_of_one_are_locks_that_are_taken_in_an_order(self):
        """Two executions of a hundred seeds do not deadlock by themselves: what is in them is enough."""
        one, two = "threading.Semaphore(1)", "threading.Semaphore(2)"
        found = {}
        for locks, order in ((f"{one}, threading.Lock()", "b, a"), (f"{one}, threading.BoundedSemaphore(1)", "b, a"),
                             (f"{one}, {one}", "a, b"), (f"{two}, {one}", "b, a")):
            path = self.write("model.py", SEMAPHORES.format(locks=locks, order=order))
            results = [self.raddle("check", "--all", "--strategy", "random", "--runs", "1", "--seed", str(seed), path) for seed in range(6)]
            predicted = [result for result in results if "Reached on purpose" in result.stdout + self.shown(result)]
            found[locks, order] = ({result.code for result in results}, bool(predicted))
        self.assertEqual(list(found.values()), [({1}, True), ({1}, True), ({0}, False), ({0}, False)], found)

    def shown(self, result):
        return self.raddle("show", "--full", ".raddle/model-1.json").stdout if result.code == 1 else ""

    def test_a_daemon_holds_what_it_has_got(self):
        for how, taken, words in (("timeout=1", "lock.acquire()", "while it holds mine."), ("blocking=False", "lock.acquire()", "while it holds mine."),
                                  ("timeout=1", "pass", "while it holds mine, lock.")):
            with self.subTest(how + taken):
                path = self.write("model.py", KILLED.format(how=how, taken=taken))
                result = self.raddle("check", "--all", "--report", "r.json", path, code=0)
                messages = [f["message"] for f in json.loads(self.read("r.json"))["findings"]]
                self.assertTrue(any(message.endswith(words) for message in messages), (messages, result))
                self.assertFalse([m for m in messages if "lock" in m and "lock" not in words], messages)


support.main()
