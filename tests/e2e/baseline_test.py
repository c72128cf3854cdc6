"""--baseline and --write-baseline."""
import json
import subprocess

import support

BAD = """
import threading
n = 0
m = 0
def add():
    global n
    n += 1
def take():
    global m
    m += 1
threads = [threading.Thread(target=f) for f in (add, add, take, take)]
for t in threads: t.start()
for t in threads: t.join()
"""
HALF = BAD.replace("def add():\n    global n\n    n += 1", "lock = threading.Lock()\ndef add():\n    global n\n    with lock:\n        n += 1")


class Baseline(support.Test):
    def accept(self, *options):
        self.write("bad.py", BAD)
        return self.raddle("check", *options, "--write-baseline", "b.json", "bad.py", code=0)

    def test_what_is_expected_is_not_accepted(self):
        bad = self.write("expected.py", "import threading\nn = 0\ndef f():\n    global n\n    n += 1\n"
                                        "ts = [threading.Thread(target=f) for _ in range(2)]\nfor t in ts: t.start()\nfor t in ts: t.join()\n")
        self.write("raddle.json", json.dumps({"models": [{"model": "expected.py", "expect": "lost-update"}]}))
        for options in ((), ("expected.py", "--expect", "lost-update")):
            self.raddle("check", *options, "--write-baseline", "e.json", code=0)
            self.assertEqual(json.loads(self.read("e.json"))["findings"], [])
            self.raddle("check", *options, "--baseline", "e.json", code=0)
        self.raddle("check", bad, "--baseline", "e.json", code=1)

    def test_accepted_findings_do_not_count(self):
        result = self.accept()
        self.assertIn("2 findings ignored", result.last_line if "explored" in result.last_line else result.stdout)
        findings = json.loads(self.read("b.json"))["findings"]
        self.assertEqual([(f["model"], f["kind"], f["title"]) for f in findings], [("bad.py", "lost-update", "m"), ("bad.py", "lost-update", "n")])
        self.assertEqual(findings[1]["place"], "bad.py, add: n += 1")
        result = self.raddle("check", "--baseline", "b.json", "--report", "r.json", "bad.py", code=0)
        self.assertIn("2 findings do not count: baseline", result.stdout)
        suppressed = [f["suppressed"] for f in json.loads(self.read("r.json"))["findings"] if f["severity"] == "error"]
        self.assertEqual(suppressed, ["baseline", "baseline"])
        self.raddle("check", "bad.py", code=1)

    def test_lines_may_move(self):
        self.accept()
        for text in ("\n" + BAD, "import queue\n" * 7 + BAD, BAD.replace("def take", "\n\ndef other():\n    pass\n\ndef take"),
                     BAD.replace("n = 0", "n = 0  # a comment", 1)):
            self.write("bad.py", text)
            self.raddle("check", "--baseline", "b.json", "bad.py", code=0)

    def test_new_findings_count(self):
        self.accept()
        self.write("bad.py", BAD.replace("m += 1", "m += 2"))
        result = self.raddle("check", "--baseline", "b.json", "bad.py", code=1)
        self.assertTrue(result.stdout.startswith("LOST UPDATE  m"), result)
        self.write("bad.py", BAD.replace("    m += 1", "    m += 1\n    m += 1"))
        self.raddle("check", "--baseline", "b.json", "bad.py", code=1)

    def test_what_is_fixed_is_said(self):
        self.accept()
        self.write("bad.py", HALF)
        result = self.raddle("check", "--baseline", "b.json", "bad.py", code=0)
        self.assertIn("fixed, remove from b.json: bad.py: lost-update at bad.py, add: n += 1\n", result.stdout)
        result = self.raddle("check", "--baseline", "b.json", "--runs", "1", "bad.py")
        self.assertIn("not seen, but not everything was explored, in b.json: bad.py", result.stdout)
        self.raddle("check", "--baseline", "b.json", "--write-baseline", "b.json", "bad.py", code=0)
        self.assertEqual([f["title"] for f in json.loads(self.read("b.json"))["findings"]], ["m"])

    def test_several_models(self):
        """Those that were not checked stay; of a whole project there are no others."""
        self.write("a.py", BAD)
        self.write("sub/b.py", BAD)
        self.write("raddle.json", json.dumps({"models": ["a.py", "sub/b.py"], "baseline": "b.json"}))
        self.raddle("check", "--write-baseline", "b.json", code=0)
        models = [f["model"] for f in json.loads(self.read("b.json"))["findings"]]
        self.assertEqual(models, ["a.py", "a.py", "sub/b.py", "sub/b.py"])
        before = self.read("b.json")
        self.assertIn("2 models checked: 2 clean", self.raddle("check", code=0).last_line)
        self.write("a.py", HALF)
        self.assertIn("fixed, remove from b.json: a.py: lost-update", self.raddle("check", code=0).stdout)
        self.raddle("check", "--write-baseline", "b.json", "a.py", code=0)
        self.assertEqual([f["model"] for f in json.loads(self.read("b.json"))["findings"]], ["a.py", "sub/b.py", "sub/b.py"])
        self.write("a.py", BAD)
        self.raddle("check", "--write-baseline", "b.json", code=0)
        self.assertEqual(self.read("b.json"), before)
        self.write("raddle.json", json.dumps({"models": ["sub/b.py"], "baseline": "b.json"}))
        self.assertIn("not of this project, remove from b.json: a.py", self.raddle("check", code=0).stdout)
        # From another folder it is the same baseline.
        self.raddle("check", "--baseline", "../b.json", "b.py", cwd=self.folder + "/sub", code=0)

    def test_it_is_valid(self):
        self.accept()
        done = subprocess.run([support.PYTHON, support.SOURCE / "tests/e2e/validate_schema.py",
                               support.SOURCE / "docs/schemas/raddle-baseline-1.schema.json", "b.json"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_bad_ones(self):
        self.accept()
        for text, says in (("", "b.json"), ("{", "truncated"), ('{"format": "raddle-result/1"}', "b.json"),
                           ('{"format": "raddle-baseline/1", "findings": [{"model": "a"}]}', "findings[0]")):
            self.write("b.json", text)
            self.bad_input("check", "--baseline", "b.json", "bad.py", says=["b.json: ", says])
            self.bad_input("check", "--write-baseline", "b.json", "bad.py", says=["b.json: ", says])
        self.bad_input("check", "--baseline", "missing.json", "bad.py", says="missing.json")
        self.bad_input("check", "--write-baseline", "missing/b.json", "bad.py", says="there is no folder")


support.main()
