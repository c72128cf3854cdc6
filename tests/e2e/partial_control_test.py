"""What raddle does not control is named with its place, and never makes a verdict out of nothing; programs that look alike
and do nothing of the kind are checked as always."""
import json

import support

THREADS = """
import threading
def both(*bodies):
    threads = [threading.Thread(target=body) for body in bodies]
    for t in threads: t.start()
    for t in threads: t.join()
"""

PIPE = "import os\nr, w = os.pipe()\n"
CALLBACK = """
import ctypes
lib = ctypes.CDLL(None)
T = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
n = 0
@T
def body(argument):
    global n
    for _ in range(100): n += 1
    return 0
h = ctypes.c_ulong()
"""

# Name of the first thing that is not controlled -> programs that do it and come to their end.
PARTIAL = {
    "socket.send": ["import socket\na, b = socket.socketpair()\na.send(b'x')\nprint(b.recv(1))"],
    "socket.recv": [THREADS + "import socket\na, b = socket.socketpair()\nb.setblocking(False)\n"
                    "def work():\n    try: b.recv(1)\n    except OSError: pass\nboth(work)"],
    "socket.connect": ["import socket\nprint(socket.socket().connect_ex(('127.0.0.1', 9)))"],
    "subprocess.Popen": ["import subprocess\nprint(subprocess.run(['echo', 'x'], capture_output=True).stdout)",
                         "import os\nprint(os.popen('echo 1').read())"],
    "os.system": ["import os\nos.system('true')"],
    "multiprocessing.Process.start": ["import multiprocessing\nif __name__ == '__main__':\n    p = multiprocessing.get_context('spawn').Process(target=print)\n"
                                      "    p.start(); p.join()"],
    "multiprocessing.SemLock.acquire": ["import multiprocessing\nl = multiprocessing.Lock()\nl.acquire()\nl.release()"],
    "os.write": [PIPE + "os.write(w, b'x')\nprint(os.read(r, 1))"],
    "open of a pipe": [PIPE + "with open(w, 'wb') as f: f.write(b'x')"],
    "select.select": [PIPE + "import select\nprint(select.select([r], [], [], 0))"],
    "selectors.select": ["import asyncio, socket\na, b = socket.socketpair()\nb.close()\nasync def main():\n    end = asyncio.Event()\n"
                         "    asyncio.get_running_loop().add_reader(a, end.set)\n    await end.wait()\nasyncio.run(main())"],
    "fcntl.flock": ["import fcntl\nfcntl.flock(open('lock', 'w'), fcntl.LOCK_EX)"],
    "signal.setitimer": ["import signal\nsignal.signal(signal.SIGALRM, print)\nsignal.setitimer(signal.ITIMER_REAL, 100)"],
    "a signal to main": [THREADS + "import os, signal\nsignal.signal(signal.SIGUSR1, print)\nboth(lambda: os.kill(os.getpid(), signal.SIGUSR1))",
                         THREADS + "import os, signal\nboth(lambda: os.kill(os.getpid(), signal.SIGINT))"],
    "_thread.interrupt_main": [THREADS + "import _thread\nboth(lambda: _thread.interrupt_main())"],
    "pthread_create": [CALLBACK + "lib.pthread_create(ctypes.byref(h), None, body, None)\nlib.pthread_join(h, None)\nassert n == 100"],
    "sqlite3.connect": [THREADS + "import sqlite3\ndef work():\n    c = sqlite3.connect('db', isolation_level=None)\n"
                        "    c.execute('create table if not exists t (n)')\nboth(work, work)"],
}

# Programs that do nothing of it, or nothing that another thread could notice.
SILENT = {
    "imports": "import socket, subprocess, multiprocessing, asyncio, select, selectors, signal, fcntl, ctypes, sqlite3, concurrent.futures",
    "a socket that is not used": "import socket\nsocket.socket().close()",
    "a coroutine": "import asyncio\nasync def main(): return 3\nprint(asyncio.run(main()))",
    "a coroutine that sleeps": "import asyncio\nasync def main(): await asyncio.sleep(0.01)\nasyncio.run(main())",
    "a callback from C": "import ctypes\nA = (ctypes.c_int * 3)(3, 1, 2)\n"
                         "C = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))\n"
                         "ctypes.CDLL(None).qsort(A, 3, 4, C(lambda a, b: a[0] - b[0]))\nassert list(A) == [1, 2, 3]",
    "a signal of main's": "import os, signal\nsignal.signal(signal.SIGUSR1, print)\nos.kill(os.getpid(), signal.SIGUSR1)",
    "files of their own": THREADS + "def work(n):\n    with open(f'out{n}', 'w') as f: f.write('x')\nboth(lambda: work(1), lambda: work(2))",
    "a file that both read": THREADS + "def work():\n    with open(__file__) as f: f.read()\nboth(work, work)",
    "a file before and after": THREADS + "open('out', 'w').close()\ndef work():\n    with open('out', 'a') as f: f.write('x')\nboth(work)\n"
                                         "assert open('out').read() == 'x'",
    "a database in memory": "import sqlite3\nprint(sqlite3.connect(':memory:').execute('select 1').fetchone())",
    "a temporary folder": "import os, tempfile\nwith tempfile.TemporaryDirectory() as d: open(os.path.join(d, 'x'), 'w').close()",
    "logging": THREADS + "import logging\nlogging.basicConfig(filename='log', level=logging.INFO)\nboth(lambda: logging.info('x'), lambda: logging.info('y'))",
    "standard streams": THREADS + "import os, sys\nboth(lambda: print('x'), lambda: os.write(1, b'y'), lambda: sys.stderr.write('z'))",
}

# Line, and a program that waits there in C code for something that only another thread would do.
STUCK = {
    3: ["import signal\nprint()\nsignal.pause()", "import ctypes\nprint()\nctypes.CDLL(None).pause()",
        "import signal\nprint()\nsignal.sigwait([signal.SIGUSR1])", PIPE + "os.read(r, 1)",
        "import os\nos.mkfifo('fifo') if not os.path.exists('fifo') else None\nopen('fifo').read()",
        "import multiprocessing\nl = multiprocessing.Lock()\nl.acquire() and l.acquire()"],
    4: [PIPE + "import select\nselect.select([r], [], [])", "import socket\na, b = socket.socketpair()\nprint()\nb.recv(1)",
        "import fcntl\na, b = open('lock', 'w'), open('lock', 'w')\nfcntl.flock(a, fcntl.LOCK_EX)\nfcntl.flock(b, fcntl.LOCK_EX)"],
}

# Races through files, which nothing but the order of the calls shows.
RACES = {
    "AssertionError": "open('n', 'w').write('0')\ndef work():\n    n = int(open('n').read())\n    with open('n', 'w') as f: f.write(str(n + 1))\n"
                      "both(work, work)\nassert open('n').read() == '2'",
    "FileExistsError": "import os, shutil\nshutil.rmtree('d', ignore_errors=True)\ndef work():\n    if not os.path.exists('d'): os.mkdir('d')\nboth(work, work)",
    "FileNotFoundError": "import os\nopen('x', 'w').close()\ndef work():\n    if os.path.exists('x'): os.remove('x')\nboth(work, work)",
    "KeyError": "import os\nos.environ['X'] = '1'\ndef work():\n    if 'X' in os.environ: del os.environ['X']\nboth(work, work)",
}


class PartialControl(support.Test):
    def coverage(self, text, *options, code):
        path = self.write("model.py", text + "\n")
        self.raddle("check", "--report", "r.json", *options, path, code=code)
        return json.loads(self.read("r.json"))

    def test_it_is_named(self):
        for what, programs in PARTIAL.items():
            for text in programs:
                with self.subTest(what):
                    result = self.coverage(text, code=3)
                    self.assertEqual(result["verdict"], "inconclusive")
                    named = result["coverage"]["partial"]
                    self.assertRegex(named[0], f"^{what} \\(model.py:[0-9]+\\)$")
                    self.coverage(text, "--accept", "partial", code=0)

    def test_what_looks_alike(self):
        for what, text in SILENT.items():
            with self.subTest(what):
                result = self.coverage(text, code=0)
                self.assertEqual(result["coverage"].get("partial", []), [])
                self.assertEqual(result["executions"], 1)

    def test_waiting_outside(self):
        for line, programs in STUCK.items():
            for text in programs:
                with self.subTest(text):
                    path = self.write("model.py", text + "\n")
                    result = self.raddle("check", "--watchdog", "200ms", path, code=3, timeout=30)
                    self.assertIn(f"model.py:{line}", result.stdout + result.stderr)
                    self.assertIn("cannot be stopped", result.stdout)

    def test_files_are_shared(self):
        for error, text in RACES.items():
            with self.subTest(error):
                path = self.write("model.py", THREADS + text + "\n")
                result = self.raddle("check", path, code=1)
                self.assertIn(error, result.stdout)
                self.assertIn("reproduced: ", self.raddle("replay", ".raddle/model-1.json", code=1).stdout)
                lock = "lock = threading.Lock()\nplain = both\ndef both(*bodies):\n    def guarded(body):\n        with lock: body()\n" \
                       "    plain(*[lambda body=body: guarded(body) for body in bodies])\n"
                self.raddle("check", self.write("locked.py", THREADS + lock + text + "\n"), code=0)


support.main()
