"""Sampling in several processes is the sampling of one process, from outside."""
import json
import os
import pathlib
import signal
import time

import support

STRATEGIES = ("sample", "random", "pct", "pos", "urw", "surw", "rff")

# Which threads there are depends on who was first: processes meet them in different orders.
UNSTEADY = """import threading
x = 0
y = 0

def child(i):
    global x, y
    x = y + i
    y = x

def parent(i):
    global x
    seen = x
    x = i + 1
    if seen % 2:
        children = [threading.Thread(target=child, args=(i + k,)) for k in range(2)]
        for c in children:
            c.start()
        for c in children:
            c.join()

threads = [threading.Thread(target=parent, args=(i,)) for i in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
"""

LONG = ("check", "--strategy", "sample", "--all", "--runs", "20000", support.model("tutorial/bare_increment.py"))


class Jobs(support.Test):
    def sampled(self, jobs, *arguments):
        """Everything that one search says and writes."""
        folder = pathlib.Path(f"traces{jobs}")
        done = self.raddle("check", "-j", str(jobs), "--alone", "1ms", "--report", "r.json", "--trace-dir", str(folder), *arguments)
        self.assertEqual(done.stderr, "", done)
        traces = {p.name: p.read_text() for p in folder.glob("*")}
        texts = [support.without_seconds(t).replace(str(folder), "traces") for t in (self.read("r.json"), done.stdout)]
        return done.code, *texts, traces

    def same(self, *arguments):
        alone = self.sampled(1, *arguments)
        self.assertEqual(self.sampled(3, *arguments), alone)
        return json.loads(self.read("r.json"))

    def test_all_strategies(self):
        unsteady = self.write("unsteady.py", UNSTEADY)
        for strategy in STRATEGIES:
            for path in (unsteady, support.model("tutorial/queue_event_final.py"), support.model("classic/bounded_buffer.py")):
                with self.subTest(strategy=strategy, path=path):
                    result = self.same("--strategy", strategy, "--all", "--runs", "900", path)
                    self.assertEqual(result["executions"], 900)
                    self.assertGreater(result["classes"], 1)

    def test_the_first_error(self):
        rare = self.write("rare.py", support.RARE_RUN)
        for strategy in ("sample", "pos", "rff"):
            with self.subTest(strategy):
                result = self.same("--strategy", strategy, "--runs", "20000", "--seed", "4", rare)
                self.assertEqual(result["coverage"]["reason"], "first-finding")
                self.assertEqual(result["findings"][0]["kind"], "assertion")
                self.assertEqual(result["findings"][0]["count"], 1)

    def workers(self, process):
        """The copies of the process that explores."""
        def children(pid):
            try:
                return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
            except OSError:
                return []
        return [w for explorer in children(process.pid) for w in children(explorer)]

    def test_workers_that_are_killed(self):
        alone = self.raddle(*LONG, "-j", "1", "--report", "r1.json", code=1)
        process = self.start_raddle(*LONG, "-j", "3", "--alone", "1ms", "--report", "r3.json")
        killed = set()
        while len(killed) < 3:
            self.assertIsNone(process.poll(), killed)
            time.sleep(0.05)
            workers = self.workers(process)
            if len(workers) == 3:
                os.kill(workers[0], signal.SIGKILL)
                killed.add(workers[0])
        stdout, stderr = process.communicate(timeout=100)
        self.assertEqual((process.returncode, stderr), (1, ""))
        self.assertEqual(support.without_seconds(stdout), support.without_seconds(alone.stdout))
        self.assertEqual(*(support.without_seconds(self.read(f"r{j}.json")) for j in (1, 3)))

    def test_time_and_interruption(self):
        forever = ("check", "--strategy", "sample", "--all", "-j", "3", "--alone", "1ms", "--report", "r.json", LONG[-1])
        begin = time.monotonic()
        self.raddle(*forever, "--time", "1s", code=1)
        self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual(json.loads(self.read("r.json"))["coverage"]["reason"], "time")
        process = self.start_raddle(*forever)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 1)
        result = json.loads(self.read("r.json"))
        self.assertEqual(result["coverage"]["reason"], "interrupted")
        self.assertGreater(result["executions"], 256)

    def test_a_model_that_ends_its_process(self):
        path = self.write("leaves.py", support.RARE_RUN.replace("assert x != 231", "import os\nif x == 231: os.kill(os.getpid(), 11)"))
        done = self.raddle("check", "--strategy", "random", "--runs", "20000", "-j", "3", "--alone", "1ms", path)
        self.assertIn("segmentation fault", done.stdout)


support.main()
