"""The command line: commands, options, their values, and what they do."""
import json
import os
import re

import support

LOST = support.model("tutorial/lost_update.py")
CLEAN = support.model("tutorial/lost_update_lock.py")
COMMANDS = ("check", "completion", "merge", "replay", "resume", "run", "selftest", "show")


class Help(support.Test):
    def test_overview(self):
        for arguments in (("help",), ("--help",), ("-h",)):
            result = self.raddle(*arguments, code=0)
            for command in COMMANDS:
                self.assertRegex(result.stdout, rf"(?m)^  {command} +\w")
        nothing = self.raddle(code=2)
        self.assertEqual(nothing.stdout, "")
        self.assertIn("Usage: raddle check", nothing.stderr)

    def test_each_command(self):
        for command in COMMANDS:
            with self.subTest(command):
                result = self.raddle("help", command, code=0)
                self.assertTrue(result.stdout.startswith(f"Usage: raddle {command} "), result)
                self.assertEqual(self.raddle(command, "--help", code=0).stdout, result.stdout)
                self.assertEqual(self.raddle(command, "-h", code=0).stdout, result.stdout)
                for line in result.stdout.splitlines():
                    self.assertLessEqual(len(line), 100)
                    self.assertEqual(line, line.rstrip())

    def test_the_depth_of_bugs(self):
        self.bad_input("check", "--strategy", "pct", "--depth", "0", LOST, says=["--depth"])
        for strategy in ("sample", "pct", "pos", "urw", "surw", "rff"):
            with self.subTest(strategy):
                command = ("check", "--strategy", strategy, "--depth", "2", "--runs", "50", "--all", LOST)
                lines = [re.sub(r", [0-9.]+ s$", "", self.raddle(*command, code=1).last_line) for _ in range(2)]
                self.assertIn("sampled(50)", lines[0])
                self.assertEqual(*lines)

    def test_all_options_of_check_are_there(self):
        help_text = self.raddle("help", "check", code=0).stdout
        options = set(re.findall(r"(?m)^  (?:-\w, )?(--?[a-z-]+)", help_text))
        self.assertEqual(options, {
            "-m", "--strategy", "--order", "--runs", "--time", "--clock", "--timeouts", "--accept", "--preemptions", "--delays", "--depth", "--seed", "--all", "--strict",
            "--stdin", "--report", "--jobs", "--trace-dir", "--fail-on", "--ignore", "--instrument", "--quiet", "--max-steps", "--loop-bound", "--outcomes", "--expect-output", "--fine",
            "--colour", "--watchdog", "--atomicity", "--checkpoint", "--checkpoint-every", "--shard", "--knowing", "--progress", "--symmetric",
            "--sarif", "--junit", "--html", "--perfetto", "--github", "--graph", "--project", "--expect", "--baseline", "--write-baseline"})

    def test_version(self):
        for arguments in (("--version",), ("-V",), ("version",)):
            self.assertRegex(self.raddle(*arguments, code=0).stdout, r"^raddle \d+\.\d+\.\d+\n$")


class BadOptions(support.Test):
    def refuses(self, *arguments, says):
        result = self.bad_input(*arguments, says=says)
        self.assertEqual(result.stderr.count("\n"), 1, result)

    def test_commands(self):
        self.refuses("chek", says="there is no command 'chek' (did you mean check?). Commands: check, resume, merge, run, replay, show, selftest, completion, help")
        self.refuses("help", "chek", says="there is no command 'chek'")
        self.refuses(LOST, says="raddle check " + LOST)
        self.refuses("--quiet", "check", says="unknown option '--quiet' before a command")

    def test_options(self):
        self.refuses("check", "--sed", "3", LOST, says="unknown option '--sed' (did you mean --seed?). See raddle help check")
        self.refuses("check", "--frobnicate", LOST, says="unknown option '--frobnicate'. See")
        self.refuses("check", "-q", LOST, says="unknown option '-q'")
        self.refuses("show", "--all", "x", says="unknown option '--all'. See raddle help show")
        self.refuses("check", LOST, "--seed", says="--seed needs a value")
        self.refuses("check", "--seed", "--quiet", LOST, says="--seed needs a value, but '--quiet' follows it")
        for option in ("--seed", "--time", "--runs", "--report", "--trace-dir", "--stdin", "--ignore", "-m"):
            self.refuses("check", option, "", LOST, says=f"{option} needs a value, but an empty one follows it")
        self.write("-dash.py", "")
        self.bad_input("check", "-dash.py", says="unknown option '-dash.py' (for the file of this name, write ./-dash.py)")

    def test_positional_arguments(self):
        self.refuses("check", says="no model given, and there is no raddle.json in this folder")
        self.refuses("check", "--", LOST, says="no model given before --")
        self.refuses("show", says="no trace given")
        self.refuses("replay", says="no trace given")
        several = self.raddle("check", LOST, "5", code=2)
        self.assertIn("5: there is no such file. Arguments of the model come behind --", several.stdout)
        self.refuses("check", "-m", "pkg.main", LOST, says="both a model")
        self.refuses("show", "a", "b", says="unexpected argument 'b'")

    def test_values(self):
        for option, value, says in (
                ("--strategy", "clever", "--strategy: there is no 'clever'. It takes exhaustive, source, brute, preemptions, delays, sample, random, pct, pos, urw, surw or rff."),
                ("--order", "clever", "--order: there is no 'clever'. It takes mixed, depth-first or diverse."), ("--preemptions", "-1", "'-1' is not a whole number"), ("--delays", "x", "'x' is not a whole number"),
                ("--runs", "0", "'0' is not a number from 1"), ("--runs", "x", "'x' is not a whole number"),
                ("--runs", "1.5", "whole number"), ("--runs", "99999999999999999999", "is not a number from 1 to"),
                ("--seed", "-1", "'-1' is not a whole number"),
                ("--time", "0", "not more than nothing"), ("--time", "5x", "is not a duration, such as 10, 15s, 2m"),
                ("--time", "s", "is not a duration"), ("--time", "1e9h", "is not a duration"),
                ("--time", "-1", "is not a duration"), ("--time", "99999999999", "100 years"),
                ("--clock", "real", "there is no 'real'. It takes free or virtual."),
                ("--atomicity", "some", "--atomicity: there is no 'some'. It takes bytecode or gil."),
                ("--timeouts", "some", "It takes any or never."), ("--max-steps", "0", "--max-steps"), ("--loop-bound", "0", "--loop-bound"),
                ("--accept", "all", "--accept: there is no 'all'"), ("--accept", "sampled,x", "'x'"),
                ("--expect", "bug", "--expect: there is no 'bug'. It takes clean, findings, inconclusive, or kinds"), ("--expect", "clean,hang", "stands alone"),
                ("--baseline", "missing.json", "missing.json"), ("--write-baseline", "missing/b.json", "there is no folder"),
                ("--project", "missing.json", "--project: missing.json cannot be read"),
                ("--fail-on", "bug", "--fail-on"), ("--ignore", "bug", "--ignore"), ("--ignore", "deadlock:", "no place"),
                ("--colour", "red", "--colour: there is no 'red'"), ("--color", "red", "--colour"),
                ("--watchdog", "no", "--watchdog"), ("--stdin", "missing.txt", "--stdin: missing.txt cannot be read"),
                ("--report", "missing/r.json", "there is no folder missing"), ("--report", "/tmp", "is a folder"),
                ("--report", LOST, "is the model, or what is read with it")):
            with self.subTest(option=option, value=value):
                self.refuses("check", option, value, LOST, says=says)
        self.refuses("show", "--width", "5", "x.json", says="--width")

    def test_what_does_not_go_together(self):
        self.refuses("check", "--order", "diverse", "--strategy", "pos", LOST, says="--order: only the exhaustive search has one, not --strategy pos")
        self.refuses("check", "--preemptions", "1", "--delays", "1", LOST, says="--delays does not go together with another bound")
        self.refuses("check", "--preemptions", "1", "--strategy", "random", LOST,
                     says="--preemptions does not go together with --strategy random")
        for strategy in ("exhaustive", "source"):
            self.refuses("check", "--clock", "virtual", "--strategy", strategy, LOST, says="virtual clock")
        self.raddle("check", "--clock", "virtual", "--strategy", "brute", LOST)


class Search(support.Test):
    def test_runs_of_samples(self):
        result = self.raddle("check", "--strategy", "random", "--runs", "50", "--all", LOST, code=1)
        self.assertIn("50 executions sampled (sampled(50))", result.stdout)
        result = self.raddle("check", "--strategy", "random", "--runs", "50", CLEAN, code=0)
        self.assertIn("nothing found", result.stdout)

    def test_runs_of_an_exhaustive_search(self):
        result = self.raddle("check", "--runs", "1", CLEAN, code=3)
        self.assertIn("INCONCLUSIVE", result.stdout)
        self.assertIn("1 execution explored (cut: ", result.stdout)

    def test_time(self):
        slow = support.model("tutorial/bare_increment_10.py")
        options = ("check", "--all", "--time", "300ms", "--ignore", "lost-update", slow)
        # The last part of the time is for samples, unless the exhaustive search was asked for.
        result = self.raddle(*options, "--report", "r.json", code=3)
        words = re.search(r"([\d,]+) executions explored \(sampled\((\d+)\): the time budget ran out, and the exhaustive search has "
                          r"come to ([\d,]+) executions\)", result.stdout)
        executions, samples, others = (int(w.replace(",", "")) for w in words.groups())
        self.assertEqual(executions, samples + others)
        self.assertGreater(min(samples, others), 0)
        self.assertNotIn("distinct", result.last_line)  # of the samples nobody knows which the search has met
        coverage = json.loads(self.read("r.json"))["coverage"]
        self.assertEqual((coverage["kind"], coverage["reason"], coverage["runs"]), ("sampled", "time", samples))
        self.raddle(*options, "--accept", "sampled", code=0)
        result = self.raddle(*options, "--strategy", "exhaustive", code=3)
        self.assertIn("(cut: the time budget ran out)", result.stdout)
        self.assertIn("INCONCLUSIVE", result.stdout)
        seconds = float(re.search(r"([\d.]+) s$", result.stdout, re.MULTILINE)[1])
        self.assertTrue(0.25 <= seconds < 3, result)
        sampled = ("check", "--strategy", "random", "--time", "0.2s", CLEAN)
        self.raddle(*sampled, code=3)
        self.raddle(*sampled, "--accept", "sampled", code=0)
        self.raddle(*sampled, "--accept", "partial,sampled", "--accept", "bounded", code=0)

    def test_seed(self):
        def first(seed):
            self.raddle("check", "--strategy", "random", "--runs", "20", "--seed", seed, LOST, code=1)
            return self.read(".raddle/lost_update-1.json")
        self.assertEqual(first("5"), first("5"))
        self.assertIn('"seed": 5,', first("5"))

    def test_first_error_or_all(self):
        first = self.raddle("check", LOST, code=1)
        self.assertIn("(cut: stopped at the first finding)", first.stdout)
        self.assertIn("4 of 4 executions explored (complete), 2 lose an update", self.raddle("check", "--all", LOST, code=1).stdout)

    def test_max_steps(self):
        result = self.raddle("check", "--max-steps", "4", CLEAN, code=3)
        self.assertRegex(result.stdout, r"explored \(bounded\(4\): 2 of 2 executions were cut after 4 operations\), 2 truncated, ")
        self.raddle("check", "--max-steps", "4", "--accept", "bounded", CLEAN, code=0)

    def test_timeouts(self):
        path = self.write("timeout.py", "import threading\nif not threading.Event().wait(5):\n    raise SystemExit(4)\n")
        self.assertIn("EXIT STATUS", self.raddle("check", path, code=1).stdout)
        self.assertIn("DEADLOCK", self.raddle("check", "--timeouts", "never", path, code=1).stdout)


    def test_fine(self):
        """Steps inside of the library's methods; the trace remembers that they were visible."""
        path = self.write("model.py", "import queue, threading\nq = queue.Queue(1)\nfor n in range(2): threading.Thread(target=q.put, args=(n,)).start()\n"
                          "q.get()\nq.task_done()\nq.get_nowait()\n")
        for options, inside in (((), False), (("--fine",), True)):
            self.raddle("check", *options, path, code=1)
            trace = json.loads(self.read(".raddle/model-1.json"))
            self.assertEqual("fine" in trace["options"], inside)
            locks = [event for event in trace["events"] if event["operation"] in ("lock", "unlock")]
            self.assertEqual(bool(locks), inside, trace["events"])
            self.assertIn("reproduced: ", self.raddle("replay", "--quiet", ".raddle/model-1.json", code=1).stdout)
        self.raddle("run", "--fine", path)


class Verdict(support.Test):
    def test_ignore(self):
        result = self.raddle("check", "--ignore", "lost-update", LOST, code=0)
        self.assertIn("4 of 4 executions explored (complete), 2 warnings, 1 finding ignored, ", result.stdout)
        self.assertIn("1 finding does not count: --ignore lost-update", result.stdout)
        self.raddle("check", "--ignore", "*", LOST, code=0)
        self.raddle("check", "--ignore", "lost-update:lost_update.py:16", LOST, code=0)
        self.raddle("check", "--ignore", "lost-update:database_value", LOST, code=0)
        self.raddle("check", "--ignore", "lost-update:other.py", LOST, code=1)
        self.raddle("check", "--ignore", "deadlock", "--ignore", "lost-update:lost_update.py", LOST, code=0)

    def test_expect(self):
        """The check is turned around."""
        result = self.raddle("check", "--expect", "lost-update", LOST, code=0)
        self.assertTrue(result.stdout.startswith("LOST UPDATE"), result)
        self.assertEqual(result.last_line, "Expected lost-update, and that is what there is.")
        self.assertEqual(self.raddle("check", "--expect", "deadlock", LOST, code=1).last_line,
                         "Expected deadlock, but there is lost-update. The search has stopped there: --all goes on.")
        self.assertEqual(self.raddle("check", "--expect", "deadlock", CLEAN, code=1).last_line, "Expected deadlock, but there is nothing.")
        self.raddle("check", "--expect", "clean", CLEAN, code=0)
        self.raddle("check", "--expect", "clean", LOST, code=1)
        self.raddle("check", "--expect", "findings", LOST, code=0)
        self.raddle("check", "--expect", "inconclusive", "--runs", "1", CLEAN, code=0)
        self.raddle("check", "--expect", "clean", "--runs", "1", CLEAN, code=3)
        # What is only a warning otherwise; and both have to be there.
        self.raddle("check", "--expect", "lost-update", "--expect", "data-race", LOST, code=0)
        self.raddle("check", "--expect", "lost-update,deadlock", LOST, code=1)
        self.assertIn("executions explored", self.raddle("check", "--quiet", "--expect", "lost-update", "--all", LOST, code=0).last_line)

    def test_fail_on(self):
        """Notes and warnings can be made errors."""
        path = self.write("flag.py", """
import threading
done = False
def work():
    global done
    if not done:
        done = True
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
""")
        result = self.raddle("check", path, code=0)
        self.assertRegex(result.stdout, r"(?m)^note +flag.py:7  t\d wrote done, ")
        self.assertIn("(complete), 2 warnings, 1 note, ", result.last_line)
        self.raddle("check", "--strict", path, code=1)
        result = self.raddle("check", "--strict", "--ignore", "data-race", path, code=0)  # a note is no warning
        self.assertIn("(complete), 1 note, ", result.stdout)
        result = self.raddle("check", "--fail-on", "atomicity", path, code=1)
        self.assertTrue(result.stdout.startswith("ATOMICITY  done"), result)
        self.assertIn("2 act on a stale value", result.last_line)
        self.raddle("check", "--fail-on", "atomicity", "--ignore", "atomicity:done", path, code=0)

    def test_options_that_change_nothing_here(self):
        self.raddle("check", "--strict", CLEAN, code=0)
        self.raddle("check", "--fail-on", "data-race,atomicity", "--fail-on", "lost-update", CLEAN, code=0)


class Model(support.Test):
    def test_arguments(self):
        path = self.write("arguments.py", "import sys\nprint(sys.argv)\nsys.exit(len(sys.argv) - 1)\n")
        self.raddle("check", path, code=0)
        self.raddle("check", path, "--", code=0)
        result = self.raddle("check", "--report", "r.json", path, "--", "--all", "-x", "--", "", "ä b", code=1)
        self.assertIn("exit status 5", result.stdout)
        self.assertEqual(json.loads(self.read("r.json"))["arguments"], ["--all", "-x", "--", "", "ä b"])
        self.raddle("replay", ".raddle/arguments-1.json", code=1)

    def test_module(self):
        folder = support.data("")
        result = self.raddle("check", "--all", "-m", "pkg.main", "--trace-dir", self.folder, cwd=folder, code=1)
        self.assertIn("LOST UPDATE", result.stdout)
        self.assertIn("shared.py", result.stdout)
        self.assertIn("pkg.main-1.json", self.files())
        self.raddle("replay", os.path.join(self.folder, "pkg.main-1.json"), cwd=folder, code=1)
        result = self.raddle("check", "--all", "-m", "pkg.main", env={**os.environ, "PYTHONPATH": folder}, code=1)
        self.assertIn("LOST UPDATE", result.stdout)
        self.bad_input("check", "-m", "pkg.main", says=["-m pkg.main", "no module named pkg"])
        self.bad_input("check", "-m", "pkg.nothing", cwd=folder, says="pkg.nothing")
        self.bad_input("check", "-m", "pkg/main.py", cwd=folder, says="pkg/main.py")

    def test_stdin(self):
        path = support.data("bad/stdin_reader.py")
        self.assertIn("EOFError", self.raddle("check", path, code=1).stdout)
        self.write("input.txt", "first\nsecond\n")
        self.raddle("check", "--all", "--stdin", "input.txt", path, code=0)
        # It is not raddle's own.
        self.write("input2.txt", "only\n")
        with open("input.txt", encoding="utf-8") as stream:
            self.assertIn("EOFError", self.raddle("check", "--stdin", "input2.txt", path, stdin=stream, code=1).stdout)
        self.raddle("replay", ".raddle/stdin_reader-1.json", code=1)
        self.write("input2.txt", "changed\n")
        self.bad_input("replay", ".raddle/stdin_reader-1.json", says="standard input input2.txt has changed")


class Output(support.Test):
    def test_quiet(self):
        for path, code in ((LOST, 1), (CLEAN, 0)):
            loud = self.raddle("check", "--all", path, code=code)
            quiet = self.raddle("check", "--all", "--quiet", path, code=code)
            self.assertEqual(quiet.stdout.count("\n"), 1)
            self.assertEqual(support.without_seconds(quiet.stdout), support.without_seconds(loud.last_line + "\n"))

    def test_colour(self):
        self.assertNotIn("\x1b", self.raddle("check", LOST).stdout)
        coloured = self.raddle("check", "--colour", "always", LOST).stdout
        self.assertIn("\x1b[", coloured)
        self.assertIn("\x1b[", self.raddle("check", "--color", "always", LOST).stdout)
        self.assertNotIn("\x1b", self.raddle("check", "--colour", "always", "--color", "never", LOST).stdout)
        self.assertIn("\x1b[", self.raddle("show", "--colour", "always", ".raddle/lost_update-1.json").stdout)

    def test_trace_folder(self):
        self.raddle("check", "--trace-dir", "a/b", LOST, code=1)
        self.assertEqual(list(self.files()), [f"a/b/lost_update-{n}.json" for n in (1, 2, 3)])  # two data races
        below = os.path.join(self.folder, "a", "c")
        self.assertIn("replay: raddle replay a/c/lost_update-1.json", self.raddle("check", "--trace-dir", below, LOST).stdout)
        self.bad_input("check", "--trace-dir", LOST, LOST, says=LOST)
        self.assertEqual(self.raddle("check", CLEAN, code=0).stderr, "")
        self.assertNotIn(".raddle", os.listdir())


support.main()
