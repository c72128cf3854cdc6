"""The manual page: it has all that --help has, and troff has nothing to complain about."""
import re
import shutil
import subprocess

import support


class Manual(support.Test):
    def setUp(self):
        super().setUp()
        self.page = self.raddle("help", "--man", code=0).stdout
        self.write("raddle.1", self.page)

    def run_on_page(self, *command):
        return subprocess.run([*command, "raddle.1"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", env={"PATH": "/usr/bin:/bin", "MANWIDTH": "90", "LC_ALL": "C.UTF-8", "MANROFFOPT": "-Tutf8",
                                                     "MANPAGER": "cat", "MAN_KEEP_FORMATTING": ""})

    def text(self):
        if shutil.which("mandoc"):
            done = self.run_on_page("mandoc", "-Tutf8", "-Owidth=90")
            return re.sub(".\b", "", done.stdout)
        self.skipTest("there is no mandoc")

    def test_no_warnings(self):
        """Without a date: the same program has the same page."""
        if not shutil.which("mandoc"):
            self.skipTest("there is no mandoc")
        done = self.run_on_page("mandoc", "-Tlint", "-Wwarning")
        self.assertEqual([line for line in done.stdout.splitlines() if "missing date" not in line], [])

    def test_sections(self):
        sections = re.findall(r'(?m)^\.SH (.*)$', self.page)
        self.assertEqual(sections, ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES",
                                    "SEE ALSO"])

    def test_everything_that_help_says(self):
        text = " ".join(self.text().split())
        for command in re.findall(r"(?m)^  (\w+)", self.raddle("help").stdout.split("\nCommands:\n")[1].split("\n\n")[0]):
            if command == "help":
                continue
            for option in re.findall(r"(?m)^  (?:-\w, )?(--?[a-z-]+)", self.raddle("help", command).stdout):
                self.assertRegex(text, rf"(?<![\w-]){re.escape(option)}(?![\w-])")
        self.assertIn("switches away from a thread that could have gone on", text)
        for status in ("0 no error", "1 an error was found", "2 bad input", "3 inconclusive"):
            self.assertIn(status, text)

    def test_examples_are_commands(self):
        examples = re.findall(r"(?m)^\.TP\n\\fBraddle (\w+)", self.page.split(".SH EXAMPLES")[1])
        self.assertGreaterEqual(len(examples), 4)
        for command in examples:
            self.raddle("help", command, code=0)


support.main()
