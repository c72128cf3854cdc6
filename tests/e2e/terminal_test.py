"""The terminal viewer: events by thread and object, --why, --diff, the pager, and choosing the next thread by hand."""
import os
import pty
import subprocess

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

    def test_pager(self):
        path = self.trace()
        def on_a_terminal(*options):
            main, other = pty.openpty()
            env = {**os.environ, "RADDLE_PAGER": "sed 's/^/paged: /'", "TERM": "xterm"}
            done = subprocess.run([support.RADDLE, "show", *options, path], stdin=subprocess.DEVNULL, stdout=other, env=env)
            os.close(other)
            self.assertEqual(done.returncode, 0)
            text = b""
            try:
                while piece := os.read(main, 65536): text += piece
            except OSError:
                pass
            os.close(main)
            return text.decode()
        self.assertIn("paged: ", on_a_terminal())
        self.assertNotIn("paged: ", on_a_terminal("--no-pager"))
        self.assertNotIn("paged: ", self.raddle("show", path, code=0).stdout)


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


support.main()
