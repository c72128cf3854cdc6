"""raddle as a process: signals, pipes, terminals, closed streams, folders that cannot be written."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import support

LOST = support.model("tutorial/lost_update.py")
LONG = ("check", "--ignore", "lost-update", support.model("tutorial/bare_increment_10.py"))


class Signals(support.Test):
    def interrupted(self, number, *options):
        process = self.start_raddle(*LONG, *options)
        time.sleep(1)
        self.assertIsNone(process.poll())
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=20)
        return process.returncode, stdout, stderr

    def test_interruption(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                code, stdout, stderr = self.interrupted(number, "--report", "r.json")
                self.assertEqual((code, stderr), (3, ""))
                self.assertIn("executions explored (cut: interrupted)", stdout)
                self.assertIn("INCONCLUSIVE", stdout)
                result = json.loads(self.read("r.json"))
                self.assertEqual(result["coverage"]["reason"], "interrupted")
                self.assertGreater(result["executions"], 0)

    def test_one_long_execution(self):
        """The time budget and Ctrl-C end it, whether or not it does anything visible."""
        loop = "import threading\nn = 0\ndef work():\n    global n\n    while n < 10 ** 9: {}\n" \
               "for _ in range(2): threading.Thread(target=work).start()\n"
        for body in ("n += 1", "m = 1"):
            path = self.write("long.py", loop.format(body))
            arguments = ("check", "--max-steps", "1000000000", "--watchdog", "60s", path)
            with self.subTest(body):
                begin = time.monotonic()
                self.assertIn("(cut: the time budget ran out)", self.raddle(*arguments, "--time", "1s", code=3).stdout)
                process = self.start_raddle(*arguments)
                time.sleep(1)
                process.send_signal(signal.SIGINT)
                stdout, _ = process.communicate(timeout=30)
                self.assertEqual(process.returncode, 3)
                self.assertIn("(cut: interrupted)", stdout)
                self.assertLess(time.monotonic() - begin, 20)

    def test_what_was_found_before_counts(self):
        process = self.start_raddle("check", "--all", LONG[-1])
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        stdout, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 1)
        self.assertTrue(stdout.startswith("LOST UPDATE"), stdout)
        self.raddle("replay", ".raddle/bare_increment_10-1.json", code=1)

    def test_the_second_one_kills(self):
        path = self.write("stuck.py", "import os\nread, write = os.pipe()\nos.read(read, 1)\n")
        process = self.start_raddle("check", "--watchdog", "off", path)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
        self.assertEqual(process.returncode, -signal.SIGINT)

    def test_signals_to_the_group_are_one(self):
        """A terminal sends Ctrl-C to the whole group, timeout(1) first to raddle and then to the group."""
        for _ in range(3):
            result = self.raddle(*LONG, wrapper=("timeout", "0.7"), timeout=20)
            self.assertEqual((result.code, result.stderr), (124, ""))
            self.assertIn("executions explored (cut: interrupted)", result.stdout)

    def test_no_child_is_left(self):
        """Whatever ends raddle, ends the model."""
        process = self.start_raddle(*LONG)
        time.sleep(0.5)
        process.kill()
        process.communicate(timeout=10)  # until nobody has its standard output any more

    def test_a_model_that_stops(self):
        """raddle stops with it, and can be continued."""
        path = self.write("stops.py", "import os, signal, threading\nt = threading.Thread(target=lambda: os.kill(os.getpid(), signal.SIGSTOP))\n"
                          "t.start()\nt.join()\n")
        process = self.start_raddle("check", path)
        stops = 0
        while True:
            _, status = os.waitpid(process.pid, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                break
            stops += 1
            process.send_signal(signal.SIGCONT)
        self.assertGreater(stops, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)
        process.returncode = 0

    def test_a_parent_that_ignores_its_children(self):
        self.raddle("check", LOST, code=1, preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))

    def test_ignored_signals_stay_ignored(self):
        """As for nohup and a shell's background jobs."""
        process = self.start_raddle("check", "--time", "1.2s", *LONG[1:], preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        time.sleep(0.4)
        process.send_signal(signal.SIGINT)
        stdout, _ = process.communicate(timeout=20)
        self.assertIn("the time budget ran out", stdout)

    def test_stopped_and_continued(self):
        """The watchdog does not take a stopped raddle for a standstill."""
        process = self.start_raddle("check", "--time", "2s", "--watchdog", "400ms", *LONG[1:])
        time.sleep(0.4)
        process.send_signal(signal.SIGSTOP)
        time.sleep(1)
        process.send_signal(signal.SIGCONT)
        stdout, stderr = process.communicate(timeout=20)
        self.assertIn("the time budget ran out", stdout)
        self.assertNotIn("divergence", stdout.lower())


class Pipes(support.Test):
    def shell(self, command):
        return subprocess.run(["bash", "-c", "set -o pipefail; " + command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, encoding="utf-8", timeout=60,
                              env={**os.environ, "RADDLE": support.RADDLE, "LOST": LOST})

    def test_head(self):
        for _ in range(5):
            done = self.shell('"$RADDLE" check "$LOST" | head -1')
            self.assertRegex(done.stdout, r"^LOST UPDATE .*\n$")
            self.assertEqual((done.returncode, done.stderr), (1, ""))
            self.assertEqual(self.shell('"$RADDLE" show --full .raddle/lost_update-1.json | head -1').stderr, "")

    def test_nobody_reads(self):
        done = self.shell('"$RADDLE" check "$LOST" | true')
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertEqual(self.shell('"$RADDLE" help check | true').returncode, 0)

    def test_closed_streams(self):
        self.assertEqual(self.shell('"$RADDLE" check "$LOST" <&-').returncode, 1)
        self.assertEqual(self.shell('"$RADDLE" check "$LOST" >&-').returncode, 1)
        done = self.shell('"$RADDLE" check --report r.json "$LOST" <&- >&- 2>&-')
        self.assertEqual(done.returncode, 1)
        json.loads(self.read("r.json"))
        json.loads(self.read(".raddle/lost_update-1.json"))
        self.assertEqual(self.shell('"$RADDLE" check missing.py 2>&-').returncode, 2)

    def test_standard_input_is_left_alone(self):
        done = self.shell('printf "a\\nb\\n" | { "$RADDLE" check --quiet "$LOST" >/dev/null; cat; }')
        self.assertEqual(done.stdout, "a\nb\n")


class Terminals(support.Test):
    def on_a_terminal(self, *arguments, columns=100, **environment):
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        env = {**os.environ, "TERM": "xterm", **environment}
        env.pop("NO_COLOR", None) if "NO_COLOR" not in environment else None
        process = subprocess.Popen([support.RADDLE, *arguments], stdin=follower, stdout=follower, stderr=follower, env=env)
        os.close(follower)
        text = b""
        deadline = time.monotonic() + 60
        while select.select([leader], [], [], max(0, deadline - time.monotonic()))[0]:
            try:
                piece = os.read(leader, 65536)
            except OSError:  # EIO: it has ended
                break
            if not piece:
                break
            text += piece
        os.close(leader)
        return process.wait(), text.decode().replace("\r\n", "\n")

    def test_colours(self):
        code, text = self.on_a_terminal("check", LOST)
        self.assertEqual(code, 1)
        self.assertIn("\x1b[", text)
        for arguments, environment in ((("--colour", "never"), {}), ((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"})):
            self.assertNotIn("\x1b", self.on_a_terminal("check", LOST, *arguments, **environment)[1])
        self.assertIn("\x1b[", self.on_a_terminal("check", LOST, NO_COLOR="")[1])
        self.assertIn("\x1b[", self.on_a_terminal("check", LOST, "--colour", "always", NO_COLOR="1")[1])

    def test_what_is_red(self):
        """What went wrong and nothing else."""
        _, text = self.on_a_terminal("check", LOST)
        self.assertEqual(re.findall(r"\x1b\[1;31m(.*?)\x1b", text), ["LOST UPDATE", "<- loses t2's update"])

    def test_progress(self):
        """On a terminal one sees that something happens, and nothing of it is left in the end."""
        slow = ("check", "--time", "1.2s", "--ignore", "*", LONG[-1])
        _, text = self.on_a_terminal(*slow)
        self.assertRegex(text, r"\A\r[\d,]+( of at least [\d,]+)? executions, [\d,]+/s, 1 s of 1 s\x1b\[K\r\x1b\[K[^\r]*\n[\d,]+ executions explored ")
        for options, environment in ((["--quiet"], {}), ([], {"TERM": "dumb"})):
            _, text = self.on_a_terminal(*slow, *options, **environment)
            self.assertNotIn("\r", text)

    def test_progress_of_several_models(self):
        _, text = self.on_a_terminal("check", "-j", "2", "--time", "2.2s", "--ignore", "*", LOST, LONG[-1], LONG[-1], columns=90)
        lines = re.findall(r"\r([^\r\n]+)\x1b\[K", text)
        shown = [line for line in lines if line]
        self.assertGreater(len(shown), 1, text)
        for line in shown:
            self.assertLess(len(line), 90)
            self.assertRegex(line, r"^[012] of 3 models, [\d,]+ executions?, [\d,]+/s, \d+ s; ")
        # Nothing of it is left.
        self.assertNotRegex(re.sub(r"\r[^\r\n]+\x1b\[K", "", text), r"of 3 models")
        self.assertRegex(text, r"(?m)^clean +\S*lost_update\.py")
        os.mkdir("tests")
        self.write("tests/test_it.py", f"import runpy\ndef test_nothing(): pass\ndef test_long(): runpy.run_path({LONG[-1]!r}, run_name='__main__')\n")
        _, text = self.on_a_terminal("check", "--time", "1.6s", "--ignore", "*", "tests")
        self.assertRegex(text, r"\r2 of 2, tests/test_it\.py::test_long: [\d,]+ ")

    def test_progress_for_programs(self):
        result = self.raddle("check", "--time", "1.8s", "--all", "--progress", "json", "--quiet", LONG[-1], code=1)
        *lines, last = [json.loads(line) for line in result.stderr.splitlines()]
        self.assertGreater(len(lines), 0)
        self.assertEqual((last["model"], last["verdict"], last["status"]), (LONG[-1], "findings", 1))
        self.assertGreaterEqual(last["executions"], lines[-1]["executions"])
        self.assertGreater(lines[0]["at_least"], lines[0]["executions"])
        for line in lines:
            self.assertEqual(line["limit"], 1.8)
            self.assertGreater(line["executions"], 0)
            self.assertGreaterEqual(line["seconds"], 1)
        _, text = self.on_a_terminal("check", "--time", "1.2s", "--ignore", "*", "--progress", "never", LONG[-1])
        self.assertNotIn("\r", text)

    def test_width(self):
        for columns in (60, 140):
            _, text = self.on_a_terminal("check", LOST, columns=columns, NO_COLOR="1")
            headline = text.splitlines()[0]
            self.assertLessEqual(len(headline), columns)
        _, text = self.on_a_terminal("check", LOST, columns=60, NO_COLOR="1")
        body = [line for line in text.splitlines() if re.match(r" +\d+  ", line)]
        self.assertLessEqual(max(map(len, body)), 60)

    def test_no_terminal_at_all(self):
        result = self.raddle("check", LOST, start_new_session=True, code=1)
        self.assertNotIn("\x1b", result.stdout)
        result = self.raddle("check", LOST, env={}, code=1)
        self.assertEqual(result.stderr, "")


class Folders(support.Test):
    def test_read_only_folder(self):
        os.chmod(self.folder, 0o555)
        try:
            self.in_a_read_only_folder(self.other_user())
        finally:
            os.chmod(self.folder, 0o755)

    def in_a_read_only_folder(self, wrapper):
        result = self.raddle("check", LOST, wrapper=wrapper, code=1)
        self.assertIn("warning  traces are not kept: ", result.stdout)
        self.assertNotIn("replay:", result.stdout)
        self.assertEqual(result.stderr, "")
        clean = self.raddle("check", support.model("tutorial/lost_update_lock.py"), wrapper=wrapper, code=0)
        self.assertNotIn("warning", clean.stdout)
        result = self.raddle("check", "--trace-dir", "traces", LOST, wrapper=wrapper, code=2)
        self.assertIn("traces", result.stderr)
        result = self.raddle("check", "--report", "r.json", LOST, wrapper=wrapper, code=2)
        self.assertEqual(self.files(), {})

    def test_deleted_folder(self):
        os.mkdir("gone")
        done = subprocess.run(["bash", "-c", f'cd gone && rmdir ../gone && "{support.RADDLE}" check "{LOST}"'],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", timeout=60)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("traces are not kept", done.stdout)


support.main()
