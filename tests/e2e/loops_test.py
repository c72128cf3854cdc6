"""Programs with loops that wait for what others do."""
import json

import support

POLLING = """import threading
{shared}
def poll():
    while {test}: {body}
t = threading.Thread(target=poll)
t.start()
{end}
t.join()
"""
FORMS = {
    "variable": dict(shared="done = False", test="not done", body="pass", end="done = True"),
    "event": dict(shared="e = threading.Event()", test="not e.is_set()", body="pass", end="e.set()"),
    "timeout": dict(shared="e = threading.Event()", test="not e.wait(1)", body="pass", end="e.set()"),
    "sleeping": dict(shared="import time; done = []", test="not done", body="time.sleep(1)", end="done.append(1)"),
    "lock": dict(shared="l = threading.Lock(); l.acquire()", test="not l.acquire(blocking=False)", body="pass", end="l.release()"),
}


def unseen(text, test):
    """The same with a loop whose state is in an iterator."""
    return text.replace(f"while {test}:", f"for _ in iter(int, 1):\n        if not ({test}): break\n       ")


class Loops(support.Test):
    def check_program(self, text, *options, code):
        path = self.write("model.py", text)
        result = self.raddle("check", "--all", "--report", "r.json", *options, path, code=code)
        return result, json.loads(self.read("r.json"))

    def test_polling(self):
        """Looking to no avail changes nothing: it is in time, it comes back once, or it would go on and on. (CPython has
        two copies of the condition of a `while`, so that it takes a round more to be where one was.)"""
        for name, form in FORMS.items():
            with self.subTest(name):
                result, report = self.check_program(POLLING.format(**form), code=0)
                self.assertEqual(report["coverage"], {"kind": "complete"}, result)
                self.assertEqual((report["executions"], report["truncated"]), (3, 0), result)
                for strategy in ("source", "brute"):
                    result, other = self.check_program(POLLING.format(**form), "--strategy", strategy, "--max-steps", "500", code=0)
                    self.assertEqual(other["classes"], report["classes"], result)

    def test_polling_that_nobody_sees_through(self):
        """One class for each number of rounds, and one in which it is cut."""
        for name, form in FORMS.items():
            with self.subTest(name):
                text = unseen(POLLING.format(**form), form["test"])
                result, report = self.check_program(text, code=3)
                self.assertEqual(report["coverage"]["kind"], "bounded", result)
                self.assertEqual(report["coverage"]["bound"], 16, result)
                self.assertEqual([loop["location"]["line"] for loop in report["coverage"]["loops"]], [5])
                self.assertIn("bounded(16): loop at model.py:5 cut after 16 rounds", result.stdout)
                self.assertEqual((report["executions"], report["truncated"]), (17, 1), result)
                self.check_program(text, "--accept", "bounded", code=0)
                result, report = self.check_program(text, "--loop-bound", "3", code=0)
                self.assertEqual((report["executions"], report["truncated"]), (4, 1), result)
                for strategy in ("source", "brute"):
                    result, other = self.check_program(text, "--loop-bound", "3", "--strategy", strategy, "--max-steps", "500", code=0)
                    self.assertEqual(other["classes"], report["classes"], result)

    def test_a_loop_that_ends_is_no_loop_to_be_cut(self):
        text = POLLING.format(shared="x = 0", test="x < 3", body="count()", end="x += 1") + "assert x == 4\n"
        text = text.replace("t = ", "def count():\n    global x\n    x += 1\nt = ", 1).replace("t.start()\n", "t.start()\nt.join()\n", 1)
        _, report = self.check_program(text, code=0)
        self.assertEqual(report["coverage"]["kind"], "complete")

    def test_the_error_behind_the_loop(self):
        _, report = self.check_program(POLLING.format(**FORMS["event"]) + "assert False\n", code=1)
        self.assertEqual([f["kind"] for f in report["findings"]], ["assertion"])
        self.assertEqual(report["findings"][0]["count"], 2)
        self.raddle("replay", report["findings"][0]["trace"], code=1)

    def test_a_truncated_execution_is_no_deadlock(self):
        """The thread that would set the other event is the one that is cut."""
        text = POLLING.format(shared="e, f = threading.Event(), threading.Event()", test="not e.is_set()", body="pass",
                              end="e.set()\nf.wait()").replace("t = ", "    f.set()\nt = ", 1)
        _, report = self.check_program(text, code=0)
        self.assertEqual((report["findings"], report["deadlocks"], report["truncated"]), ([], 0, 0))
        _, report = self.check_program(unseen(text, "not e.is_set()"), code=3)
        self.assertEqual((report["findings"], report["deadlocks"], report["truncated"]), ([], 0, 1))

    def test_what_more_rounds_prove_counts(self):
        """With one round nobody knows yet that what is written depends on what was read."""
        path = self.write("model.py", """import threading
x = 0; stop = False; ev = threading.Event()
def poller():
    global x
    n = 0
    while not stop:
        x = n
        n = 5
def other():
    global x
    ev.wait()
    x = 7
def adder():
    global x
    tmp = x
    ev.set()
    x = tmp + 1
t = [threading.Thread(target=f) for f in (poller, other, adder)]
for a in t: a.start()
t[2].join()
stop = True
""")
        self.assertIn("note", self.raddle("check", "--all", "--loop-bound", "1", path, code=0).last_line)
        for options in ((), ("--all",)):
            self.assertIn("LOST UPDATE", self.raddle("check", *options, path, code=1).stdout)

    def test_what_cannot_be_controlled_in_a_later_round(self):
        path = self.write("model.py", """import threading
stop = flag = False
def setter():
    global flag, stop
    flag = True
    stop = True
threading.Thread(target=setter).start()
k = 0
while not stop:
    k += 1
    if k == 3 and flag:
        for i in range(1100): threading.Thread(target=print).start()
""")
        result = self.raddle("check", "--all", "--accept", "bounded", path, code=3)
        self.assertIn("more than 1024 threads", result.stdout)

    def test_more_rounds_than_an_execution_has_room_for(self):
        path = self.write("model.py", unseen(POLLING.format(**FORMS["event"]), FORMS["event"]["test"]))
        result = self.raddle("check", "--loop-bound", "1000", "--max-steps", "60", path, code=3, timeout=30)
        self.assertIn("cut after 60 operations", result.stdout)


support.main()
