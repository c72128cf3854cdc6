"""--outcomes lists what a program can print, --expect-output says what it may."""
import json

import support

THREADS = """
threads = [threading.Thread(target=f, args=(i,)) for i in range({n})]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
LOGGING = """import logging, threading
logging.basicConfig(level=logging.INFO, format="%(message)s")
def f(n):
    logging.info("hello %s", n)
""" + THREADS
PRINT = """import threading
def f(n):
    print("hello", n)
""" + THREADS
LOCKED = """import threading
lock = threading.Lock()
def f(n):
    with lock:
        print("hello", n)
""" + THREADS
STUCK = """import threading
lock = threading.Lock()
print("begin")
lock.acquire()
lock.acquire()
"""


class Outcomes(support.Test):
    def outcomes(self, text, *options, code=0):
        path = self.write("model.py", text)
        result = self.raddle("check", "--outcomes", "--report", "r.json", *options, path, code=code)
        report = json.loads(self.read("r.json"))
        self.report = report
        return {o["output"]: o["count"] for o in report["outcomes"]}

    def test_log_records_are_one_piece(self):
        self.assertEqual(self.outcomes(LOGGING.format(n=2)), {"hello 0\nhello 1\n": 1, "hello 1\nhello 0\n": 1})
        self.assertEqual(self.report["executions"], 2)
        self.assertEqual(len(self.outcomes(LOGGING.format(n=3))), 6)

    def test_print_writes_the_end_of_the_line_by_itself(self):
        self.assertEqual(set(self.outcomes(PRINT.format(n=2))),
                         {"hello 0\nhello 1\n", "hello 1\nhello 0\n", "hello 0hello 1\n\n", "hello 1hello 0\n\n"})
        self.assertEqual(self.report["executions"], 6)

    def test_a_lock_keeps_lines_together(self):
        self.assertEqual(set(self.outcomes(LOCKED.format(n=2))), {"hello 0\nhello 1\n", "hello 1\nhello 0\n"})

    def test_what_is_written_past_the_streams(self):
        for write in ("os.write(1, b'%d\\n' % n)", "os.writev(1, [b'%d' % n, b'\\n'])", "sys.stdout.buffer.write(b'%d\\n' % n)",
                      "sys.__stdout__.write(f'{n}\\n')", "open(1, 'w', closefd=False).write(f'{n}\\n')",
                      "open(1, 'wb', 0, closefd=False).write(b'%d\\n' % n)", "os.fdopen(os.dup(2), 'w').write(f'{n}\\n')",
                      "open('/dev/stdout', 'w').write(f'{n}\\n')",
                      "open(1, 'w', encoding='ascii', errors='replace', closefd=False).write(f'{n}\\n')"):
            with self.subTest(write):
                text = f"import os, sys, threading\ndef f(n): {write}\n" + THREADS.format(n=2)
                self.assertEqual(self.outcomes(text), {"0\n1\n": 1, "1\n0\n": 1})

    def test_streams_that_lead_to_the_same_place_keep_their_order(self):
        self.assertEqual(self.outcomes("""import io, os, sys
with open(sys.stdout.fileno(), "w", closefd=False) as f:
    print("one", 1, file=f)
    print("two")
    f.writelines(["three\\n"])
    print(f.name, f.mode, f.closed, isinstance(f, io.TextIOWrapper))
print(f.closed)
try: f.write("late")
except ValueError as e: print(e)
try: open(1, "w", buffering=0, closefd=False)
except ValueError as e: print(e)
with open(1, "w", encoding="ascii", errors="xmlcharrefreplace", newline="\\r\\n", closefd=False) as g: print("\u00e4", file=g)
sys.stdout = io.TextIOWrapper(sys.stdout.detach(), write_through=True)
print("wrapped")
with open("other", "w") as h: h.write("elsewhere")
"""), {"one 1\ntwo\nthree\n1 w False True\nTrue\nI/O operation on closed file.\ncan't have unbuffered text I/O\n"
       "&#228;\r\nwrapped\n": 1})

    def test_under_cpython_with_a_buffer_print_is_one_piece(self):
        self.assertEqual(self.outcomes(PRINT.format(n=2), "--atomicity", "gil"), {"hello 0\nhello 1\n": 1, "hello 1\nhello 0\n": 1})

    def test_no_output_and_one_thread(self):
        self.assertEqual(self.outcomes("import threading\n"), {"": 1})
        self.assertEqual(self.outcomes("print('a', end='')\nprint()\nprint('b')\n"), {"a\nb\n": 1})

    def test_what_is_stuck_has_no_outcome(self):
        self.assertEqual(self.outcomes(STUCK, code=1), {})

    def test_without_it_printing_costs_nothing(self):
        path = self.write("model.py", PRINT.format(n=3))
        result = self.raddle("check", "--report", "r.json", path, code=0)
        self.assertEqual(json.loads(self.read("r.json"))["executions"], 1, result)

    def test_text(self):
        path = self.write("model.py", LOGGING.format(n=2))
        lines = self.raddle("check", "--outcomes", path, code=0).stdout.splitlines()
        self.assertEqual(lines[0], "2 outcomes:")
        self.assertEqual(lines[1:3], ['  1x    "hello 0\\nhello 1\\n"', '  1x    "hello 1\\nhello 0\\n"'])

    def test_each_outcome_has_a_trace_that_replays(self):
        self.outcomes(LOGGING.format(n=2))
        for o in self.report["outcomes"]:
            trace = json.loads(self.read(o["trace"]))
            self.assertEqual(trace["findings"], [])
            self.assertEqual(trace["output"], o["output"])
            self.raddle("replay", "--quiet", o["trace"], code=0)

    def test_brute_force_sees_the_same(self):
        for text in (LOGGING, PRINT, LOCKED):
            text = text.format(n=2)
            self.assertEqual(set(self.outcomes(text)), set(self.outcomes(text, "--strategy", "brute")))


class Caches(support.Test):
    """functools.cache and lru_cache: entries are independent of one another where nobody can notice anything else."""

    def outcomes(self, text, *options):
        path = self.write("model.py", "import threading, functools\n" + text)
        result = self.raddle("check", "--all", "--outcomes", "--report", "r.json", *options, path)
        self.report = json.loads(self.read("r.json"))
        return {o["output"] for o in self.report["outcomes"]}

    def compare(self, text):
        """The outcomes by both searches that are complete, and by samples that look at everything."""
        all_outcomes = self.outcomes(text)
        self.assertEqual(self.outcomes(text, "--strategy", "brute"), all_outcomes)
        self.assertLessEqual(self.outcomes(text, "--strategy", "random", "--runs", "1500"), all_outcomes)
        return all_outcomes

    RUN = """
ts = [threading.Thread(target=run, args=a) for a in {}]
for t in ts: t.start()
for t in ts: t.join()
print({})
"""

    def test_other_arguments_cost_nothing(self):
        text = "@functools.{}\ndef f(n): return n\ndef run(*a):\n    for n in a: f(n)\n" \
               + self.RUN.format("((1, 2, 3), (4, 5, 6), (7, 8, 9))", "sorted(f.cache_info()[:2])")
        for decorator in ("cache", "lru_cache(maxsize=None)", "lru_cache(None, True)"):
            self.assertEqual(self.outcomes(text.format(decorator)), {"[0, 9]\n"})
            self.assertEqual(self.report["executions"], 1)
        self.outcomes(text.format("lru_cache(maxsize=5)").replace("(4, 5, 6), (7, 8, 9)", "(4, 5, 6)").replace("9]", "6]"))
        self.assertGreater(self.report["executions"], 100)  # who came first decides what is thrown out

    def test_the_same_arguments(self):
        found = self.compare("calls = []\n@functools.cache\ndef f(n):\n    calls.append(n)\n    return n\n"
                             "def run(*a):\n    for n in a: f(n)\n" + self.RUN.format("((1, 2), (2, 1))", "sorted(calls), f.cache_info()"))
        self.assertEqual(len(found), 3)  # each twice, or one of them, or none

    def test_keywords_and_methods(self):
        found = self.compare("class C:\n    n = 0\n    @functools.cache\n    def f(self, a, b=1):\n        self.n += 1\n        return self.n\n"
                             "c = C()\ndef run(a, n):\n    c.f(a)\n    c.f(a, b=n)\n"
                             + self.RUN.format("((1, 2), (1, 2))", "c.f(1), c.f(1, 2), c.f(1, b=2), c.n"))
        self.assertGreater(len(found), 3)

    def test_who_looks_at_all_of_it(self):
        found = self.compare("@functools.cache\ndef f(n): return n\n"
                             "def run(g):\n    g()\ndef calls(): f(1); f(2); f(1)\ndef look(): print(f.cache_info()[:2])\n"
                             + self.RUN.format("((calls,), (look,), (f.cache_clear,))", "f.cache_info()[:2]"))
        self.assertGreater(len(found), 15)

    def test_a_bounded_cache(self):
        self.compare("@functools.lru_cache(1)\ndef f(n): return n\ndef run(n): f(n); f(n)\n" + self.RUN.format("((1,), (2,))", "f.cache_info()"))

    def test_what_it_is_called(self):
        self.outcomes("@functools.cache\ndef square(n, m):\n    return n * m\ndef run(*a): square(*a); square('x', 2)\n"
                      + self.RUN.format("((1, 2), (1, 2))", "0") + "assert not square.cache_info().misses")
        trace = self.raddle("show", "--full", ".raddle/model-1.json", code=0).stdout
        for text in ("update square(1, 2): cache", "update square('x', 2): cache"):
            self.assertIn(text, trace)


class Expected(support.Test):
    def check(self, *expected, code):
        path = self.write("model.py", LOGGING.format(n=2))
        options = [word for text in expected for word in ("--expect-output", text)]
        return self.raddle("check", "--report", "r.json", *options, path, code=code)

    def test_text_file_and_expression(self):
        ab, ba = "hello 0\nhello 1", "hello 1\nhello 0\n"
        self.check(ab, ba, code=0)
        self.check(ab, code=1)
        self.check(ba, code=1)
        self.write("expected.txt", ab + "\n")
        self.check("@expected.txt", ba, code=0)
        self.check("@expected.txt", code=1)
        self.check("/^hello [01]$/", code=0)
        self.check(r"/\Ahello 0/", code=1)
        self.check("/hello 2/", code=1)

    def test_a_finding_that_replays(self):
        result = self.check("hello 0\nhello 1", code=1)
        self.assertTrue(result.stdout.startswith("OUTCOME  hello 1 ..."), result)
        self.assertIn("  hello 1\n  hello 0\n", result.stdout)
        self.assertIn("1 has an unexpected outcome", result.last_line)
        report = json.loads(self.read("r.json"))
        self.assertEqual([f["kind"] for f in report["findings"]], ["outcome"])
        self.assertEqual(report["outcomes"], [])
        self.raddle("replay", ".raddle/model-1.json", code=1)

    def test_bad_values(self):
        self.assertIn("is not a regular expression", self.check("/a(/", code=2).stderr)
        self.assertIn("nowhere.txt", self.check("@nowhere.txt", code=2).stderr)

    def test_nothing_is_expected(self):
        path = self.write("silent.py", "pass\n")
        self.raddle("check", "--expect-output", "//", path, code=0)
        self.raddle("check", "--expect-output", "/^$/", path, code=0)
        self.raddle("check", "--expect-output", "x", path, code=1)


support.main()
