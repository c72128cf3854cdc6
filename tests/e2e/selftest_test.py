"""raddle selftest: raddle's own programs, and mutants of models that pass."""
import json
import re

import support

GOOD = """
import queue
import threading
n = 0
lock = threading.Lock()
def add():
    global n
    with lock:
        n += 1
threads = [threading.Thread(target=add) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
assert n == 2
"""
# Whatever is done to it, nobody would see.
BLIND = """
import threading
lock = threading.Lock()
def work():
    with lock:
        pass
t = threading.Thread(target=work)
t.start()
t.join()
"""
EVERYTHING = """
import queue
import threading
from threading import RLock
a, b, r = threading.Lock(), threading.Lock(), RLock()
done = threading.Event()
ready = threading.Condition()
tasks = queue.Queue()
is_ready = False
total = 0
def nested():
    with a:
        with b:
            pass
def nested_too():
    with a, b:
        pass
def again():
    with r:
        with r:
            pass
def count():
    global total
    a.acquire()
    total = total + 1
    a.release()
    with r:
        total += 0
def tell():
    global is_ready
    with ready:
        is_ready = True
        ready.notify()
    done.set()
def work():
    while (task := tasks.get()) is not None:
        tasks.task_done()
    tasks.task_done()
worker = threading.Thread(target=work)
teller = threading.Thread(target=tell)
for t in (worker, teller):
    t.start()
for f in (nested, nested_too, again, count):
    f()
tasks.put(1)
tasks.put(None)
tasks.join()
done.wait()
with ready:
    ready.wait_for(lambda: is_ready)
worker.join()
"""


class BuiltIn(support.Test):
    def test_a_model_of_which_no_mutant_could_be_checked(self):
        text = "import os, threading\nx = 0\nl = threading.Lock()\ndef f():\n    global x\n    with l:\n        v = x\n        x = v + 1\n" \
               "ts = [threading.Thread(target=f) for _ in range(2)]\nfor t in ts: t.start()\nfor t in ts: t.join()\n"
        self.write("good.py", text)
        self.write("lost.py", text + "if x != 2: os.kill(os.getppid(), 9)\n")  # as if there were no memory left
        result = self.raddle("selftest", "good.py", "lost.py", "--mutants", "1", "--time", "5s", code=3)
        self.assertRegex(result.stdout, r"good.py: 1 mutant, 1 killed")
        self.assertRegex(result.stdout, r"lost.py: 1 mutant, 0 killed, 1 not checked")

    def test_all_kinds_are_found_and_nothing_else(self):
        result = self.raddle("selftest", code=0)
        self.assertRegex(result.last_line, r"^\d+ bugs and their correct versions: all as expected$")
        kinds = set(re.findall(r"(?m)^ok +\w+: ([a-z-]+)$", result.stdout))
        schema = json.loads((support.SOURCE / "docs/schemas/raddle-result-1.schema.json").read_text(encoding="utf-8"))
        reserved = {"leak", "nondeterminism"}
        self.assertEqual(kinds, set(schema["$defs"]["finding"]["properties"]["kind"]["enum"]) - reserved)
        self.assertEqual(2 * result.stdout.count("nothing in its correct version"), len(re.findall(r"(?m)^ok", result.stdout)))
        self.assertEqual(self.files(), {})
        self.assertEqual(len(self.raddle("selftest", "--quiet", code=0).stdout.splitlines()), 1)


class Mutants(support.Test):
    def test_mutants_are_killed(self):
        self.write("good.py", GOOD)
        before = self.files()
        result = self.raddle("selftest", "good.py", code=0)
        self.assertRegex(result.stdout, r"(?m)^good.py: 3 mutants, 3 killed \([a-z0-9, -]+\)$")
        self.assertEqual(result.last_line, "1 model tested, 3 mutants: 3 killed, 0 survived")
        self.assertEqual(self.files(), before)

    def test_a_check_that_cannot_fail(self):
        self.write("blind.py", BLIND)
        self.write("good.py", GOOD)
        result = self.raddle("selftest", "good.py", "blind.py", code=1)
        self.assertIn("  blind.py:5, work: without `with lock` (drop-lock)  survived: complete\n", result.stdout)
        self.assertIn("FAILED  no mutant was noticed", result.stdout)
        self.raddle("selftest", "good.py", code=0)
        # The options are those of the project: this one could not fail either.
        self.write("raddle.json", json.dumps({"models": [{"model": "good.py", "ignore": "*"}]}))
        self.raddle("selftest", code=1)
        self.write("raddle.json", json.dumps({"models": ["good.py"]}))
        self.raddle("selftest", code=0)

    def test_all_mutants(self):
        self.write("half.py", GOOD.replace("with lock:\n        n += 1", "with lock:\n        n += 1\n    with lock:\n        pass"))
        self.raddle("selftest", "half.py", code=0)
        self.assertIn("not every mutant was noticed", self.raddle("selftest", "--all-mutants", "half.py", code=1).stdout)

    def test_every_kind_of_mutant(self):
        self.write("all.py", EVERYTHING)
        result = self.raddle("selftest", "--mutants", "100", "--time", "3s", "all.py", code=0)
        survived = set(re.findall(r"\(([a-z-]+)\)  survived", result.stdout))
        killed = re.search(r"killed \((.*?)\)", result.stdout)[1]
        self.assertIn("deadlock", killed)
        self.assertNotIn("not checked", result.stdout)
        for kind in ("drop-set", "drop-sentinel", "drop-task-done", "rlock-to-lock"):  # each of them hangs the program
            self.assertNotIn(kind, survived)

    def test_imported_modules_and_tests(self):
        self.write("counter.py", "import threading\nclass Counter:\n    def __init__(self):\n        self.n = 0\n        self.lock = threading.Lock()\n"
                   "    def add(self):\n        with self.lock:\n            self.n += 1\n")
        self.write("test_counter.py", "import threading\nfrom counter import Counter\ndef test_add():\n    c = Counter()\n"
                   "    threads = [threading.Thread(target=c.add) for _ in range(2)]\n    for t in threads: t.start()\n    for t in threads: t.join()\n    assert c.n == 2\n")
        result = self.raddle("selftest", "test_counter.py", code=0)
        self.assertIn("test_counter.py::test_add: 3 mutants, 3 killed", result.stdout)

    def test_what_cannot_be_tested(self):
        self.write("bad.py", GOOD.replace("with lock:\n        n += 1", "n += 1"))
        self.assertIn("bad.py: not tested: it has errors itself", self.raddle("selftest", "bad.py", code=3).stdout)
        self.write("plain.py", "print(1)\n")
        self.assertIn("plain.py: no mutants", self.raddle("selftest", "plain.py", code=3).stdout)
        self.write("broken.py", "def f(:\n")
        self.assertIn("does not compile", self.raddle("selftest", "broken.py", code=2).stdout)
        self.write("raddle.json", json.dumps({"models": ["bad.py"], "defaults": {"expect": "lost-update"}}))
        self.assertIn("bad.py: is expected to have lost-update", self.raddle("selftest", code=3).stdout)
        self.bad_input("selftest", "--mutants", "0", "bad.py", says="--mutants")

    def test_the_same_every_time(self):
        self.write("good.py", GOOD)
        self.write("blind.py", BLIND)
        outputs = [self.raddle("selftest", "-j", jobs, "good.py", "blind.py", code=1).stdout for jobs in ("1", "2", "2")]
        self.assertEqual(outputs[0], outputs[1])
        self.assertEqual(outputs[1], outputs[2])


support.main()
