"""Single tests in the style of pytest and unittest: `raddle check FILE::TEST` and `raddle check FOLDER`."""
import json
import os
import re
import signal
import time

import support

HELPER = """import threading
class Counter:
    def __init__(self):
        self.n = 0
        self.lock = threading.Lock()
    def careless(self):
        self.n += 1
    def careful(self):
        with self.lock:
            self.n += 1
def run(f):
    threads = [threading.Thread(target=f) for _ in range(2)]
    for t in threads: t.start()
    for t in threads: t.join()
"""
TESTS = """import unittest
from counter import Counter, run
def test_careless():
    c = Counter()
    run(c.careless)
    assert c.n == 2
def test_careful():
    c = Counter()
    run(c.careful)
    assert c.n == 2
def test_with_fixture(tmp_path): pass
def test_with_default(n=1): assert n == 1
async def test_coroutine(): pass
def helper(): raise AssertionError
class TestPlain:
    def setup_method(self): self.c = Counter()
    def teardown_method(self, method): assert method.__name__ == "test_it"
    def test_it(self): run(self.c.careful); assert self.c.n == 2
class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.one = 1
    def setUp(self): self.c = Counter()
    def test_equal(self): run(self.c.careful); self.assertEqual(self.c.n, 2)
    def test_unequal(self): run(self.c.careless); self.assertEqual(self.c.n, 1 + self.one)
    def test_skipped(self): self.skipTest("no")
class NoTests:
    def test_it(self): assert False
"""


class TestFunctions(support.Test):
    def setUp(self):
        super().setUp()
        os.makedirs("tests/deeper")
        self.write("tests/counter.py", HELPER)
        self.write("tests/test_counter.py", TESTS)

    def test_one(self):
        result = self.raddle("check", "tests/test_counter.py::test_careless", code=1)
        self.assertTrue(result.stdout.startswith("ASSERTION"), result)
        self.assertRegex(result.stdout, r"test_counter\.py:6\n")
        self.assertIn("LOST UPDATE  Counter.n", result.stdout)
        self.assertNotIn("<raddle>", result.stdout)
        trace = ".raddle/test_counter-test_careless-1.json"
        self.assertIn("reproduced", self.raddle("replay", trace, code=1).last_line)
        self.assertIn("2 of 2 executions", self.raddle("check", "tests/test_counter.py::test_careful", code=0).stdout)
        self.raddle("check", "tests/test_counter.py::test_with_default", code=0)

    def test_classes(self):
        for name, code in (("TestPlain::test_it", 0), ("Case::test_equal", 0), ("Case::test_unequal", 1), ("Case::test_skipped", 0)):
            with self.subTest(name):
                self.raddle("check", "tests/test_counter.py::" + name, code=code)

    def test_as_unittest_and_pytest_would(self):
        self.write("tests/test_more.py", """import unittest
def setup_module(module): module.begun = True
def setup_function(function): assert function.__name__ == "test_setup"
def test_setup(): assert begun
class Skipped(BaseException): pass
class Case(unittest.TestCase):
    def test_cleanup(self): self.addCleanup(self.fail, "in a clean-up")
    @unittest.expectedFailure
    def test_expected(self): self.fail()
    @unittest.skip("not now")
    def test_skip(self): self.fail()
class TestClass:
    @classmethod
    def setup_class(cls): cls.begun = True
    def test_class(self): assert self.begun
    def test_skipped(self): raise Skipped("as pytest.skip() does")
""")
        for name, code in (("test_setup", 0), ("Case::test_cleanup", 1), ("Case::test_expected", 0), ("Case::test_skip", 0),
                           ("TestClass::test_class", 0), ("TestClass::test_skipped", 0)):
            with self.subTest(name):
                self.raddle("check", "tests/test_more.py::" + name, code=code)

    def test_what_is_no_test(self):
        for name, words in (("test_with_fixture", "needs tmp_path"), ("test_coroutine", "is a coroutine"), ("helper", "no such test"),
                            ("NoTests::test_it", "no such test"), ("TestPlain", "no such test"), ("", "no test behind the ::")):
            with self.subTest(name):
                result = self.bad_input("check", "tests/test_counter.py::" + name, says=[words])
        self.bad_input("check", "tests/nowhere.py::test_it", says=["there is no such file"])

    def test_changing_the_test_makes_its_trace_old(self):
        self.raddle("check", "tests/test_counter.py::test_careless", code=1)
        self.write("tests/counter.py", HELPER + "\n# changed\n")
        self.raddle("replay", ".raddle/test_counter-test_careless-1.json", code=2)

    def test_a_folder(self):
        self.write("tests/deeper/more_test.py", "def test_it(): assert True\n")
        self.write("tests/deeper/no_tests.py", "def test_it(): assert False\n")
        result = self.raddle("check", "tests", code=1)
        for line in ("tests/test_counter.py::test_careful: 2 of 2 executions explored (complete)",
                     "tests/test_counter.py::test_careless:", "tests/test_counter.py::test_with_fixture: skipped: needs tmp_path",
                     "tests/deeper/more_test.py::test_it: 1 of 1 execution explored"):
            self.assertTrue(any(l.startswith(line) for l in result.stdout.splitlines()), (line, result))
        self.assertNotIn("no_tests", result.stdout)
        self.assertEqual(result.last_line, "8 tests checked: 6 clean, 2 with errors, 2 skipped")
        quiet = self.raddle("check", "--quiet", "tests", code=1).stdout.splitlines()
        self.assertEqual(len(quiet), 11)
        self.assertEqual(self.raddle("check", "tests/deeper", code=0).last_line, "1 test checked: 1 clean")

    def test_a_folder_with_a_broken_file(self):
        self.write("tests/deeper/test_broken.py", "def broken(:\n")
        self.write("tests/deeper/test_import.py", "import nowhere\ndef test_it(): pass\n")
        result = self.raddle("check", "tests/deeper", code=2)
        self.assertIn("tests/deeper/test_broken.py: does not compile", result.stdout)
        self.assertIn("tests/deeper/test_import.py: cannot be imported: ModuleNotFoundError: No module named 'nowhere'", result.stdout)
        self.assertIn("2 that could not be run", result.last_line)

    def test_what_is_a_test_is_known_when_the_module_is_there(self):
        """Inherited methods, bases from elsewhere, what stands under `if` and `try`, what is made by code."""
        self.write("tests/deeper/__init__.py", "")
        self.write("tests/deeper/bases.py", """import unittest
class Suite(unittest.TestCase):
    value = 1
    def test_value(self): self.assertEqual(self.value, 1)
class Checks:
    value = 1
    def test_plain(self): assert self.value == 1
    def helper(self): assert False
def test_elsewhere(): pass
""")
        self.write("tests/deeper/test_kinds.py", """import functools, sys, unittest
from unittest import mock
from . import bases
from .bases import test_elsewhere
class Second(bases.Suite): value = 2
class TestChecks(bases.Checks):
    def test_own(self): pass
    class TestInside:
        def test_deep(self): pass
if sys.platform == "nowhere":
    def test_not_here(): assert False
else:
    def test_here(): pass
try:
    import nowhere
except ImportError:
    def test_without(): pass
def twice(f):
    @functools.wraps(f)
    def wrapper(): f(); f()
    return wrapper
@twice
def test_decorated(): pass
@mock.patch("sys.flags")
def test_patched(flags): assert isinstance(flags, mock.Mock)
@mock.patch("sys.flags")
def test_patched_with_fixture(flags, tmp_path): pass
def test_generated(): assert False
del test_generated
for n in range(2):
    globals()[f"test_generated_{n}"] = lambda n=n: None
class TestWithInit:
    def __init__(self, x): pass
    def test_it(self): assert False
class TestNot:
    __test__ = False
    def test_it(self): assert False
class Checks(bases.Checks): pass
class Async(unittest.IsolatedAsyncioTestCase):
    async def test_coroutine(self): self.assertTrue(True)
test_data = [1, 2]
print("not shown")
""")
        result = self.raddle("check", "--quiet", "tests/deeper", code=1)
        names = [line.partition(": ")[0].partition("::")[2] for line in result.stdout.splitlines()[:-1]]
        self.assertEqual(names, [
            "test_elsewhere", "Second::test_value", "TestChecks::test_plain", "TestChecks::test_own", "TestChecks::TestInside::test_deep",
            "test_here", "test_without", "test_decorated", "test_patched", "test_patched_with_fixture", "test_generated_0",
            "test_generated_1", "Async::test_coroutine"], result)
        self.assertIn("test_patched_with_fixture: skipped: needs tmp_path", result.stdout)
        self.assertEqual(result.last_line, "12 tests checked: 11 clean, 1 with errors, 1 skipped")
        self.raddle("check", "tests/deeper/test_kinds.py::Second::test_value", code=1)
        self.raddle("check", "tests/deeper/test_kinds.py::test_without", code=0)
        for name in ("test_not_here", "test_generated", "TestWithInit::test_it", "Checks::test_plain", "test_data"):
            self.bad_input("check", f"tests/deeper/test_kinds.py::{name}", says=["there is no such test"])

    def test_modules_that_do_more_than_define(self):
        self.write("tests/deeper/test_exits.py", "import sys\nsys.exit(3)\n")
        self.write("tests/deeper/test_dies.py", "import os\nos.kill(os.getpid(), 9)\n")
        self.write("tests/deeper/test_skips.py", "import unittest\ndef test_it(): assert False\nraise unittest.SkipTest('not now')\n")
        self.write("tests/deeper/test_threads.py", "import threading\nt = threading.Thread(target=int)\nt.start(); t.join()\n"
                                                   "def test_it(): pass\n")
        result = self.raddle("check", "--quiet", "tests/deeper", code=2)
        self.assertEqual([line.partition(": ")[2] for line in result.stdout.splitlines()[:3]],
                         ["ends the process while it is imported", "cannot be imported: SystemExit: 3", "skipped: is skipped: not now"])
        self.assertIn("test_threads.py::test_it: 1 of 1", result.stdout)
        self.assertEqual(result.last_line, "1 test checked: 1 clean, 2 that could not be run, 1 skipped")

    def test_an_import_that_does_not_end(self):
        self.write("tests/deeper/test_busy.py", "def test_it(): pass\n\nwhile True:\n    pass\n")
        self.write("tests/deeper/test_waits.py", "import subprocess\nsubprocess.run(['sleep', '30'])\n")
        self.write("tests/deeper/test_sleeps.py", "import time\ntime.sleep(1000)\ndef test_it(): pass\n")  # of the model's time
        result = self.raddle("check", "--watchdog", "300ms", "tests/deeper", code=2)
        says = "cannot be imported: it has not come to an end after 0.3 s"
        self.assertRegex(result.stdout, rf"deeper/test_busy\.py: {says}, at tests/deeper/test_busy\.py:[34]\n")
        self.assertIn(f"deeper/test_waits.py: {says}\n", result.stdout)
        self.assertIn("test_sleeps.py::test_it: 1 of 1 execution explored (complete)", result.stdout)
        self.assertEqual(result.last_line, "1 test checked: 1 clean, 2 that could not be run")
        self.bad_input("check", "--watchdog", "300ms", "tests/deeper/test_busy.py::test_it", says=[says, "test_busy.py:"])
        cut = self.raddle("check", "--time", "300ms", "--watchdog", "off", "tests/deeper/test_busy.py::test_it", code=3)
        self.assertIn("the time budget ran out", cut.stdout)
        cut = self.raddle("check", "--time", "300ms", "--watchdog", "off", "tests/deeper/test_busy.py", code=2)
        self.assertIn("was not imported within --time", cut.stdout)

    def test_an_import_that_leaves_a_process_behind(self):
        self.write("tests/deeper/test_fork.py", "import os, time\nif os.fork() == 0: time.sleep(20)\ndef test_it(): pass\n")
        self.write("tests/deeper/test_yields.py", "def test_it(): yield\n")
        start = time.monotonic()
        result = self.raddle("check", "--watchdog", "1s", "tests/deeper", code=None)
        self.assertLess(time.monotonic() - start, 15)
        self.assertIn("test_yields.py::test_it: skipped: is a generator", result.stdout)

    def test_a_signal_ends_an_import(self):
        self.write("tests/deeper/test_busy.py", "import os\nopen('pid', 'w').write(f'{os.getpid()} ')\nwhile True: pass\ndef test_it(): pass\n")
        for name in ("tests/deeper/test_busy.py::test_it", "tests/deeper"):
            for number in (signal.SIGTERM, signal.SIGINT):
                with self.subTest(name=name, signal=number):
                    process = self.start_raddle("check", "--watchdog", "off", name)
                    pid = self.wait_for(lambda: os.path.exists("pid") and self.read("pid").endswith(" ") and int(self.read("pid")))
                    process.send_signal(number)
                    process.wait(20)
                    self.assertIn(process.returncode, (3, -number))
                    self.wait_for(lambda: not os.path.exists(f"/proc/{pid}"))
                    os.remove("pid")

    def wait_for(self, condition):
        for _ in range(200):
            if value := condition():
                return value
            time.sleep(0.05)
        self.fail("in vain")

    def test_a_file_of_tests(self):
        """What pytest would do: all of them. A program is a program, whatever it is called."""
        result = self.raddle("check", "tests/test_counter.py", code=1)
        self.assertEqual(result.last_line, "7 tests checked: 5 clean, 2 with errors, 2 skipped")
        self.assertIn("tests/test_counter.py::test_careful: 2 of 2 executions explored (complete)", result.stdout)
        self.bad_input("check", "tests/test_counter.py", "--graph", "g.dot", says=["--graph", "FILE::TEST"])
        self.raddle("check", "-m", "test_counter", code=0, env={**os.environ, "PYTHONPATH": "tests"})
        with open("tests/test_counter.py", encoding="utf-8") as file:
            self.write("tests/counters.py", file.read())
        self.assertIn("1 of 1 execution explored", self.raddle("check", "tests/counters.py", code=0).stdout)
        program = "from threading import Thread as T\nn = 0\ndef add():\n    global n\n    n += 1\n" \
                  "a, b = T(target=add), T(target=add)\na.start(); b.start(); a.join(); b.join()\nassert n == 2{}\n"
        for name, end in (("tests/test_program.py", ""), ("tests/program_test.py", "  # tests nothing"),
                          ("tests/test_exit.py", ", 'a test'\nimport sys; sys.exit(0)")):
            with self.subTest(name):
                self.write(name, program.format(end))
                result = self.raddle("check", name, code=1)
                self.assertTrue(result.stdout.startswith("ASSERTION"), result)
        self.write("tests/test_mistake.py", "def test_it(): pass\nimport nowhere\n")
        result = self.raddle("check", "tests/test_mistake.py", code=2)
        self.assertIn("tests/test_mistake.py: cannot be imported: ModuleNotFoundError", result.stdout)
        self.write("tests/test_syntax.py", "def test_it(: pass\n")
        self.bad_input("check", "tests/test_syntax.py", says=["does not compile"])

    def test_expected_failures(self):
        self.write("tests/test_expected.py", """import threading, unittest
n = 0
def add():
    global n
    with threading.Lock(): n += 1
def compare(case, expected):
    ts = [threading.Thread(target=add) for _ in range(2)]
    for t in ts: t.start()
    for t in ts: t.join()
    case.assertEqual(n, expected)
class Case(unittest.TestCase):
    @unittest.expectedFailure
    def test_always_fails(self): raise KeyError(1)
    @unittest.expectedFailure
    def test_sometimes_passes(self): compare(self, 2)
    @unittest.expectedFailure
    def test_never_fails(self): pass
    @unittest.expectedFailure
    def test_skip(self): self.skipTest("no")
    def tearDown(self): self.done = True
class Prepared(unittest.TestCase):
    def setUp(self): raise KeyError(1)
    @unittest.expectedFailure
    def test_set_up(self): self.fail()
@unittest.expectedFailure
class Async(unittest.IsolatedAsyncioTestCase):
    async def test_fails(self): raise KeyError(1)
    async def test_passes(self): pass
""")
        for name, code, line in (("Case::test_always_fails", 0, 0), ("Case::test_sometimes_passes", 1, 14), ("Case::test_never_fails", 1, 16),
                                 ("Case::test_skip", 0, 0), ("Async::test_fails", 0, 0), ("Async::test_passes", 1, 28)):
            with self.subTest(name):
                result = self.raddle("check", "--ignore", "lost-update", "tests/test_expected.py::" + name, code=code)
                if code:
                    self.assertRegex(result.stdout, rf"ASSERTION  unexpected success: test_\w+ passes +test_expected\.py:{line}\n")
        self.assertIn("KeyError", self.raddle("check", "tests/test_expected.py::Prepared::test_set_up", code=1).stdout)

    def test_nothing_to_check(self):
        os.mkdir("empty")
        self.bad_input("check", "empty", says=["no tests in this folder"])
        self.bad_input("check", "tests", "--graph", "g.dot", says=["--graph"])

    def test_outputs_of_a_folder(self):
        """One of each kind for all tests, as of a project; also of a single file of tests."""
        self.write("tests/test_prog.py", "import threading\nthreading.Thread(target=print).start()\n")
        for what in ("tests", "tests/test_counter.py"):
            with self.subTest(what):
                result = self.raddle("check", what, "--report", "r.json", "--sarif", "r.sarif", "--junit", "r.xml", "--html", "p.html",
                                     "--perfetto", "p.json", "--github", code=1)
                names = [m["name"] for m in json.loads(self.read("r.json"))["models"]]
                self.assertEqual(len(names), 9)
                run = json.loads(self.read("r.sarif"))["runs"][0]
                self.assertEqual([i["properties"]["model"] for i in run["invocations"]], names)
                self.assertEqual({r["properties"]["model"] for r in run["results"] if r["level"] == "error"},
                                 {"tests/test_counter.py::test_careless", "tests/test_counter.py::Case::test_unequal"})
                cases = re.findall(r"<testcase [^>]*name=\"([^\"]*)\"", self.read("r.xml"))
                self.assertEqual(len(cases), len(names))
                self.assertIn('"name":"tests/test_counter.py::test_careless"', self.read("p.html"))
                self.assertIn("tests/test_counter.py::test_careless: ", self.read("p.json"))
                self.assertRegex(result.stdout, r"(?m)^::error file=tests/test_counter\.py,")
        # A program is a program, whatever it is called.
        self.raddle("check", "tests/test_prog.py", "--report", "r.json", "--sarif", "r.sarif", code=0)
        self.assertEqual(json.loads(self.read("r.json"))["format"], "raddle-result/1")

    def test_a_package(self):
        self.write("tests/__init__.py", "")
        self.write("tests/test_relative.py", "from .counter import Counter\ndef test_it(): assert Counter().n == 0\n")
        self.raddle("check", "tests/test_relative.py::test_it", code=0)

    def test_once(self):
        self.raddle("run", "tests/test_counter.py::test_careful", code=0)
        self.raddle("run", "tests/test_counter.py::nowhere", code=2)


support.main()
