"""Every program in models/: the verdict and the counts that models/README.md promises."""
import re

import support

ROW = re.compile(r"\| `(?P<file>[\w.]+)(?: \[[\w ]+\])?` \| .* \| (?P<verdict>clean|\*\*[a-z-]+\*\*)(?: \((?P<figures>.*)\))? \| .* \|")

WORDS = {
    "lost-update": "LOST UPDATE",
    "deadlock": "DEADLOCK",
    "assertion": "ASSERTION",
    "exception": "EXCEPTION",
}


def rows():
    """(path, kind of finding or None, figures or None) of each program in the tables."""
    folder = None
    for line in (support.SOURCE / "models/README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            folder = line[3:].strip().rstrip("/")
        if row := ROW.match(line):
            verdict = row["verdict"].strip("*")
            yield f"{folder}/{row['file']}", None if verdict == "clean" else verdict, row["figures"]


class Models(support.Test):
    def test_the_tables_name_every_program(self):
        folder = support.SOURCE / "models"
        there = {str(p.relative_to(folder)) for name in ("tutorial", "classic") for p in (folder / name).glob("*.py")}
        bugs = (folder / "classic/README.md").read_text(encoding="utf-8")  # a table of its own, see classic_test.py
        there -= {"classic/" + name for name in re.findall(r"\]\((\w+\.py)\)", bugs)}
        self.assertEqual({path for path, _, _ in rows()}, there)

    def test_verdicts(self):
        """As a user checks them first: up to the first error."""
        for path, kind, _ in rows():
            with self.subTest(path):
                result = self.raddle("check", support.model(path), code=1 if kind else 0)
                self.assertEqual(result.stderr, "", result)
                if kind:
                    self.assertTrue(result.stdout.startswith(WORDS[kind] + "  "), result)
                    self.assertIn("  replay: raddle replay .raddle/", result.stdout)
                else:
                    one_thread = not re.search("Thread|Timer", (support.SOURCE / "models" / path).read_text(encoding="utf-8"))
                    warning = "warning  the program starts no thread, so there was nothing to choose\n\n"
                    self.assertEqual(result.stdout.startswith(warning), one_thread, result)
                    self.assertRegex(result.stdout.removeprefix(warning), r"^([\d,]+) of \1 executions? explored \(complete\), nothing found, ")

    def test_counts(self):
        """The figures in brackets, which are those of a complete search with --all."""
        tested = 0
        for path, kind, figures in rows():
            figure = re.match(r"([\d,]+)(?:, of which ([\d,]+) |$)", figures or "")
            if not figure:
                continue
            with self.subTest(path):
                result = self.raddle("check", "--all", "--quiet", support.model(path), code=1 if kind else 0)
                number = figure[1]
                noun = "execution" if number == "1" else "executions"
                self.assertTrue(result.stdout.startswith(f"{number} of {number} {noun} explored (complete), "), result)
                if kind:
                    found = figure[2] or number
                    self.assertRegex(result.stdout, rf"\(complete\), {found} (loses?|ends? in|fails?) an? [a-z ]*, ")
                tested += 1
        self.assertGreaterEqual(tested, 9)

    def test_strategies_agree(self):
        """Brute force and source DPOR find what the optimal search finds."""
        for path, kind in (("tutorial/lost_update.py", "lost-update"), ("tutorial/lost_update_lock.py", None),
                           ("classic/philosophers.py", "deadlock"), ("tutorial/pipeline_late_return.py", "assertion")):
            for strategy in ("source", "brute"):
                with self.subTest(path, strategy=strategy):
                    result = self.raddle("check", "--strategy", strategy, support.model(path), code=1 if kind else 0)
                    self.assertEqual(result.stdout.startswith(WORDS.get(kind, "")), True, result)

    def test_more_philosophers(self):
        result = self.raddle("check", "--quiet", "--all", support.model("classic/philosophers_ordered.py"), "--", "2", code=0)
        self.assertIn("2 of 2 executions explored (complete)", result.stdout)


support.main()
