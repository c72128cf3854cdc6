"""A search that is stopped, or killed at any moment, goes on where it was, and ends as one that was never stopped."""
import json
import os
import random
import re
import signal
import time

import support

# 3,334 classes, most of which lose an update.
COUNTER = """import threading
n = 0
def work():
    global n
    for _ in range(4):
        n = n + 1
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
"""
# Where the file "stop" is, an execution that loses updates takes it away, has raddle interrupted, and is still at work when
# raddle ends it.
INTERRUPTED = COUNTER.replace("import threading\n", "import os, signal, threading\n") + """def be_interrupted():
    if os.path.exists("stop"):
        os.remove("stop")
        os.kill(os.getppid(), signal.SIGINT)
        for _ in range(10**9): pass
if n == 2: be_interrupted()
"""
# Bounded loops, so several rounds; 2,501 executions in the last.
POLLING = """import threading, queue
done = threading.Event()
items = queue.Queue()
def produce():
    for i in range(2): items.put(i)
    done.set()
def consume():
    while not done.is_set() or not items.empty():
        if not items.empty(): items.get()
threads = [threading.Thread(target=f) for f in (produce, consume)]
for t in threads: t.start()
for t in threads: t.join()
"""


class Checkpoints(support.Test):
    def result(self, path):
        """What a search has found, without how long it took and what it was asked to do."""
        document = json.loads(self.read(path))
        document["findings"].sort(key=lambda f: f["fingerprint"])
        return {k: v for k, v in document.items() if k not in ("seconds", "options")}

    def whole(self, path):
        self.raddle("check", "--all", path, "--report", "whole.json")
        return self.result("whole.json")

    def test_runs(self):
        """Stopped after so many executions, again and again, with another number of processes each time."""
        path = self.write("counter.py", COUNTER)
        whole = self.whole(path)
        self.assertGreater(whole["executions"], 3000)
        self.raddle("check", "--all", path, "--checkpoint", "c", "--runs", "500", code=1)
        for i, runs in enumerate(range(1000, 3334, 500)):
            result = self.raddle("resume", "c", "--runs", str(runs), "-j", str(i % 3 + 1), code=1)
            self.assertIn("to go on: raddle resume c\n", result.stdout)
            executions = int(re.search(r"([\d,]+) executions explored", result.stdout)[1].replace(",", ""))
            self.assertGreaterEqual(executions, runs)
            self.assertLess(executions, 3334)
        result = self.raddle("resume", "c", "--report", "r.json", code=1)
        self.assertNotIn("to go on", result.stdout)
        self.assertEqual(self.result("r.json"), whole)
        self.raddle("resume", "c", "--report", "again.json", code=1)
        self.assertEqual(self.result("again.json"), whole)

    def is_killed_again_and_again(self, state, asked, resumed, rng):
        """`check --all ASKED --checkpoint STATE`, gone on with by `resume STATE RESUMED`, gives what it gives undisturbed."""
        began = time.monotonic()
        self.raddle("check", "--all", *asked, "--report", "whole.json")
        took = time.monotonic() - began
        options = ("--checkpoint-every", "5ms", "--report", "r.json")
        killed = 0
        command = begin = ("check", "--all", *asked, "--checkpoint", state)
        for jobs in range(60):
            process = self.start_raddle(*command, *options, "-j", str(jobs % 3 + 1))
            time.sleep(rng.uniform(0.1, 0.8) * took)
            process.kill()
            process.communicate(timeout=20)
            if process.returncode == -signal.SIGKILL:
                killed += 1
            elif killed:
                break
            else:  # faster than it was alone: once more
                for file in ("r.json", state):
                    if os.path.exists(file):
                        os.remove(file)
                command = begin
                continue
            if os.path.exists("r.json"):  # it had come to its end
                break
            if os.path.exists(state):
                command = ("resume", state, *resumed)
        else:
            self.raddle(*command, *options)
        self.assertGreater(killed, 0)
        self.assertEqual(self.result("r.json"), self.result("whole.json"))
        os.remove("r.json")

    def test_killed_at_any_moment(self):
        rng = random.Random(1)
        for name, program in (("counter", COUNTER), ("polling", POLLING)):
            with self.subTest(name):
                path = self.write(name + ".py", program)
                self.is_killed_again_and_again(name, (path, "--time", "60s"), (), rng)

    def test_samples_and_bounded_searches_that_are_killed_at_any_moment(self):
        rng = random.Random(2)
        path = self.write("counter.py", COUNTER)
        runs = ("--runs", "20000")
        for strategy in ("sample", "pct"):
            with self.subTest(strategy):
                asked = (path, "--strategy", strategy, *runs, "--seed", "5")
                self.is_killed_again_and_again(strategy, asked, runs, rng)
        for strategy, *asked in (("delays", "--delays", "4"), ("preemptions", "--strategy", "preemptions")):
            with self.subTest(strategy):
                self.is_killed_again_and_again(strategy, (path, *asked), (), rng)

    def test_a_bounded_search_that_is_stopped(self):
        """By a number of executions, and by the user."""
        path = self.write("counter.py", COUNTER)
        asked = ("check", "--all", path, "--preemptions", "3", "--report", "whole.json")
        whole = self.raddle(*asked, code=1)
        for jobs in ("1", "3"):
            self.raddle(*asked[:-1], "r.json", "-j", jobs, "--alone", "1ms", "--runs", "300", "--checkpoint", "c", code=1)
            result = self.raddle("resume", "c", "-j", "2", "--report", "r.json", code=1)
            self.assertEqual(self.result("r.json"), self.result("whole.json"))
            self.assertEqual(support.without_seconds(result.stdout), support.without_seconds(whole.stdout))
        long = self.write("long.py", COUNTER.replace("range(4)", "range(40)"))
        for jobs in ("1", "3"):
            process = self.start_raddle("check", "--all", long, "--preemptions", "4", "-j", jobs, "--checkpoint", "c", "--report", "r.json")
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=30)
            self.assertEqual((process.returncode, stderr), (1, ""))
            self.assertIn("to go on: raddle resume c\n", stdout)
            before = json.loads(self.read("r.json"))
            self.raddle("resume", "c", "--time", "500ms", "-j", jobs, "--report", "r.json", code=1)
            after = json.loads(self.read("r.json"))
            self.assertGreater(after["executions"], before["executions"])
            self.assertEqual(after["coverage"]["levels"][:1], before["coverage"]["levels"][:1])

    def test_a_sample_that_is_interrupted(self):
        path = self.write("counter.py", COUNTER)
        asked = ("check", "--all", path, "--strategy", "sample")
        for jobs in ("1", "3"):
            process = self.start_raddle(*asked, "--runs", "1000000", "-j", jobs, "--checkpoint", "c", "--report", "r.json")
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=30)
            self.assertEqual((process.returncode, stderr), (1, ""))
            self.assertIn("to go on: raddle resume c\n", stdout)
            before = json.loads(self.read("r.json"))["executions"]
            self.raddle("resume", "c", "--time", "300ms", "--report", "r.json", code=1)
            result = json.loads(self.read("r.json"))
            self.assertGreater(result["executions"], before // 2)
            self.assertEqual(result["coverage"]["reason"], "time")
            runs = str(result["executions"] + 2000)
            self.raddle("resume", "c", "--runs", runs, "--report", "r.json", code=1)
            self.raddle(*asked, "--runs", runs, "--report", "whole.json")
            self.assertEqual(self.result("r.json"), self.result("whole.json"))

    def test_interrupted(self):
        path = self.write("counter.py", COUNTER.replace("range(4)", "range(30)"))
        process = self.start_raddle("check", "--all", path, "--checkpoint", "c", "--report", "r.json")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
        self.assertEqual((process.returncode, stderr), (1, ""))
        self.assertIn("(cut: interrupted)", stdout)
        self.assertIn("to go on: raddle resume c\n", stdout)
        before = json.loads(self.read("r.json"))["executions"]
        self.raddle("resume", "c", "--time", "300ms", "--report", "r.json", code=1)
        self.assertGreater(json.loads(self.read("r.json"))["executions"], before)

    def test_interrupted_in_an_execution_that_has_gone_wrong(self):
        """What it has shown is said, and counts once in the end."""
        path = self.write("counter.py", INTERRUPTED)
        for asked in ((), ("--preemptions", "4"), ("--strategy", "sample", "--runs", "2000", "--seed", "1")):
            resumed = asked[2:4]
            self.raddle("check", "--all", path, *asked, "--report", "whole.json")
            whole = self.result("whole.json")
            for jobs in ("1", "3"):
                with self.subTest(asked, jobs=jobs):
                    self.write("stop", "")
                    result = self.raddle("check", "--all", path, *asked, "-j", jobs, "--alone", "1ms", "--checkpoint", "c", "--report", "r.json")
                    self.assertNotIn("stop", self.files())
                    self.assertIn("to go on: raddle resume c\n", result.stdout)
                    self.assertGreater(self.result("r.json")["truncated"], 0)
                    self.raddle("resume", "c", *resumed, "-j", jobs, "--report", "r.json")
                    self.assertEqual(self.result("r.json"), whole)
                    os.remove("c")

    def test_first_error(self):
        """It is known when the search goes on; --all goes on behind it."""
        path = self.write("counter.py", COUNTER)
        whole = self.whole(path)
        result = self.raddle("check", path, "--checkpoint", "c", code=1)
        self.assertIn("to go on: raddle resume c --all\n", result.stdout)
        self.assertEqual(support.without_seconds(self.raddle("resume", "c", code=1).stdout), support.without_seconds(result.stdout))
        self.raddle("resume", "c", "--all", "--report", "r.json", code=1)
        self.assertEqual(self.result("r.json"), whole)

    def refused(self, *arguments):
        result = self.raddle(*arguments, code=2)
        self.assertEqual(result.stdout, "")
        return result.stderr

    def test_refused(self):
        path = self.write("counter.py", COUNTER)
        self.raddle("check", path, "--checkpoint", "c", "--runs", "50", "--stdin", self.write("input", "1\n"), code=1)
        with open("c", "rb") as file:
            content = file.read()
        self.write("input", "2\n")
        self.assertRegex(self.refused("resume", "c"), "c: the standard input of .*counter.py has changed since this state was kept")
        self.write("input", "1\n")
        self.write("counter.py", COUNTER + "\n")
        self.assertRegex(self.refused("resume", "c"), "c: /.*counter.py has changed since this state was kept")
        self.write("counter.py", COUNTER)
        self.raddle("resume", "c", "--runs", "60", code=1)
        for name, damaged in (("short", content[:-1]), ("long", content + b"x"), ("other", content[:-1] + bytes([content[-1] ^ 1]))):
            with open(name, "wb") as file:
                file.write(damaged)
            self.assertIn(f"{name}: this checkpoint is damaged", self.refused("resume", name))
        with open("version", "wb") as file:
            file.write(re.sub(rb'"raddle_version":"[^"]*"', b'"raddle_version":"0.0.0"', content))
        self.assertIn("raddle 0.0.0 has written this checkpoint", self.refused("resume", "version"))
        self.assertIn("there is no such file", self.refused("resume", "nothing"))
        self.assertIn("is not a checkpoint", self.refused("resume", path))
        self.assertIn("cannot be gone on with", self.refused("check", path, "--checkpoint", "d", "--strategy", "brute"))
        self.assertIn("is the model", self.refused("check", path, "--checkpoint", path))
        self.assertIn("is a folder", self.refused("check", path, "--checkpoint", "."))
        self.assertIn("there is no folder", self.refused("check", path, "--checkpoint", "no/c"))
        os.mkdir("tests")
        self.write("tests/test_x.py", "def test_x(): pass\n")
        self.assertIn("has as many searches as tests", self.refused("check", "tests", "--checkpoint", "d"))

    def test_of_a_project_with_options_typed_beside_it(self):
        """What was typed counts more than the project, also when it is gone on with."""
        self.write("counter.py", COUNTER)
        self.write("raddle.json", json.dumps({"models": [{"model": "counter.py", "checkpoint": "c", "budget": {"runs": 300}}],
                                              "outputs": {"report": "p.json"}}))
        self.raddle("check", "--all", "--fail-on", "data-race", "--ignore", "lost-update", "--trace-dir", "traces", code=1)
        self.raddle("resume", "c", "--report", "r.json", code=1)
        result = json.loads(self.read("r.json"))
        self.assertEqual(result["coverage"]["kind"], "complete")
        self.assertEqual({f["kind"]: f["severity"] for f in result["findings"] if "suppressed" not in f}, {"data-race": "error"})
        self.assertEqual({f["suppressed"] for f in result["findings"] if f["kind"] == "lost-update"}, {"--ignore lost-update"})
        self.assertTrue(all(f["trace"].startswith("traces/") for f in result["findings"]))
        self.assertEqual(json.loads(self.read("p.json"))["format"], "raddle-results/1")  # of the project, as it was

    def test_a_folder_that_cannot_be_written(self):
        """What was found is still said."""
        os.mkdir("closed")
        os.chmod("closed", 0o555)
        result = self.raddle("check", support.model("tutorial/lost_update.py"), "--checkpoint", "closed/c")
        os.chmod("closed", 0o755)
        if os.geteuid() == 0:
            self.assertEqual(result.code, 1)
        else:
            self.assertEqual(result.code, 2)
            self.assertIn("closed", result.stderr)
        self.assertIn("LOST UPDATE", result.stdout)


support.main()
