"""--atomicity gil: threads are interrupted only where CPython 3.11 can switch them."""
import json
import re

import support

PROGRAM = """
import threading
{setup}
def work():
    global x
{body}
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
{end}
"""

SETUP = """
x = 0
d, l = {"k": 0}, [0, 1]
def same(v): return v
class C:
    a = 0
    @property
    def p(self): return self.a
    @p.setter
    def p(self, v): self.a = v
    def __index__(self): return 0
c = C()
c.a = 0
"""

# What plain python3.11 never gets wrong, however often two threads do it, and what it does (with a switch interval of 1 us).
ONE_PIECE = (
    ("x += 1", "x == 2"), ("d['k'] += 1", "d['k'] == 2"), ("c.a += 1", "c.a == 2"), ("l[0] += 1", "l[0] == 2"),
    ("l[0], l[1] = l[1], l[0]", "sorted(l) == [0, 1]"), ("x = x + 1 if x >= 0 else 0", "x == 2"),
    ("for _ in range(2): x += 1", "x == 4"), ("y = x\n    while y < 0: pass\n    x = y + 1", "x == 2"))
SEVERAL = (
    ("x = same(x) + 1", "x == 2"), ("x = int(x) + 1", "x == 2"), ("c.p += 1", "c.a == 2"),
    ("x = [i for i in (x,)][0] + 1", "x == 2"), ("y = x\n    for _ in (1,): pass\n    x = y + 1", "x == 2"),
    ("l[c] += 1", "l[0] == 2"), ("y = x\n    print()\n    x = y + 1", "x == 2"))


class Atomicity(support.Test):
    def program(self, body, condition):
        return self.write("program.py", PROGRAM.format(setup=SETUP, body="    " + body, end="assert " + condition))

    def test_what_is_one_piece(self):
        for body, condition in ONE_PIECE:
            with self.subTest(body):
                path = self.program(body, condition)
                self.raddle("check", path, code=1)
                result = self.raddle("check", "--all", "--atomicity", "gil", path, code=0)
                self.assertIn("explored (complete)", result.last_line)
                brute = self.raddle("check", "--all", "--atomicity", "gil", "--strategy", "brute", path, code=0)
                explored = re.compile(r"^[\d,]+ of [\d,]+ executions explored")
                self.assertEqual(explored.match(result.last_line)[0], explored.match(brute.last_line)[0])
                self.raddle("check", "--atomicity", "gil", "--strategy", "random", "--runs", "200", path, code=0)

    def test_what_is_not(self):
        for body, condition in SEVERAL:
            with self.subTest(body):
                path = self.program(body, condition)
                result = self.raddle("check", "--atomicity", "gil", path, code=1)
                self.assertTrue(result.stdout.startswith("ASSERTION  "), result)

    def test_blocks_of_two_rounds(self):
        """Two threads with two blocks each: 4! / (2! 2!) orders, all of them different."""
        path = self.program("for _ in range(2): x += 1", "x == 4")
        self.assertIn("6 of 6 executions explored (complete)",
                      self.raddle("check", "--all", "--atomicity", "gil", path, code=0).last_line)

    def test_two_writes_and_two_reads(self):
        text = "import threading\nx = y = 0\ndef work():\n    global x, y\n    x = 1\n    y = 1\n" \
               "threading.Thread(target=work, daemon=True).start()\n" \
               "import sys\nif x != y: sys.exit(5)\n"
        path = self.write("daemon.py", text)
        self.raddle("check", "--all", path, code=1)
        self.raddle("check", "--all", "--atomicity", "gil", path, code=0)

    def test_the_trace_remembers(self):
        path = self.program("x = same(x) + 1", "x == 2")
        self.raddle("check", "--atomicity", "gil", "--report", "r.json", path, code=1)
        report = json.loads(self.read("r.json"))
        self.assertEqual(report["options"]["atomicity"], "gil")
        for finding in report["findings"]:
            trace = json.loads(self.read(finding["trace"]))
            self.assertEqual(trace["options"]["atomicity"], "gil")
            if finding["severity"] == "error":
                self.raddle("replay", finding["trace"], code=1)

    def test_run(self):
        path = self.program("x += 1", "x == 2")
        codes = lambda *options: {self.raddle("run", *options, "--seed", str(seed), path).code for seed in range(30)}
        self.assertEqual(codes("--atomicity", "gil"), {0})
        self.assertEqual(codes(), {0, 1})

    def test_correct_programs_stay_correct(self):
        for name in ("global_increment", "default_factory", "lost_wakeup", "queue_hand_over", "executor_shared", "lru_cache",
                     "timer_cancel", "shared_generator", "weak_reference"):
            with self.subTest(name):
                self.raddle("check", "--all", "--strict", "--atomicity", "gil", support.model(f"bugs/correct/{name}.py"), code=0)


support.main()
