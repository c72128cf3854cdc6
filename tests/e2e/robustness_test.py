"""Programs that do everything to themselves and to the interpreter: the verdict is clear, raddle lives, it is the same a
second time, and many executions take no more memory than a few.

With RADDLE_LARGE_TESTS set, many is 1,000.
"""
import concurrent.futures
import os
import re
import subprocess

import support

LARGE = bool(os.environ.get("RADDLE_LARGE_TESTS"))
FEW, MANY = (200, 1000) if LARGE else (10, 40)

START = """
import threading
def both(*bodies):
    threads = [threading.Thread(target=body) for body in bodies]
    for t in threads: t.start()
    for t in threads: t.join()
"""

# Exit status, what the result says, and programs. Each begins with START.
PROGRAMS = {
    (0, "nothing found"): {
        "__del__ raises": "class C:\n    def __del__(self): raise ValueError\ndef work(): C()\nboth(work, work)\nkept = C()",
        "a weakref callback raises": "import weakref\nclass C: pass\ndef bad(r): raise KeyError\ndef work():\n    c = C(); r = weakref.ref(c, bad); del c\n"
                                     "both(work, work)",
        "sys.modules changes": "import sys\ndef work():\n    sys.modules.pop('json', None)\n    sys.modules['mine'] = threading\n    import json\n"
                               "both(work)\nsys.modules.clear()",
        "a deep recursion": "import sys\nsys.setrecursionlimit(5000)\ndef deep(n): return deep(n - 1) if n else 0\nboth(lambda: deep(4000))",
        "threads are left": "e = threading.Event()\nfor _ in range(20): threading.Thread(target=e.wait, daemon=True).start()",
        "200 threads": "n = []\nboth(*[lambda: n.append(1) for _ in range(200)])\nassert len(n) == 200",
        "a thread exits": "def work(): raise SystemExit(4)\nboth(work, work)",
        "stdout is replaced": "import sys, io\nsys.stdout = io.StringIO()\nboth(lambda: print('x'), lambda: print('y'))\n"
                              "assert sorted(sys.stdout.getvalue().split()) == ['x', 'y']",
        "builtins are replaced": "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.open = None\nboth(lambda: None)",
        "gc.collect in __del__": "import gc\nclass C:\n    def __init__(self): self.me = self\n    def __del__(self): gc.collect()\ndef work():\n    C(); gc.collect()\n"
                                 "both(work, work)",
        "exit functions raise": "import atexit, sys\natexit.register(lambda: 1 / 0)\natexit.register(sys.exit, 3)\n"
                                "atexit.register(lambda: threading.Thread(target=print).start())\nboth(lambda: None)",
        "tracing": "import sys\ndef tracer(f, e, a): return tracer\nthreading.settrace(tracer)\nsys.settrace(tracer)\nthreading.setprofile(print and (lambda *a: None))\n"
                   "sys.setprofile(lambda *a: None)\nboth(lambda: [x for x in range(3)])",
        "faulthandler": "import faulthandler, os\nfaulthandler.enable(open(os.devnull, 'w'))\nboth(lambda: faulthandler.dump_traceback(open(os.devnull, 'w')))",
        "resource limits": "import resource\nsoft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)\nresource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))\n"
                           "both(lambda: open(__file__).close())",
        "deep object graphs": "def work():\n    x = None\n    for _ in range(20000): x = [x]\n    del x\nboth(work, work)",
        "deep instances": "class N:\n    def __init__(self, n): self.n = n\ndef work():\n    x = None\n    for _ in range(3000): x = N(x)\nboth(work)",
        "much output": "both(lambda: [print('x' * 100) for _ in range(300)])",
        "cycles": "class N: pass\ndef work():\n    for _ in range(100):\n        a, b = N(), N(); a.b = b; b.a = a\nboth(work, work)",
        "a finally that never ends": "e = threading.Event()\ndef work():\n    try: e.wait()\n    finally:\n        while True: pass\n"
                                     "threading.Thread(target=work, daemon=True).start()",
        "generators are left": "def g():\n    try: yield 1\n    finally: print('closed')\nkept = []\ndef work():\n    x = g(); next(x); kept.append(x)\nboth(work, work)",
        "thread-local values that die": "l = threading.local()\nclass C:\n    def __del__(self): l.x = 1\ndef work(): l.c = C()\nboth(work, work)",
        "unraisablehook raises": "import sys\ndef h(u): raise RuntimeError\nsys.unraisablehook = h\nclass C:\n    def __del__(self): 1 / 0\nboth(lambda: C() and None)",
        "builtins are cleared": "import builtins\nboth(lambda: None)\nbuiltins.__dict__.clear()",
        "hooks that hold everything": "import sys, gc\nclass C:\n    def __del__(self): print('del')\nc = C()\nc.me = c\nsys.excepthook = lambda *a: c\nboth(lambda: gc.collect())",
    },
    (1, "has an uncaught exception|have an uncaught exception"): {
        "excepthook raises": "def hook(a): raise RuntimeError\nthreading.excepthook = hook\nboth(lambda: 1 / 0)",
        "no end of recursion": "def forever(): forever()\nboth(forever)",
        "KeyboardInterrupt": "def work(): raise KeyboardInterrupt\nboth(work, work)",
        "GeneratorExit": "def work(): raise GeneratorExit\nboth(work, work)",
        "stdout is closed": "import sys\nsys.stdout.close()\nsys.stderr.close()\nboth(lambda: print('x'))",
        "builtins are deleted": "import builtins\ndel builtins.len, builtins.print, builtins.range\nboth(lambda: len([]))",
        "the library is changed": "threading.current_thread = None\nthreading._active.clear()\nboth(lambda: None)",
        "methods are changed": "threading.Thread.start = lambda self: self.run()\nthreading.Lock = threading.RLock\nboth(lambda: threading.Lock())",
        "a tracer raises": "import sys\ndef tracer(f, e, a): raise ValueError\nthreading.settrace(tracer)\nboth(lambda: len([]))",
        "a finally raises": "import sys\ndef work():\n    try: sys.exit(1)\n    finally: raise ValueError\nboth(work)",
        "more memory than there is": "both(lambda: bytearray(2 << 30))",
    },
    (1, "non-zero status"): {
        "os._exit": "import os\nboth(lambda: os._exit(3), lambda: None)",
        "exit with threads": "import sys\ne = threading.Event()\nthreading.Thread(target=e.wait, daemon=True).start()\nsys.exit(2)",
    },
    (1, "deadlock"): {
        "blocked for ever": "lock = threading.Lock()\ndef work():\n    try:\n        with lock: lock.acquire()\n    finally: print('never')\nboth(work, work)",
    },
    (3, "os.fork"): {"fork": "import os\nboth(lambda: os.fork())"},
    (3, "partial control: signal.alarm"): {"alarm": "import signal\nsignal.alarm(1000)\nboth(lambda: None)"},
    (1, "CRASH"): {
        "the stack is used up": "import sys\nsys.setrecursionlimit(10 ** 9)\nclass C:\n    def __getattr__(self, name): return getattr(self, name + 'x')\n"
                                "both(lambda: C().a)",
        "segmentation fault": "import ctypes\nboth(lambda: ctypes.string_at(0))",
        "abort": "import os\nboth(lambda: os.abort())",
    },
}

# What takes long each time.
SLOW = {
    "spin": (1, "run on without a visible operation|runs on without a visible operation", "def spin():\n    while True: pass\nboth(spin)"),
    "huge output": (0, "nothing found", "both(lambda: print('x' * 10 ** 7))"),
    "much memory": (0, "nothing found", f"x = bytearray({600 if LARGE else 300} << 20)"),
}


class Robustness(support.Test):
    def check(self, path, runs):
        """Exit status, what was printed, and the most memory that was used, in KB."""
        process = subprocess.Popen([support.RADDLE, "check", "--strategy", "random", "--all", "--runs", str(runs), "--watchdog", "500ms",
                                    "--trace-dir", path + ".traces", path],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            out, err = pool.map(lambda stream: stream.read().decode(errors="replace"), (process.stdout, process.stderr))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close(), process.stderr.close()
        return process.returncode, support.without_seconds(out), err, usage.ru_maxrss

    def examine(self, name, code, says, text):
        path = self.write(re.sub(r"\W", "_", name) + ".py", START + text + "\n")
        first, again = self.check(path, FEW), self.check(path, FEW)
        self.assertEqual(first[0], code, first)
        self.assertRegex(first[1] + first[2], says)
        self.assertNotIn("internal error", first[2])
        self.assertEqual(first[:3], again[:3], "the same again")
        if says == "CRASH" or code == 3 and "partial" not in says:  # ends the search
            return
        many = self.check(path, MANY)
        self.assertEqual(many[0], code, many)
        self.assertIn(f"{MANY:,} executions sampled", many[1])
        self.assertLess(many[3], first[3] * 1.03 + (400 if LARGE else 600), "memory")

    def test_everything(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            cases = {name: pool.submit(self.examine, name, code, says, text)
                     for (code, says), programs in PROGRAMS.items() for name, text in programs.items()}
            for name, case in cases.items():
                with self.subTest(name):
                    case.result()

    def test_what_takes_long(self):
        for name, (code, says, text) in SLOW.items():
            with self.subTest(name):
                path = self.write("slow.py", START + text + "\n")
                few, many = self.check(path, 1), self.check(path, 2)
                self.assertEqual((few[0], many[0]), (code, code), few)
                self.assertRegex(few[1], says)
                self.assertLess(many[3], few[3] * 1.1 + 1000, "memory")


support.main()
