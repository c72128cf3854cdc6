"""What the programs in models/ print under plain python3 is what they print under raddle, thread by thread.

Threads are numbered in the order in which they are started; times are masked. Where the output depends on the schedule,
that of plain Python has to be among those of raddle's.
"""
import json
import re
import subprocess

import support

# Waits for itself, always: what it has printed until then is compared.
ENDLESS = {"tutorial/double_acquire.py", "tutorial/nested_lock.py", "tutorial/unreleased_lock.py",
           "tutorial/barrier_too_large.py"}

# How much they print is a matter of time.
UNBOUNDED = {"tutorial/queue_event.py", "tutorial/queue_event_final.py"}

# Programs that print the same lines in each thread, whatever the schedule.
FIXED = {"tutorial/create_and_join.py", "tutorial/start_thread.py", "tutorial/join_thread.py", "tutorial/three_threads.py",
         "tutorial/lost_update_lock.py", "tutorial/lost_update_with.py", "tutorial/rlock.py", "tutorial/pipeline.py",
         "tutorial/nested_lock.py", "tutorial/nested_rlock.py", "tutorial/semaphore.py",
         "tutorial/barrier.py", "tutorial/barrier_too_large.py", "classic/philosophers_ordered.py",
         "tutorial/double_acquire.py"}

SEEDS = 60

STOPPED = 9

# Runs a program and says what each thread writes: {"number of the thread, stream": text}. Ends with the status above if
# the program does not end within as many seconds as the first argument says.
DRIVER = r"""
import _thread, atexit, json, os, random, runpy, sys, threading, time
random.seed(0)  # as raddle does
numbers, written = {threading.main_thread(): 0}, {}
start = threading.Thread.start
def numbered_start(self):
    numbers[self] = len(numbers)
    start(self)
threading.Thread.start = numbered_start
class Stream:
    encoding = "utf-8"
    def __init__(self, name): self.name = name
    def write(self, text):
        written.setdefault(f"{numbers[threading.current_thread()]} {self.name}", []).append(text)
        return len(text)
    def flush(self): pass
    def isatty(self): return False
real = sys.stdout
def report():
    json.dump({who: "".join(parts) for who, parts in written.items()}, real)
    real.flush()
atexit.register(report)
sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
limit, stopped = map(int, sys.argv[1:3])
_thread.start_new_thread(lambda: (time.sleep(limit), report(), os._exit(stopped)), ())
del sys.argv[:3]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def lines(texts):
    """{who: masked lines}"""
    return {who: re.sub(r"\d\d:\d\d:\d\d", "<time>", text).splitlines() for who, text in sorted(texts.items())}


class PlainComparison(support.Test):
    def plain(self, path, endless, arguments):
        self.write("driver.py", DRIVER)
        for _ in range(3):
            done = subprocess.run([support.PYTHON, "driver.py", "2" if endless else "20", str(STOPPED), path, *arguments],
                                  stdin=subprocess.DEVNULL, timeout=60, stdout=subprocess.PIPE, encoding="utf-8")
            self.assertIn(done.returncode, (0, STOPPED), path)
            if (done.returncode == STOPPED) == endless:
                return lines(json.loads(done.stdout))
            # else a deadlock that hardly ever happens
        self.skipTest(f"{path} does not end under {support.PYTHON}")

    def checked(self, path, seed, arguments):
        """The same of one execution under raddle: without any switch that is not needed (seed -1), or a random one in which
        sleeps end in the order of their times."""
        how = ("exhaustive",) if seed < 0 else ("random", "--clock", "virtual", "--seed", str(seed))
        result = self.raddle("check", "--quiet", "--runs", "1", "--show-output", "--strategy", *how, path, "--", *arguments)
        self.assertIn(result.code, (0, 1, 3), result)
        texts = {}
        for line in result.stdout.splitlines()[:-1]:
            thread, stream, text = json.loads(line)
            texts[f"{thread} {stream}"] = texts.get(f"{thread} {stream}", "") + text
        return lines(texts)

    def compare(self, path, fixed, endless=False, arguments=()):
        expected = self.plain(path, endless, arguments)
        self.assertTrue(any(expected.values()), path)
        seen = []
        for seed in range(-1, 3 if fixed else SEEDS):
            seen.append(self.checked(path, seed, arguments))
            if fixed:
                self.assertEqual(seen[-1], expected, path)
            elif seen[-1] == expected:
                return
        if not fixed:
            self.fail(f"{path}: plain Python prints {expected}, raddle {seen[0]} or the like")

    def test_every_program(self):
        folder = support.SOURCE / "models"
        programs = {str(p.relative_to(folder)) for name in ("tutorial", "classic") for p in (folder / name).glob("*.py")}
        self.assertLessEqual(FIXED, programs)
        for name in sorted(programs - UNBOUNDED):
            with self.subTest(name):
                # The bugs in classic/ are deadlocks that plain Python meets too often.
                bug = name.startswith("classic/") and not name.startswith("classic/philosophers")
                self.compare(support.model(name), name in FIXED, name in ENDLESS, ["correct"] * bug)

    def test_random_numbers(self):
        """With a seed, they are CPython's, in a thread as in the main thread."""
        path = self.write("dice.py", "import random, threading\nrandom.seed(3)\n"
                          "def work(): print([random.randint(1, 6) for _ in range(10)], random.random())\n"
                          "t = threading.Thread(target=work)\nt.start()\nt.join()\nprint(random.Random('x').random())\n")
        self.compare(path, fixed=True)

    def test_it_would_notice(self):
        """One line that differs, is missing, or belongs to another thread."""
        program = ("import sys, threading\nplain = 'threading.Thread.start' in open(sys.path[0] + '/driver.py').read()"
                   " and type(sys.stdout).__name__ == 'Stream'\n"
                   "def work():\n    print('a')\n    print('b')\n    print('c')\n"
                   "t = threading.Thread(target=work)\nt.start()\nt.join()\nprint('end')\n")
        same = self.write("same.py", program)
        self.compare(same, fixed=True)
        for number, (before, after) in enumerate((("print('b')", "print('b' if plain else 'B')"),
                                                  ("print('b')", "if plain: print('b')"),
                                                  ("print('end')", "if plain: print('end')"),
                                                  ("    print('c')", "    if plain: print('c')"))):
            path = self.write(f"different{number}.py", program.replace(before, after))
            for fixed in (True, False):
                with self.assertRaises(AssertionError):
                    self.compare(path, fixed)


support.main()
