"""raddle run: one execution, for real."""
import signal
import subprocess
import time

import support

DEADLOCK = """
import sys, threading
a, b = threading.Lock(), threading.Lock()
def work(first, second):
    with first:
        with second:
            print(threading.current_thread().name)
threads = [threading.Thread(target=work, args=locks) for locks in ((a, b), (b, a))]
for t in threads: t.start()
for t in threads: t.join()
print(*sys.argv[1:])
sys.exit(7)
"""
ORDER = """
import threading
order = []
def work(i):
    for _ in range(4): order.append(i)
threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(order)
"""


class Run(support.Test):
    def run_text(self, text, *options, code=None, **more):
        return self.raddle("run", *options, self.write("program.py", text), code=code, **more)

    def outcome(self, text, seed):
        result = self.run_text(text, "--seed", str(seed))
        return result.code, result.stdout, result.stderr

    def test_the_strategy_is_random(self):
        for seed in ("0", "3"):
            named = self.run_text(ORDER, "--strategy", "random", "--seed", seed).stdout
            self.assertEqual(named, self.run_text(ORDER, "--seed", seed).stdout)

    def test_other_strategies(self):
        for strategy in ("pct", "pos"):
            with self.subTest(strategy):
                outcomes = [[self.run_text(ORDER, "--strategy", strategy, "--seed", str(seed), code=0).stdout
                             for seed in range(12)] for _ in range(2)]
                self.assertEqual(*outcomes)
                self.assertGreater(len(set(outcomes[0])), 2)
        self.bad_input("run", "--depth", "2", "y.py", says="--depth is for --strategy pct")
        self.bad_input("run", "--strategy", "pct", "--depth", "0", "y.py", says="--depth")

    def test_a_seed_is_an_interleaving(self):
        outcomes = [self.outcome(ORDER, seed) for seed in range(6)]
        self.assertEqual([self.outcome(ORDER, seed) for seed in range(6)], outcomes)
        self.assertGreater(len(set(outcomes)), 2)
        self.assertEqual(self.run_text(ORDER).stdout, outcomes[0][1])
        for code, _, stderr in outcomes:
            self.assertEqual((code, stderr), (0, ""))

    def test_arguments_and_exit_status_and_deadlock(self):
        seen = set()
        for seed in range(100):
            if len(seen) == 2: break
            path = self.write("program.py", DEADLOCK)
            result = self.raddle("run", "--seed", str(seed), path, "--", "a", "b c")
            seen.add(result.code)
            if result.code == 7:
                self.assertTrue(result.stdout.endswith("a b c\n"), result)
                self.assertEqual(result.stderr, "")
                continue
            self.assertEqual((result.code, result.stdout), (1, ""), result)
            self.assertTrue(result.stderr.startswith("DEADLOCK  "), result)
            self.assertIn("Each waits for the next: ", result.stderr)
            self.assertNotIn("replay", result.stderr)
        self.assertEqual(seen, {1, 7})
        self.assertEqual(list(self.files()), ["program.py"])

    def test_ends_as_under_python3(self):
        for text, code in (("import sys\nsys.exit('bye')\n", 1), ("import os\nos._exit(5)\n", 5), ("1 / 0\n", 1),
                           ("import threading\nthreading.Thread(target=lambda: 1 / 0).start()\n", 0),
                           ("import nothing_of_this_name\n", 1),
                           ("import raddle\nprint(raddle.choose(1))\nraddle.final(lambda: print('end'))\n", 0),
                           ("import subprocess\nsubprocess.run(['echo', 'from outside'])\nprint('then')\n", 0)):
            with self.subTest(text):
                result = self.run_text(text, code=code)
                if "raddle" in text:
                    self.assertEqual(result.stdout, "0\nend\n")
                    continue
                plain = subprocess.run([support.PYTHON, "-u", "program.py"], capture_output=True, encoding="utf-8")
                self.assertEqual(result.stdout, plain.stdout)
                self.assertEqual(result.stderr.splitlines()[-1:], plain.stderr.splitlines()[-1:])

    def test_it_runs_once(self):
        """Also where a search would begin again: what is shared, who is alive, which threads there are."""
        self.run_text("open('runs', 'a').write('x')\n"
                      "import threading\nd = {}\nmany = {i: i for i in range(20)}\n"
                      "def work():\n    d.update(many)\n    d.clear()\n"
                      "t = threading.Thread(target=work)\nt.start()\nd.update(many)\n"
                      "t.is_alive(), threading.active_count(), t.join(5)\n", code=0)
        self.assertEqual(self.read("runs"), "x")

    def test_standard_input_and_output_are_real(self):
        """Output is there before input is, and waiting for input is no standstill."""
        path = self.write("talk.py", "print('hello', end=' ')\nname = input('name? ')\nimport sys\n"
                          "print(name, [line.strip() for line in sys.stdin], file=sys.stderr)\n")
        process = self.start_raddle("run", "--watchdog", "300ms", path, stdin=subprocess.PIPE)
        self.assertEqual(process.stdout.read(len("hello name? ")), "hello name? ")
        time.sleep(1.5)
        stdout, stderr = process.communicate("joe\n1\n2\n", timeout=20)
        self.assertEqual((process.returncode, stdout, stderr), (0, "", "joe ['1', '2']\n"))

    def test_nobody_reads(self):
        path = self.write("many.py", "import itertools\nfor i in itertools.count(): print(i)\n")
        process = self.start_raddle("run", path)
        self.assertEqual(process.stdout.readline(), "0\n")
        process.stdout.close()
        self.assertIn("BrokenPipeError", process.stderr.read())
        self.assertEqual(process.wait(20), 1)

    def test_interruption(self):
        path = self.write("forever.py", "import time\nprint('begun')\nwhile True: time.sleep(1)\n")
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start_raddle("run", path)
            self.assertEqual(process.stdout.readline(), "begun\n")
            process.send_signal(number)
            self.assertEqual(process.communicate(timeout=20), ("", ""))
            self.assertEqual(process.returncode, -number)

    def test_watchdog(self):
        result = self.run_text("print('begun')\nwhile True: pass\n", "--watchdog", "300ms", code=1)
        self.assertEqual(result.stdout, "begun\n")
        self.assertIn("raddle: a thread was interrupted: it runs on without any operation", result.stderr)
        self.assertIn("(program.py:2)", result.stderr)

    def test_what_ends_the_process(self):
        result = self.run_text("import os\nprint('begun')\nos.abort()\n", code=1)
        self.assertEqual(result.stdout, "begun\n")
        self.assertTrue(result.stderr.startswith("CRASH  abort"), result)
        result = self.run_text("import os\nprint('begun')\nos.kill(os.getpid(), 9)\n", code=3)
        self.assertEqual(result.stdout, "begun\n")
        self.assertTrue(result.stderr.startswith("raddle: The model crashed in execution 1: SIGKILL"), result)

    def test_long(self):
        """Beyond what is recorded for the report of a deadlock."""
        result = self.run_text("import threading\nlock = threading.Lock()\nn = 0\n"
                               "while n < 60000: n += 1\nprint(n)\nlock.acquire()\nlock.acquire()\n", code=1)
        self.assertEqual(result.stdout, "60000\n")
        self.assertIn("main waits for lock", result.stderr)

    def test_modules_clocks_and_timeouts(self):
        self.write("package/__init__.py", "")
        self.write("package/part.py", "import sys\nprint(__name__, __package__, sys.argv[1:])\n")
        self.assertEqual(self.raddle("run", "-m", "package.part", "--", "x", code=0).stdout, "__main__ package ['x']\n")
        sleepers = ("import threading, time\n"
                    "def work(s):\n    time.sleep(s)\n    print(s)\n"
                    "for s in (30, 10, 20): threading.Thread(target=work, args=(s,)).start()\n")
        for seed in range(4):
            shown = self.run_text(sleepers, "--clock", "virtual", "--seed", str(seed), code=0).stdout
            self.assertEqual(shown, "10\n20\n30\n")
        waits = "import threading\nprint(threading.Event().wait(5))\n"
        self.assertEqual(self.run_text(waits, code=0).stdout, "False\n")
        self.assertIn("DEADLOCK", self.run_text(waits, "--timeouts", "never", code=1).stderr)

    def test_bad_input(self):
        self.bad_input("run", says="run: no program given")
        self.bad_input("run", "missing.py", says="there is no such file")
        self.bad_input("run", "-m", "x", "y.py", says="both a program")
        for name in ("exhaustive", "dpor"):
            self.bad_input("run", "--strategy", name, "y.py", says=[f"--strategy {name}", "random, pct or pos", "raddle check"])
        self.bad_input("run", "--seed", "x", "y.py", says="'x' is not a whole number")
        self.bad_input("run", "--clock", "real", "y.py", says="It takes free or virtual.")
        self.bad_input("run", "--all", "y.py", says="unknown option '--all'. See raddle help run")
        self.bad_input("run", "y.py", "1", says="the model's own arguments come behind --")
        self.write("broken.py", "def\n")
        self.bad_input("run", "broken.py", says="does not compile")


support.main()
