"""Completion: what shells offer is what raddle takes."""
import os
import re
import shutil
import subprocess

import support

HERE = "raddle"


def run(command, **options):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", **options)


class Completion(support.Test):
    """Each test says what is completed: words, the last of which is being typed."""

    def setUp(self):
        super().setUp()
        for name in ("model.py", "notes.txt", "a b.py", "trace.json", "folder/inner.py"):
            self.write(name, "")

    def bash(self, *words):
        script = self.write("complete.bash", """
            source completion.bash
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
            complete -p raddle >/dev/null || exit 1
            _raddle 2>&1
            printf '%s\\n' "${COMPREPLY[@]}"
        """)
        self.write("completion.bash", self.raddle("completion", "bash", code=0).stdout)
        done = run(["bash", "--norc", script, HERE, *words])
        self.assertEqual(done.returncode, 0, done.stdout)
        return [line for line in done.stdout.splitlines() if line]

    def fish(self, *words):
        self.write("completion.fish", self.raddle("completion", "fish", code=0).stdout)
        line = " ".join([HERE, *words])
        done = run(["fish", "--no-config", "-c", f"source completion.fish; complete -C '{line}'"],
                   env={"PATH": "/usr/bin:/bin", "HOME": self.folder, "TERM": "dumb"})
        self.assertEqual(done.returncode, 0, done.stdout)
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    def offers(self, words, expected, exactly=True):
        """In bash, and in fish where there is one."""
        shells = [self.bash] + ([self.fish] if shutil.which("fish") else [])
        for shell in shells:
            with self.subTest(words=words, shell=shell.__name__):
                offered = shell(*words)
                if exactly:
                    self.assertEqual(sorted(offered), sorted(expected))
                else:
                    self.assertEqual(set(expected) - set(offered), set(), offered)

    def test_commands(self):
        text = self.raddle("help", code=0).stdout.split("\nCommands:\n")[1].split("\n\n")[0]
        commands = re.findall(r"(?m)^  (\w+)", text)
        self.assertIn("check", commands)
        self.offers([""], [*commands, "version"], exactly=False)
        self.offers(["ch"], ["check"])
        self.offers(["help", "re"], [c for c in commands if c.startswith("re")])

    def test_options(self):
        for command in ("check", "show", "replay"):
            text = self.raddle("help", command, code=0).stdout
            options = set(re.findall(r"(?m)^  (?:-\w, )?(--[a-z-]+)", text)) | {"--help"}
            self.offers([command, "--"], options, exactly=False)
        self.offers(["check", "--strat"], ["--strategy"])
        self.assertNotIn("--alone", self.bash("check", "--"))  # which help does not show either

    def test_values(self):
        """For every option of every command: what raddle says that it takes is what is offered."""
        lists = 0
        for command in re.findall(r"(?m)^  (\w+)", self.raddle("help").stdout.split("\nCommands:\n")[1].split("\n\n")[0]):
            if command == "help":
                continue
            usage = self.raddle("help", command).stdout
            for option in re.findall(r"(?m)^  (?:-\w, )?(--[a-z-]+) [A-Z]", usage):
                model = [support.model("tutorial/lost_update.py")] if command in ("check", "run") else ["trace.json"]
                said = self.raddle(command, option, "zzz", *model, code=None).stderr
                words = re.search(r"It takes (.*)\.\n|The kinds are (.*)\.\n", said)
                if not words:
                    continue
                lists += 1
                expected = re.split(r", | or | and ", (words[1] or words[2]).replace(", or kinds of findings: ", ", "))
                with self.subTest(command=command, option=option):
                    self.assertEqual(sorted(self.bash(command, option, "")), sorted(expected))
        self.assertGreaterEqual(lists, 8)
        self.offers(["check", "--strategy", "p"], ["preemptions", "pct", "pos"])
        self.offers(["check", "--colour", ""], ["auto", "always", "never"])

    def test_value_behind_an_equals_sign(self):
        self.assertEqual(self.bash("check", "--strategy", "=", "po"), ["pos"])
        self.assertEqual(sorted(self.bash("check", "--clock", "=")), ["free", "virtual"])

    def test_files(self):
        for shell in [self.bash] + ([self.fish] if shutil.which("fish") else []):
            with self.subTest(shell.__name__):
                models = [name.rstrip("/").replace("\\", "") for name in shell("check", "")]
                self.assertIn("model.py", models)
                self.assertIn("a b.py", models)
                self.assertIn("folder", models)
                if shell == self.bash:  # fish has other files, too, behind these
                    self.assertNotIn("notes.txt", models)
                self.assertIn("trace.json", shell("replay", "tr"))
                self.assertEqual(shell("check", "--stdin", "not"), ["notes.txt"])
                self.assertEqual([f.rstrip("/") for f in shell("check", "--trace-dir", "fo")], ["folder"])
                self.assertEqual(shell("check", "--runs", ""), [])
        self.assertEqual(self.bash("check", "model.py", "--", "not"), ["notes.txt"])

    def zsh(self, *words):
        """What its completion system adds, in a terminal of its own."""
        self.write("_raddle", self.raddle("completion", "zsh", code=0).stdout)
        self.write("settings.zsh", """
            PS1=
            fpath=($PWD $fpath)
            autoload -Uz compinit && compinit -u -D
            record() {
              compadd() {
                local -a found
                builtin compadd -O found "$@"
                (($#found)) && print -rl -- $found >>found
                builtin compadd "$@"
              }
              _main_complete
              unfunction compadd
              print >>completed
            }
            zle -C record complete-word record
            bindkey '^X' record
            print READY
        """)
        script = self.write("ask.zsh", r"""
            zmodload zsh/zpty
            zpty -b shell zsh -f -i
            got=
            wait_for() {
              local piece
              local -i n=0
              while ((n++ < 400)); do
                if zpty -r shell piece; then got+=$piece; else sleep 0.05; fi
                eval $1 && return
              done
              print -r -- "$1 does not come to be: ${(q)got}"
              exit 1
            }
            zpty -w shell 'source ./settings.zsh'
            wait_for '[[ $got == *READY* ]]'
            zpty -n -w shell "$1"$'\x18'
            wait_for '[[ -e completed ]]'
        """)
        self.write("found", "")
        if os.path.exists("completed"):
            os.remove("completed")
        done = run(["zsh", "-f", script, " ".join([HERE, *words])], env={"PATH": "/usr/bin:/bin", "HOME": self.folder, "TERM": "xterm"})
        self.assertEqual(done.returncode, 0, done.stdout)
        return [line.rstrip("=") for line in self.read("found").splitlines()]

    def test_zsh(self):
        if not shutil.which("zsh"):
            self.skipTest("there is no zsh")
        self.assertLessEqual({"check", "help", "version", "show"}, set(self.zsh("")))
        options = self.zsh("check", "--")
        self.assertLessEqual({"--strategy", "--ignore", "--jobs", "--all", "--colour"}, set(options))
        self.assertNotIn("--alone", options)
        self.assertEqual(sorted(set(self.zsh("check", "--strategy", "p"))), ["pct", "pos", "preemptions"])
        self.assertEqual(sorted(set(self.zsh("check", "--clock="))), ["free", "virtual"])
        models = self.zsh("check", "mo") + self.zsh("check", "no")
        self.assertIn("model.py", models)
        self.assertIn("check", self.zsh("help", "ch"))

    def test_refused(self):
        self.bad_input("completion", "csh", says="completion: there is no 'csh'. It takes bash, zsh or fish.")
        self.bad_input("completion", says="no shell given")


support.main()
