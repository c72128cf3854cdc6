"""Data races in Python: a warning for attributes, globals and captured variables that nothing orders, and nothing for
what containers do in one step."""
import json

import support

THREADS = """
threads = [threading.Thread(target=f) for f in ({functions},)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""

STOP_FLAG = """import threading
stop = False
def worker():
    if stop:
        print("stopped")
t = threading.Thread(target=worker)
t.start()
stop = True
t.join()
"""


class DataRaces(support.Test):
    def races(self, text, functions, *options):
        """How many are warned of, in a search that finds nothing else and ends with 0."""
        path = self.write("model.py", "import collections, queue, threading\n" + text + THREADS.format(functions=functions))
        result = self.raddle("check", "--all", "--report", "r.json", *options, path, code=0)
        report = json.loads(self.read("r.json"))
        self.assertEqual(report["coverage"]["kind"], "complete", result)
        self.assertEqual({f["kind"] for f in report["findings"]} - {"data-race"}, set(), result)
        self.assertEqual({f["severity"] for f in report["findings"]} - {"warning"}, set(), result)
        return len(report["findings"])

    def pair(self, with_it, without_it, functions):
        self.assertEqual(self.races(with_it, functions), 0)
        self.assertEqual(self.races(without_it, functions), 1)

    def test_a_warning_is_one_line(self):
        path = self.write("stop.py", STOP_FLAG)
        result = self.raddle("check", path, code=0)
        lines = result.stdout.splitlines()
        self.assertEqual(lines[0], "warning  stop.py:4  main writes stop at :8 and t1 reads it at :4; nothing orders the two.")
        self.assertEqual(lines[1].strip(), "[data-race]")
        self.assertEqual(lines[2].strip(), "raddle show .raddle/stop-1.json")
        self.assertEqual(lines[3], "")
        self.assertRegex(lines[4], r"^2 of 2 executions explored \(complete\), 1 warning, ")
        self.assertEqual(len(lines), 5, result)

    def test_severity(self):
        path = self.write("stop.py", STOP_FLAG)
        for options in (["--strict"], ["--fail-on", "data-race"]):
            result = self.raddle("check", *options, path, code=1)
            self.assertTrue(result.stdout.startswith("DATA RACE  stop  "), result)
            self.assertIn("  main writes stop at :8 and t1 reads it at :4; nothing orders the two.", result.stdout)
            self.assertRegex(result.stdout, "<- races with step \\d+")
            self.assertIn("has a data race", result.last_line)
            self.assertIn("stopped at the first finding", result.last_line)
        self.raddle("check", "--fail-on", "deadlock", path, code=0)
        for rule in ("data-race", "data-race:stop", "data-race:stop.py:8", "*"):
            result = self.raddle("check", "--strict", "--ignore", rule, path, code=0)
            self.assertIn(f"1 finding does not count: --ignore {rule}", result.stdout)
        self.raddle("check", "--strict", "--ignore", "data-race:stop.py:7", path, code=1)

    def test_replay(self):
        path = self.write("stop.py", STOP_FLAG)
        self.raddle("check", path, code=0)
        result = self.raddle("replay", ".raddle/stop-1.json", code=1)
        self.assertIn("data-race", result.stdout.lower().replace("data race", "data-race"))
        shown = self.raddle("show", "--full", ".raddle/stop-1.json")
        self.assertEqual(shown.stdout.count("races with step"), 2, shown)

    def test_the_same_with_every_strategy(self):
        path = self.write("stop.py", STOP_FLAG)
        seen = set()
        for strategy in ("exhaustive", "source", "brute"):
            self.raddle("check", "--all", "--strategy", strategy, "--report", "r.json", path, code=0)
            finding, = json.loads(self.read("r.json"))["findings"]
            seen.add((finding["message"], finding["fingerprint"]))
        self.assertEqual(len(seen), 1, seen)

    def test_kinds_of_variables(self):
        self.assertEqual(self.races("x = 0\ndef f():\n    global x\n    x = 1\ndef g(): return x\n", "f, g"), 1)
        self.assertEqual(self.races("class C: pass\nc = C()\ndef f(): c.x = 1\ndef g(): return hasattr(c, 'x')\n", "f, f"), 1)
        self.assertEqual(self.races("def make():\n    x = 0\n    def f():\n        nonlocal x\n        x = 1\n"
                                    "    def g(): return x\n    return f, g\nf, g = make()\n", "f, g"), 1)
        self.assertEqual(self.races("x = 0\ndef g(): return x\n", "g, g"), 0)

    def test_containers_are_silent(self):
        for setup, one, other in (
                ("[0, 0]", "c.append(1)", "c[0] = 2"), ("{}", "c['k'] = 1", "c.get('k')"), ("set()", "c.add(1)", "len(c)"),
                ("collections.deque()", "c.append(1)", "c.appendleft(2)"), ("{}", "c.update(a=1)", "list(c)")):
            with self.subTest(one):
                self.assertEqual(self.races(f"c = {setup}\ndef f(): {one}\ndef g(): {other}\n", "f, g"), 0)

    def test_what_is_found_in_a_container_was_put_there(self):
        text = ("class Box: value = 0\nbox, boxes = Box(), dict()\n"
                "def f():\n    box.value = 1\n    {put}\n"
                "def g():\n    if {found}: box.value\n")
        self.pair(text.format(put="boxes['box'] = box", found="'box' in boxes"),
                  text.format(put="boxes['box'] = box", found="'box' in boxes or True"), "f, g")

    def test_locks(self):
        text = "lock, other, x = threading.Lock(), threading.Lock(), 0\ndef f():\n    global x\n    with lock: x = 1\ndef g():\n    with {}: return x\n"
        self.pair(text.format("lock"), text.format("other"), "f, g")

    def test_conditions_events_semaphores_and_queues(self):
        for make, give, take in (
                ("threading.Event()", "it.set()", "it.wait()"),
                ("threading.Semaphore(0)", "it.release()", "it.acquire()"),
                ("queue.Queue()", "it.put(1)", "it.get()"),
                ("queue.SimpleQueue()", "it.put(1)", "it.get()"),
                ("threading.Barrier(2)", "it.wait()", "it.wait()")):
            with self.subTest(make):
                text = f"it, x = {make}, 0\ndef f():\n    global x\n    {{}}\n    {{}}\ndef g():\n    {take}\n    return x\n"
                self.pair(text.format("x = 1", give), text.format(give, "x = 1"), "f, g")
        text = ("c, done, x = threading.Condition(), [], 0\n"
                "def f():\n    global x\n    {}\n    with c:\n        done.append(1)\n        c.notify()\n    {}\n"
                "def g():\n    with c:\n        c.wait_for(lambda: done)\n    return x\n")
        self.pair(text.format("x = 1", "pass"), text.format("pass", "x = 1"), "f, g")

    def test_joining_a_queue(self):
        text = ("q, x = queue.Queue(), 0\nq.put(1)\n"
                "def f():\n    global x\n    q.get()\n    {}\n    q.task_done()\n    {}\n"
                "def g():\n    q.join()\n    return x\n")
        self.pair(text.format("x = 1", "pass"), text.format("pass", "x = 1"), "f, g")

    def test_futures(self):
        text = ("from concurrent.futures import ThreadPoolExecutor\nx = 0\n"
                "def work():\n    global x\n    x = 1\n"
                "def f():\n    with ThreadPoolExecutor(1) as pool:\n        future = pool.submit(work)\n        {}\n        x\n")
        self.pair(text.format("future.result()"), text.format("future.done"), "f")

    def test_a_lost_update_says_it_too(self):
        """The result has the warnings; the text is what it was."""
        result = self.raddle("check", "--all", "--report", "r.json", support.model("tutorial/lost_update.py"), code=1)
        findings = json.loads(self.read("r.json"))["findings"]
        self.assertEqual([(f["kind"], f["severity"]) for f in findings],
                         [("lost-update", "error")] + [("data-race", "warning")] * 2)
        self.assertTrue(result.stdout.startswith("LOST UPDATE  "), result)
        self.assertNotIn("warning", result.stdout)
        # What does not count says nothing about others.
        ignoring = self.raddle("check", "--ignore", "lost-update", support.model("tutorial/lost_update.py"), code=0)
        self.assertEqual(ignoring.stdout.count("[data-race]"), 2, ignoring)


support.main()
