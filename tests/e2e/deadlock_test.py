"""Deadlocks in Python of some threads, while others go on."""
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

    def test_one_order(self):
        self.check_program(0, lock="RLock", first="a", second="b")

    def test_locks_that_anybody_may_release(self):
        self.check_program(0, lock="Lock", first="b", second="a")


support.main()
