"""check --shard I/N and merge: together, shards are the search."""
import json
import os

import support

COUNTER = """import threading
n = 0
def work():
    global n
    for _ in range(3):
        n = n + 1
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
"""
# What happens to m is seen in few of 7,612 interleavings.
RARE = """import threading
n = m = 0
def work():
    global n, m
    for _ in range(4):
        n = n + 1
    if n == 2:
        m = m + 1
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
"""


class Shards(support.Test):
    def shards(self, path, n, *options):
        names = []
        for i in range(1, n + 1):
            names.append(f"{os.path.basename(path)}-{i}-{n}.json")
            self.raddle("check", "--all", path, "--shard", f"{i}/{n}", "--report", names[-1], *options)
        return names

    def result(self, path):
        document = json.loads(self.read(path))
        document["findings"].sort(key=lambda f: f["fingerprint"])
        # Shards may meet redundant executions, and have rounds of their own.
        return {k: v for k, v in document.items() if k not in ("seconds", "executions_total", "blocked")}

    def test_together(self):
        models = [self.write("counter.py", COUNTER)]
        models += [support.model("tutorial/" + name) for name in ("fake_database.py", "pipeline_late_return.py")]
        models += [support.model("classic/philosophers.py"), support.data("stop_flag.py")]
        for path in models:
            whole = self.raddle("check", "--all", path, "--report", "whole.json")
            traces = {n: self.read(n) for n in self.files() if n.startswith(".raddle")}
            for n in (1, 2, 5):
                with self.subTest(os.path.basename(path), n=n):
                    merged = self.raddle("merge", *reversed(self.shards(path, n)), "--report", "merged.json", code=whole.code)
                    self.assertEqual(self.result("merged.json"), self.result("whole.json"))
                    self.assertEqual({n: self.read(n) for n in traces}, traces)
                    self.assertEqual(merged.stdout.splitlines()[:-1], whole.stdout.splitlines()[:-1])

    def test_a_shard_is_not_the_whole(self):
        path = support.model("tutorial/lost_update_lock.py")
        result = self.raddle("check", path, "--shard", "1/2", "--report", "r.json", code=0)
        self.assertIn("(shard 1 of 2), ", result.last_line)
        document = json.loads(self.read("r.json"))
        self.assertEqual(document["coverage"], {"kind": "bounded", "reason": "shard", "detail": "shard 1 of 2", "requested": True})
        path = self.write("counter.py", COUNTER)
        result = self.raddle("check", "--all", path, "--shard", "2/2", "--runs", "9", code=1)
        self.assertIn("(cut: shard 2 of 2: the given number of executions was reached)", result.last_line)

    def test_unfinished(self):
        """What one shard has not explored, nobody has."""
        path = self.write("counter.py", COUNTER)
        first, second = self.shards(path, 2)
        self.raddle("check", "--all", path, "--shard", "2/2", "--runs", "9", "--report", second, code=1)
        self.assertIn("(cut: the given number of executions was reached)", self.raddle("merge", first, second, code=1).last_line)

    def test_knowledge(self):
        """What only some of the shards have met is asked for."""
        path = self.write("rare.py", RARE)
        self.raddle("check", "--all", path, "--report", "whole.json", code=1)
        names = self.shards(path, 4)
        for _ in range(8):
            result = self.raddle("merge", *names, "--report", "merged.json")
            if result.code == 1:
                break
            self.assertEqual(result.code, 2)
            words = result.stderr.replace(",", "").split()
            knows, again = (names[int(w.split("/")[0]) - 1] for w in (words[2], words[words.index("Explore") + 2]))
            self.raddle("check", "--all", path, "--shard", words[words.index("Explore") + 2], "--knowing", knows, "--report", again,
                        code=1)
        else:
            self.fail(result)
        self.assertEqual(self.result("merged.json"), self.result("whole.json"))

    def everything(self, text):
        """But for times."""
        return support.without_seconds(text)

    def test_samples(self):
        """All that is written is that of the whole sample, byte for byte, but for times."""
        models = [self.write("rare_run.py", support.RARE_RUN), self.write("counter.py", COUNTER)]
        models += [support.model("tutorial/queue_event_final.py"), support.model("classic/philosophers.py")]
        for path in models:
            for options in (("sample", "1500", "--all"), ("rff", "900", "--all"), ("pct", "1500", "--seed", "3")):
                command = ("--strategy", options[0], "--runs", *options[1:])
                whole = self.raddle("check", path, "--report", "whole.json", *command)
                traces = {n: self.read(n) for n in self.files() if n.startswith(".raddle")}
                for n in (3,) if options[0] == "sample" else (2,):
                    with self.subTest(os.path.basename(path), options=options, n=n):
                        names = []
                        for i in range(1, n + 1):
                            names.append(f"{i}-{n}.json")
                            self.raddle("check", path, "--shard", f"{i}/{n}", "--report", names[-1], "-j", str(i), "--alone", "1ms", *command)
                        merged = self.raddle("merge", *reversed(names), "--report", "merged.json", code=whole.code)
                        self.assertEqual(self.everything(self.read("merged.json")), self.everything(self.read("whole.json")))
                        self.assertEqual({n: self.read(n) for n in traces}, traces)
                        self.assertEqual(self.everything(merged.stdout), self.everything(whole.stdout))

    def test_a_shard_of_samples(self):
        path = self.write("counter.py", COUNTER)
        command = ("check", "--all", path, "--strategy", "pos", "--runs", "1000", "--report", "r.json")
        for shard, executions in (("1/3", 256 + 232), ("2/3", 256), ("3/3", 256), ("5/5", 0)):
            self.raddle(*command, "--shard", shard)
            document = json.loads(self.read("r.json"))
            self.assertEqual(document["executions"], executions)
            self.assertIn("shard " + shard.replace("/", " of "), document["coverage"]["detail"])
        for i in (1, 2):
            self.raddle(*command[:-1], f"{i}.json", "--shard", f"{i}/2")
        for change in (("--runs", "1001"), ("--seed", "7"), ("--strategy", "random"), ("--strategy", "exhaustive")):
            self.raddle(*command[:-1], "other.json", "--shard", "2/2", *change)
            self.assertIn("other options", self.refused("merge", "1.json", "other.json"))
        self.assertIn("--runs", self.refused("check", path, "--shard", "1/2", "--strategy", "pos"))
        self.assertIn("--runs", self.refused("check", path, "--shard", "1/2", "--strategy", "pos", "--time", "5s"))

    def refused(self, *arguments):
        result = self.raddle(*arguments, code=2)
        self.assertEqual(result.stdout, "")
        return result.stderr

    def test_refused(self):
        path = self.write("counter.py", COUNTER)
        one, two = self.shards(path, 2)
        three = self.shards(path, 3)[2]
        self.assertIn("no results given", self.refused("merge"))
        self.assertIn("without shard 2/2 it is not the whole search", self.refused("merge", one))
        self.assertIn(f"{one}: this is shard 1/2, and so is {one}", self.refused("merge", one, one))
        self.assertIn("one of 3 shards, and not of 2", self.refused("merge", one, three))
        self.raddle("check", "--all", path, "--report", "whole.json", code=1)
        self.assertIn("the result of a whole search", self.refused("merge", one, "whole.json"))
        self.assertIn("is not a result", self.refused("merge", path))
        self.assertIn("there is no such file", self.refused("merge", "nothing"))
        before = self.read(two)
        for option in ("--report", "--sarif", "--html"):
            self.assertIn("or what is read with it", self.refused("merge", one, two, option, "./" + two))
        self.assertEqual(self.read(two), before)
        other = self.shards(path, 2, "--timeouts", "never")[1]
        self.shards(path, 2)
        self.raddle("check", "--all", path, "--shard", "2/2", "--timeouts", "never", "--report", other)
        self.assertIn("other options", self.refused("merge", one, other))
        self.shards(path, 2)
        document = json.loads(self.read(two))
        for change in ("0", "g0"):
            document["shard"]["state"] = change
            self.write("damaged.json", json.dumps(document))
            self.assertIn("damaged.json", self.refused("merge", one, "damaged.json"))
        document["raddle_version"] = "0.0.0"
        self.write("old.json", json.dumps(document | {"shard": document["shard"] | {"state": "00"}}))
        self.assertIn("raddle 0.0.0 has written this result", self.refused("merge", one, "old.json"))
        self.write("counter.py", COUNTER + "\n")
        self.assertIn("has changed since the shards were explored", self.refused("merge", one, two))
        for shard in ("3", "0/2", "3/2", "1/0", "a/b", "1/", "/"):
            self.assertIn("--shard", self.refused("check", path, "--shard", shard))
        self.assertIn("only the exhaustive search", self.refused("check", path, "--shard", "1/2", "--strategy", "brute"))
        self.assertIn("--checkpoint", self.refused("check", path, "--shard", "1/2", "--checkpoint", "c"))
        self.assertIn("--shard", self.refused("check", path, "--knowing", one))


support.main()
