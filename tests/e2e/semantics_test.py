"""What programs print under plain python3 is what they print under raddle: results, errors with their messages, reprs.

The programs in data/semantics are deterministic. Those whose first line says so need a clock that ends waits in the order
of their times.
"""
import concurrent.futures
import json
import os
import re
import subprocess

import support

FOLDER = support.SOURCE / "tests/e2e/data/semantics"
SEEDS = range(int(os.environ.get("RADDLE_LARGE_TESTS", "0") or 0) * 40 + 6)


def masked(text):
    """Without what is a matter of addresses."""
    text = re.sub(r"0x[0-9a-f]+", "0x.", text)
    return re.sub(r"(Exception in thread|Future|stopped|started) \d+", r"\1 N", text)


def execute(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
                          env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"})
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def plain(path, *arguments):
    code, out, err = execute(support.PYTHON, "-B", path, *arguments)
    return code, masked(out), masked(err)


def run(path, *arguments):
    code, out, err = execute(support.RADDLE, "run", "--clock", "virtual", path, "--", *arguments)
    return code, masked(out), masked(err)


def first_execution(path, *arguments):
    """The same of the first execution of `raddle check`; the exit status is left out."""
    code, out, err = execute(support.RADDLE, "check", "--quiet", "--runs", "1", "--show-output", "--strategy", "random",
                             "--clock", "virtual", "--all", path, "--", *arguments)
    streams = {"stdout": "", "stderr": ""}
    for line in out.splitlines()[:-1]:
        _, stream, text = json.loads(line)
        streams[stream] += text
    return masked(streams["stdout"]), masked(streams["stderr"]), err


class Semantics(support.Test):
    def compare(self, path, *arguments):
        """How many lines it prints, all of which agree."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            expected, ran, checked = [pool.submit(f, path, *arguments) for f in (plain, run, first_execution)]
        expected, ran, checked = expected.result(), ran.result(), checked.result()
        for number, stream in ((1, "stdout"), (2, "stderr")):
            self.assertMultiLineEqual(ran[number], expected[number], f"{path}: raddle run, {stream}")
            self.assertMultiLineEqual(checked[number - 1], expected[number], f"{path}: raddle check, {stream}")
        self.assertEqual(ran[0], expected[0], path)
        self.assertEqual(checked[2], "", path)
        return expected[1].count("\n")

    def test_programs(self):
        lines = 0
        for path in sorted(FOLDER.glob("*.py")):
            if path.name not in ("show.py", "random_calls.py"):
                with self.subTest(path.name):
                    lines += self.compare(str(path))
        self.assertGreater(lines, 1000)

    def test_random_calls(self):
        """Sequences of calls on one object each."""
        path = str(FOLDER / "random_calls.py")
        for seed in SEEDS:
            with self.subTest(seed):
                self.assertGreater(self.compare(path, str(seed)), 700)

    def test_it_would_notice(self):
        for text in ("print(tell())", "import sys; sys.stderr.write(tell())", "sys.exit(tell() == 'raddle')"):
            path = self.write("tells.py", "import sys\ndef tell(): return 'raddle' if 'raddle' in sys.modules else 'python'\n" + text + "\n")
            with self.assertRaises(AssertionError):
                self.compare(path)


support.main()
