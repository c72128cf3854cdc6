"""raddle.json, and several models on the command line."""
import json
import os
import re
import signal
import subprocess
import time

import support

GOOD = """
import threading
n = 0
lock = threading.Lock()
def add():
    global n
    with lock:
        n += 1
threads = [threading.Thread(target=add) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
"""
BAD = GOOD.replace("    with lock:\n        n += 1", "    n += 1")
DEAD = """
import threading
a, b = threading.Lock(), threading.Lock()
def f(x, y):
    with x:
        with y:
            pass
threading.Thread(target=f, args=(a, b)).start()
threading.Thread(target=f, args=(b, a)).start()
"""
CRASH = "import ctypes, threading\nthreading.Thread(target=lambda: ctypes.string_at(0)).start()\n"
SLOW = open(support.model("tutorial/bare_increment_10.py"), encoding="utf-8").read()


class Project(support.Test):
    def project(self, name="raddle.json", **document):
        return self.write(name, json.dumps(document))

    def verdicts(self, result):
        words = "clean|findings|inconclusive|expected|unexpected|bad input|lost|skipped|not checked"
        return re.findall(rf"(?m)^({words})  +(\S+)", result.stdout)

    def programs(self):
        for name, text in (("good.py", GOOD), ("bad.py", BAD), ("dead.py", DEAD)):
            self.write("models/" + name, text)

    def test_a_line_for_each_and_a_summary(self):
        self.programs()
        self.project(models=["models/*.py"])
        result = self.raddle("check", code=1)
        self.assertEqual(self.verdicts(result), [("findings", "models/bad.py"), ("findings", "models/dead.py"), ("clean", "models/good.py")])
        self.assertRegex(result.stdout, r"(?m)^clean +models/good.py +2 of 2 executions explored \(complete\), nothing found, [\d.]+ s$")
        self.assertRegex(result.last_line, r"^3 models checked: 1 clean, 2 with errors; [\d,]+ executions, [\d.]+ s$")
        self.assertIn("LOST UPDATE  n", result.stdout)
        self.assertIn("replay: raddle replay .raddle/bad-1.json", result.stdout)
        self.raddle("replay", ".raddle/dead-1.json", code=1)
        self.assertEqual(result.stderr, "")
        quiet = self.raddle("check", "--quiet", code=1)
        self.assertEqual(len(quiet.stdout.splitlines()), 4)

    def test_nothing_checked_is_not_green(self):
        self.programs()
        self.project(models=["models/b*.py"], exclude=["models/*.py"])
        self.bad_input("check", says="all files that match models/b*.py are excluded")
        self.write("test_s.py", "def test_s(tmp_path): assert 0\n")
        self.project(models=["test_s.py"])
        self.assertIn("0 models checked: 1 skipped", self.raddle("check", code=3).stdout)

    def test_no_samples_are_not_accepted(self):
        self.write("spin.py", "import threading\ndef f():\n    while True: pass\nt = threading.Thread(target=f)\nt.start()\nt.join()\n")
        self.project(models=["spin.py"], defaults={"strategy": "pct", "accept": ["sampled"], "budget": {"time": "1s"}})
        result = self.raddle("check", code=3)
        self.assertIn("(cut: the time budget ran out)", result.stdout)

    def test_one_file_for_two_things(self):
        self.programs()
        self.project(models=["models/good.py"])
        before = self.read("raddle.json")
        self.bad_input("check", "--project", "raddle.json", "--report", "raddle.json", says="raddle.json is the file of --project, too")
        self.assertEqual(self.read("raddle.json"), before)
        self.bad_input("check", "models/good.py", "--report", "x", "--sarif", "x", says="--sarif: x is the file of --report, too")
        self.bad_input("check", "models/good.py", "--report", "x", "--checkpoint", "x", says="--checkpoint: x is the file of --report, too")
        self.raddle("check", "models/bad.py", "--write-baseline", "b.json", code=0)
        self.bad_input("check", "models/bad.py", "--baseline", "b.json", "--junit", "b.json", says="b.json is the file of --baseline, too")
        self.raddle("check", "models/bad.py", "--baseline", "b.json", "--write-baseline", "b.json", code=0)

    def test_what_is_read_is_not_overwritten(self):
        self.programs()
        for name in ("expected.txt", "other.txt"):
            self.write(name, "1\n")
        os.symlink("expected.txt", "link.txt")
        os.link("other.txt", "hard.txt")
        options = "--expect-output", "@expected.txt", "--expect-output", "@other.txt"
        for option in ("--report", "--sarif", "--junit", "--html", "--perfetto", "--checkpoint"):
            for path in ("./expected.txt", "link.txt", "hard.txt"):
                self.bad_input("check", "models/good.py", *options, option, path, says=f"{option}: {path} is the model, or what is read with it")
        self.project(models=[{"model": "models/good.py", "expect-output": "@expected.txt"}], outputs={"junit": "expected.txt"})
        self.bad_input("check", says="--junit: expected.txt is the model, or what is read with it")
        self.assertEqual(self.read("expected.txt"), "1\n")

    def test_a_checkpoint_is_that_of_one_model(self):
        self.programs()
        self.project(models=["models/good.py", "models/bad.py"], defaults={"checkpoint": "state"})
        self.bad_input("check", says="--checkpoint of models/bad.py: state is the file of --checkpoint of models/good.py, too")
        self.project(models=[{"model": f"models/{name}.py", "checkpoint": name} for name in ("good", "bad")])
        self.raddle("check", code=1)
        self.assertEqual({"good", "bad"} & set(os.listdir(".")), {"good", "bad"})
        self.project(models=[{"model": "models/good.py", "checkpoint": "raddle.json"}])
        self.bad_input("check", says="--checkpoint of models/good.py: raddle.json is the file of --project, too")

    def test_arguments_tell_models_apart_in_a_baseline(self):
        text = GOOD.replace("import threading", "import sys, threading").replace("    with lock:\n        n += 1",
                                                                                "    if sys.argv[1] == 'safe':\n        with lock: n += 1\n"
                                                                                "    else: n += 1")
        self.write("model.py", text)
        self.project(models=[{"model": "model.py", "arguments": [a]} for a in ("safe", "legacy")], defaults={"all": True})
        self.raddle("check", "--write-baseline", "b.json", code=0)
        self.raddle("check", "--baseline", "b.json", code=0)
        self.write("model.py", text.replace("with lock: n += 1", "n += 1"))
        result = self.raddle("check", "--baseline", "b.json", code=1)
        self.assertEqual([verdict for verdict, _ in self.verdicts(result)], ["findings", "clean"])

    def test_a_lost_process_is_told_everywhere(self):
        self.write("lost.py", "import os\nos.kill(os.getppid(), 9)\n")
        self.write("good.py", GOOD)
        self.raddle("check", "lost.py", "good.py", "--junit", "j.xml", "--sarif", "s.json", code=3)
        self.assertIn("SIGKILL", self.read("j.xml"))
        self.assertNotIn("(complete), nothing found, 0.00 s\n</error>", self.read("j.xml"))
        lost = json.loads(self.read("s.json"))["runs"][0]["invocations"][0]
        self.assertFalse(lost["executionSuccessful"])
        self.assertIn("SIGKILL", lost["properties"]["coverage"])

    def test_one_test_with_options_of_its_own(self):
        self.write("test_x.py", GOOD + "def test_ok(): pass\ndef test_bad(): assert 0\n")
        self.project(models=["test_*.py", {"test": "test_x.py::test_ok", "budget": {"time": "5s"}}])
        self.assertEqual(self.verdicts(self.raddle("check", code=1)),
                         [("findings", "test_x.py::test_bad"), ("clean", "test_x.py::test_ok")])

    def test_several_on_the_command_line(self):
        self.programs()
        result = self.raddle("check", "models/good.py", "models/dead.py", code=1)
        self.assertEqual(self.verdicts(result), [("clean", "models/good.py"), ("findings", "models/dead.py")])
        self.raddle("check", "models/good.py", "models/good.py", code=0)
        result = self.raddle("check", "models/good.py", "5", "models/dead.py", code=2)
        self.assertEqual(self.verdicts(result), [("clean", "models/good.py"), ("bad input", "5"), ("findings", "models/dead.py")])
        self.assertIn("5: there is no such file. Arguments of the model come behind --", result.stdout)

    def test_options_of_all_and_of_one(self):
        self.programs()
        self.write("stop.py", open(support.data("stop_flag.py"), encoding="utf-8").read())
        self.project(models=["models/good.py", {"model": "models/dead.py", "expect": "deadlock"}, "stop.py"], defaults={"budget": {"time": "20s"}})
        self.raddle("check", code=0)
        self.project(models=["models/good.py", {"model": "models/dead.py", "expect": "deadlock"}, "stop.py"], profile="strict")
        result = self.raddle("check", code=1)
        self.assertEqual([v for v, _ in self.verdicts(result)], ["clean", "expected", "findings"])
        self.assertIn("DATA RACE", result.stdout)
        self.project(models=["models/good.py", {"model": "models/dead.py", "expect": ["deadlock"]}, {"model": "stop.py", "strict": False, "fail-on": []}],
                     profile="strict")
        self.raddle("check", code=0)
        # What is typed counts more than the file.
        self.raddle("check", "--fail-on", "data-race", code=1)

    def test_expectations_that_are_not_met(self):
        self.programs()
        self.project(models=[{"model": "models/good.py", "expect": "deadlock"}, {"model": "models/bad.py", "expect": "clean"},
                             {"model": "models/dead.py", "expect": "findings"}])
        result = self.raddle("check", code=1)
        self.assertEqual([v for v, _ in self.verdicts(result)], ["unexpected", "unexpected", "expected"])
        self.assertIn("Expected deadlock, but there is nothing.", result.stdout)
        self.assertIn("Expected clean, but there is lost-update.", result.stdout)
        self.assertIn("1 as expected, 2 not as expected", result.last_line)

    def test_goes_on_behind_what_cannot_be_checked(self):
        self.programs()
        self.write("models/broken.py", "def f(:\n")
        self.write("models/crash.py", CRASH)
        self.write("models/stuck.py", "import os\nread, write = os.pipe()\nos.read(read, 1)\n")
        names = ["broken", "crash", "stuck", "good"]
        self.project(models=[f"models/{n}.py" for n in names], defaults={"watchdog": "500ms"})
        result = self.raddle("check", "--report", "r.json", code=2)
        self.assertEqual(self.verdicts(result)[0], ("bad input", "models/broken.py"))
        self.assertEqual(self.verdicts(result)[-1], ("clean", "models/good.py"))
        self.assertIn("does not compile", result.stdout)
        self.assertIn("CRASH  segmentation fault", result.stdout)
        models = json.loads(self.read("r.json"))["models"]
        self.assertEqual([m["name"] for m in models], [f"models/{n}.py" for n in names])
        self.assertIn("does not compile", models[0]["error"])
        self.assertEqual(models[1]["result"]["coverage"]["reason"], "crash")

    def test_exit_codes(self):
        self.programs()
        self.write("slow.py", SLOW)
        slow = {"model": "slow.py", "budget": {"time": "300ms"}, "ignore": "lost-update"}
        self.project(models=["models/good.py", slow])
        self.raddle("check", code=3)
        self.project(models=["models/good.py", slow, "models/bad.py"])
        self.raddle("check", code=1)
        self.project(models=["models/good.py", {**slow, "strategy": "sample", "accept": ["sampled"]}])
        self.raddle("check", code=0)

    def test_another_file_and_some_of_its_models(self):
        self.programs()
        self.project("models/p.json", models=["good.py", {"model": "dead.py", "expect": "deadlock"}, "bad.py"])
        result = self.raddle("check", "--project", "models/p.json", code=1)
        self.assertEqual([n for _, n in self.verdicts(result)], ["models/good.py", "models/dead.py", "models/bad.py"])
        result = self.raddle("check", "--project", "models/p.json", "models/dead.py", code=0)
        self.assertEqual(self.verdicts(result), [("expected", "models/dead.py")])
        self.bad_input("check", "--project", "models/p.json", "other.py", says="models/p.json: other.py is none of its models")

    def test_tests(self):
        self.write("tests/test_it.py", "import threading\ndef test_good():\n    pass\ndef test_bad():\n    raise KeyError\ndef test_fixture(x):\n    pass\n")
        self.project(models=["tests"])
        result = self.raddle("check", code=1)
        self.assertEqual(self.verdicts(result), [("clean", "tests/test_it.py::test_good"), ("findings", "tests/test_it.py::test_bad"),
                                                 ("skipped", "tests/test_it.py::test_fixture")])
        self.project(models=[{"test": "tests/test_it.py::test_bad", "expect": "exception"}, "tests/test_it.py::test_good"])
        self.raddle("check", code=0)

    def test_same_names_and_arguments(self):
        """No trace is written over another one's."""
        self.write("a/main.py", BAD)
        self.write("b/main.py", BAD)
        self.write("c.py", "import sys\nsys.exit(int(sys.argv[1]))\n")
        self.project(models=["a/main.py", "b/main.py", {"model": "c.py", "arguments": ["3"]}, {"model": "c.py", "arguments": ["4"]}])
        self.raddle("check", code=1)
        of_model = {}
        for name, text in self.files().items():
            if name.startswith(".raddle/"):
                trace = json.loads(text)
                of_model.setdefault((trace["model"], *trace["arguments"]), set()).add(name.rpartition("-")[0])
        self.assertEqual(of_model, {("a/main.py",): {".raddle/a-main"}, ("b/main.py",): {".raddle/b-main"},
                                    ("c.py", "3"): {".raddle/c"}, ("c.py", "4"): {".raddle/c.2"}})

    def test_interruption(self):
        self.programs()
        self.write("slow.py", SLOW)
        slow = {"model": "slow.py", "ignore": "lost-update"}
        self.project(models=["models/good.py", slow, "models/bad.py"])
        process = self.start_raddle("check", "-j", "1", "--report", "r.json")
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
        self.assertEqual((process.returncode, stderr), (3, ""), stdout)
        result = support.Result((), 3, stdout, "")
        self.assertEqual([v for v, _ in self.verdicts(result)], ["clean", "inconclusive", "not checked"])
        self.assertIn("interrupted", result.last_line)
        self.assertEqual(json.loads(self.read("r.json"))["models"][2]["error"], "interrupted")

    def test_two_runs_differ_in_nothing_but_times(self):
        self.programs()
        self.write("models/broken.py", "def f(:\n")
        self.write("models/test_it.py", "def test_good():\n    pass\ndef test_fixture(x):\n    pass\n")
        outputs = {"report": "r.json", "sarif": "r.sarif", "junit": "r.xml", "html": "p.html", "perfetto": "p.json"}
        self.project(models=["models/**/*.py", {"model": "models/good.py", "strategy": "random", "runs": 20, "seed": 3}],
                     outputs=outputs, profile="strict")

        def run(jobs):
            result = self.raddle("check", "-j", jobs, "--github", "--write-baseline", "b.json", code=2)
            files = {n: self.without_times(c.decode()) for n, c in self.files().items()}
            os.remove("b.json")
            return self.without_times(result.stdout), files
        once = run("1")
        self.assertLess({*outputs.values(), "b.json", ".raddle/bad-1.json"}, set(once[1]))
        for jobs in ("1", "2", "3"):
            with self.subTest(jobs):
                stdout, files = run(jobs)
                self.assertEqual(stdout, once[0])
                self.assertEqual(files.keys(), once[1].keys())
                for name, text in files.items():
                    self.assertEqual(text, once[1][name], name)

    def without_times(self, text):
        """What a search has taken, in each of the formats."""
        text = re.sub(r', \d+\.\d\d s(?=["<\n]|$)', ", T s", text)
        text = re.sub(r'"seconds": ?[-+.e0-9]+', '"seconds":T', text)
        return re.sub(r' time="[0-9.]+"', ' time="T"', text)

    def test_progress_for_programs(self):
        self.programs()
        self.write("slow.py", SLOW)
        slow = {"model": "slow.py", "ignore": "lost-update", "budget": {"time": "2s"}, "accept": ["sampled"]}
        self.project(models=["models/*.py", slow])
        result = self.raddle("check", "--progress", "json", "--quiet", "-j", "1", code=1)
        lines = [json.loads(line) for line in result.stderr.splitlines()]
        verdicts = [line for line in lines if "verdict" in line]
        self.assertEqual([(v["model"], v["status"]) for v in verdicts], [("models/bad.py", 1), ("models/dead.py", 1), ("models/good.py", 0), ("slow.py", 0)])
        running = [line for line in lines if "verdict" not in line]
        of_slow = [line for line in running if line["model"] == "slow.py" and line["executions"] > 0]
        self.assertGreater(len(of_slow), 1, result)
        for line in of_slow:
            self.assertEqual((line["done"], line["models"], line["limit"]), (3, 4, 2.0))
        executions = [line["executions"] for line in of_slow]
        self.assertEqual(executions, sorted(executions))
        self.assertLessEqual(executions[-1], verdicts[-1]["executions"])
        self.assertEqual(self.raddle("check", "--progress", "never", "--quiet", code=1).stderr, "")

    def test_the_report_and_the_project_are_valid(self):
        self.programs()
        self.project(models=["models/*.py", {"model": "models/good.py", "expect": "clean", "arguments": ["x"], "budget": {"time": 5, "runs": 1000}}],
                     exclude=["models/dead.py"], profile="strict", defaults={"ignore": ["hang:x.py"]}, outputs={"report": "r.json"})
        self.raddle("check", code=1)
        for schema, path in (("raddle-results-1", "r.json"), ("raddle-project-1", "raddle.json")):
            done = subprocess.run([support.PYTHON, support.SOURCE / "tests/e2e/validate_schema.py",
                                   support.SOURCE / f"docs/schemas/{schema}.schema.json", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
            self.assertEqual(done.returncode, 0, done.stdout)
        document = json.loads(self.read("r.json"))
        self.assertEqual((document["exit_code"], [m["exit_code"] for m in document["models"]]), (1, [1, 0]))
        self.assertEqual(document["models"][1]["expected"], "clean")
        for i, model in enumerate(document["models"]):
            self.write(f"{i}.json", json.dumps(model["result"]))
        done = subprocess.run([support.PYTHON, support.SOURCE / "tests/e2e/validate_schema.py",
                               support.SOURCE / "docs/schemas/raddle-result-1.schema.json", "0.json", "1.json"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_schema_knows_all_options(self):
        """Each option that a model takes is in it."""
        self.programs()
        self.project(models=[{"model": "models/good.py", "x": 1}])
        known = self.raddle("check", code=2).stderr.split("Here it takes ")[1].split(".")[0]
        schema = json.loads((support.SOURCE / "docs/schemas/raddle-project-1.schema.json").read_text(encoding="utf-8"))
        self.assertEqual(set(known.strip().split(", ")), set(schema["$defs"]["model"]["properties"]))
        self.project(models=["models/good.py"], outputs={"x": "y"})
        outputs = self.raddle("check", code=2).stderr.split("Here it takes ")[1].strip().split(", ")
        self.assertIn("report", outputs)
        self.assertLessEqual(set(outputs), set(schema["properties"]["outputs"]["properties"]))

    def test_outputs_for_all(self):
        self.programs()
        self.write("models/broken.py", "def f(:\n")
        self.project(models=["models/*.py", {"model": "models/dead.py", "expect": "deadlock"}], outputs={"sarif": "r.sarif", "junit": "r.xml"})
        self.raddle("check", "--github", code=2)
        junit = self.read("r.xml")
        for name in ("bad", "broken", "dead", "good"):
            self.assertIn(f"models/{name}.py", junit)
        results = json.loads(self.read("r.sarif"))["runs"][0]["results"]
        self.assertIn("models/bad.py", json.dumps(results))
        self.assertRegex(self.raddle("check", "--html", "p.html", code=2).stdout, r"(?m)^html: p\.html$")
        annotations = self.raddle("check", "--github", code=2).stdout
        self.assertRegex(annotations, r"(?m)^::error [^:]*file=models/bad.py")
        self.assertNotRegex(annotations, r"(?m)^::error [^:]*file=models/good.py")
        self.bad_input("check", "--sarif", "missing/r.sarif", says="there is no folder missing")
        self.project(models=["models/good.py"], outputs={"report": "build/all/r.json", "junit": "build/r.xml"})
        self.raddle("check")
        self.assertIn("models/good.py", self.read("build/all/r.json") + self.read("build/r.xml"))
        self.write("file", "")
        self.project(models=["models/good.py"], outputs={"report": "file/r.json"})
        self.bad_input("check", says="file: the folder cannot be made")
        self.bad_input("check", "--graph", "g.dot", says="--graph: several models")

    def test_bad_input(self):
        self.programs()
        self.bad_input("check", says=["no model given, and there is no raddle.json", '{"models": ["PROGRAM.py"]}'])
        self.bad_input("check", "--project", "missing.json", says="--project: missing.json cannot be read")
        self.project(models=["models/good.py", {"model": "models/good.py", "strategy": "clever"}])
        self.bad_input("check", says="raddle.json:1: models[1].strategy: --strategy: there is no 'clever'")
        self.project(models=["models/good.py"])
        self.bad_input("check", "--", "x", says="no model given before --")
        self.bad_input("check", "--report", "missing/r.json", says="there is no folder missing")
        self.bad_input("check", "--checkpoint", "x", says="--checkpoint: several models have several states")
        self.bad_input("check", "-m", "x", "models/good.py", says="both a model")


support.main()
