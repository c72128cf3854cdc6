"""--report and traces: what is written validates against the schemas in docs/, and is the same on every run."""
import json
import os
import platform
import shutil
import subprocess

import support

SCHEMAS = support.SOURCE / "docs/schemas"
# (options, model): every kind of verdict and coverage.
SEARCHES = (
    (["--all"], "models/tutorial/lost_update.py"),
    ([], "models/tutorial/lost_update.py"),
    ([], "models/tutorial/lost_update_lock.py"),
    (["--all"], "models/tutorial/fake_database.py"),
    (["--all"], "models/tutorial/pipeline_late_return.py"),
    (["--all"], "models/classic/philosophers.py"),
    (["--strategy", "random", "--runs", "30", "--seed", "7", "--all"], "models/classic/philosophers.py"),
    (["--strategy", "source", "--all"], "models/classic/philosophers.py"),
    (["--strategy", "brute", "--all"], "models/tutorial/lost_update.py"),
    (["--max-steps", "5", "--runs", "100"], "models/tutorial/lost_update_lock.py"),
    (["--ignore", "lost-update", "--strict"], "models/tutorial/lost_update.py"),
    (["--clock", "virtual", "--timeouts", "never", "--strategy", "random", "--runs", "3"], "models/tutorial/three_threads.py"),
    (["--all"], "tests/e2e/data/stop_flag.py"),
    (["--strict"], "tests/e2e/data/stop_flag.py"),
    (["--all"], "tests/e2e/data/bad/uncaught.py"),
    (["--all"], "tests/e2e/data/bad/exit_status.py"),
    (["--all"], "tests/e2e/data/bad/no_threads.py"),
    ([], "tests/e2e/data/bad/two_thousand_threads.py"),
)


class Schemas(support.Test):
    def validate(self, schema, paths):
        done = subprocess.run([support.PYTHON, support.SOURCE / "tests/e2e/validate_schema.py", SCHEMAS / schema, *paths],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_documents_are_valid(self):
        results, traces = [], []
        for i, (options, path) in enumerate(SEARCHES):
            self.raddle("check", *options, "--report", f"{i}.json", "--trace-dir", f"traces{i}", str(support.SOURCE / path))
            results.append(f"{i}.json")
            listed = [f["trace"] for f in json.loads(self.read(f"{i}.json"))["findings"] if "trace" in f]
            self.assertEqual(sorted(listed), sorted(n for n in self.files() if n.startswith(f"traces{i}/")))
            traces += listed
        self.assertGreaterEqual(len(traces), 8)
        self.validate("raddle-result-1.schema.json", results)
        self.validate("raddle-trace-1.schema.json", traces)

    def test_what_a_result_says(self):
        self.raddle("check", "--all", "--report", "r.json", str(support.SOURCE / SEARCHES[0][1]), code=1)
        result = json.loads(self.read("r.json"))
        self.assertEqual(result["verdict"], "findings")
        self.assertEqual(result["coverage"], {"kind": "complete"})
        self.assertEqual((result["executions"], result["classes"], result["blocked"]), (4, 4, 0))
        self.assertEqual(result["strategy"], "exhaustive")
        self.assertEqual(result["options"], {"all": "yes"})
        finding, *others = result["findings"]
        self.assertEqual([(f["kind"], f["severity"]) for f in others], [("data-race", "warning")] * 2)
        self.assertEqual((finding["kind"], finding["severity"], finding["count"]), ("lost-update", "error", 2))
        self.assertEqual(finding["trace"], ".raddle/lost_update-1.json")
        self.assertNotEqual(result["program_hash"], "")
        self.assertEqual(json.loads(self.read(finding["trace"]))["program_hash"], result["program_hash"])
        self.raddle("check", "--report", "r.json", str(support.SOURCE / SEARCHES[2][1]), code=0)
        result = json.loads(self.read("r.json"))
        self.assertEqual((result["verdict"], result["findings"]), ("clean", []))

    def test_a_search_that_starts_again(self):
        """What was explored before is counted apart."""
        path = self.write("alive.py", "import threading\nx = 0\ndef work():\n    global x\n    x += 1\n"
                          "threads = [threading.Thread(target=work) for _ in range(2)]\nfor t in threads: t.start()\n"
                          "if x == 2: threads[0].is_alive()\nfor t in threads: t.join()\n")
        result = self.raddle("check", "--all", "--report", "r.json", path, code=1)
        report = json.loads(self.read("r.json"))
        before = report["executions_total"] - report["executions"]
        self.assertGreater(before, 0)
        self.assertIn(f"{report['executions']} of {report['executions']} executions explored (complete), "
                      f"{report['executions_total']} in all rounds, ", result.last_line)
        self.assertEqual(report["classes"], report["executions"])

    def test_report_to_a_pipe(self):
        result = self.raddle("check", "--quiet", "--report", "/dev/stdout", str(support.SOURCE / SEARCHES[2][1]), code=0)
        document, _, summary = result.stdout.rpartition("\n}\n")
        json.loads(document + "}")
        self.assertIn("nothing found", summary)


class Determinism(support.Test):
    """The same model, options and seed give the same bytes, seconds aside."""

    def outcome(self, options, path, **how):
        shutil.rmtree("out", ignore_errors=True)
        os.mkdir("out")
        out = os.path.join(self.folder, "out")
        result = self.raddle("check", *options, "--report", f"{out}/r.json", "--trace-dir", f"{out}/traces", path, **how)
        files = {name: support.without_seconds(content.decode()) for name, content in self.files().items() if name.startswith("out/")}
        return result.code, support.without_seconds(result.stdout), result.stderr, files

    def variations(self):
        yield "again", {}
        for seed in ("0", "random"):
            yield f"PYTHONHASHSEED={seed}", {"env": {**os.environ, "PYTHONHASHSEED": seed}}
        yield "empty environment", {"env": {}}
        yield "other environment", {"env": {**os.environ, "LC_ALL": "C", "TZ": "Asia/Tokyo", "HOME": "/nowhere", "PADDING": "x" * 5000,
                                            "COLUMNS": "40", "TERM": "xterm", "PYTHONUTF8": "0"}}
        if shutil.which("setarch"):
            works = subprocess.run(["setarch", platform.machine(), "-R", "true"], stderr=subprocess.DEVNULL).returncode == 0
            if works:
                yield "fixed addresses", {"wrapper": ["setarch", platform.machine(), "-R"]}
        yield "many open files", {"pass_fds": [os.open("/dev/null", os.O_RDONLY) for _ in range(20)]}

    def test_same_bytes(self):
        for options, path in SEARCHES:
            path = str(support.SOURCE / path)
            expected = self.outcome(options, path)
            for name, how in self.variations():
                with self.subTest(os.path.basename(path), options=options, variation=name):
                    self.assertEqual(self.outcome(options, path, **how), expected)

    def test_working_folder(self):
        """Neither the folder from which an absolute path is checked nor that of the source tree is in the files."""
        for options, path in SEARCHES[:8]:
            path = str(support.SOURCE / path)
            os.makedirs("elsewhere/deep", exist_ok=True)
            with self.subTest(os.path.basename(path)):
                def files(cwd):
                    shutil.rmtree(os.path.join(cwd, ".raddle"), ignore_errors=True)
                    self.raddle("check", *options, "--report", "r.json", path, cwd=cwd)
                    return [support.without_seconds(self.read(p)) for p in self.files() if p.startswith(cwd + "/")]
                os.makedirs("here", exist_ok=True)
                here = files("here")
                self.assertGreater(len(here), 0)
                self.assertEqual(files("elsewhere/deep"), here)

    def test_moved_program(self):
        """Hashes, names and places do not depend on where the program is."""
        for folder in ("a", "other/place"):
            os.makedirs(folder)
            shutil.copy(str(support.SOURCE / "models/classic/philosophers.py"), folder)
            self.raddle("check", "--all", "--report", "r.json", "philosophers.py", cwd=folder, code=1)
        self.assertEqual(self.read("a/.raddle/philosophers-1.json"), self.read("other/place/.raddle/philosophers-1.json"))
        self.assertEqual(support.without_seconds(self.read("a/r.json")), support.without_seconds(self.read("other/place/r.json")))


support.main()
