"""`raddle replay --break`, and RADDLE_BREAK for programs of the C++ library: a debugger at one step of a trace."""
import json
import os
import shutil
import signal
import subprocess
import time
import unittest

import support

LOST = support.model("tutorial/lost_update.py")
CLASSIC = os.path.join(os.path.dirname(support.RADDLE), "classic")
GDB = shutil.which("gdb")
# What a user has: says where it is, and what is there.
HOOK = """import bdb
import sys

def show():
    frame = sys._getframe(1)
    print("HOOK", frame.f_code.co_name, frame.f_lineno, sorted(frame.f_locals.items()))

class Tracer(bdb.Bdb):
    lines = 0
    def user_line(self, frame):
        print("LINE", frame.f_lineno, sorted(frame.f_locals.items()))
        self.lines += 1
        if self.lines == 3:
            self.set_continue()

def trace():
    Tracer().set_trace(sys._getframe(1))

def leave():
    raise bdb.BdbQuit

def fail():
    raise ValueError("of its own")
"""


class Python(support.Test):
    def setUp(self):
        super().setUp()
        self.raddle("check", "--trace-dir", "t", LOST, code=1)
        self.path = "t/lost_update-1.json"
        self.trace = json.loads(self.read(self.path))
        self.events = self.trace["events"]

    def step(self, operation, number=1, thread=None):
        """The number of the trace's n-th event of this kind."""
        steps = [i + 1 for i, event in enumerate(self.events)
                 if event["operation"] == operation and (thread is None or event["thread"] == thread)]
        return steps[number - 1]

    def debug(self, step, commands="", code=1, hook=None, path=None, options=(), **environment):
        """What is written to both streams."""
        environment = {**os.environ, "PYTHONPATH": self.folder, **environment}
        environment.pop("PYTHONBREAKPOINT", None)
        if hook is not None:
            environment["PYTHONBREAKPOINT"] = hook
        result = self.raddle("replay", path or self.path, "--break", str(step), *options, code=code, env=environment,
                             stdin=None, input=commands)
        self.assertNotIn("crashed", result.stderr, result)
        return result

    def raddle(self, *arguments, input=None, **options):
        if input is None:
            return super().raddle(*arguments, **options)
        del options["stdin"]
        path = self.write("typed", input)
        with open(path, encoding="utf-8") as typed:
            return super().raddle(*arguments, stdin=typed, **options)

    def test_the_state_before_the_step_is_there(self):
        # Both have read 0 when the second one writes.
        write = self.step("write", 3)
        result = self.debug(write, "p value, database_value\nc\n")
        self.assertIn("(Pdb) (1, 1)", result.stdout)
        self.assertIn("-> database_value = value", result.stdout)
        self.assertIn("reproduced: ", result.stdout)
        self.assertEqual(result.stderr, "")
        # Before the first of them it is 0, and the thread has read it.
        self.assertIn("(Pdb) (1, 0)", self.debug(self.step("write", 2), "p value, database_value\nc\n").stdout)
        # Before a read the thread has nothing yet.
        self.assertIn("NameError: name 'value' is not defined", self.debug(self.step("read", 1), "p value\nc\n").stdout)

    def test_it_is_the_thread_that_performs_it(self):
        for number in (1, 2):
            step = self.step("read", number)
            result = self.debug(step, "p __import__('threading').current_thread().name\nc\n")
            thread = self.trace["threads"][self.events[step - 1]["thread"]]["label"]
            self.assertIn(f"before step {step}: {thread}  read database_value", result.stdout)
            self.assertIn(f"Thread-{thread[1]} (increase)", result.stdout)

    def test_what_is_typed_is_no_step(self):
        self.write("waits.py", "import queue, threading\nx = 0\nq = queue.Queue()\nlock = threading.Lock()\n"
                               "def f():\n    global x\n    with lock:\n        x = x + 1\n    x = x + 1\n"
                               "ts = [threading.Thread(target=f) for _ in range(2)]\n"
                               "for t in ts: t.start()\nfor t in ts: t.join()\nassert x == 4\n")
        self.raddle("check", "--trace-dir", "r", "waits.py", code=1)
        events = json.loads(self.read("r/waits-1.json"))["events"]
        step = [n for n, event in enumerate(events, 1) if event["operation"] == "write" and event["thread"] != 0][0]
        for typed, answer in [("p lock.locked()", "True"), ("p lock.acquire()", "RuntimeError: this lock is held"), ("p q.get()", "RuntimeError"),
                              ("p q.qsize()", "0"), ("p [t.is_alive() for t in ts]", "[True, True]"), ("p threading.active_count()", "3"),
                              ("p ts[1].join()", "RuntimeError: nothing that is called in a debugger waits for a thread"),
                              ("p threading.Thread(target=f).start()", "RuntimeError: nothing that is called in a debugger starts a thread"),
                              ("p __import__('time').sleep(1)", "None"), ("p __import__('time').time()", "."), ("pp vars()", "{}"),
                              ("!import zlib", ""), ("p open('waits.py').readline()", "import queue"), ("p __import__('subprocess').call('true')", "0"),
                              ("p input()\nanswered", "'answered'"), ("p globals().keys() and exec('y = 1')", "None")]:
            with self.subTest(typed):
                result = self.debug(step, typed + "\nc\n", path="r/waits-1.json")
                self.assertIn(answer, result.stdout.split("(Pdb) ")[1])
                self.assertIn("reproduced: ", result.stdout)

    def test_stepping(self):
        result = self.debug(self.step("read"), "n\nn\nn\nc\n")
        for line in ("value = database_value", "value += 1", "time.sleep(0.1)", "database_value = value"):
            self.assertIn("-> " + line, result.stdout)
        self.assertIn("reproduced: ", result.stdout)

    def test_breakpoints_of_pdb(self):
        result = self.debug(self.step("read"), f"b {LOST}:16\nc\np value\nc\n")
        self.assertIn("-> database_value = value", result.stdout)
        self.assertIn("(Pdb) 1", result.stdout)
        self.assertIn("reproduced: ", result.stdout)

    def test_any_step_in_any_way_leaves_the_replay_as_it_was(self):
        for step, event in enumerate(self.events, 1):
            if event["operation"] == "end":
                continue
            with self.subTest(step=step, operation=event["operation"]):
                self.assertIn("reproduced: ", self.debug(step, "w\nl\np dir(), [*map(repr, threads)]\nimport json, decimal\ns\nn\nn\nc\n").stdout)

    def test_programs_that_make_objects(self):
        """Names are counted, and what the debugger makes must not count."""
        for name in ("tutorial/queue_event_final", "bugs/racy/shared_generator", "bugs/racy/executor_shared", "classic/philosophers"):
            with self.subTest(name):
                self.raddle("check", "--trace-dir", "other", support.model(name + ".py"), code=1)
                path = f"other/{os.path.basename(name)}-1.json"
                count = len(json.loads(self.read(path))["events"])
                for step in {1, count // 3, count // 2, 2 * count // 3}:
                    result = self.debug(step, "p [threading.Lock() for _ in range(3)]\nn\nc\n", code=None, path=path)
                    if "is at no line of the program" not in result.stderr:
                        self.assertIn("reproduced: ", result.stdout, f"step {step}: {result}")

    def test_what_the_program_writes_is_seen(self):
        result = self.debug(self.step("read"), "c\n")
        self.assertIn("database_value is 1\n", result.stdout)
        # The trace is not shown again, unless it is asked for.
        self.assertNotIn("LOST UPDATE", result.stdout)
        self.assertIn("LOST UPDATE", self.debug(self.step("read"), "c\n", options=["--full"]).stdout)

    def test_the_program_reads_what_it_read_then(self):
        self.write("reads.py", "import threading\nx = 0\ndef f():\n    global x\n    x = x + 1\n"
                               "ts = [threading.Thread(target=f) for _ in range(2)]\n"
                               "for t in ts: t.start()\nfor t in ts: t.join()\nprint('line', input())\nassert x == 2\n")
        self.write("lines", "of the check\n")
        self.raddle("check", "--trace-dir", "r", "--stdin", "lines", "reads.py", code=1)
        result = self.debug(1, "p 'typed'\nc\nnot for the program\n", path="r/reads-1.json")
        self.assertIn("line of the check", result.stdout)
        self.assertIn("reproduced: ", result.stdout)

    def test_leaving_it(self):
        for commands in ("q\n", "", "n\nq\n", "n\n", "p 1\n"):
            with self.subTest(commands):
                result = self.debug(self.step("read"), commands, code=0)
                self.assertTrue(result.stdout.endswith("left the debugger; the rest was not replayed\n"), result)
                self.assertEqual(result.stderr, "")

    def test_what_was_changed_counts(self):
        result = self.debug(self.step("read"), "!globals()['database_value'] = 7\nc\n", code=3)
        self.assertIn("DIVERGED at step", result.stdout)
        self.assertIn("in the debugger", result.stdout)

    def test_it_may_take_its_time(self):
        """Whoever thinks is no standstill."""
        terminal = support.Terminal(support.RADDLE, "replay", "--watchdog", "1s", self.path, "--break", str(self.step("read")),
                                    PYTHONBREAKPOINT=None)
        terminal.until("(Pdb) ")
        time.sleep(3)
        terminal.type("n\n")
        terminal.until("(Pdb) ")
        time.sleep(3)
        terminal.type("c\n")
        self.assertEqual(terminal.end(), 1)
        self.assertIn("reproduced: ", terminal.text)

    def test_on_a_terminal(self):
        terminal = support.Terminal(support.RADDLE, "replay", self.path, "--break", str(self.step("write", 3)), PYTHONBREAKPOINT=None)
        terminal.until("(Pdb) ")
        terminal.type("nonsense")
        terminal.until("nonsense")
        for last in (False, False, True):  # one that comes just before CPython waits for keys is noticed with the next
            terminal.control("C")
            try:
                terminal.until("--KeyboardInterrupt--", timeout=10)
                break
            except AssertionError:
                if last:
                    raise
        terminal.until("(Pdb) ")
        terminal.type("p 6 * 7\n")
        self.assertIn("42", terminal.until("(Pdb) "))
        terminal.type("c\n")
        self.assertEqual(terminal.end(), 1)
        self.assertEqual(terminal.text.count("--KeyboardInterrupt--"), 1)
        self.assertIn("reproduced: ", terminal.text)
        # Ctrl-D leaves it.
        terminal = support.Terminal(support.RADDLE, "replay", self.path, "--break", "1", PYTHONBREAKPOINT=None)
        terminal.until("(Pdb) ")
        terminal.control("D")
        self.assertEqual(terminal.end(), 0)

    def test_ctrl_c_behind_the_debugger(self):
        self.write("long.py", "import threading\nx = 0\ndef f():\n    global x\n    x = x + 1\n"
                              "ts = [threading.Thread(target=f) for _ in range(2)]\n"
                              "for t in ts: t.start()\nfor t in ts: t.join()\nimport sys\n"
                              "if 'pdb' in sys.modules:\n    print('runs on', flush=True)\n    while True: pass\nassert x == 2\n")
        self.raddle("check", "--trace-dir", "r", "long.py", code=1)
        terminal = support.Terminal(support.RADDLE, "replay", "r/long-1.json", "--break", "1", PYTHONBREAKPOINT=None)
        terminal.until("(Pdb) ")
        terminal.type("c\n")
        terminal.until("runs on")
        terminal.control("C")
        self.assertEqual(terminal.end(), -signal.SIGINT)

    def test_another_debugger(self):
        self.write("hooks.py", HOOK)
        result = self.debug(self.step("write", 3), hook="hooks.show")
        self.assertIn("HOOK increase 16 [('value', 1)]\n", result.stdout)
        self.assertIn("reproduced: ", result.stdout)
        # One that traces: it sees the lines that come.
        result = self.debug(self.step("read"), hook="hooks.trace")
        self.assertIn("LINE 14 [('value', 0)]\nLINE 15 [('value', 1)]\nLINE 16 [('value', 1)]\n", result.stdout)
        self.assertIn("reproduced: ", result.stdout)
        self.assertIn("left the debugger", self.debug(1, hook="hooks.leave", code=0).stdout)
        # As for breakpoint().
        self.assertIn("(Pdb) ", self.debug(1, "c\n", hook="").stdout)
        self.assertIn("(Pdb) ", self.debug(1, "c\n", hook="pdb.set_trace").stdout)

    def test_the_program_may_have_one_of_its_own(self):
        self.write("own.py", "import sys, threading\nx = 0\ndef hook(): print('OWN', sys._getframe(1).f_lineno)\n"
                             "sys.breakpointhook = hook\ndef f():\n    global x\n    x = x + 1\n"
                             "ts = [threading.Thread(target=f) for _ in range(2)]\n"
                             "for t in ts: t.start()\nfor t in ts: t.join()\nassert x == 2\n")
        self.raddle("check", "--trace-dir", "r", "own.py", code=1)
        events = json.loads(self.read("r/own-1.json"))["events"]
        step = [n for n, event in enumerate(events, 1) if event["operation"] == "read"][0]
        self.assertIn("OWN 7\n", self.debug(step, path="r/own-1.json", hook="no.such").stdout)

    def test_one_that_cannot_be_used(self):
        self.write("hooks.py", HOOK)
        for hook, says in [("no_such.debugger", "PYTHONBREAKPOINT=no_such.debugger cannot be used: No module named 'no_such'"),
                           ("hooks.nothing", "PYTHONBREAKPOINT=hooks.nothing cannot be used: module 'hooks' has no attribute 'nothing'"),
                           ("nothing", "PYTHONBREAKPOINT=nothing cannot be used"), ("hooks.fail", "ValueError: of its own"),
                           ("0", "PYTHONBREAKPOINT=0 turns debuggers off")]:
            with self.subTest(hook):
                result = self.debug(self.step("read"), code=2, hook=hook)
                self.assertIn("raddle: --break: ", result.stderr)
                self.assertIn(says, result.stderr)

    def test_bad_input(self):
        last = len(self.events)
        for step, says in [("x", "'x' is not a whole number"), ("-1", "not a whole number"), ("0", "from 1 on"),
                           (str(last + 1), [f"no step {last + 1}", f"Its steps are 1 to {last}"]), ("99999999999999999999", "99999999999999999999"),
                           (str(self.step("end")), ["(end)", "is at no line of the program"])]:
            with self.subTest(step):
                self.bad_input("replay", self.path, "--break=" + step, says=says)
        self.bad_input("replay", self.path, "--break", "1", "--interactive", says="--break and --interactive")
        self.write("changed.json", json.dumps({**self.trace, "program_hash": "0"}))
        self.bad_input("replay", "changed.json", "--break", "1", says="has changed since")
        self.write("empty.json", json.dumps({**self.trace, "events": [], "schedule": [], "findings": [], "critical": {}, "passing_run": {"threads": [], "objects": [], "events": []}}))
        self.bad_input("replay", "empty.json", "--break", "1", says="no step 1: it has none at all")
        self.write("library.json", json.dumps({**self.trace, "front_end": "library", "replay_command": "RADDLE_REPLAY={trace} ./bank_test"}))
        self.bad_input("replay", "library.json", "--break", "7",
                       says="gdb -ex run --args env RADDLE_BREAK=7 RADDLE_REPLAY=library.json ./bank_test")


class Library(support.Test):
    def setUp(self):
        super().setUp()
        self.raddle("account", "--trace-dir", "t", program=CLASSIC, code=1)
        self.path = "t/account-1.json"
        self.events = json.loads(self.read(self.path))["events"]
        self.step = [n for n, event in enumerate(self.events, 1) if event["operation"] == "lock" and event["thread"] != 0][1]

    def test_without_a_debugger(self):
        result = self.raddle("account", program=CLASSIC, code=2, env={**os.environ, "RADDLE_REPLAY": self.path, "RADDLE_BREAK": "3"})
        self.assertIn("RADDLE_BREAK: no debugger is attached that could stop at step 3", result.stderr)
        self.assertIn("gdb -ex run --args ", result.stderr)
        self.assertEqual(result.stdout, "")

    @unittest.skipUnless(GDB, "gdb is not installed")
    def test_gdb(self):
        refused = self.raddle("replay", self.path, "--break", str(self.step), code=2)
        command = refused.stderr.split("To stop there in gdb: ")[1].strip()
        self.assertTrue(command.startswith("gdb -ex run --args "))
        command = command.replace("gdb -ex run", "gdb -batch -nx -ex run -ex bt -ex continue", 1) + " account"
        done = subprocess.run(command, shell=True, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                              env={**os.environ, "DEBUGINFOD_URLS": ""})
        text = done.stdout + done.stderr
        if "Could not trace the inferior process" in text or "ptrace" in text.lower() and "SIGTRAP" not in text:
            self.skipTest("processes may not be traced here")
        self.assertIn(f"raddle: stopped at step {self.step}", text)
        self.assertIn("received signal SIGTRAP", text)
        # The thread's own frames, with the line that the trace names.
        place = self.events[self.step - 1]["location"]
        stack = [line for line in text.splitlines() if line.startswith("#")]
        self.assertTrue(any(f"account.cpp:{place['line']}" in line for line in stack), text)
        self.assertFalse(any(" main (" in line for line in stack), text)
        self.assertIn("reproduced ", text)


support.main()
