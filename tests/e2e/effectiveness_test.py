"""docs/effectiveness.md is what tests/effectiveness writes, and says what is to be expected."""
import os
import re
import subprocess

import support

BUILD = os.path.dirname(support.RADDLE)
ROW = re.compile(r"(?m)^\| `(\w+)` \| (.*) \|$")
# From all sorts, and soon done.
SAMPLE = ("account", "bluetooth", "bounded_buffer", "carter", "circular_buffer", "event_clear", "hyman", "reorder_10",
          "work_stealing")


def text():
    return (support.SOURCE / "docs/effectiveness.md").read_text(encoding="utf-8")


def table():
    """{program: cells}"""
    section = text().split("\n## Executions to the first finding\n")[1].split("\n## ")[0]
    return {name: cells.split(" | ") for name, cells in ROW.findall(section)}


class Effectiveness(support.Test):
    def test_every_program_has_a_row(self):
        suite = (support.SOURCE / "models/classic/README.md").read_text(encoding="utf-8")
        self.assertEqual(list(table()), re.findall(r"(?m)^\| \[`(\w+)`\]", suite))

    def test_some_rows(self):
        done = subprocess.run([support.PYTHON, str(support.SOURCE / "tests/effectiveness"), BUILD, "--rows", *SAMPLE],
                              stdout=subprocess.PIPE, check=True, encoding="utf-8")
        written = text().splitlines()
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), len(SAMPLE))
        for line in lines:
            self.assertIn(line, written)

    def test_the_portfolio_finds_nearly_everything(self):
        """In every search, but for the bug that takes hundreds of thousands of executions."""
        missed = {name for name, cells in table().items() if "of" in cells[0] or cells[0] == "-"}
        self.assertEqual(missed, {"safe_stack"})
        self.assertGreaterEqual(len(table()), 25)
        self.assertLessEqual(int(table()["reorder_10"][0]), 100)

    def test_it_says_what_it_needs(self):
        done = subprocess.run([support.PYTHON, str(support.SOURCE / "tests/effectiveness"), self.folder],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("there is no program classic in ", done.stderr)


if not os.path.exists(os.path.join(BUILD, "classic")):
    raise SystemExit(77)
support.main()
