"""Searches bounded by preemptions and delays, from outside."""
import json

import support

# Two threads that count without a lock: k preemptions show so many classes (docs/golden.md).
COUNTER = """import threading
x = 0

def count():
    global x
    for _ in range(2):
        value = x
        x = value + 1

threads = [threading.Thread(target=count) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
CLASSES = [2, 8, 22, 32, 34]

# Wrong only if the reader comes between two writes.
BETWEEN = """import threading
x = 0

def write():
    global x
    x = 1
    x = 2

def read():
    seen = x
    assert seen != 1

threads = [threading.Thread(target=write), threading.Thread(target=read)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


class Bounded(support.Test):
    def check(self, text, *options, code):
        path = self.write("model.py", text)
        out = self.raddle("check", *options, "--report", "r.json", path, code=code)
        return out, json.loads(self.read("r.json"))

    def test_the_classes_within_each_bound(self):
        for k in range(4):
            out, result = self.check(COUNTER, "--ignore", "*", "--preemptions", str(k), code=0)
            coverage = result["coverage"]
            self.assertEqual((coverage["kind"], coverage["reason"], coverage["bound"], coverage["requested"]),
                             ("bounded", "preemptions", k, True), result)
            self.assertEqual([level["classes"] for level in coverage["levels"]], CLASSES[:k + 1])
            self.assertEqual(result["classes"], CLASSES[k])
            self.assertEqual(result["options"]["preemptions"], str(k))
            self.assertIn(f"bounded({k}): at most {k} preemption", out.stdout)

    def test_without_a_bound_everything_is_explored(self):
        out, result = self.check(COUNTER, "--ignore", "*", "--strategy", "preemptions", code=0)
        self.assertEqual(result["coverage"]["kind"], "complete")
        self.assertEqual([level["classes"] for level in result["coverage"]["levels"]][:5], CLASSES)
        _, every = self.check(COUNTER, "--ignore", "*", code=0)
        self.assertEqual(result["class_checksum"], every["class_checksum"])

    def test_what_may_be_claimed(self):
        out, result = self.check(BETWEEN, "--preemptions", "0", code=0)
        self.assertEqual(result["verdict"], "clean")
        claim = "in any schedule with at most 0 preemptions (switches away from a thread that could have gone on; where it blocks, sleeps, yields or ends they are free, and so are timeouts)"
        self.assertEqual(result["coverage"]["detail"], "no violation " + claim)
        self.assertIn("No violation " + claim + ".", " ".join(out.stdout.split()))
        out, result = self.check(BETWEEN, "--preemptions", "1", code=1)
        self.assertEqual(result["coverage"]["reason"], "first-finding")
        self.assertNotIn("No violation", out.stdout)

    def test_delays(self):
        out, result = self.check(BETWEEN, "--delays", "0", code=0)
        self.assertIn("at most 0 delays", result["coverage"]["detail"])
        self.assertEqual(result["executions"], 1)
        self.check(BETWEEN, "--delays", "1", code=1)

    def test_a_cut_search_says_which_bound_it_has_finished(self):
        out, result = self.check(COUNTER, "--ignore", "*", "--preemptions", "3", "--runs", "12", code=3)
        self.assertEqual(result["verdict"], "inconclusive")
        self.assertEqual((result["coverage"]["kind"], result["coverage"]["bound"]), ("bounded", 1))
        self.assertNotIn("requested", result["coverage"])
        self.check(COUNTER, "--ignore", "*", "--preemptions", "3", "--runs", "12", "--accept", "bounded", code=0)

    def test_several_processes(self):
        """All that is said and written is that of one, but for times."""
        def everything(path, jobs, *options):
            done = self.raddle("check", "-j", jobs, "--alone", "1ms", "--report", "r.json", path, *options)
            return done.code, support.without_seconds(done.stdout), support.without_seconds(self.read("r.json"))

        long = self.write("counter.py", COUNTER.replace("range(2)", "range(4)", 1))
        for path in (long, support.model("tutorial/fake_database.py"), support.model("classic/philosophers.py")):
            for options in (("--all", "--preemptions", "2"), ("--all", "--delays", "2"), ("--preemptions", "3"), ("--all", "--strategy", "delays")):
                with self.subTest(path, options=options):
                    self.assertEqual(everything(path, "3", *options), everything(path, "1", *options))

    def test_polling_costs_no_preemptions(self):
        text = BETWEEN.replace("    x = 1\n", "    x = 1\n    while not ready:\n        pass\n").replace(
            "    seen = x\n", "    global ready\n    seen = x\n    ready = True\n").replace("x = 0\n", "x = 0\nready = False\n", 1)
        self.check(text, "--preemptions", "0", code=1)


support.main()
