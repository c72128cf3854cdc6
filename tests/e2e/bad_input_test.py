"""Models that are no good: the message, the exit status, and nothing half-written. See also tests/e2e/data/bad."""
import glob
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess

import support


class BadModels(support.Test):
    def check(self, name, *options, code, says, **how):
        result = self.raddle("check", *options, support.data("bad/" + name), code=code, **how)
        for part in [says] if isinstance(says, str) else says:
            self.assertIn(part, result.stdout + result.stderr, result)
        self.assertNotIn("internal error", result.stderr)
        return result

    def test_every_file_is_tested(self):
        source = pathlib.Path(__file__).read_text(encoding="utf-8")
        for path in pathlib.Path(support.data("bad")).glob("*.py"):
            self.assertIn(f'"{path.name}"', source)

    def test_no_program(self):
        self.bad_input("check", "missing.py", says=["missing.py", "no such file"])
        self.bad_input("check", self.folder, says=[self.folder, "folder"])
        self.bad_input("check", "", says="no model given")
        self.bad_input("check", "model.cpp", says="model.cpp")
        self.bad_input("check", "missing.py/x.py", says="missing.py/x.py")
        self.bad_input("check", "/dev/null/x.py", says="/dev/null/x.py")
        self.bad_input("check", "x" * 5000 + ".py", says="xxx")

    def test_not_python(self):
        for content in (b"\0\0\0", b"\xff\xfe", b"\x7fELF\x02\x01\x01\0\0\0", b"x = '\xff'\n"):
            with self.subTest(content):
                pathlib.Path("binary.py").write_bytes(content)
                self.bad_input("check", "binary.py", says="binary.py")

    def test_unreadable(self):
        wrapper = self.other_user()
        os.chmod(self.folder, 0o755)
        self.write("secret.py", "")
        os.chmod("secret.py", 0)
        result = self.raddle("check", "secret.py", wrapper=wrapper, code=2)
        self.assertEqual(result.stderr, "raddle: secret.py: cannot be read: Permission denied\n")

    def test_syntax_error(self):
        path = support.data("bad/" + "syntax_error.py")
        self.bad_input("check", path, says=[path, "line 5", "def work()", "expected ':'"])

    def test_import_fails(self):
        path = support.data("bad/" + "import_fails.py")
        self.bad_input("check", path, says=["import_fails.py:4", "raddle_test_no_such_module"])

    def test_no_threads(self):
        warning = "the program starts no thread"
        self.check("no_threads.py", code=0, says=["1 of 1 execution explored (complete), nothing found", warning])
        self.write("thread.py", "import threading\nt = threading.Thread(target=print)\nt.start()\nt.join()\n")
        self.assertNotIn(warning, self.raddle("check", "thread.py", code=0).stdout)
        self.write("fails.py", "assert False\n")
        self.assertNotIn(warning, self.raddle("check", "fails.py", code=1).stdout)
        self.write("empty.py", "")
        self.raddle("check", "empty.py", code=0)

    def test_failures(self):
        """The headline, the message, the last row of the trace."""
        result = self.check("assertion.py", code=1, says="An assertion fails in t2: ready, but the answer is None\n")
        self.shows(result, r"ASSERTION  ready, but the answer is None +assertion.py:17", r"fail +assertion fails +:17")
        result = self.check("uncaught.py", code=1, says="Uncaught in t1: ValueError: nobody catches this\n")
        self.shows(result, r"EXCEPTION  ValueError +uncaught.py:6", r"fail +raises ValueError  :6")
        self.assertIn("1 has an uncaught exception, ", result.last_line)
        result = self.check("exit_status.py", code=1, says="The program ends with exit status 5.\n")
        self.shows(result, r"EXIT STATUS  5 +exit_status.py:8", r"fail  ends with status 5  :8")
        result = self.check("os_exit.py", code=1, says="The program ends with exit status 3.\n")
        self.shows(result, r"EXIT STATUS  3 +os_exit.py:7", r"fail +ends with status 3  :7")
        # All of the trace has what the thread printed as well, and says which exception that is.
        full = self.raddle("show", "--full", ".raddle/uncaught-1.json", code=0)
        self.shows(full, r"fail +raises ValueError +:6", r' +\d +output "\.\.\. ValueError: nobody catches this".*')

    def test_long_messages(self):
        """A screen or less, and all of it on demand."""
        path = self.write("long.py", 'assert False, "words " * 5000 + "\\n" + "x" * 3000\n')
        result = self.raddle("check", path, code=1)
        self.assertLess(result.stdout.count("\n"), 25, result)
        self.assertGreater(self.raddle("show", "--full", ".raddle/long-1.json").stdout.count("words"), 9000)

    def test_many_errors(self):
        """Some with their traces, some in a line, the others as a number."""
        self.write("many.py", "import threading\n" + "".join(f"def f{n}(): raise ValueError({n})\n" for n in range(20)) +
                   "threads = [threading.Thread(target=globals()[f'f{n}']) for n in range(20)]\n"
                   "for t in threads: t.start()\nfor t in threads: t.join()\n")
        result = self.raddle("check", "--all", "many.py", code=1)
        self.shows(result, r"EXCEPTION  ValueError +many.py:6", r"error    many.py:7  Uncaught in t6: ValueError: 5 \[exception\]",
                   r"         raddle show .raddle/many-6.json", r"         and 5 more errors")
        self.assertEqual(len(glob.glob(".raddle/*.json")), 20)

    def shows(self, result, *lines):
        for line in lines:
            self.assertRegex(result.stdout, rf"(?m)^{line}$")

    def test_threads(self):
        self.check("thousand_threads.py", code=0, says="(complete), nothing found")
        self.check("two_thousand_threads.py", code=3, says=["INCONCLUSIVE", "more than 1024 threads"])

    def test_recursion(self):
        for name in ("deep_recursion.py", "deep_recursion_c.py"):
            self.check(name, code=1, says=["EXCEPTION", "RecursionError", name])

    def test_nondeterministic(self):
        result = self.check("nondeterministic.py", code=3, says="INCONCLUSIVE")
        self.assertRegex(result.stdout, "INCONCLUSIVE +The model did not do the same again|partial control")
        self.assertEqual(result.stdout.count("INCONCLUSIVE"), 1)

    def test_spin(self):
        result = self.check("spin.py", "--watchdog", "200ms", code=1, says=["DIVERGENCE", "spin.py:"])
        line = int(re.search(r"spin\.py:(\d+)", result.stdout)[1])
        self.assertIn(line, (6, 7, 8, 9))
        self.assertIn("t1 runs on and on without any operation that another thread could notice.\n", result.stdout)
        self.shows(result, rf"fail +runs on and on  :{line}", r" +\d  start t1")

    def test_spin_replays(self):
        self.check("spin.py", "--watchdog", "200ms", code=1, says="DIVERGENCE")
        result = self.raddle("replay", "--watchdog", "200ms", ".raddle/spin-1.json", code=1)
        self.assertIn("reproduced: ", result.stdout)

    def test_stuck_in_c(self):
        """Nothing can stop a thread that is in C code and does not come back."""
        path = self.write("stuck.py", """
import os, threading
with open("count", "a+") as file:
    file.write("x")
    file.seek(0)
    count = len(file.read())
read, write = os.pipe()
def wait():
    if count == 30:
        os.read(read, 1)
    os.close(read), os.close(write)
thread = threading.Thread(target=wait)
thread.start()
thread.join()
""")
        result = self.raddle("check", "--watchdog", "300ms", "--strategy", "random", "--runs", "100", "--report", "r.json",
                             path, code=3, timeout=30)
        self.assertIn("INCONCLUSIVE", result.stdout)
        self.assertIn("cannot be stopped", result.stdout)
        self.assertIn('"verdict": "inconclusive"', self.read("r.json"))

    def test_always_stuck_in_c(self):
        """So much that the program cannot even be prepared."""
        path = self.write("pause.py", "import ctypes, threading\n"
                          "t = threading.Thread(target=ctypes.CDLL(None).pause)\nt.start()\nt.join()\n")
        result = self.raddle("check", "--watchdog", "200ms", "--report", "r.json", path, code=3, timeout=10)
        self.assertIn("cannot be stopped", result.stdout)
        self.assertIn('"verdict": "inconclusive"', self.read("r.json"))

    def test_end_of_the_process(self):
        """However the process of the model ends, there is a verdict. See also crash_test.py."""
        for call, words in (("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
                            ("os.kill(os.getpid(), signal.SIGALRM)", "SIGALRM"),
                            ("ctypes.CDLL(None)._exit(0)", "it ended the process with status 0")):
            with self.subTest(call):
                path = self.write("crash.py", "import ctypes, os, signal, threading\n"
                                  f"t = threading.Thread(target=lambda: {call})\nt.start()\nt.join()\n")
                result = self.raddle("check", "--report", "r.json", path, code=3)
                self.assertEqual(result.stderr, "")
                self.assertTrue(result.stdout.startswith("0 executions explored (cut: the model crashed), "), result)
                self.assertNotIn("nothing found", result.stdout)
                self.assertIn("INCONCLUSIVE  The model crashed while it was being prepared: " + words, " ".join(result.stdout.split("\n")))
                report = json.loads(self.read("r.json"))
                self.assertEqual((report["verdict"], report["coverage"]["reason"]), ("inconclusive", "crash"))
                self.assertIn(words, report["inconclusive_reason"])

    def test_a_crash_in_the_search(self):
        path = self.write("late.py", """
import os, threading
with open("count", "a+") as file:
    file.write("x")
    count = file.tell()
thread = threading.Thread(target=lambda: count < 30 or os.kill(os.getpid(), 9))
thread.start()
thread.join()
""")
        result = self.raddle("check", "--strategy", "random", "--runs", "100", "--report", "r.json", path, code=3)
        number = int(re.search(r"The model crashed in execution (\d+): SIGKILL", result.stdout)[1])
        self.assertEqual(json.loads(self.read("r.json"))["executions"], number - 1)
        self.assertGreater(number, 10)

    def test_a_crash_in_a_replay(self):
        shutil.copy(support.model("tutorial/lost_update.py"), "model.py")
        self.raddle("check", "model.py", code=1)
        self.write("model.py", "import os\nos.kill(os.getpid(), 9)\n")
        result = self.raddle("replay", "--force", ".raddle/model-1.json", code=3)
        self.assertIn("raddle: The model crashed while it was being prepared: SIGKILL", result.stderr)

    def test_memory(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        result = self.check("eats_memory.py", code=1, says=["EXCEPTION", "MemoryError"], preexec_fn=limit)
        self.assertIn("eats_memory.py:9", result.stdout)

    def test_standard_input_is_empty(self):
        self.check("stdin_reader.py", code=1, says="EOFError")

    def test_trace_folder_cannot_be_made(self):
        self.write("file", "")
        lost = support.model("tutorial/lost_update.py")
        self.bad_input("check", "--trace-dir", "file/traces", lost, says="file/traces")
        self.bad_input("check", "--trace-dir", "file", lost, says="file")
        self.bad_input("check", "--report", "no/folder/r.json", lost, says="no/folder")
        # The default folder is not worth failing for.
        self.write(".raddle", "")
        result = self.raddle("check", lost, code=1)
        self.assertIn("warning  traces are not kept: ", result.stdout)
        self.assertNotIn("replay:", result.stdout)

    def test_a_full_disk(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with open("/dev/full", "w") as full:
            result = self.raddle_to(full, "check", support.model("tutorial/lost_update.py"))
        self.assertEqual(result.code, 2, result)
        self.assertIn("standard output cannot be written: No space left on device", result.stderr)
        result = self.raddle("check", "--report", "/dev/full", support.model("tutorial/lost_update.py"), code=2)
        self.assertIn("/dev/full", result.stderr)

    def test_files_that_may_not_grow(self):
        """As on a full disk: nothing is left behind of what could not be written."""
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        lost = support.model("tutorial/lost_update.py")
        result = self.raddle("check", lost, preexec_fn=limit, code=1)
        self.assertIn("warning  traces are not kept: .raddle/lost_update-1.json: cannot be written", result.stdout)
        self.assertIn("File too large", result.stdout)
        result = self.raddle("check", "--report", "r.json", lost, preexec_fn=limit, code=2)
        self.assertTrue(result.stdout.startswith("LOST UPDATE"), result)
        self.assertIn("raddle: r.json: cannot be written", result.stderr)
        self.assertEqual(self.files(), {})

    def raddle_to(self, stream, *arguments):
        done = subprocess.run([support.RADDLE, *arguments], stdout=stream, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, encoding="utf-8", timeout=60)
        return support.Result(arguments, done.returncode, "", done.stderr)

    def test_a_model_with_hands_on_the_standard_streams(self):
        """Whatever it does to them, raddle's output is complete, and nothing of the model's comes in between."""
        path = self.write("streams.py", """
import os, threading
def work():
    assert os.read(0, 1) == b""
    os.system("echo between; cat")
    os.closerange(0, 3)
    for _ in range(3): os.open(os.devnull, os.O_RDWR)
thread = threading.Thread(target=work)
thread.start()
thread.join()
""")
        self.write("input", "hello\n")
        with open("input", encoding="utf-8") as stream:
            result = self.raddle("check", "--accept", "partial", path, stdin=stream, code=0)
        self.assertTrue(result.stdout.startswith("1 of 1 execution explored (complete; partial control: os.system"), result)
        self.assertEqual(result.stdout.count("\n"), 1)
        result = self.raddle("check", "--quiet", "--report", "/dev/stdout", path, code=3)
        self.assertIn('"verdict": "inconclusive"', result.stdout)
        self.raddle("replay", path, code=2)

    def test_a_model_that_interrupts(self):
        """One Ctrl-C from the model is one, however often."""
        path = self.write("interrupts.py", """
import os, signal, threading
lock = threading.Lock()
def work():
    with lock: pass
threads = [threading.Thread(target=lambda: os.kill(os.getppid(), signal.SIGINT))]
threads += [threading.Thread(target=work) for _ in range(9)]
for thread in threads: thread.start()
for thread in threads: thread.join()
""")
        result = self.raddle("check", path, code=3)
        self.assertIn("cut: interrupted", result.stdout)

    def test_names_of_programs(self):
        """What the last lines say can be typed."""
        folder = self.folder + "/bin"
        os.mkdir(folder)
        os.symlink(support.RADDLE, folder + "/raddle")
        env = {**os.environ, "PATH": folder + ":" + os.environ["PATH"]}
        for name in ("a b.py", "lös t's.py", "./-x.py", ".hidden.py", "$(x)&;.py", "new\nline.py", "no_ending", "ä/ö.py"):
            with self.subTest(name):
                os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
                shutil.copy(support.model("tutorial/lost_update.py"), name)
                result = self.raddle("check", name, code=1)
                commands = re.findall(r"(?:replay|full): (.*?)(?:  +|$)", result.stdout, re.MULTILINE)
                self.assertEqual(len(commands), 2, result)
                for command, code in zip(commands, (1, 0)):
                    done = subprocess.run(["bash", "-c", command], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                    self.assertEqual((done.returncode, done.stderr), (code, b""), command)

    def test_a_name_that_is_not_text(self):
        name = os.fsdecode(b"x\xff.py")
        shutil.copy(support.model("tutorial/lost_update.py"), name)
        self.raddle("check", name, code=1)
        trace = next(name for name in os.listdir(".raddle") if name.endswith(".json"))
        self.bad_input("replay", ".raddle/" + trace, says="the trace's program x\ufffd.py is neither here nor")

    def test_a_model_that_changes_its_folder_and_files(self):
        """It can, and raddle still finds its own way."""
        os.mkdir("work")
        shutil.copy(support.model("tutorial/lost_update.py"), "model.py")
        with open("model.py", "a", encoding="utf-8") as file:
            file.write("    import os; os.chdir('work')\n")
        result = self.raddle("check", "model.py", "--report", "r.json")
        self.assertIn(result.code, (1, 3), result)
        self.assertIn("r.json", self.files())


support.main()
