"""Single tests in the style of pytest and unittest: `raddle check FILE::TEST` and `raddle check FOLDER`."""
import os

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
        self.assertEqual(self.raddle("check", "tests/deeper", code=0).last_line, "1 tests checked: 1 clean")

    def test_a_folder_with_a_broken_file(self):
        self.write("tests/deeper/test_broken.py", "def broken(:\n")
        self.write("tests/deeper/test_import.py", "import nowhere\ndef test_it(): pass\n")
        result = self.raddle("check", "tests/deeper", code=2)
        self.assertIn("tests/deeper/test_broken.py: does not compile", result.stdout)
        self.assertIn("cannot be imported", result.stderr)
        self.assertIn("2 that could not be run", result.last_line)

    def test_nothing_to_check(self):
        os.mkdir("empty")
        self.bad_input("check", "empty", says=["no tests in this folder"])
        self.bad_input("check", "tests", "--report", "r.json", says=["--report"])

    def test_a_package(self):
        self.write("tests/__init__.py", "")
        self.write("tests/test_relative.py", "from .counter import Counter\ndef test_it(): assert Counter().n == 0\n")
        self.raddle("check", "tests/test_relative.py::test_it", code=0)

    def test_once(self):
        self.raddle("run", "tests/test_counter.py::test_careful", code=0)
        self.raddle("run", "tests/test_counter.py::nowhere", code=2)


support.main()
