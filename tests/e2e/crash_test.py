"""Models that crash: in one interleaving of many, always, in C code, by using up a stack, for good."""
import json
import os
import re

import support

# Too late in one of two orders.
MODEL = """import ctypes, os, signal, sys, threading
sys.setrecursionlimit(10 ** 6)
libc = ctypes.CDLL(None)
callback = ctypes.CFUNCTYPE(None)(lambda: callback())
closed = False
count = 0

def close():
    global closed
    closed = True

def use():
    if closed:
        CRASH

threads = [threading.Thread(target=close), threading.Thread(target=use)]
for t in threads: t.start()
for t in threads: t.join()
"""

# Between a look and a use, among operations that do not matter.
BETWEEN = MODEL.replace("    if closed:\n        CRASH", """    if not closed:
        if closed: CRASH

lock = threading.Lock()
def work():
    for _ in range(4):
        with lock: pass""").replace("target=use)]", "target=use), *(threading.Thread(target=work) for _ in range(3))]")

FAULT = "ctypes.string_at(0)"
WAYS = {
    FAULT: "segmentation fault",
    "os.abort()": "abort",
    "os.kill(os.getpid(), signal.SIGSEGV)": "segmentation fault",
    "libc.abort()": "abort",                # without the interpreter's lock
    "libc.raise_(8)": "arithmetic error",
    "libc.strlen(None)": "segmentation fault",
    "callback()": "segmentation fault, because a thread has used up its stack",
}


def model(crash, of=MODEL):
    return of.replace("CRASH", crash).replace("libc.raise_(", "libc['raise'](")


class Crashes(support.Test):
    def check(self, text, *options, code=1):
        path = self.write("model.py", text)
        return self.raddle("check", "--report", "r.json", *options, path, code=code)

    def report(self):
        return json.loads(self.read("r.json"))

    def errors(self):
        return [f["kind"] for f in self.report()["findings"] if f["severity"] == "error"]

    def test_every_way(self):
        for crash, words in WAYS.items():
            with self.subTest(crash):
                result = self.check(model(crash))
                self.assertTrue(result.stdout.startswith("CRASH  " + words.split(",")[0]), result)
                line = 4 if "stack" in words else 14
                self.assertRegex(result.stdout.splitlines()[0], rf" model\.py:{line}$")
                self.assertIn("The model crashes in t2: " + words, " ".join(result.stdout.split()))
                self.assertIn("(cut: the model crashed)", result.last_line)
                self.assertEqual(result.stderr, "")
                report = self.report()
                self.assertEqual((report["verdict"], report["coverage"]["kind"], report["coverage"]["reason"]),
                                 ("findings", "cut", "crash"))
                self.assertEqual([(f["kind"], f["location"]["line"]) for f in report["findings"] if f["severity"] == "error"],
                                 [("crash", line)])
                replayed = self.raddle("replay", ".raddle/model-1.json", code=1)
                self.assertIn("as recorded, and the same crash", replayed.last_line)

    def test_no_crash_no_finding(self):
        self.check(model("pass"), code=0)
        self.assertEqual(self.report()["coverage"]["kind"], "complete")
        joined = model(FAULT).replace("for t in threads: t.start()", "threads.reverse()\nfor t in threads: t.start(); t.join()")
        self.check(joined, code=0)

    def test_the_trace_shows_how(self):
        self.check(model(FAULT))
        trace = json.loads(self.read(".raddle/model-1.json"))
        self.assertEqual(trace["outcome"], "aborted")
        names = [(trace["threads"][e["thread"]]["label"], e["operation"]) for e in trace["events"] if e.get("visible", True)][-2:]
        self.assertEqual(names, [("t1", "write"), ("t2", "read")])
        shown = self.raddle("show", ".raddle/model-1.json").stdout
        self.assertRegex(shown, r"(?m)^fail +crashes +:14$")
        for form in ("--html", "--mermaid", "--perfetto"):
            self.raddle("show", form, ".raddle/model-1.json")
        self.raddle("check", "--sarif", "s.json", "--junit", "j.xml", "model.py", code=1)
        results = json.loads(self.read("s.json"))["runs"][0]["results"]
        self.assertEqual([r["ruleId"] for r in results], ["crash", "data-race"])
        self.assertIn('failures="1"', self.read("j.xml"))

    def test_the_trace_is_short_and_explained(self):
        """In a process that has crashed as in others, whatever way it does."""
        for crash in WAYS:
            with self.subTest(crash):
                self.check(model(crash, BETWEEN), "--strategy", "pos", "--seed", "1")
                index = next(i for i, f in enumerate(self.report()["findings"], 1) if f["kind"] == "crash")
                trace = json.loads(self.read(f".raddle/model-{index}.json"))
                self.assertIn("this run would have passed", trace["explanation"])
                self.assertTrue(trace["passing"])
                self.assertEqual(self.switches(trace), 3)
                self.raddle("replay", f".raddle/model-{index}.json", code=1)

    def switches(self, trace):
        threads = [e["thread"] for e in trace["events"]]
        return sum(a != b for a, b in zip(threads, threads[1:]))

    def test_a_mended_program(self):
        self.check(model(FAULT))
        self.write("model.py", model("pass"))
        self.assertIn("DIVERGED", self.raddle("replay", "--force", ".raddle/model-1.json", code=3).stdout)

    def test_always(self):
        """It crashes while it is prepared, too."""
        for crash in ("os.abort()", FAULT):
            self.check(f"import ctypes, os, threading\nthread = threading.Thread(target=lambda: {crash})\n"
                       "thread.start()\nthread.join()\n")
            self.assertEqual(self.errors(), ["crash"])
            self.assertEqual(self.report()["executions"], 1)
            self.raddle("replay", ".raddle/model-1.json", code=1)

    def test_in_one_thread(self):
        self.check("import os\nos.abort()\n")
        self.assertEqual([f["location"]["line"] for f in self.report()["findings"]], [2])

    def test_findings_before_it_are_kept(self):
        lost = MODEL.replace("    closed = True\n", "    closed = True\n    count += 1\n").replace("global closed", "global closed, count")
        lost = lost.replace("    if closed:\n        CRASH", "    global count\n    count += 1\n    if closed and count == 2:\n        CRASH")
        for order in ("depth-first", "diverse", "mixed"):
            self.check(model(FAULT, lost), "--all", "--order", order)
            kinds = {f["kind"] for f in self.report()["findings"]}
            self.assertIn("crash", kinds)
        self.check(model(FAULT, lost), "--strategy", "random", "--seed", "3", "--runs", "1000", "--all")
        for finding in self.report()["findings"]:
            self.raddle("replay", finding["trace"], code=1 if finding["severity"] == "error" else None)

    def test_every_strategy_and_several_processes(self):
        strategies = ("exhaustive", "preemptions", "delays", "sample", "random", "pct")
        for strategy in strategies:
            for jobs in ("1", "2"):
                with self.subTest(strategy, jobs=jobs):
                    runs = () if strategy in strategies[:3] else ("--runs", "3000")
                    self.check(model(FAULT), "--strategy", strategy, "-j", jobs, *runs)
                    self.assertEqual(self.errors(), ["crash"])
                    self.raddle("replay", ".raddle/model-1.json", code=1)

    def test_a_crash_in_a_worker(self):
        """Behind so many executions that the others are there."""
        rare = ("import os, threading\nimport raddle\nx = 0\n\ndef write():\n    global x\n"
                "    x = raddle.choose(200) * 200 + raddle.choose(200)\n    if x == 39000: os.abort()\n\n"
                "thread = threading.Thread(target=write)\nthread.start()\nthread.join()\n")
        for options in (("--all",), ("--strategy", "random", "--runs", "400000"), ("--strategy", "preemptions", "--all")):
            for jobs in ("1", "2"):
                self.check(rare, "-j", jobs, *options)
                self.assertEqual(self.errors(), ["crash"])
                self.assertEqual(self.report()["coverage"]["reason"], "crash")
                self.raddle("replay", ".raddle/model-1.json", code=1)

    def test_output_is_the_same_each_time(self):
        texts = {support.without_seconds(self.check(model(FAULT)).stdout) + support.without_seconds(self.read("r.json")) for _ in range(3)}
        self.assertEqual(len(texts), 1)

    def test_what_cannot_be_caught(self):
        for crash, words in (("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"), ("libc._exit(3)", "it ended the process with status 3")):
            result = self.check(model(crash), code=3)
            self.assertRegex(" ".join(result.stdout.split()), r"INCONCLUSIVE The model crashed .*: " + words)
            self.assertEqual((self.report()["coverage"]["reason"], self.report()["findings"]), ("crash", []))

    def test_a_process_that_is_broken_for_good(self):
        """What comes behind the crash is in vain, or waits for ever: it is a verdict all the same."""
        prepared = MODEL.replace("closed = False\n", """closed = False
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]

def destroy_a_block():
    block = libc.malloc(100000)
    ctypes.memset(block - 8, 255, 64)
    libc.free(block)

def keep_the_lock():
    block = libc.malloc(100000)
    ctypes.memset(block + 99992, 255, 64)
    libc.malloc(120000)
""")
        for crash in ("destroy_a_block()", "keep_the_lock()"):
            result = self.check(model(crash, prepared), "--watchdog", "300ms", code=None)
            if result.code != 1:  # else it could go on: who allocates next, and how much, decides
                self.assertRegex(" ".join(result.stdout.split()), r"INCONCLUSIVE The model crashed .*: abort\.")
                self.assertEqual(result.code, 3, result)
            self.assertEqual(self.report()["coverage"]["reason"], "crash")

    def test_a_core_dump_can_be_had(self):
        path = self.write("model.py", model(FAULT))
        result = self.raddle("check", path, code=3, env={**os.environ, "RADDLE_CATCH_CRASHES": "0"})
        self.assertIn("INCONCLUSIVE  The model crashed", result.stdout)

    def test_expectations(self):
        path = self.write("model.py", model(FAULT))
        self.raddle("check", "--expect", "crash", path, code=0)
        self.raddle("check", "--expect", "findings", path, code=0)
        self.raddle("check", "--ignore", "crash", path, code=3)
        self.write("raddle.json", json.dumps({"models": [{"model": "model.py", "expect": "crash"}]}))
        self.raddle("check", code=0)

    def test_run(self):
        path = self.write("model.py", "print('begun', flush=True)\nimport threading\n" + model(FAULT).replace("if closed:", "if True:"))
        result = self.raddle("run", path, code=1)
        self.assertEqual(result.stdout, "begun\n")
        self.assertTrue(result.stderr.startswith("CRASH  segmentation fault"), result)


support.main()
