"""What a model prints under raddle is what it prints under plain python3, thread by thread.

Each thread's text is compared on its own, with timestamps masked, as a multiset over the threads: which worker of a
pool gets which task may differ. One plain run must be among raddle's executions.
"""
import json
import re
import subprocess

import support

# Runs a program as `python3 PROGRAM` does, with every write tagged with the thread that makes it, and ends after the
# time given, in seconds, if the program does not.
TAGGING = '''
import _thread, itertools, json, os, runpy, sys, threading
numbers, me = itertools.count(), threading.local()
log = os.fdopen(os.dup(1), "w", buffering=1)
class Tagging:
    encoding = "utf-8"
    def __init__(self, name): self.name = name
    def write(self, text):
        if not hasattr(me, "number"): me.number = next(numbers)  # an ident is given to another thread later
        log.write(json.dumps([me.number, self.name, text]) + "\\n")
        return len(text)
    def flush(self): pass
    def isatty(self): return False
sys.stdout, sys.stderr = Tagging("stdout"), Tagging("stderr")
limit, sys.argv[:] = float(sys.argv[1]), sys.argv[2:]
_thread.start_new_thread(lambda: (threading.Event().wait(limit), os._exit(0)), ())
sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))
runpy.run_path(sys.argv[0], run_name="__main__")
'''

MASKS = (
    (re.compile(r"(?m)^\d\d:\d\d:\d\d  "), "TIME  "),  # logging's %(asctime)s
    (re.compile(r"(sends|keeps) \d+"), r"\1 N"),       # pipeline.py's random numbers
)


def by_thread(lines):
    """The sorted texts of the threads."""
    texts = {}
    for line in lines.splitlines():
        thread, stream, text = json.loads(line)
        texts[thread, stream] = texts.get((thread, stream), "") + text
    for key, text in texts.items():
        for pattern, replacement in MASKS:
            text = pattern.sub(replacement, text)
        texts[key] = text
    return sorted((stream, text) for (_, stream), text in texts.items())


class Output(support.Test):
    def plain(self, path):
        self.write("tagging.py", TAGGING)
        done = subprocess.run([support.PYTHON, "tagging.py", "3", path], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, timeout=60, encoding="utf-8")
        return by_thread(done.stdout)

    def under_raddle(self, path, *strategy):
        result = self.raddle("check", "--runs", "1", *strategy, "--show-output", "--quiet", path)
        self.assertIn(result.code, (0, 1, 3), result)
        self.assertEqual(result.stderr, "", result)
        return by_thread("".join(line + "\n" for line in result.stdout.splitlines() if line.startswith("[")))

    def test_models(self):
        paths = sorted((support.SOURCE / "models").glob("tutorial/*.py")) + sorted((support.SOURCE / "models").glob("classic/*.py"))
        self.assertGreater(len(paths), 10)
        for path in map(str, paths):
            with self.subTest(path):
                expected = self.plain(path)
                self.assertNotEqual(expected, [])
                seen = []
                # The first execution of a search lets every thread run as far as it can; the others are samples.
                for strategy in [(), *(("--strategy", "random", "--seed", str(seed)) for seed in range(100))]:
                    seen.append(self.under_raddle(path, *strategy))
                    if seen[-1] == expected:
                        break
                else:
                    different = [s for i, s in enumerate(seen) if s not in seen[:i]]
                    self.fail(f"plain python3: {expected}\nraddle's executions:\n" + "\n".join(map(str, different[:5])))


support.main()
