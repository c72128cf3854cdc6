"""Every program in models/bugs/: what models/bugs/README.md says of it is what raddle says."""
import ast
import concurrent.futures
import json
import re

import support

FOLDER = support.SOURCE / "models/bugs"
RACY = re.compile(r"\| `(?P<file>\w+\.py)` \| (?P<text>.*) \| (?P<kind>[a-z-]+) \| (?:`(?P<object>.*)` )?:(?P<line>\d+) \|$")
WARNINGS = ("misuse",)  # are errors with --strict
CORRECT = re.compile(r"\| `(?P<file>\w+\.py)` \| (?P<text>.*) \|$")


def rows(folder, pattern):
    """The rows of the table below the heading of a folder: {file name: match}."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {folder}/\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return {row["file"]: row for line in lines for row in [pattern.match(line)] if row}


def everywhere(function, arguments):
    """function(argument) for all of them, two at a time: [(argument, result)]."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(zip(arguments, pool.map(function, arguments)))


class Bugs(support.Test):
    def check(self, path, *options):
        name = path.replace("/", "-")
        result = self.raddle("check", *options, "--trace-dir", name, "--report", name + ".json",
                             support.model("bugs/" + path))
        return result, json.loads(self.read(name + ".json"))

    def test_the_tables_are_those_of_the_programs(self):
        """A row for each program, with the first line of its docstring; and enough of both sorts."""
        for folder, pattern in (("racy", RACY), ("correct", CORRECT)):
            table = rows(folder, pattern)
            programs = {path.name: path for path in (FOLDER / folder).glob("*.py")}
            self.assertEqual(set(table), set(programs))
            self.assertGreaterEqual(len(programs), 60)
            for name, path in programs.items():
                with self.subTest(f"{folder}/{name}"):
                    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
                    self.assertEqual(table[name]["text"].replace(r"\|", "|"), docstring.splitlines()[0])

    def test_racy(self):
        """An error of the kind, at the place, whose trace replays."""
        table = rows("racy", RACY)

        def find(name):
            row = table[name]
            result, report = self.check("racy/" + name, *(["--strict"] if row["kind"] in WARNINGS else []))
            for finding in report["findings"]:
                place = finding["title"] if row["object"] else None
                if (finding["severity"] == "error" and finding["kind"] == row["kind"] and place == row["object"]
                        and finding["location"]["line"] == int(row["line"])):
                    return result, self.raddle("replay", finding["trace"])
            return result, None

        for name, (result, replay) in everywhere(find, sorted(table)):
            with self.subTest(f"racy/{name}"):
                self.assertEqual(result.code, 1, result)
                self.assertEqual(result.stderr, "", result)
                self.assertIsNotNone(replay, f"not found: {table[name][0]}\n{result}")
                self.assertEqual(replay.code, 1, replay)

    def test_correct(self):
        """Explored completely, without any finding or warning."""
        for name, (result, report) in everywhere(lambda name: self.check("correct/" + name, "--all"),
                                                 sorted(rows("correct", CORRECT))):
            with self.subTest(f"correct/{name}"):
                self.assertEqual(result.code, 0, result)
                self.assertEqual(result.stderr, "", result)
                self.assertEqual((report["findings"], report["warnings"], report["coverage"]),
                                 ([], [], {"kind": "complete"}), result)


support.main()
