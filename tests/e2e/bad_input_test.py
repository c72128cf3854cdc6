"""Models that are no good: the message, the exit status, and nothing half-written. See also tests/e2e/data/bad."""
import os
import pathlib
import re
import resource
import shutil

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
        self.bad_input("check", self.folder, says=[self.folder, "directory"])
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
        if os.geteuid() != 0:
            os.chmod("binary.py", 0)
            self.bad_input("check", "binary.py", says="binary.py: cannot be read: Permission denied")

    def test_syntax_error(self):
        path = support.data("bad/" + "syntax_error.py")
        self.bad_input("check", path, says=[path, "line 5", "def work()", "expected ':'"])

    def test_import_fails(self):
        path = support.data("bad/" + "import_fails.py")
        self.bad_input("check", path, says=["import_fails.py:4", "raddle_test_no_such_module"])

    def test_no_threads(self):
        self.check("no_threads.py", code=0, says="1 of 1 execution explored (complete), nothing found")
        self.write("empty.py", "")
        self.raddle("check", "empty.py", code=0)

    def test_failures(self):
        self.check("assertion.py", code=1, says=["ASSERTION", "ready, but the answer is None", "assertion.py:17"])
        self.check("uncaught.py", code=1, says=["EXCEPTION", "ValueError", "nobody catches this", "uncaught.py:6"])
        self.check("exit_status.py", code=1, says=["EXIT STATUS", "exit status 5", "exit_status.py:8"])
        self.check("os_exit.py", code=1, says=["EXIT STATUS", "exit status 3", "os_exit.py:7"])

    def test_threads(self):
        self.check("thousand_threads.py", code=0, says="(complete), nothing found")
        self.check("two_thousand_threads.py", code=3, says=["INCONCLUSIVE", "more than 1024 threads"])

    def test_recursion(self):
        for name in ("deep_recursion.py", "deep_recursion_c.py"):
            self.check(name, code=1, says=["EXCEPTION", "RecursionError", name])

    def test_nondeterministic(self):
        result = self.check("nondeterministic.py", code=3, says="INCONCLUSIVE")
        self.assertRegex(result.stdout, "the model did not do the same again|partial control")

    def test_spin(self):
        result = self.check("spin.py", "--watchdog", "500ms", code=1, says=["DIVERGENCE", "spin.py:"])
        line = int(re.search(r"spin\.py:(\d+)", result.stdout)[1])
        self.assertIn(line, (6, 7, 8, 9))

    def test_spin_replays(self):
        self.check("spin.py", "--watchdog", "500ms", code=1, says="DIVERGENCE")
        result = self.raddle("replay", "--watchdog", "500ms", ".raddle/spin-1.json", code=1)
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

    def test_crash(self):
        for call, words in (("os.kill(os.getpid(), signal.SIGSEGV)", "segmentation fault"), ("os.abort()", "abort")):
            path = self.write("crash.py", f"import os, signal, threading\nt = threading.Thread(target=lambda: {call})\nt.start()\nt.join()\n")
            result = self.raddle("check", "--report", "r.json", path)
            if "crashed" in result.stderr:
                self.assertEqual(result.code, 3, result)
                self.assertIn(words, result.stderr)
                self.assertEqual(list(self.files()), ["crash.py"])
            else:  # the front end sees it coming
                self.assertIn(result.code, (1, 3), result)

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

    def raddle_to(self, stream, *arguments):
        import subprocess
        done = subprocess.run([support.RADDLE, *arguments], stdout=stream, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, encoding="utf-8", timeout=60)
        return support.Result(arguments, done.returncode, "", done.stderr)

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
