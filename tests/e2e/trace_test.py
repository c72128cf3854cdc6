"""Traces: written by check, read by show, executed again by replay; and everything that can be wrong with one."""
import json
import os
import pty
import re
import shutil
import subprocess

import support

LOST = support.model("tutorial/lost_update.py")
PHILOSOPHERS = support.model("classic/philosophers.py")


class Outdated(support.Test):
    """Traces of a program as it was before: nobody is to open one by mistake."""

    def test_they_are_removed(self):
        def program(assertions):
            return "import threading\n" + "".join(
                f"def f{n}(): assert False\nthreading.Thread(target=f{n}).start()\n" for n in range(assertions))
        def traces():
            return sorted(name for name in self.files() if name.startswith(".raddle/"))
        self.write("model.py", program(3))
        self.raddle("check", "--all", "model.py", code=1)
        self.assertEqual(traces(), [f".raddle/model-{n}.json" for n in (1, 2, 3)])
        # The program is the same: they still show what it does.
        self.raddle("check", "model.py", code=1)
        self.assertEqual(len(traces()), 3)
        # What is not raddle's, or another model's, stays.
        os.mkdir("other")
        self.write("other/model.py", program(1))
        self.raddle("check", "--trace-dir", "kept", "other/model.py", code=1)
        shutil.copy("kept/model-1.json", ".raddle/model-7.json")
        shutil.copy(".raddle/model-1.json", ".raddle/model-copy.json")
        self.write(".raddle/model-8.json", "{}")
        os.symlink("model-1.json", ".raddle/model-9.json")
        stay = [".raddle/" + name for name in ("model-7.json", "model-8.json", "model-copy.json")]
        self.write("model.py", program(1))
        self.raddle("check", "./model.py", code=1)
        self.assertEqual(traces(), sorted([".raddle/model-1.json", ".raddle/model-9.json", *stay]))
        self.raddle("replay", ".raddle/model-1.json", code=1)
        self.write("model.py", program(0))
        self.raddle("check", "model.py", code=0)
        self.assertEqual(traces(), stay)

    def test_version_control_leaves_them_out(self):
        """Where raddle has made the folder, and only there."""
        path = support.model("tutorial/lost_update.py")
        self.raddle("check", "--trace-dir", "in/.raddle/a", path, code=1)
        self.assertEqual(self.read("in/.raddle/.gitignore"), "*\n")
        self.assertNotIn(".gitignore", os.listdir("in/.raddle/a"))
        self.raddle("check", path, code=1)
        self.assertEqual(self.read(".raddle/.gitignore"), "*\n")
        os.remove(".raddle/.gitignore")
        self.raddle("check", path, code=1)
        self.raddle("check", "--trace-dir", "other", path, code=1)
        self.assertFalse([name for name in os.listdir(".raddle") + os.listdir("other") if not name.endswith(".json")])

    def test_a_search_that_crashes_removes_nothing(self):
        shutil.copy(LOST, "model.py")
        self.raddle("check", "model.py", code=1)
        self.write("model.py", "import os\nos.kill(os.getpid(), 9)\n")
        self.raddle("check", "model.py", code=3)
        self.assertIn(".raddle/model-1.json", self.files())


class Contents(support.Test):
    """What only other programs and the HTML viewer read."""

    def test_queues_have_lengths(self):
        self.write("model.py", "import queue, threading\n"
                   "q = queue.Queue(3)\n"
                   "def work():\n    q.put('a')\n    q.get_nowait()\n    assert q.qsize() == 1\n"
                   "q.put('b')\nt = threading.Thread(target=work)\nt.start()\nq.put('c')\nq.get()\nq.get()\nt.join()\n")
        self.raddle("check", "model.py", code=1)
        trace = json.loads(self.read(".raddle/model-1.json"))
        self.assertEqual([o["capacity"] for o in trace["objects"] if o["kind"] == "queue"], [3])
        length = 0
        for event in trace["events"]:
            if event["operation"] in ("put", "get", "try-get", "queue-test"):
                length += {"put": 1, "get": -1, "try-get": -1, "queue-test": 0}[event["operation"]]
                self.assertEqual(event["items"], length, event)

    def test_items_come_from_their_puts(self):
        """Whatever they are: what is equal is told apart by the queue's order, or by which object it is."""
        for kind, items, order in (("Queue", "5 5 5 5", [0, 1, 2, 3]), ("SimpleQueue", "5 5 5 5", [0, 1, 2, 3]),
                                   ("LifoQueue", "5 5 5 5", [3, 2, 1, 0]), ("LifoQueue", "5 6 5 6", [3, 2, 1, 0]),
                                   ("PriorityQueue", "7 5 7 5", [1, 3, 0, 2]),
                                   ("PriorityQueue", "Item(1) Item(0) Item(1) Item(0)", [1, 3, 0, 2])):
            with self.subTest(f"{kind} {items}"):
                self.write("model.py", "import queue, threading\n"
                           "class Item:\n    def __init__(self, key): self.key = key\n"
                           "    def __lt__(self, other): return self.key < other.key\n    def __repr__(self): return 'an item'\n"
                           f"q = queue.{kind}()\nitems = [{', '.join(items.split())}]\n"
                           "all_there = threading.Event()\n"
                           "def work():\n    for i in items: q.put(i)\n    all_there.set()\n"
                           "t = threading.Thread(target=work)\nt.start()\nall_there.wait()\n"
                           "got = [q.get(), q.get_nowait(), q.get(timeout=1), q.get(False)]\n"
                           "try: q.get_nowait()\nexcept queue.Empty: pass\nt.join()\nassert not got\n")
                self.raddle("check", "model.py", code=1)
                events = json.loads(self.read(".raddle/model-1.json"))["events"]
                puts = [e["step"] for e in events if e["operation"] in ("put", "try-put")]
                gets = [e for e in events if e["operation"] in ("get", "try-get")]
                self.assertEqual(len(puts), 4)
                self.assertEqual([e.get("reads_from") for e in gets], [puts[i] for i in order] + [None], gets)
                self.assertEqual(gets[-1]["result"], "Empty")
                flows = json.loads(self.raddle("show", "--perfetto", ".raddle/model-1.json", code=0).stdout)["traceEvents"]
                starts = {e["id"]: e["ts"] for e in flows if e["ph"] == "s" and e["name"] == "put to get"}
                ends = {e["id"]: e["ts"] for e in flows if e["ph"] == "f" and e["name"] == "put to get"}
                by_time = sorted(starts, key=ends.get)
                self.assertEqual([sorted(starts.values()).index(starts[i]) for i in by_time], order)

    def test_items_taken_out_from_outside(self):
        self.write("model.py", "import queue, threading\nq = queue.Queue()\nq.put(5)\n"
                   "done = threading.Event()\n"
                   "def work():\n    q.queue.clear()\n    q.put(5)\n    q.get()\n    done.set()\n"
                   "t = threading.Thread(target=work)\nt.start()\ndone.wait()\nassert q.qsize()\n")
        self.raddle("check", "model.py", code=1)
        events = json.loads(self.read(".raddle/model-1.json"))["events"]
        puts = [e["step"] for e in events if e["operation"] == "put"]
        self.assertEqual([e.get("reads_from") for e in events if e["operation"] == "get"], puts[1:])

    def test_sources_are_those_that_were_executed(self):
        shutil.copy(LOST, "model.py")
        self.raddle("check", "model.py", code=1)
        source, = json.loads(self.read(".raddle/model-1.json"))["sources"]
        self.assertEqual(source["file"], "model.py")
        digest = 0xCBF29CE484222325
        for byte in self.files()["model.py"]:
            digest = (digest ^ byte) * 0x100000001B3 % 2**64
        self.assertEqual(source["digest"], f"{digest:016x}")

    def test_the_order_that_decides_and_the_run_that_passes(self):
        self.raddle("check", "--trace-dir", "t", PHILOSOPHERS, code=1)
        trace = json.loads(self.read("t/philosophers-1.json"))
        self.assertEqual(set(trace["critical"]), {"first", "waiter"})
        self.assertIn(f"(step {trace['critical']['first']})", trace["explanation"])
        run = trace["passing_run"]
        self.assertEqual([t["id"] for t in run["threads"]], [t["id"] for t in trace["threads"]])
        self.assertEqual(sum(e["operation"] == "end" for e in run["events"]), len(run["threads"]))
        self.raddle("replay", "--quiet", "t/philosophers-1.json", code=1)


class Html(support.Test):
    def test_a_page(self):
        """From the trace alone and the sources as they are, in whatever folder one is."""
        shutil.copy(LOST, "model.py")
        self.raddle("check", "model.py", code=1)
        page = self.raddle("show", "--html", ".raddle/model-1.json", code=0).stdout
        self.assertTrue(page.startswith("<!DOCTYPE html>"))
        self.assertIn('"problem":""', page)
        self.assertNotIn("://", page.replace("http://www.w3.org/2000/svg", ""))
        os.mkdir("elsewhere")
        again = self.raddle("show", "--html", "../.raddle/model-1.json", code=0, cwd="elsewhere").stdout
        self.assertEqual(again.replace("../.raddle", ".raddle"), page)
        self.write("model.py", "# another one\n")
        self.assertIn('"problem":"changed"', self.raddle("show", "--html", ".raddle/model-1.json", code=0).stdout)
        os.remove("model.py")
        self.assertIn('"problem":"missing"', self.raddle("show", "--html", ".raddle/model-1.json", code=0).stdout)

    def test_old_traces(self):
        """Without what later versions have added."""
        self.raddle("check", "--trace-dir", "t", LOST, code=1)
        trace = json.loads(self.read("t/lost_update-1.json"))
        for name in ("critical", "passing_run", "sources"):
            trace.pop(name, None)
        self.write("old.json", json.dumps(trace))
        self.assertIn('"problem":"unverified"', self.raddle("show", "--html", "old.json", code=0).stdout)
        self.raddle("show", "old.json", code=0)

    def test_not_into_a_terminal(self):
        self.raddle("check", "--trace-dir", "t", LOST, code=1)
        main, terminal = pty.openpty()
        self.addCleanup(os.close, main)
        done = subprocess.run([support.RADDLE, "show", "--html", "t/lost_update-1.json"], stdin=subprocess.DEVNULL, stdout=terminal,
                              stderr=subprocess.PIPE, encoding="utf-8")
        os.close(terminal)
        self.assertEqual(done.returncode, 2)
        self.assertIn("raddle show --html t/lost_update-1.json > trace.html", done.stderr)


class Labels(support.Test):
    """An event is called after what it accesses, a container after itself."""

    def labels(self, program):
        """Of the witness: the lines of the table, in words alone, and the JSON objects and parts of events."""
        self.write("model.py", program)
        result = self.raddle("check", "model.py", code=1)
        shown = self.raddle("show", "--full", ".raddle/model-1.json", code=0)
        trace = json.loads(self.read(".raddle/model-1.json"))
        words = {name for text in (result.stdout, shown.stdout)
                 for name in re.findall(r"^ +\d+ .*?(?:read|write|update) +([^ :]+)", text, re.MULTILINE)}
        return trace, words

    def test_items_of_a_container_that_is_one_object(self):
        trace, words = self.labels("""import threading
scores = {"alice": 1, "bob": 1}
def alice(): scores["alice"] = 2
def bob(): scores["bob"] = scores["bob"] + 1
def all(points=scores):
    points["bob"] += 1
    len(points), list(points.items())
ts = [threading.Thread(target=f) for f in (alice, bob, all)]
for t in ts: t.start()
for t in ts: t.join()
assert scores["bob"] == 3
""")
        by_line = {event["location"]["line"]: event for event in trace["events"] if event["operation"] in ("read", "write")}
        labels = {line: event.get("part", trace["objects"][event["object"]]["label"]) for line, event in by_line.items()}
        self.assertEqual(labels, {3: "scores['alice']", 4: "scores['bob']", 6: "scores['bob']", 7: "scores", 11: "scores['bob']"})
        self.assertEqual(words, {"scores['alice']", "scores['bob']", "scores"})
        wholes = [o for o in trace["objects"] if o["label"] == "scores"]
        self.assertEqual([o["kind"] for o in wholes], ["container"])

    def test_a_step_on_several_items(self):
        trace, words = self.labels("""import threading
a, b = {"x": 0, "y": 0}, [0, 0]
def f(): a.update(x=1, y=2)
def g():
    a["x"] = b[0]
    b[1] = a["y"]
def h():
    b[0] = 3
    b.append(a["x"])
ts = [threading.Thread(target=x) for x in (f, g, h)]
for t in ts: t.start()
for t in ts: t.join()
assert a["x"] != 3
""")
        self.assertLessEqual(words, {"a", "a['x']", "a['y']", "b", "b[0]", "b[1]"})
        self.assertLessEqual({"a['y']", "b[0]", "b[1]"}, words)
        for event in trace["events"]:
            if event["operation"] == "write":
                part = {5: "a['x']", 6: "b[1]", 8: "b[0]"}[event["location"]["line"]]
                self.assertEqual(event.get("part", trace["objects"][event["object"]]["label"]), part)

    def test_items_of_their_own(self):
        trace, words = self.labels("""import threading
scores = {"alice": 1, "bob": 1}
def add(): scores["bob"] += 1
def other(): scores["alice"] += 1
ts = [threading.Thread(target=f) for f in (add, add, other)]
for t in ts: t.start()
for t in ts: t.join()
""")
        self.assertEqual(words, {"scores['bob']"})
        self.assertFalse([event for event in trace["events"] if "part" in event])


class RoundTrip(support.Test):
    def test_each_kind_of_finding(self):
        for name, heading, words in (
                ("tutorial/lost_update.py", "LOST UPDATE", "lost update"),
                ("tutorial/fake_database.py", "LOST UPDATE", "lost update"),
                ("tutorial/double_acquire.py", "DEADLOCK", "deadlock"),
                ("tutorial/pipeline_late_return.py", "ASSERTION", "assertion"),
                ("classic/philosophers.py", "DEADLOCK", "deadlock")):
            with self.subTest(name):
                path = support.model(name)
                trace = ".raddle/" + os.path.basename(name).replace(".py", "-1.json")
                checked = self.raddle("check", path, code=1)
                shown = self.raddle("show", trace, code=0)
                self.assertTrue(shown.stdout.startswith(heading + "  "), shown)
                self.assertTrue(checked.stdout.startswith(shown.stdout), f"{checked}\n{shown}")
                full = self.raddle("show", "--full", trace, code=0)
                self.assertGreater(len(full.stdout), len(shown.stdout))
                for options, width in (((), 80), ((), 120), (("--full",), 80), (("--full",), 120)):
                    text = self.raddle("show", "--width", str(width), *options, trace, code=0).stdout
                    for line in text.splitlines():
                        self.assertEqual(line, line.rstrip(), text)
                        self.assertLessEqual(len(line), width, text)
                before = self.files()
                replayed = self.raddle("replay", trace, code=1)
                self.assertTrue(replayed.stdout.startswith(shown.stdout), replayed)
                events = len(json.loads(self.read(trace))["events"])
                self.assertEqual(replayed.last_line, f"reproduced: {events} events as recorded, and the same {words}")
                self.assertEqual(self.raddle("replay", "--quiet", trace, code=1).stdout, replayed.last_line + "\n")
                self.assertEqual(self.files(), before)

    def test_texts_that_are_no_utf_8(self):
        """As Python has them of names of files."""
        path = self.write("model.py", "import threading\ndef f(): raise ValueError('\\udcff is no name')\n"
                                      "t = threading.Thread(target=f)\nt.start()\nt.join()\n")
        result = self.raddle("check", path, code=1)
        self.assertIn("Uncaught in t1: ValueError: \\udcff is no name", result.stdout)
        self.assertIn("ValueError: \\udcff is no name", self.raddle("show", ".raddle/model-1.json", code=0).stdout)
        self.raddle("replay", ".raddle/model-1.json", code=1)

    def test_every_finding_of_a_search_replays(self):
        path = self.write("several.py", """
            import threading
            x = y = 0
            def work():
                global x, y
                a = x
                x = a + 1
                b = y
                y = b + 1
                assert x < 2 or y < 2 or a == 1
            threads = [threading.Thread(target=work) for _ in range(2)]
            for t in threads: t.start()
            for t in threads: t.join()
            """.replace("\n            ", "\n"))
        result = self.raddle("check", "--all", path, code=1)
        traces = [name for name in self.files() if name.startswith(".raddle/")]
        self.assertGreaterEqual(len(traces), 3, result)
        for trace in traces:
            with self.subTest(trace):
                self.raddle("replay", trace, code=1)

    def test_a_queue_that_is_taken_apart(self):
        """What the search knew of it is known to the replay."""
        path = self.write("inside.py", """import threading, queue
q = queue.Queue(1)
def produce(): q.put(1); q.put(2)
def consume():
    q.get()
    with q.mutex: assert len(q.queue) == 0
for f in (produce, consume): threading.Thread(target=f).start()
""")
        self.raddle("check", path, code=1)
        self.assertIn("reproduced: ", self.raddle("replay", ".raddle/inside-1.json", code=1).stdout)

    def test_a_lost_wakeup_is_named(self):
        path = self.write("wakeup.py", """
import threading
ready = threading.Condition()
def wait():
    with ready: ready.wait()
def notify():
    with ready: ready.notify()
threads = [threading.Thread(target=wait), threading.Thread(target=notify)]
for t in threads: t.start()
for t in threads: t.join()
""")
        result = self.raddle("check", path, code=1)
        self.assertRegex(result.stdout, r"\ADEADLOCK  ready +wakeup.py:5\n"
                         r"  No thread can go on: t1 waits on ready for a notification; the one at step \d+ by t2 came before it\s+"
                         r"waited, and woke nobody \(lost wakeup\).\n")
        self.assertRegex(result.stdout, r"(?m)^ +\d+ .*notify-one ready \(wakes nobody\)  :7\n +<- lost wakeup$")
        self.assertIn("wait ready (releases ready's lock)", result.stdout)
        self.raddle("replay", ".raddle/wakeup-1.json", code=1)

    def test_names_of_a_pool(self):
        """Threads with long names can be told apart, and objects of the library are called what they are."""
        self.raddle("check", support.model("tutorial/fake_database.py"), code=1)
        shown = self.raddle("show", "--width", "60", ".raddle/fake_database-1.json", code=0).stdout
        names = re.findall(r"(?m)^ *\d+  (\S+) +(?:read|write) +FakeDatabase.value", shown)
        self.assertLessEqual({"worker-0_0", "worker-0_1"}, set(names), shown)
        full = self.raddle("show", "--full", ".raddle/fake_database-1.json", code=0).stdout
        self.assertRegex(full, r"(?m)^  output:\n    22:13:20  main: the value is 0\n    22:13:20  update 0: begins\n")
        self.assertRegex(full, r"worker-0_0  get executor._work_queue -> <_WorkItem> +thread.py:\d+")
        self.assertRegex(full, r"main +try-acquire executor._idle_semaphore -> False +:\d+")
        self.assertNotIn("@", full)

    def test_options_and_arguments_are_remembered(self):
        self.raddle("check", PHILOSOPHERS, "--", "2", code=1)
        trace = json.loads(self.read(".raddle/philosophers-1.json"))
        self.assertEqual(trace["arguments"], ["2"])
        self.raddle("replay", ".raddle/philosophers-1.json", code=1)
        path = self.write("late.py", "import threading, sys\n"
                          "if not threading.Event().wait(1): sys.exit(2)\n")
        self.raddle("check", "--timeouts", "any", path, code=1)
        self.raddle("replay", ".raddle/late-1.json", code=1)
        self.raddle("check", "--timeouts", "never", path, code=1)
        self.assertEqual(json.loads(self.read(".raddle/late-1.json"))["options"]["timeouts"], "never")
        self.raddle("replay", ".raddle/late-1.json", code=1)
        bare = support.model("tutorial/bare_increment.py")
        self.raddle("check", "--strategy", "random", "--clock", "virtual", "--runs", "50", bare, code=1)
        self.assertEqual(json.loads(self.read(".raddle/bare_increment-1.json"))["options"]["clock"], "virtual")
        self.raddle("replay", ".raddle/bare_increment-1.json", code=1)

    def test_from_another_folder(self):
        """The program is looked for here, and where the trace says relative to the folder above its own."""
        os.mkdir("project")
        shutil.copy(LOST, "project/model.py")
        self.raddle("check", "model.py", cwd="project", code=1)
        self.raddle("replay", "project/.raddle/model-1.json", code=1)
        os.mkdir("elsewhere")
        os.rename("project/.raddle/model-1.json", "elsewhere/trace.json")
        self.bad_input("replay", "elsewhere/trace.json", says=["model.py is neither here", "go to the folder"])
        self.raddle("replay", "../elsewhere/trace.json", cwd="project", code=1)

    def test_show_width(self):
        self.raddle("check", LOST, code=1)
        for width in (60, 80, 200):
            shown = self.raddle("show", "--width", str(width), ".raddle/lost_update-1.json", code=0)
            self.assertLessEqual(max(map(len, shown.stdout.splitlines()[:-3])), width, shown)


class Changed(support.Test):
    """Programs and traces that no longer fit together."""

    def setUp(self):
        super().setUp()
        shutil.copy(LOST, "model.py")
        self.raddle("check", "model.py", code=1)
        self.trace = ".raddle/model-1.json"

    def edit(self, change):
        document = json.loads(self.read(self.trace))
        change(document)
        self.write("edited.json", json.dumps(document))
        return "edited.json"

    def test_a_comment(self):
        with open("model.py", "a", encoding="utf-8") as file:
            file.write("# a comment\n")
        self.bad_input("replay", self.trace, says=["model.py has changed since this trace was recorded", "--force"])
        forced = self.raddle("replay", "--force", self.trace, code=1)
        self.assertTrue(forced.last_line.startswith("reproduced: "), forced)

    def test_the_program(self):
        self.write("model.py", self.read("model.py").replace("value += 1", "value += 2"))
        self.bad_input("replay", self.trace, says="model.py has changed")
        forced = self.raddle("replay", "--force", self.trace, code=3)
        self.assertRegex(forced.stdout, r"\ADIVERGED at step \d+\n  recorded: t\d write database_value = 1 \(model.py:16\)\n"
                                        r"  now:      t\d write database_value = 2 \(model.py:16\)\n")
        self.assertIn("model.py has changed since", forced.stdout)

    def test_the_program_is_gone(self):
        os.remove("model.py")
        self.bad_input("replay", self.trace, says="model.py is neither here nor")

    def test_a_repaired_program(self):
        shutil.copy(support.model("tutorial/lost_update_lock.py"), "model.py")
        self.raddle("replay", "--force", self.trace, code=3)

    def test_the_schedule(self):
        def change(trace):
            trace["schedule"][2]["thread"] = 1 if trace["schedule"][2].get("thread") == 2 else 2
        result = self.raddle("replay", self.edit(change), code=3)
        self.assertIn("DIVERGED at step ", result.stdout)

    def test_an_event(self):
        def change(trace):
            [e for e in trace["events"] if e["operation"] == "read"][0]["result"] = "7"
        result = self.raddle("replay", self.edit(change), code=3)
        self.assertIn("database_value -> 7", result.stdout)
        self.assertIn("database_value -> 0", result.stdout)

    def test_fewer_events(self):
        result = self.raddle("replay", self.edit(lambda trace: trace["events"].pop()), code=3)
        self.assertIn("recorded: the end of the execution", result.stdout)

    def test_other_finding(self):
        def change(trace):
            trace["findings"][0]["kind"] = "deadlock"
        result = self.raddle("replay", self.edit(change), code=3)
        self.assertIn("NOT REPRODUCED", result.stdout)

    def test_no_finding(self):
        def change(trace):
            trace["findings"] = []
        result = self.raddle("replay", self.edit(change), code=0)
        self.assertIn("the trace has no finding", result.last_line)

    def test_a_nondeterministic_program(self):
        shutil.copy(support.data("bad/nondeterministic.py"), "model.py")
        with open("model.py", "a", encoding="utf-8") as file:
            file.write("import sys\nsys.exit(3)\n")
        self.raddle("check", "--strategy", "random", "--runs", "1", "model.py")
        if os.path.exists(self.trace):
            result = self.raddle("replay", self.trace)
            self.assertIn(result.code, (1, 3), result)


class BadTraces(support.Test):
    def setUp(self):
        super().setUp()
        self.raddle("check", LOST, code=1)
        self.text = self.read(".raddle/lost_update-1.json")

    def refused(self, text, says):
        self.write("bad.json", text)
        for command in ("show", "replay"):
            self.bad_input(command, "bad.json", says=["bad.json", says])

    def test_truncated(self):
        for length in (0, 1, 2, 30, len(self.text) // 3, len(self.text) // 2, len(self.text) - 3):
            with self.subTest(length=length):
                self.refused(self.text[:length], "")

    def test_not_a_trace(self):
        self.refused("hello\n", "")
        self.refused("[]", "")
        self.refused("{}", "format")
        self.refused("\0\xff", "")
        self.raddle("check", "--report", "result.json", LOST, code=1)
        self.refused(self.read("result.json"), "raddle-result/1")

    def test_other_version(self):
        self.refused(self.text.replace("raddle-trace/1", "raddle-trace/2"), "raddle-trace/2")

    def test_other_raddle(self):
        """Another version of raddle that writes the same format is fine as long as the events agree."""
        self.write("other.json", self.text.replace('"raddle_version": "', '"raddle_version": "9'))
        self.raddle("replay", "other.json", code=1)

    def test_wrong_values(self):
        document = json.loads(self.text)
        for key, value in (("schedule", [{"thread": 99}]), ("schedule", [{"thread": -1}]), ("events", "none"),
                           ("threads", []), ("seed", -1)):
            with self.subTest(key=key, value=value):
                self.refused(json.dumps({**document, key: value}), key)

    def test_malformed_schedule(self):
        document = json.loads(self.text)
        document["schedule"][1]["alternative"] = "dance"
        self.write("bad.json", json.dumps(document))
        self.bad_input("replay", "bad.json", says='malformed at decision 2: "dance"')

    def test_missing(self):
        for command in ("show", "replay"):
            self.bad_input(command, "nothing.json", says="nothing.json")
            self.bad_input(command, self.folder, says="folder")

    def test_of_the_library(self):
        document = json.loads(self.text)
        document["front_end"] = "library"
        document["replay_command"] = "RADDLE_REPLAY={trace} ./build/test_counter"
        self.write("library.json", json.dumps(document))
        self.bad_input("replay", "library.json", says=["C++ library", "RADDLE_REPLAY=library.json ./build/test_counter"])
        self.raddle("show", "library.json", code=0)
        document["front_end"] = "cobol"
        self.write("library.json", json.dumps(document))
        self.bad_input("replay", "library.json", says='front end "cobol"')

    def test_unreadable(self):
        wrapper = self.other_user()
        os.chmod(self.folder, 0o755)
        self.write("trace.json", self.text)
        os.chmod("trace.json", 0)
        for command in ("show", "replay"):
            result = self.raddle(command, "trace.json", wrapper=wrapper, code=2)
            self.assertIn("raddle: trace.json: cannot be read: Permission denied", result.stderr)


support.main()
