"""Every command in README.md, docs and models is run, and prints what is shown; those that are not say why (documents.py)."""
import ast
import json
import os
import pathlib
import re
import stat
import subprocess
import tempfile

import documents
import support

BUILD = pathlib.Path(support.RADDLE).parent


def commands_of(text):
    """The commands of a shell script, one by one: a line, or several if the shell wants more."""
    command = ""
    for line in text.splitlines():
        command += line + "\n"
        complete = subprocess.run(["bash", "-n"], input=command, capture_output=True, encoding="utf-8").returncode == 0
        if complete and not line.endswith("\\"):
            if not re.fullmatch(r"\s*(#.*)?\s*", command):
                yield command
            command = ""
    if command:
        raise ValueError(f"this command does not end:\n{command}")


def transcript_of(text):
    """[command, output] of each `$ command` and what follows."""
    steps = []
    for line in text.splitlines(keepends=True):
        if line.startswith("$ "):
            steps.append([line[2:], ""])
        elif line.startswith("> ") and steps and not steps[-1][1]:
            steps[-1][0] += line[2:]
        else:
            steps[-1][1] += line
    return steps


def same(output, shown):
    """Whether this output is shown, times apart; a line `...` stands for any number of lines."""
    lines = [line.rstrip() for line in support.without_seconds(output).strip("\n").split("\n")]
    parts = [[]]
    for line in support.without_seconds(shown).strip("\n").split("\n"):
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(line.rstrip())
    if len(parts) == 1:
        return lines == parts[0]
    first, *middle, last = parts
    if lines[:len(first)] != first or len(lines) < len(first) + len(last) or lines[len(lines) - len(last):] != last:
        return False
    lines = lines[len(first):len(lines) - len(last)]
    for part in middle:
        found = [i for i in range(len(lines)) if lines[i:i + len(part)] == part]
        if not found:
            return False
        lines = lines[found[0] + len(part):]
    return True


class Commands(support.Test):
    def setUp(self):
        """A folder that looks like the source tree, with what has been built, and `raddle` on the path."""
        super().setUp()
        # Not in the build folder: lines with a long path would be broken.
        os.rmdir(self.folder)
        self.folder = tempfile.mkdtemp(dir="/tmp")
        os.chdir(self.folder)
        os.symlink(support.SOURCE / "models", "models")
        os.makedirs("bin")
        os.symlink(support.RADDLE, "bin/raddle")
        os.makedirs("checker")
        for entry in (support.SOURCE / "checker").iterdir():
            if entry.name != "run":
                os.symlink(entry, f"checker/{entry.name}")
        script = self.write("checker/run", '#!/bin/sh\nexec raddle "$@"\n')  # without building it
        os.chmod(script, os.stat(script).st_mode | stat.S_IXUSR)
        os.makedirs("build")
        os.symlink(BUILD, "build/release")
        self.environment = {"PATH": os.path.abspath("bin") + ":/usr/bin:/bin", "HOME": self.folder, "LANG": "C.UTF-8",
                            "PYTHONDONTWRITEBYTECODE": "1", "DATA": support.data("docs")}

    def shell(self, command):
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=self.environment, encoding="utf-8", timeout=120)
        return done.returncode, done.stdout.replace(os.path.realpath(self.folder), "/home/you")

    def follow(self, path):
        output = None
        for block in documents.blocks_of(path):
            if "not tested" in block.marks:
                continue
            if "before" in block.marks:
                status, text = self.shell("set -e\n" + block.marks["before"])
                self.assertEqual(status, 0, f"{block}: before it\n{text}")
            if "file" in block.marks:
                self.assertTrue(os.path.realpath(block.marks["file"]).startswith(os.path.realpath(self.folder)), block)
                self.write(block.marks["file"], block.text)
            if block.language == "sh":
                commands = list(commands_of(block.text))
                wanted = [int(n) for n in block.marks.get("status", "0").split()]
                if len(wanted) == 1:
                    wanted *= len(commands)
                self.assertEqual(len(wanted), len(commands), f"{block}: so many exit statuses, and so many commands")
                for command, code in zip(commands, wanted):
                    status, output = self.shell(command)
                    self.assertEqual(status, code, f"{block}: {command}\n{output}")
            elif block.language == "console":
                for command, shown in transcript_of(block.text):
                    status, output = self.shell(command)
                    self.compare(output, shown, f"{block}: {command}")
                    if "status" in block.marks:
                        self.assertEqual(status, int(block.marks["status"]), f"{block}: {command}\n{output}")
            elif block.language == "text":
                if "file" not in block.marks:
                    self.assertIn("output", block.marks, f"{block}: is that the output of a command?")
                    self.assertIsNotNone(output, f"{block}: there is no command before it")
                    self.compare(output, block.text, str(block))
            elif block.language == "python":
                ast.parse(block.text, str(block))
            elif block.language == "json":
                json.loads(block.text)

    def compare(self, output, shown, place):
        if not same(output, shown):
            self.assertEqual(support.without_seconds(output), support.without_seconds(shown), place)
            self.fail(f"{place}: prints something else:\n{output}")


def test_of(path):
    def test(self):
        self.follow(path)
    test.__doc__ = path.name
    return test


for document in documents.paths():
    name = "_".join(document.relative_to(support.SOURCE).with_suffix("").parts).lower()
    setattr(Commands, "test_" + name, test_of(document))


class Documents(support.Test):
    def test_comparing(self):
        """The comparison notices a difference."""
        for output, shown, equal in (("a\nb\n", "a\nb\n", True), ("a\nb\n", "a\nc\n", False), ("a\nb\nc\nd\n", "a\n...\nd\n", True),
                                    ("a\nb\nc\nd\n", "a\n...\ne\n", False), ("a\nd\n", "a\n...\nd\n", True), ("a\nb\n", "a\n", False),
                                    ("clean, 0.01 s\n", "clean, 3.00 s\n", True), ("ab\n", "a\nb\n", False), ("a\nb\nc\nd\n", "...\nb\n...\nd\n", True),
                                     ("a\nb\nc\nd\n", "...\nc\n...\nb\n...\n", False)):
            with self.subTest(output=output, shown=shown):
                self.assertEqual(same(output, shown), equal)

    def test_what_no_test_would_see(self):
        for text in ("    raddle check x.py\n", "```\nraddle check x.py\n```\n", "```bash\nraddle check x.py\n```\n", "```sh\nraddle\n",
                     "<!-- not tested -->\n```sh\nraddle\n```\n", "<!-- ignored: it fails -->\n```sh\nraddle\n```\n",
                     "<!-- not tested: it fails -->\ntext\n"):
            with self.subTest(text), self.assertRaises(ValueError):
                documents.blocks_of(pathlib.Path(self.write("x.md", text)))

    def test_commands(self):
        self.assertEqual(list(commands_of("a\n# b\nif c; then\n  d\nfi\ne \\\n  f\n")), ["a\n", "if c; then\n  d\nfi\n", "e \\\n  f\n"])

    def test_that_there_are_some(self):
        blocks = [b for path in documents.paths() for b in documents.blocks_of(path) if b.language in ("sh", "console")]
        tested = [b for b in blocks if "not tested" not in b.marks]
        self.assertGreater(len(tested), 25)


support.main()
