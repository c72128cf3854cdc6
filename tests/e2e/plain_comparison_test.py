"""What the programs in models/ print under plain python3 is what they print under raddle, thread by thread.

Times are masked, and so are the addresses in what a program prints of its objects. Which thread prints which lines is
read from the traces of raddle, and found out under plain Python by a print and a logging handler that note the thread.
"""
import json
import os
import re
import subprocess

import support

# Deadlocks always, or nearly always under raddle's first schedules.
ENDLESS = {"tutorial/double_acquire.py"}

# Runs a program as python3 does; what each thread writes to the standard streams comes out as JSON in the end.
DRIVER = r"""
import atexit, json, runpy, sys, threading
lines = {}
class Stream:
    encoding = "utf-8"
    def write(self, text):
        lines.setdefault(threading.current_thread().name, []).append(text)
        return len(text)
    def flush(self): pass
    def isatty(self): return False
real = sys.stdout
def report():
    json.dump({name: "".join(parts) for name, parts in lines.items()}, real)
    real.flush()
atexit.register(report)
sys.stdout = sys.stderr = Stream()
sys.argv = sys.argv[1:]
sys.setswitchinterval(float("SWITCH"))
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def masked(text):
    text = re.sub(r"\d\d:\d\d:\d\d([.,]\d+)?", "<time>", text)
    text = re.sub(r"\d{4}-\d\d-\d\d", "<date>", text)
    return re.sub(r"0x[0-9a-f]+", "<address>", text)


class PlainComparison(support.Test):
    def plain(self, path, switch="0.005"):
        """{thread: its lines} under /usr/bin/python3."""
        self.write("driver.py", DRIVER.replace("SWITCH", switch))
        done = subprocess.run([support.PYTHON, "driver.py", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, timeout=60, encoding="utf-8", check=False)
        self.assertEqual(done.stderr, "", done)
        return {name: masked(text).splitlines() for name, text in json.loads(done.stdout).items()}

    def raddles(self, path):
        """All {thread: its lines} that a complete search comes across."""
        text = open(path, encoding="utf-8").read()
        name = os.path.basename(path)
        # A program that exits with a status is one with a finding, and each finding has a trace. The names are those
        # of the program's threads, as it would print them.
        self.write(name, text + "\nimport sys\nsys.exit(77)\n")
        self.raddle("check", "--all", "--quiet", "--fail-on", "exit-status", "--strategy", "exhaustive", name)
        seen = []
        for file in sorted(self.files()):
            if not re.fullmatch(r"\.raddle/.*\.json", file):
                continue
            trace = json.loads(self.read(file))
            if trace["outcome"] != "complete":
                continue
            lines = {}
            for event in trace["events"]:
                if event["operation"] == "output":
                    label = trace["threads"][event["thread"]]["label"]
                    lines.setdefault(label, []).extend(masked(event["text"]).splitlines())
            seen.append(lines)
        return seen


support.main()
