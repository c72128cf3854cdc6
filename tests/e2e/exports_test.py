"""What raddle writes for other programs: SARIF, JUnit XML, annotations, Perfetto, Mermaid, Graphviz."""
import concurrent.futures
import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree

import support

LOST = support.model("tutorial/lost_update.py")
CLEAN = support.model("tutorial/lost_update_lock.py")
PHILOSOPHERS = support.model("classic/philosophers.py")
SCHEMA = support.SOURCE / "tests/node/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
CLASSIC = os.path.join(os.path.dirname(support.RADDLE), "classic")
ALL = ("--sarif", "r.sarif", "--junit", "r.xml", "--perfetto", "p.json", "--html", "p.html")


def failing_models():
    """All that fail in little time, and some that do not."""
    for folder in ("tutorial", "bugs/racy", "classic"):
        for path in sorted((support.SOURCE / "models" / folder).glob("*.py")):
            yield f"{folder}/{path.name}"


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


class Test(support.Test):
    def validate_sarif(self, *paths):
        if not SCHEMA.exists():
            self.skipTest("the schema is not there: run checker/setup --tests")
        done = subprocess.run([support.PYTHON, support.SOURCE / "tests/e2e/validate_schema.py", SCHEMA, *paths],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self.assertEqual(done.returncode, 0, done.stdout)

    def validate_junit(self, *paths):
        done = subprocess.run(["xmllint", "--noout", "--schema", support.data("junit.xsd"), *paths],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self.assertEqual(done.returncode, 0, done.stdout)


    def within_limits(self, run):
        """Those of GitHub's code scanning."""
        self.assertLess(len(gzip.compress(json.dumps(run).encode())), 10_000_000)
        self.assertLessEqual(len(run["results"]), 25_000)
        for rule in run["tool"]["driver"]["rules"]:
            self.assertLessEqual(len(rule["properties"].get("tags", [])), 10)
        for result in run["results"]:
            self.assertLessEqual(len(result["locations"]) + len(result.get("relatedLocations", [])), 101)
            for flow in result.get("codeFlows", []):
                self.assertLessEqual(sum(len(thread["locations"]) for thread in flow["threadFlows"]), 1_000)


class EveryModel(Test):
    def check(self, name):
        folder = os.path.join(self.folder, name.replace("/", "-"))
        os.mkdir(folder)
        result = self.raddle("check", "--quiet", "-j", "1", "--time", "4s", *ALL, "--github", "--report", "r.json",
                             support.model(name), cwd=folder)
        return folder, result

    def test_outputs_are_valid_and_say_what_the_result_says(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            checked = list(pool.map(self.check, failing_models()))
        failing = 0
        for folder, result in checked:
            with self.subTest(os.path.basename(folder)):
                report = load(folder, "r.json")
                failing += result.code == 1
                self.compare_sarif(load(folder, "r.sarif"), report, result.code)
                self.compare_junit(xml.etree.ElementTree.parse(f"{folder}/r.xml").getroot(), report, result.code)
                self.compare_perfetto(load(folder, "p.json"), folder, report)
                self.compare_annotations(result.stdout, report, result.code)
        self.assertGreater(failing, 100)
        self.validate_junit(*(f"{folder}/r.xml" for folder, _ in checked))
        self.validate_sarif(*(f"{folder}/r.sarif" for folder, _ in checked))

    def compare_sarif(self, sarif, report, code):
        run = sarif["runs"][0]
        self.within_limits(run)
        self.assertEqual([r["ruleId"] for r in run["results"]], [f["kind"] for f in report["findings"]])
        for result, finding in zip(run["results"], report["findings"]):
            self.assertEqual(result["level"], finding["severity"])
            location = result["locations"][0]["physicalLocation"]
            path = location["artifactLocation"]["uri"]
            self.assertTrue(path.startswith("file:///") or not path.startswith("/"), path)
            self.assertGreaterEqual(location["region"]["startLine"], 1)
            steps = [step["executionOrder"] for flow in result["codeFlows"][0]["threadFlows"] for step in flow["locations"]]
            events = load(self.folder, self.folder_of(finding, report))["events"]
            self.assertEqual(sorted(s for s in set(steps) if s <= len(events)), [e["step"] for e in events])
        self.assertEqual(run["invocations"][0]["exitCode"], code)

    def folder_of(self, finding, report):
        model = os.path.relpath(report["model"], support.model("")).replace("/", "-")
        return os.path.join(model, finding["trace"])

    def compare_junit(self, root, report, code):
        case = root.find("testsuite/testcase")
        kinds = {f["kind"] for f in report["findings"] if f["severity"] == "error"}
        self.assertEqual(case.find("failure") is not None, code == 1)
        self.assertEqual(case.find("error") is not None, code == 3)
        if code == 1:
            self.assertIn(case.find("failure").get("type"), kinds)
            self.assertIn("replay: raddle replay", case.find("failure").text)
        self.assertEqual((root.get("tests"), root.get("failures"), root.get("errors")), ("1", str(int(code == 1)), str(int(code == 3))))

    def compare_perfetto(self, document, folder, report):
        slices = [e for e in document["traceEvents"] if e["ph"] == "X" and e["cat"] in ("event", "decisive")]
        traces = [load(folder, f["trace"]) for f in report["findings"]]
        self.assertEqual(len(slices), sum(len(t["events"]) for t in traces))
        ends = {}
        for e in sorted((e for e in document["traceEvents"] if e["ph"] == "X"), key=lambda e: e["ts"]):
            track = (e["pid"], e["tid"])
            self.assertGreaterEqual(e["ts"], ends.get(track, 0), e)
            ends[track] = e["ts"] + e["dur"]

    def compare_annotations(self, stdout, report, code):
        lines = [line for line in stdout.splitlines() if line.startswith("::")]
        errors = sum(f["severity"] == "error" for f in report["findings"])
        self.assertEqual(sum(line.startswith("::error ") for line in lines), min(errors, 10) + (code == 3))
        for line in lines:
            self.assertRegex(line, r"^::(error|warning|notice) (file=[^:,]+,)?(line=\d+,)?(col=\d+,)?title=[^:,]+::.")


class EveryProgramOfTheLibrary(Test):
    """Of C++ programs there are traces, and what can be made of them."""
    ROW = re.compile(r"\| \[`(\w+)`\]\((\w+\.cpp)\) .* \| (exhaustive|sample|pos) \| \w+ \|$", re.MULTILINE)
    RUNS = {"exhaustive": "100000", "sample": "10000", "pos": "1000000"}

    def check(self, row):
        name, file, strategy = row
        self.raddle(name, "--strategy", strategy, "--runs", self.RUNS[strategy], "--trace-dir", name, "--brief", program=CLASSIC, code=1)
        trace = f"{name}/{name}-1.json"
        for option, output in (("--sarif", "r.sarif"), ("--junit", "r.xml"), ("--html", "p.html"), ("--perfetto", "p.json"), ("--mermaid", "m")):
            self.write(f"{name}/{output}", self.raddle("show", option, trace, code=0).stdout)
        return name, file, trace

    def test_outputs_are_valid_and_say_what_the_trace_says(self):
        if not os.path.exists(CLASSIC):
            self.skipTest("the programs of the library are not built")
        rows = self.ROW.findall(pathlib.Path(support.model("classic/README.md")).read_text(encoding="utf-8"))
        self.assertEqual({name for name, _, _ in rows}, set(self.raddle("--list", program=CLASSIC, code=0).stdout.split()))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            checked = list(pool.map(self.check, rows))
        for name, file, path in checked:
            with self.subTest(name):
                trace = load(path)
                run = load(name, "r.sarif")["runs"][0]
                self.within_limits(run)
                self.assertEqual([r["ruleId"] for r in run["results"]], [f["kind"] for f in trace["findings"]])
                for result in run["results"]:
                    location = result["locations"][0]["physicalLocation"]
                    self.assertTrue(location["artifactLocation"]["uri"].endswith("/models/classic/" + file), location)
                    self.assertIn("snippet", location["region"])
                case = xml.etree.ElementTree.parse(f"{name}/r.xml").getroot().find("testsuite/testcase")
                self.assertEqual(case.find("failure").get("type"), trace["findings"][0]["kind"])
                slices = [e for e in load(name, "p.json")["traceEvents"] if e["ph"] == "X" and e["cat"] in ("event", "decisive")]
                self.assertEqual(len(slices), len(trace["events"]))
                self.assertIn("#include ", self.read(f"{name}/p.html"))  # its source
        self.validate_junit(*(f"{name}/r.xml" for name, _, _ in checked))
        self.validate_sarif(*(f"{name}/r.sarif" for name, _, _ in checked))


class Sarif(Test):
    def test_strange_names_and_a_clean_model(self):
        path = self.write("ö b%/größe #1.py", "import threading\nzähler = 0\ndef f():\n    global zähler; ä = 'ü'; zähler += 1\n"
                          "t = [threading.Thread(target=f, name='\\x1b[31m<&\"') for _ in '12']\n[x.start() for x in t]\n[x.join() for x in t]\n"
                          "assert zähler == 2, '{0} \\x01 ]]>'\n")
        self.raddle("check", "--all", *ALL, os.path.relpath(path), code=1)
        self.raddle("check", "--sarif", "clean.sarif", "--junit", "clean.xml", CLEAN, code=0)
        self.raddle("check", "--ignore", "*", "--sarif", "ignored.sarif", "--junit", "ignored.xml", LOST, code=0)
        self.raddle("check", "--runs", "1", "--sarif", "cut.sarif", "--junit", "cut.xml", CLEAN, code=3)
        self.validate_junit("r.xml", "clean.xml", "ignored.xml", "cut.xml")
        results = json.loads(self.read("r.sarif"))["runs"][0]["results"]
        result = next(r for r in results if r["ruleId"] == "lost-update")
        location = result["locations"][0]["physicalLocation"]
        self.assertEqual(location["artifactLocation"], {"uri": "%C3%B6%20b%25/gr%C3%B6%C3%9Fe%20%231.py", "uriBaseId": "%SRCROOT%"})
        self.assertEqual(location["region"]["snippet"]["text"], "    global zähler; ä = 'ü'; zähler += 1")
        self.assertEqual(location["region"]["startColumn"], 29)
        ignored = json.loads(self.read("ignored.sarif"))["runs"][0]["results"][0]
        self.assertEqual(ignored["suppressions"][0]["justification"], "--ignore *")
        self.assertIn("cut: ", json.loads(self.read("cut.sarif"))["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"])
        self.validate_sarif("r.sarif", "clean.sarif", "ignored.sarif", "cut.sarif")

    def test_fingerprints_stay_where_lines_are_inserted(self):
        """Above the findings, and between them; not where the line itself changes."""
        def fingerprints(name, text):
            self.write(name, text)
            self.raddle("check", "--all", "--quiet", "--strict", "--time", "10s", "--sarif", "r.sarif", name, code=1)
            return sorted((r["ruleId"], *r["partialFingerprints"].items()) for r in json.loads(self.read("r.sarif"))["runs"][0]["results"])

        for model in ("tutorial/lost_update.py", "classic/philosophers.py", "tutorial/queue_event_final.py", "bugs/racy/item_increment.py"):
            with self.subTest(model):
                name, text = os.path.basename(model), pathlib.Path(support.model(model)).read_text(encoding="utf-8")
                before = fingerprints(name, text)
                self.assertTrue(before)
                for _, (kind, _) in before:
                    self.assertEqual(kind, "raddleContent/v1")
                self.assertEqual(fingerprints(name, "# inserted\n\n" + text), before)
                self.assertEqual(fingerprints(name, re.sub(r"(?m)^(def|class|[a-z_]+ = )", r"\n# inserted\n\1", text)), before)
        text = pathlib.Path(LOST).read_text(encoding="utf-8")
        changed = text.replace("database_value = value", "database_value = value + 0")
        self.assertNotEqual(text, changed)
        self.assertNotEqual(fingerprints("lost_update.py", changed), fingerprints("lost_update.py", text))

    def test_paths_are_those_of_the_repository(self):
        """In a job of GitHub Actions; elsewhere of the current folder."""
        self.write("sub/model.py", pathlib.Path(LOST).read_text(encoding="utf-8"))
        for variable, prefix in ((self.folder, "sub/"), ("/nowhere", ""), ("", "")):
            result = self.raddle("check", "--sarif", "r.sarif", "--github", "model.py", cwd=os.path.join(self.folder, "sub"),
                                 env={**os.environ, "GITHUB_WORKSPACE": variable}, code=1)
            location = json.loads(self.read("sub/r.sarif"))["runs"][0]["results"][0]["locations"][0]
            self.assertEqual(location["physicalLocation"]["artifactLocation"]["uri"], prefix + "model.py")
            self.assertIn(f"::error file={prefix}model.py,line=", result.stdout)

    def test_a_model_that_cannot_be_controlled(self):
        path = self.write("threads.py", "import threading\n[threading.Thread(target=print).start() for _ in range(3000)]\n")
        self.raddle("check", "--sarif", "r.sarif", "--junit", "r.xml", path, code=3)
        invocation = json.loads(self.read("r.sarif"))["runs"][0]["invocations"][0]
        self.assertFalse(invocation["executionSuccessful"])
        self.assertIn('type="inconclusive"', self.read("r.xml"))
        self.validate_sarif("r.sarif")


class Files(Test):
    def test_the_same_bytes_each_time(self):
        def outputs(jobs):
            self.raddle("check", "--all", "-j", jobs, *ALL, "--graph", "g.dot", PHILOSOPHERS, code=1)
            return {name: re.sub(rb' time="[0-9.]+"|, [0-9.]+ s"', b"", text) for name, text in self.files().items()}
        self.assertEqual(outputs("1"), outputs("2"))

    def test_what_cannot_be_written_is_said_before_the_search(self):
        for option in ("--sarif", "--junit", "--html", "--perfetto", "--graph"):
            with self.subTest(option):
                self.bad_input("check", option, "missing/r", LOST, says=f"{option}: there is no folder missing for r")
                self.bad_input("check", option, "/tmp", LOST, says=f"{option}: /tmp is a folder")
                self.bad_input("check", option, LOST, LOST, says="is the model, or what is read with it")
        self.bad_input("check", "--sarif", "r", "--junit", "./r", LOST, says="--junit: ./r is the file of --sarif, too")
        self.bad_input("check", "--graph", "g", "--checkpoint", "c", LOST, says="--graph does not go together with --checkpoint")
        self.bad_input("check", "--graph", "g", "--shard", "1/2", LOST, says="--graph does not go together with --shard")

    def test_a_folder_that_is_read_only(self):
        user = self.other_user()
        os.mkdir("folder")
        os.chmod("folder", 0o555)
        os.chmod(".", 0o755)
        for option in ("--sarif", "--report", "--graph"):
            self.bad_input("check", option, "folder/r", LOST, wrapper=user, says=f"{option}: the folder folder cannot be written")

    def test_a_web_page_with_every_finding(self):
        """What is in it, viewer_test.py checks."""
        self.raddle("check", "--all", "--html", "p.html", "--report", "r.json", LOST, code=1)
        page = self.read("p.html")
        self.assertTrue(page.startswith("<!DOCTYPE html>") or page.startswith("<!doctype html>"), page[:100])
        for finding in json.loads(self.read("r.json"))["findings"]:
            self.assertIn(json.dumps(finding["message"]), page)
            self.assertIn(finding["trace"], page)
        self.assertIn("    value = database_value", page)  # the source

    def test_the_page_is_named_below_each_finding(self):
        result = self.raddle("check", "--all", "--html", "p.html", PHILOSOPHERS, code=1)
        self.assertEqual(len(re.findall(r"html: p\.html$", result.stdout, re.MULTILINE)), result.stdout.count("replay: raddle replay "))
        self.assertNotIn("html: ", self.raddle("check", "--all", PHILOSOPHERS, code=1).stdout)
        self.assertNotIn("html: ", self.raddle("check", "--html", "clean.html", CLEAN, code=0).stdout)

    def test_outputs_go_to_pipes(self):
        result = self.raddle("check", "--quiet", "--junit", "/dev/stdout", "--sarif", "/dev/stdout", CLEAN, code=0)
        self.assertIn("</testsuites>", result.stdout)
        self.assertIn('"version": "2.1.0"', result.stdout)

    def test_shards_and_checkpoints(self):
        """The outputs are those of the whole search."""
        self.raddle("check", "--all", "--sarif", "whole.sarif", PHILOSOPHERS, code=1)
        for i in "12":
            self.raddle("check", "--all", "--shard", f"{i}/2", "--report", f"{i}.json", "--sarif", f"{i}.sarif", PHILOSOPHERS)
        os.remove("1.sarif")
        self.raddle("merge", "1.json", "2.json", "--sarif", "merged.sarif", "--junit", "r.xml", code=1)
        self.assertNotIn("1.sarif", os.listdir())
        results = [json.loads(self.read(name))["runs"][0]["results"] for name in ("whole.sarif", "merged.sarif")]
        self.assertEqual(*results)
        self.raddle("check", "--checkpoint", "c", "--runs", "2", "--all", PHILOSOPHERS)
        self.raddle("resume", "c", "--all", "--sarif", "resumed.sarif", code=1)
        self.assertEqual(json.loads(self.read("resumed.sarif"))["runs"][0]["results"], results[0])


class Show(Test):
    def test_perfetto_and_mermaid(self):
        self.raddle("check", "--perfetto", "p.json", LOST, code=1)
        trace = ".raddle/lost_update-1.json"
        document = json.loads(self.raddle("show", "--perfetto", trace, code=0).stdout)
        events = json.loads(self.read("p.json"))["traceEvents"]
        of_first = [e for e in events if e["pid"] == 1 and e["name"] != "process_name"]
        self.assertEqual([e for e in document["traceEvents"] if e["name"] != "process_name"], of_first)
        diagram = self.raddle("show", "--mermaid", trace, code=0).stdout
        self.assertTrue(diagram.startswith("sequenceDiagram\ntitle LOST UPDATE: database_value\n"), diagram)
        self.assertIn("participant T1 as t1", diagram)
        self.assertGreater(self.raddle("show", "--mermaid", "--full", trace, code=0).stdout.count("\n"), diagram.count("\n"))
        self.bad_input("show", "--mermaid", "--perfetto", trace, says="different formats")
        self.bad_input("show", "--sarif", "--thread", "t1", trace, says="show all of a trace")

    def test_sarif_and_junit(self):
        """Those of the check, but for what only that knows."""
        self.raddle("check", "--all", "--sarif", "r.sarif", LOST, code=1)
        of_check = json.loads(self.read("r.sarif"))["runs"][0]["results"][0]
        shown = json.loads(self.raddle("show", "--sarif", ".raddle/lost_update-1.json", code=0).stdout)["runs"][0]["results"][0]
        for key in of_check.keys() - {"occurrenceCount", "provenance", "partialFingerprints"}:
            self.assertEqual(shown[key], of_check[key], key)
        self.write("r.xml", self.raddle("show", "--junit", ".raddle/lost_update-1.json", code=0).stdout)
        self.validate_junit("r.xml")
        self.assertIn('<failure type="lost-update"', self.read("r.xml"))


class Graph(Test):
    def leaves(self, text):
        return re.findall(r"(?m)^  x\d+ \[.*label=\"(.*)\"\]$", text)

    def test_each_execution_is_a_leaf(self):
        self.raddle("check", "--all", "--graph", "g.dot", LOST, code=1)
        text = self.read("g.dot")
        self.assertIn("4 of 4 executions explored (complete)", text)
        leaves = self.leaves(text)
        self.assertEqual(sorted(leaf.split(": ")[1].split("\\n")[0] for leaf in leaves).count("lost-update"), 2, leaves)
        self.assertEqual(len(leaves), 4)
        nodes = set(re.findall(r"-> (n\d+) ", text))
        self.assertEqual(len(nodes), len(re.findall(r"(?m)^  n\d+ -> n\d+ ", text)))  # a tree
        if shutil.which("dot"):
            subprocess.run(["dot", "-Tsvg", "-o", "g.svg", "g.dot"], check=True)

    def test_the_search_is_the_same(self):
        for options in ((), ("--strategy", "source"), ("--strategy", "brute"), ("--preemptions", "1"),
                        ("--strategy", "random", "--runs", "20")):
            with self.subTest(options):
                plain = self.raddle("check", "--all", *options, PHILOSOPHERS)
                drawn = self.raddle("check", "--all", *options, "--graph", "g.dot", PHILOSOPHERS, code=plain.code)
                self.assertEqual(support.without_seconds(drawn.stdout), support.without_seconds(plain.stdout))
                executions = int(re.search(r"(\d+) executions? (?:explored|sampled)", plain.last_line)[1])
                self.assertEqual(sum(": " in leaf for leaf in self.leaves(self.read("g.dot"))), executions)

    def test_too_many(self):
        path = support.model("tutorial/bare_increment_10.py")
        result = self.raddle("check", "--all", "--runs", "400", "--graph", "g.dot", path, code=2)
        self.assertIn("--graph: more than 300 executions are too many for a picture", result.stderr)
        self.assertIn("400 executions explored", result.stdout)
        self.assertNotIn("g.dot", os.listdir())


support.main()
