"""The plugin for pytest: marked tests are checked by raddle."""
import os
import re
import subprocess
import xml.etree.ElementTree

import support

PLUGIN = str(support.SOURCE / "checker/integrations/pytest")

TESTS = '''
import threading
import pytest


class Counter:
    def __init__(self):
        self.n = 0
        self.lock = threading.Lock()

    def add(self):
        self.n += 1

    def add_locked(self):
        with self.lock:
            self.n += 1


def both(f):
    threads = [threading.Thread(target=f) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


@pytest.mark.raddle
def test_racy():
    counter = Counter()
    both(counter.add)
    assert counter.n == 2


@pytest.mark.raddle
def test_locked():
    counter = Counter()
    both(counter.add_locked)
    assert counter.n == 2


def test_unmarked():
    counter = Counter()
    both(counter.add)


@pytest.mark.raddle(expect="lost-update")
def test_expected():
    counter = Counter()
    both(counter.add)


@pytest.mark.raddle(strategy="random", runs=40, all=True, time="20s")
class TestClass:
    def setup_method(self):
        self.counter = Counter()

    def test_method(self):
        both(self.counter.add)

    @pytest.mark.raddle(ignore=["lost-update", "data-race"])
    def test_ignored(self):
        both(self.counter.add)

    @pytest.mark.skipif(threading is not None, reason="not now")
    def test_skipped(self):
        both(self.counter.add)

    @pytest.mark.xfail(reason="known")
    def test_known(self):
        both(self.counter.add)
'''

REFUSED = '''
import unittest
import pytest


@pytest.fixture
def thing():
    return 3


@pytest.fixture(autouse=True)
def always():
    yield


@pytest.mark.raddle
def test_argument(thing, tmp_path):
    pass


@pytest.mark.raddle
@pytest.mark.parametrize("n", [1, 2])
def test_parameters(n):
    pass


@pytest.mark.raddle
def test_autouse():
    pass
'''

OTHERS = '''
import unittest
import pytest


def test_fixture(tmp_path):
    assert tmp_path.exists()


class Case(unittest.TestCase):
    def setUp(self):
        self.n = 3

    def test_it(self):
        self.assertEqual(self.n, 3)


@pytest.mark.raddle(sed=3)
def test_misspelt():
    pass


@pytest.mark.raddle("random")
def test_positional():
    pass
'''


class Pytest(support.Test):
    def setUp(self):
        super().setUp()
        if subprocess.run([support.PYTHON, "-c", "import pytest"], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("python3-pytest is not installed")

    def pytest(self, *arguments, code, raddle=support.RADDLE, **environment):
        environment = {**os.environ, "PYTHONPATH": PLUGIN, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": "", **environment}
        done = subprocess.run([support.PYTHON, "-m", "pytest", "-p", "raddle_pytest", "-p", "no:cacheprovider", "-v", "--strict-markers",
                               *([f"--raddle={raddle}"] if raddle else []), *arguments], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self.assertEqual(done.returncode, code, done.stdout)
        outcome = dict(re.findall(r"(?m)^\S+?\.py::(\S+) ([A-Z]+)", done.stdout))
        return outcome, done.stdout

    def test_marked_tests(self):
        self.write("test_counter.py", TESTS)
        outcome, text = self.pytest("--junitxml", "junit.xml", code=1)
        self.assertEqual(outcome, {
            "test_racy": "FAILED", "test_locked": "PASSED", "test_expected": "PASSED", "test_unmarked": "PASSED", "TestClass::test_method": "FAILED",
            "TestClass::test_ignored": "PASSED", "TestClass::test_skipped": "SKIPPED", "TestClass::test_known": "XFAIL"})
        failure = text.split("test_racy ___")[1].split("___ ")[0]
        self.assertIn("ASSERTION", failure)
        self.assertIn("LOST UPDATE", failure)
        self.assertIn("test_counter.py:", failure)
        self.assertIn("replay: raddle replay .raddle/", failure)
        self.assertNotIn("raddle_pytest.py", failure)
        self.assertIn("40 executions sampled", text)
        cases = {c.get("name"): c for c in xml.etree.ElementTree.parse("junit.xml").iter("testcase")}
        self.assertIn("LOST UPDATE", cases["test_racy"].find("failure").text)
        properties = {p.get("name"): p.get("value") for p in cases["test_locked"].iter("property")}
        self.assertIn("(complete)", properties["raddle"])

    def test_replay(self):
        self.write("tests/test_counter.py", TESTS)
        _, text = self.pytest("tests", "-k", "test_racy", code=1)
        trace = re.search(r"raddle (replay \S+)", text)[1].split()
        self.assertIn("reproduced", self.raddle(*trace, code=1).stdout)
        self.assertTrue(os.path.exists(".raddle/tests/test_counter-test_racy-1.json"))  # apart from those of other folders

    def test_selection_and_command_line(self):
        self.write("test_counter.py", TESTS)
        outcome, _ = self.pytest("-k", "test_locked or test_unmarked", "--raddle-all", code=1)
        self.assertEqual(outcome, {"test_locked": "PASSED", "test_unmarked": "FAILED"})
        outcome, text = self.pytest("-m", "raddle", "-k", "not Class", "--raddle-strategy", "brute", "--raddle-options", "--runs 1", code=1)
        self.assertEqual(outcome["test_locked"], "FAILED")
        self.assertIn("INCONCLUSIVE", text)
        outcome, _ = self.pytest("test_counter.py::test_racy", "--raddle-off", "-p", "no:randomly", code=0)
        self.assertEqual(outcome, {"test_racy": "PASSED"})

    def test_settings(self):
        self.write("test_counter.py", TESTS)
        self.write("pytest.ini", f"[pytest]\nraddle = {support.RADDLE}\nraddle_strategy = random\nraddle_time = 9s\n"
                                 "raddle_options = --seed 3 --runs 30\n")
        _, text = self.pytest("-rP", "-k", "test_locked", raddle=None, code=0)
        self.assertIn("--seed 3 --runs 30 --strategy random --time 9s test_counter.py::test_locked", text)
        self.assertIn("30 executions sampled", text)

    def test_what_is_refused(self):
        self.write("test_refused.py", REFUSED)
        outcome, text = self.pytest(code=1)
        self.assertEqual(set(outcome.values()), {"FAILED"})
        self.assertIn("raddle cannot check this test: it uses fixtures always, thing, tmp_path", text)
        self.assertIn("it has parameters (n)", text)
        self.assertIn("it uses the fixture always", text)
        self.assertNotIn("Traceback", text)
        self.write("pytest.ini", "[pytest]\nraddle_ignore_fixtures = always thing\n")
        outcome, text = self.pytest(code=1)
        self.assertEqual([name for name, verdict in outcome.items() if verdict == "PASSED"], ["test_autouse"])
        self.assertIn("it uses fixtures thing, tmp_path.", text)

    def test_others(self):
        self.write("test_others.py", OTHERS)
        outcome, text = self.pytest("--raddle-all", "-rP", code=1)
        self.assertEqual(outcome, {"test_fixture": "PASSED", "Case::test_it": "PASSED", "test_misspelt": "FAILED",
                                   "test_positional": "FAILED"})
        self.assertIn("check --progress never --colour never test_others.py::Case::test_it", text)
        self.assertIn("unknown option '--sed' (did you mean --seed?)", text)
        self.assertIn("by keyword", text)

    def test_without_the_program(self):
        self.write("test_counter.py", TESTS)
        _, text = self.pytest("-k", "test_locked", raddle="./missing", code=1)
        self.assertIn("there is no program ./missing", text)
        _, text = self.pytest("-k", "test_locked", raddle=None, code=1, PATH="/nowhere")
        self.assertIn("there is no program raddle on PATH", text)
        self.pytest("-k", "test_locked", raddle=None, code=0, PATH=os.path.dirname(support.RADDLE))


support.main()
