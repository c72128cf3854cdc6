"""Every program in models/classic/: what its README.md says of it is what raddle says."""
import ast
import concurrent.futures
import json
import os
import re

import support

FOLDER = support.SOURCE / "models/classic"
CLASSIC = os.path.join(os.path.dirname(support.RADDLE), "classic")
ROW = re.compile(r"\| \[`(?P<name>\w+)`\]\((?P<file>[\w.]+)\) \| (?P<text>.*) \| (?P<kind>deadlock|assertion|exception)"
                 r" \| (?P<found_by>exhaustive|sample|pos) \| (?P<correct>complete|sampled) \|$")
RUNS = {"exhaustive": 100_000, "sample": 10_000, "pos": 1_000_000}
ELSEWHERE = {"philosophers.py", "philosophers_ordered.py"}  # in models/README.md


def rows():
    lines = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    return [ROW.match(line).groupdict() for line in lines if line.startswith("| [`")]


def description(path):
    """What its first lines say is wrong."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return ast.get_docstring(ast.parse(text)).splitlines()[0]
    comment = " ".join(line[2:].strip() for line in text.split("#include")[0].splitlines())
    return comment.split(" Correct: ")[0].strip()


class Classic(support.Test):
    def run_program(self, row, correct, strategy, runs):
        """(kinds of the errors and warnings, coverage)."""
        options = ["--strategy", strategy, "--runs", str(runs)]
        if row["file"].endswith(".cpp"):
            result = self.raddle(row["name"], *["correct"] * correct, *options, "--brief", program=CLASSIC)
            self.assertIn(result.code, (0, 1), result)
            _, coverage, *kinds = result.stdout.split()
            return kinds, coverage
        name = f"{row['name']}-{correct}"
        result = self.raddle("check", *options, "--trace-dir", name, "--report", name + ".json",
                             support.model("classic/" + row["file"]), "--", *["correct"] * correct)
        self.assertEqual(result.stderr, "", result)
        report = json.loads(self.read(name + ".json"))
        return [f["kind"] for f in report["findings"] if f["severity"] != "note"], report["coverage"]["kind"]

    def everywhere(self, function):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(zip(rows(), pool.map(function, rows())))

    def test_the_command_that_replays_has_the_arguments(self):
        found = self.raddle("philosophers_7", "--trace-dir", "the traces", program=CLASSIC, code=1)
        command = re.search(r"replay: (RADDLE_REPLAY=.*)", found.stdout)[1]
        self.assertIn("'the traces/philosophers_7-1.json'", command)
        self.assertIn(" philosophers_7 --trace-dir 'the traces'", command)
        replayed = self.raddle("-c", command, program="/bin/sh", code=1)
        self.assertIn("reproduced deadlock", replayed.stdout)

    def test_the_table_is_that_of_the_programs(self):
        table = rows()
        self.assertEqual({row["file"] for row in table},
                         {p.name for p in FOLDER.iterdir() if p.suffix in (".cpp", ".py")} - ELSEWHERE - {"main.cpp"})
        listed = self.raddle("--list", program=CLASSIC, code=0).stdout.split()
        self.assertEqual(sorted(row["name"] for row in table if row["file"].endswith(".cpp")), sorted(listed))
        self.assertGreaterEqual(len(listed), 12)
        self.assertGreaterEqual(len(table) - len(listed), 8)
        for row in table:
            self.assertEqual(row["text"], description(FOLDER / row["file"]), row["name"])

    def test_the_bugs_are_found(self):
        def find(row):
            return self.run_program(row, False, row["found_by"], RUNS[row["found_by"]])

        for row, (kinds, _) in self.everywhere(find):
            with self.subTest(row["name"]):
                self.assertIn(row["kind"], kinds)

    def test_the_correct_versions_are_silent(self):
        def look(row):
            if row["correct"] == "complete":
                return self.run_program(row, True, "exhaustive", 100_000)
            return self.run_program(row, True, "sample", 2000)

        for row, (kinds, coverage) in self.everywhere(look):
            with self.subTest(row["name"]):
                self.assertEqual((kinds, coverage), ([], row["correct"]))

    def test_what_it_does_not_understand(self):
        for arguments in ([], ["no_such_program"], ["ab_ba", "--strategy", "best"], ["ab_ba", "--runs"]):
            self.assertIn("usage: classic", self.raddle(*arguments, program=CLASSIC, code=2).stderr)


if not os.path.exists(CLASSIC):
    raise SystemExit(77)
support.main()
