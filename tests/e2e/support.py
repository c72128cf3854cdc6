"""What the end-to-end tests have in common. A test file is

    import support

    class Something(support.Test):
        def test_it(self):
            result = self.raddle("check", support.model("tutorial/lost_update.py"))
            self.assertEqual(result.code, 1)

    support.main()

Every test runs in an empty folder of its own. The program under test is the file's first argument; further ones select
tests, as for unittest.
"""
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
import unittest

RADDLE = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None
SOURCE = pathlib.Path(os.environ.get("RADDLE_SOURCE_DIR") or pathlib.Path(__file__).resolve().parents[2])
PYTHON = "/usr/bin/python3"


def model(name):
    """Path of a file below models/."""
    return str(SOURCE / "models" / name)


def data(name):
    """Path of a file below tests/e2e/data/."""
    return str(SOURCE / "tests/e2e/data" / name)


def without_seconds(text):
    """A result (as text or JSON) without the one thing that differs from run to run."""
    text = re.sub(r", \d+\.\d\d s$", ", T s", text, flags=re.MULTILINE)
    return re.sub(r'^"seconds": [-+.e0-9]+', '"seconds": T', text, flags=re.MULTILINE)


class Result:
    def __init__(self, arguments, code, stdout, stderr):
        self.arguments, self.code, self.stdout, self.stderr = arguments, code, stdout, stderr

    @property
    def last_line(self):
        return self.stdout.splitlines()[-1] if self.stdout else ""

    def __str__(self):
        return f"$ raddle {' '.join(self.arguments)}\n{self.stdout}\n--- stderr\n{self.stderr}\n--- exit status {self.code}"


# Wrong in about one run of 400.
RARE_RUN = """import threading
import raddle
x = 0

def write():
    global x
    x = raddle.choose(20) * 20 + raddle.choose(20)

thread = threading.Thread(target=write)
thread.start()
seen = x
thread.join()
assert x != 231
"""


class Terminal:
    """raddle, or another program, on a terminal of its own, which is its standard input and output."""

    def __init__(self, *command, rows=24, columns=80, **environment):
        environment = {**os.environ, "TERM": "xterm", **environment}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            termios.tcsetwinsize(0, (rows, columns))
            os.execvpe(command[0], command, {name: value for name, value in environment.items() if value is not None})
        self.text, self.seen, self.status = "", 0, None

    def read(self, seconds):
        """What has been written meanwhile; None: nothing more will be."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return ""
        try:
            piece = os.read(self.fd, 65536).decode(errors="replace")
        except OSError:
            piece = ""
        self.text += piece
        return piece or None

    def until(self, text, timeout=60):
        """Reads on until that has been written, and returns what came before it since the last time."""
        end = time.monotonic() + timeout
        while (at := self.text.find(text, self.seen)) < 0:
            if self.read(0.2) is None or time.monotonic() > end:
                raise AssertionError(f"no {text!r} behind {self.text!r}")
        before, self.seen = self.text[self.seen:at], at + len(text)
        return before

    def type(self, text):
        os.write(self.fd, text.encode())

    def control(self, letter):
        self.type(chr(ord(letter) & 31))

    def end(self, timeout=60):
        """Waits for its end and returns its exit status, or minus the signal."""
        end = time.monotonic() + timeout
        while self.read(0.2) is not None:
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                raise AssertionError(f"still running behind {self.text!r}")
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        return self.status


class Test(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.start = os.getcwd()
        self.folder = tempfile.mkdtemp(dir=self.start, prefix=self._testMethodName + "-")
        os.chdir(self.folder)

    def tearDown(self):
        os.chdir(self.start)
        shutil.rmtree(self.folder, ignore_errors=True)

    def raddle(self, *arguments, program=RADDLE, wrapper=(), code=None, timeout=120, **options):
        """Runs raddle, or another program, to its end. `code`: the exit status that it must have."""
        options.setdefault("stdin", subprocess.DEVNULL)
        done = subprocess.run([*wrapper, program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=timeout, encoding="utf-8", errors="surrogateescape", **options)
        result = Result(arguments, done.returncode, done.stdout, done.stderr)
        if code is not None:
            self.assertEqual(result.code, code, result)
        return result

    def start_raddle(self, *arguments, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        process = subprocess.Popen([RADDLE, *arguments], encoding="utf-8", **options)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def bad_input(self, *arguments, says, **options):
        """raddle must refuse this: one message, nothing on stdout, nothing left behind."""
        before = self.files()
        result = self.raddle(*arguments, code=2, **options)
        self.assertEqual(result.stdout, "", result)
        self.assertTrue(result.stderr.startswith("raddle: "), result)
        self.assertNotIn("internal error", result.stderr, result)
        for part in [says] if isinstance(says, str) else says:
            self.assertIn(part, result.stderr, result)
        self.assertEqual(self.files(), before)
        return result

    def other_user(self):
        """A prefix for commands that makes permissions count."""
        if os.geteuid() != 0:
            return []
        wrapper = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if not shutil.which(wrapper[0]):
            self.skipTest("root writes everywhere")
        if subprocess.run([*wrapper, RADDLE, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            self.skipTest("nobody else may run the program under test")
        return wrapper

    def write(self, name, text):
        path = pathlib.Path(self.folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def read(self, name):
        return pathlib.Path(self.folder, name).read_text(encoding="utf-8")

    def files(self):
        """All files in the test's folder, but for what keeps traces out of version control: {name: content}."""
        folder = pathlib.Path(self.folder)
        return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*"))
                if p.is_file() and p.name != ".gitignore"}


def main():
    unittest.main(module="__main__", argv=[sys.argv[0], *sys.argv[2:]])
