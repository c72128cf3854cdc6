"""import raddle, from outside: the sample of docs/python.md, invariants, in searches, traces and replays, and under python3."""
import os
import re
import subprocess

import documents
import support

FOLDER = support.SOURCE / "checker/python/module"


def sample():
    found, = [block.text for block in documents.blocks_of(support.SOURCE / "docs/python.md") if "@raddle.final" in block.text]
    return found


class Module(support.Test):
    def check(self, *options, code):
        return self.raddle("check", "--all", *options, self.write("sample.py", sample()), code=code)

    def test_the_sample(self):
        """4 choices, and 6 classes of each: one thread's write falls before, between or behind the other's two reads."""
        result = self.check("--ignore", "lost-update", code=1)
        self.assertIn("24 of 24 executions explored (complete), 2 fail an assertion", result.stdout)
        self.assertTrue(result.stdout.startswith("ASSERTION  "), result)
        self.assertRegex(result.stdout, r"(?m)^ +\d+ +takes 1 +:9$")

    def test_traces(self):
        self.check(code=1)
        for number in (1, 2):
            trace = f".raddle/sample-{number}.json"
            shown = self.raddle("show", "--full", trace, code=0).stdout
            self.assertRegex(shown, r"(?m)^ +\d+ +main +choose -> [01] +:17$")
            self.assertRegex(shown, r"(?m)^ +\d+ +t[12] +takes [01] +:9$")
            self.assertIn("reproduced: ", self.raddle("replay", trace, code=1).stdout)

    def test_choices_and_notes_are_in_the_short_form(self):
        path = self.write("few.py", "import raddle\nif raddle.choose(3) == 2:\n    raddle.note('two of them')\n    assert False\n")
        result = self.raddle("check", path, code=1)
        self.assertRegex(result.stdout, r"(?m)^ +1 +choose -> 2 +:2$")
        self.assertRegex(result.stdout, r"(?m)^ +2 +two of them +:3$")

    def test_invariants(self):
        text = """import threading
import raddle
x = y = 5
lock = threading.Lock()
def move():
    global x, y
    with lock:
        x -= 1
        y += 1
raddle.invariant(lambda: CONDITION x + y == 10)
for _ in range(2):
    threading.Thread(target=move).start()
"""
        held = self.write("held.py", text.replace("CONDITION", "lock.locked() or"))
        broken = self.write("broken.py", text.replace("CONDITION", ""))
        self.assertIn("explored (complete), nothing found", self.raddle("check", held, code=0).stdout)
        result = self.raddle("check", broken, code=1)
        self.assertIn("an invariant does not hold: raddle.invariant(lambda: x + y == 10) (broken.py:10)",
                      " ".join(result.stdout.split()))
        # It fails after the step that breaks it, whatever its thread does then.
        self.assertRegex(result.stdout, r"write x = 4 +:8\nfail +assertion fails +:8\n")
        self.assertIn("reproduced: ", self.raddle("replay", ".raddle/broken-1.json", code=1).stdout)
        self.assertIn("1 fails an assertion", self.raddle("check", "--strategy", "random", broken, code=1).stdout)
        once = self.raddle("run", broken, code=0)
        self.assertEqual((once.stdout, once.stderr), ("", "raddle: an invariant does not hold: raddle.invariant(lambda:  "
                                                          "x + y == 10) (broken.py:10)\n  broken at broken.py:8\n"))
        self.assertEqual(self.raddle("run", held, code=0).stderr, "")
        done = subprocess.run([support.PYTHON, broken], env={**os.environ, "PYTHONPATH": str(FOLDER)})
        self.assertEqual(done.returncode, 0)

    def test_sampling(self):
        result = self.check("--strategy", "random", "--runs", "300", "--ignore", "lost-update", code=1)
        self.assertIn("fail an assertion", result.stdout)

    def test_python3(self):
        path = self.write("sample.py", sample())
        environment = {**os.environ, "PYTHONPATH": str(FOLDER)}
        done = subprocess.run([support.PYTHON, path], env=environment, capture_output=True, encoding="utf-8")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        blocks = "import raddle\nwith raddle.atomic():\n    with raddle.atomic(): print(1)\n"
        done = subprocess.run([support.PYTHON, "-c", blocks], env=environment, capture_output=True, encoding="utf-8")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "1\n", ""))
        # The folder in PYTHONPATH, or a module of that name beside the program, makes no difference to a check.
        self.write("raddle.py", "raise ImportError('not this one')\n")
        self.assertIn("24 of 24", self.raddle("check", "--all", path, code=1, env=environment).stdout)


support.main()
