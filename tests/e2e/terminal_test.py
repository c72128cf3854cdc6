"""The terminal viewer: events by thread and object, --why, --diff, the pager, and choosing the next thread by hand."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import unittest

import support

LOST = support.model("tutorial/lost_update.py")
DEADLOCK = support.model("tutorial/queue_event_final.py")


class Show(support.Test):
    def trace(self, model=LOST):
        self.raddle("check", "--trace-dir", "t", model, code=1)
        return "t/" + os.path.basename(model)[:-3] + "-1.json"

    def test_threads_and_objects(self):
        path = self.trace()
        of_t2 = self.raddle("show", "--thread", "t2", path, code=0).stdout
        self.assertIn(" events, of t2:", of_t2)
        self.assertIn("end", of_t2)
        self.assertNotIn("start t1", of_t2)
        touching = self.raddle("show", "--object", "database_value", "--thread", "t1", path, code=0).stdout
        self.assertEqual(touching.count("database_value -> 0") + touching.count("database_value = 1"), 2, touching)
        self.bad_input("show", "--thread", "t9", path, says=["no thread 't9'", "main, t1, t2"])
        self.bad_input("show", "--object", "x", path, says=["touches 'x'", "database_value"])

    def test_why_an_event(self):
        path = self.trace()
        shown = self.raddle("show", path, code=0).stdout
        step = [line.split()[0] for line in shown.splitlines() if "<- loses" in line][0]
        why = self.raddle("show", "--why", step, path, code=0).stdout
        self.assertTrue(why.startswith(f"step {step}  "), why)
        for part in ("overwrites", "it did not know of it", "what led there", "<- this", "<- overwritten in step " + step):
            self.assertIn(part, why)
        self.bad_input("show", "--why", "999", path, says=["no step 999", "Its steps are 1 to "])
        self.bad_input("show", "--why", "nobody", path, says=["no thread 'nobody'", "main, t1, t2"])

    def test_why_a_thread_waits(self):
        path = self.trace(DEADLOCK)
        why = self.raddle("show", "--why", "worker-0_1", path, code=0).stdout
        for part in ("for ever", "waits for an item in pipeline, which is empty", "woken by", "a put of pipeline"):
            self.assertIn(part, why)
        self.assertIn("main -> worker-0_1", self.raddle("show", "--why", "main", path, code=0).stdout)

    def test_diff(self):
        path = self.trace(DEADLOCK)
        diff = self.raddle("show", "--diff", path, code=0).stdout
        for part in ("the run that fails", "the run that passes", "first difference:", "* what decides:", "would have passed"):
            self.assertIn(part, diff)
        same = self.raddle("show", "--diff", path, path, code=0).stdout
        self.assertIn("no difference", same)
        self.bad_input("show", "--diff", self.trace(), path, says="different models")


LESS = shutil.which("less")


class Pager(support.Test):
    def trace(self):
        self.raddle("check", "--trace-dir", "t", LOST, code=1)
        return "t/lost_update-1.json"

    def shown(self, *options, **environment):
        """What is shown on a terminal, to its end."""
        terminal = support.Terminal(support.RADDLE, "show", *options, self.trace(), **environment)
        self.assertEqual(terminal.end(), 0)
        return terminal.text

    def test_a_pager_gets_it_on_a_terminal(self):
        environment = {"RADDLE_PAGER": "sed 's/^/paged: /'"}
        self.assertIn("paged: ", self.shown(**environment))
        self.assertNotIn("paged: ", self.shown("--no-pager", **environment))
        self.assertNotIn("paged: ", self.shown(**{**environment, "TERM": "dumb"}))
        self.assertIn("paged: ", self.shown("--why", "5", **environment))
        self.assertNotIn("paged: ", self.raddle("show", self.trace(), code=0, env={**os.environ, **environment}).stdout)

    def test_the_run_that_passes_goes_through_it_too(self):
        self.assertIn("paged: ", self.shown("--diff", RADDLE_PAGER="sed 's/^/paged: /'"))

    def test_without_a_pager_it_is_printed(self):
        nothing = {"RADDLE_PAGER": None, "PAGER": None, "PATH": "/nowhere"}
        for environment in ({"RADDLE_PAGER": ""}, {"RADDLE_PAGER": None, "PAGER": ""}, {"PAGER": "cat", "RADDLE_PAGER": None}, nothing):
            with self.subTest(environment):
                self.assertEqual(self.shown(**environment).count("LOST UPDATE"), 1)

    def test_one_that_cannot_be_started_is_none(self):
        self.write("plain", "")
        for command in ("no-such-pager --option", "./plain"):
            with self.subTest(command):
                text = self.shown(RADDLE_PAGER=command)
                self.assertEqual(text.count("LOST UPDATE"), 1, text)
                self.assertIn(command.split()[0], text)  # the shell says what is wrong with it

    def test_one_that_fails_has_had_it(self):
        self.assertNotIn("LOST UPDATE", self.shown(RADDLE_PAGER="exit 1"))

    def test_colours(self):
        self.assertIn("\x1b[", self.shown(RADDLE_PAGER="", NO_COLOR=None))
        for options, environment in [((), {"NO_COLOR": "1"}), (("--colour", "never"), {"NO_COLOR": None}), ((), {"TERM": "dumb"})]:
            with self.subTest(options=options, environment=environment):
                self.assertNotIn("\x1b[", self.shown(*options, RADDLE_PAGER="", **environment))
        self.assertIn("\x1b[", self.shown("--colour", "always", RADDLE_PAGER="", NO_COLOR="1"))
        self.assertIn("\x1b[", self.shown(RADDLE_PAGER="sed s/x/x/", NO_COLOR=""))

    def test_it_is_as_wide_as_the_terminal(self):
        terminal = support.Terminal(support.RADDLE, "show", "--full", self.trace(), columns=60, RADDLE_PAGER="", NO_COLOR="1")
        terminal.end()
        self.assertLessEqual(max(len(line) for line in terminal.text.splitlines()), 60)

    @unittest.skipUnless(LESS, "less is not installed")
    def test_less(self):
        environment = {"RADDLE_PAGER": None, "PAGER": None, "LESS": None, "NO_COLOR": "1"}
        # What fits is just printed.
        self.assertIn("LOST UPDATE", self.shown(**environment))
        # The rest waits until the user has seen enough.
        terminal = support.Terminal(support.RADDLE, "show", "--full", self.trace(), rows=10, **environment)
        terminal.until("LOST UPDATE")
        terminal.until("\n:")
        terminal.type("q")
        self.assertEqual(terminal.end(), 0)

    def test_ctrl_c_while_it_is_written(self):
        """More than a pipe holds: the pager is left without having read all of it."""
        trace = json.loads(pathlib.Path(self.trace()).read_text(encoding="utf-8"))
        event = trace["events"][0]
        trace["events"] += [{**event, "step": len(trace["events"]) + n + 1} for n in range(20_000)]
        self.write("long.json", json.dumps(trace))
        pager = "trap 'echo the pager goes on; kill $!' INT; read line; sleep 1000 & echo begun; wait; echo left"
        terminal = support.Terminal(support.RADDLE, "show", "--full", "long.json", RADDLE_PAGER=pager)
        terminal.until("begun")
        terminal.control("C")
        terminal.until("the pager goes on")
        terminal.until("left")
        self.assertEqual(terminal.end(), 0)

    def test_who_has_seen_enough(self):
        done = subprocess.run(f"{support.RADDLE} show --full {self.trace()} | head -1; echo ${{PIPESTATUS[0]}}", shell=True,
                              executable="/bin/bash", capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout.splitlines()[-1], "0")


class Interactive(support.Test):
    def choose(self, lines, *arguments, code=None):
        path = self.write("lines", "".join(line + "\n" for line in lines))
        with open(path, encoding="utf-8") as commands:
            return self.raddle(*arguments, stdin=commands, code=code)

    def test_suggestions_are_the_schedule(self):
        self.raddle("check", "--trace-dir", "t", LOST, code=1)
        result = self.choose([""] * 200, "replay", "--interactive", "t/lost_update-1.json")
        self.assertIn("database_value", result.stdout)
        self.assertIn("step ", result.stdout)
        self.assertIn("t2", result.stdout)

    def test_what_is_kept_replays(self):
        for command in ("run", "replay"):
            result = self.choose(["?", "99", "2", "u", "1", "s mine.json", "c", "q"], command, "--interactive", LOST)
            self.assertIn(result.code, (0, 1), result)
            self.assertIn("There is no choice 99", result.stdout)
            self.assertIn("kept in mine.json", result.stdout)
            self.assertIn("reproduced", self.raddle("replay", "mine.json").stdout)
            os.remove("mine.json")

    def test_it_ends_when_nothing_more_is_typed(self):
        self.assertIn("step ", self.choose([], "replay", "--interactive", LOST, code=0).stdout)


class InteractiveTerminal(support.Test):
    """The same with somebody who types."""

    def setUp(self):
        super().setUp()
        text = pathlib.Path(LOST).read_text(encoding="utf-8")
        self.program = self.write("counts.py", text + "    assert database_value == 2\n")

    def begin(self, command, **environment):
        return support.Terminal(support.RADDLE, command, "--interactive", "counts.py", **{"NO_COLOR": "1", **environment})

    def converse(self, terminal, *dialogue):
        """Waits for a prompt, types a line, and so on."""
        for prompt, line in dialogue:
            terminal.until(prompt)
            terminal.type(line + "\n")

    def test_a_lost_update_by_hand(self):
        for command in ("run", "replay"):
            with self.subTest(command):
                terminal = self.begin(command)
                # Both read before either writes.
                self.converse(terminal, ("step 4> ", "2"), ("step 6> ", "1"), ("step 8> ", "s by-hand.json"), ("step 8> ", "c"))
                self.assertIn("ASSERTION  assertion failed", terminal.until("ended> "))
                terminal.type("\n")
                self.assertEqual(terminal.end(), 1)
                self.assertIn("kept in by-hand.json: raddle replay by-hand.json", terminal.text)
                self.assertIn("the same assertion", self.raddle("replay", "by-hand.json", code=1).stdout)
                os.remove("by-hand.json")

    def test_undo(self):
        terminal = self.begin("run")
        self.converse(terminal, ("step 4> ", "2"), ("step 6> ", "u"))
        self.assertIn("back before step 4", terminal.until("step 4> "))
        self.converse_at(terminal, ("1", "step 6> "), ("b 1", "step 4> "))
        terminal.type("u\n")
        self.assertIn("There is nothing to undo.", terminal.until("step 4> "))
        terminal.type("c\n")
        self.assertNotIn("ASSERTION", terminal.until("ended> "))
        terminal.type("u\n")
        terminal.until("step 4> ")
        terminal.type("q\n")
        self.assertEqual(terminal.end(), 0)

    def converse_at(self, terminal, *dialogue):
        """Types a line, waits for the prompt behind it, and so on."""
        for line, prompt in dialogue:
            terminal.type(line + "\n")
            terminal.until(prompt)

    def test_what_means_nothing_is_answered_and_asked_again(self):
        terminal = self.begin("replay")
        terminal.until("step 4> ")
        for line, answer in [("3", "There is no choice 3: it is 1 to 2."), ("0", "There is no choice 0"), ("x", "There is no 'x' here."),
                             ("b 9", "b takes a step: 1 to 3."), ("s", "s takes the name of a file."), ("ä", "There is no 'ä' here."),
                             ("?", "a number: this one goes next"), ("u", "There is nothing to undo.")]:
            with self.subTest(line):
                terminal.type(line + "\n")
                self.assertIn(answer, terminal.until("step 4> "))
        terminal.type("q\n")
        self.assertEqual(terminal.end(), 0)

    def test_ctrl_d_ends_it(self):
        terminal = self.begin("run")
        terminal.until("step 4> ")
        terminal.control("D")
        self.assertEqual(terminal.end(), 0)
        self.assertTrue(terminal.text.endswith("step 4> \r\n"), terminal.text[-200:])
        # In the middle of a line it only sends what is there.
        terminal = self.begin("run")
        terminal.until("step 4> ")
        terminal.type("2")
        terminal.control("D")
        terminal.type("\n")
        terminal.until("step 6> ")
        terminal.control("D")
        self.assertEqual(terminal.end(), 0)

    def test_ctrl_c_ends_it(self):
        for typed in ("", "1", "s kept.json\n"):
            with self.subTest(typed):
                terminal = self.begin("replay")
                terminal.until("step 4> ")
                terminal.type(typed)
                if typed.endswith("\n"):
                    terminal.until("step 4> ")
                else:
                    time.sleep(0.3)  # the terminal keeps the beginning of a line
                terminal.control("C")
                self.assertEqual(terminal.end(), 130)
                self.assertTrue(terminal.text.endswith("\r\n"), terminal.text[-200:])
                self.assertEqual(list(self.files()), ["counts.py"], "an execution that has not ended is not kept")

    def test_ctrl_c_behind_the_end(self):
        terminal = self.begin("replay")
        self.converse(terminal, ("step 4> ", "c"))
        terminal.until("ended> ")
        terminal.control("C")
        self.assertEqual(terminal.end(), 130)

    def test_ctrl_z_and_on(self):
        """Stopped and continued, the question still stands."""
        terminal = self.begin("replay")
        terminal.until("step 4> ")
        group = terminal.pid  # which the terminal's first process leads
        os.killpg(group, signal.SIGSTOP)
        time.sleep(0.3)
        os.killpg(group, signal.SIGCONT)
        time.sleep(0.3)
        self.converse_at(terminal, ("2", "step 6> "))
        terminal.type("q\n")
        self.assertEqual(terminal.end(), 0)

    def test_colours(self):
        for wanted, environment in [(True, {"NO_COLOR": ""}), (False, {})]:
            terminal = self.begin("replay", **environment)
            terminal.until("step 4> ")
            terminal.type("q\n")
            terminal.end()
            self.assertEqual("\x1b[" in terminal.text, wanted)


support.main()
