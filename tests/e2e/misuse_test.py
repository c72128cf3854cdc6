"""What the library refuses to do: a misuse where the program catches the exception, an exception where it does not."""
import json

import support

SETUP = """import concurrent.futures, queue, threading
lock = threading.Lock(); rlock = threading.RLock(); changed = threading.Condition()
slots = threading.BoundedSemaphore(1); jobs = queue.Queue(); future = concurrent.futures.Future()
done = threading.Thread(target=int); done.start(); waiting = threading.Thread(target=int)
def attempt(body):
{attempt}
def body():
    {body}
attempt(body)
"""
CATCHES = "    try: body()\n    except (RuntimeError, ValueError, concurrent.futures.InvalidStateError): pass\n"
LETS_GO = "    body()\n"
# what is refused; the nearest thing that is not
REFUSED = {
    "lock.release()": "lock.acquire(); lock.release()",
    "rlock.release()": "rlock.acquire(); rlock.acquire(); rlock.release(); rlock.release()",
    "changed.wait()": "with changed: changed.wait(1)",
    "changed.notify()": "with changed: changed.notify()",
    "changed.notify_all()": "with changed: changed.notify_all()",
    "slots.release()": "slots.acquire(); slots.release()",
    "done.start()": "waiting.start()",
    "waiting.join()": "done.join()",
    "threading.current_thread().join()": "threading.current_thread().is_alive()",
    "jobs.task_done()": "jobs.put(1); jobs.task_done()",
    "future.set_result(1); future.set_result(2)": "future.set_result(1); future.result()",
    "future.set_result(1); future.set_exception(OSError())": "future.set_exception(OSError()); future.exception()",
}


class Misuse(support.Test):
    def check(self, text, *options, code=0):
        self.raddle("check", "--all", "--report", "r.json", *options, self.write("model.py", text), code=code)
        return json.loads(self.read("r.json"))["findings"]

    def test_who_has_caught_it(self):
        """One thread catches what another one lets go, at the same place."""
        text = """import threading
lock = threading.Lock()
def release(): lock.release()
def careful():
    try: release()
    except RuntimeError: pass
ts = [threading.Thread(target=f) for f in ({})]
for t in ts: t.start(); t.join()
"""
        for threads, kinds in (("careful,", ["misuse"]), ("release,", ["exception"]), ("careful, release", ["exception", "misuse"]),
                               ("release, careful", ["exception", "misuse"]), ("careful, careful", ["misuse"])):
            with self.subTest(threads):
                found = self.check(text.format(threads), code=int("exception" in kinds))
                self.assertEqual(sorted(f["kind"] for f in found), kinds)

    def test_words_for_people(self):
        for body in REFUSED:
            with self.subTest(body):
                text = SETUP.format(attempt=CATCHES, body=body)
                for finding in self.check(text):
                    if finding["kind"] == "misuse":
                        self.assertNotRegex(finding["title"] + finding["message"], r"[a-z]-(twice|owner|unlocked|release|unstarted|done|join)")

    def test_what_is_refused(self):
        for refused, fine in REFUSED.items():
            with self.subTest(refused):
                findings = self.check(SETUP.format(attempt=CATCHES, body=refused))
                self.assertEqual([(f["kind"], f["severity"], f["location"]["line"]) for f in findings], [("misuse", "warning", 10)])
                self.raddle("replay", findings[0]["trace"], code=1)
                findings = self.check(SETUP.format(attempt=LETS_GO, body=refused), code=1)
                self.assertEqual([(f["kind"], f["severity"]) for f in findings], [("exception", "error")])
                self.assertEqual(self.check(SETUP.format(attempt=LETS_GO, body=fine)), [])

    def test_what_may_be_caught(self):
        for body, exception in (("jobs.get_nowait()", "queue.Empty"), ("threading.Barrier(2).wait(0)", "threading.BrokenBarrierError"),
                                ("raise RuntimeError('release unlocked lock')", "RuntimeError"),
                                ("assert not lock.acquire(timeout=-2)", "ValueError")):
            with self.subTest(body):
                attempt = f"    try: body()\n    except {exception}: pass\n"
                self.assertEqual(self.check(SETUP.format(attempt=attempt, body=body)), [])

    def test_an_exception_that_comes_of_another_one(self):
        attempt = "    try: body()\n    except RuntimeError as e: raise OSError from e\n"
        self.assertEqual([f["title"] for f in self.check(SETUP.format(attempt=attempt, body="lock.release()"), code=1)], ["OSError"])

    def test_in_a_pool(self):
        """In a future that nobody asks, it is the exception; once somebody has asked, the misuse."""
        text = """import concurrent.futures, threading
lock = threading.Lock()
with concurrent.futures.ThreadPoolExecutor(1) as pool:
    future = pool.submit(lambda: lock.release())
{}
"""
        self.assertEqual([f["kind"] for f in self.check(text.format(""), code=1)], ["exception"])
        findings = self.check(text.format("print(future.exception())"))
        self.assertEqual([(f["kind"], f["severity"]) for f in findings], [("misuse", "warning")])
        self.assertEqual(self.check(text.replace("lock.release()", "int()").format("")), [])

    def test_it_does_not_hide_the_exit_status(self):
        findings = self.check(SETUP.format(attempt=CATCHES, body="lock.release()") + "import sys; sys.exit(3)\n", code=1)
        self.assertEqual(sorted(f["kind"] for f in findings), ["exit-status", "misuse"])

    def test_one_exit_counts(self):
        """That of who comes first, once; who was about to has not."""
        text = ("import os, sys, threading\ndef leave(status): os._exit(status)\n"
                "both = [threading.Thread(target=leave, args=(n,), daemon=True) for n in ({}, {})]\n"
                "for t in both: t.start()\n{}")
        for first, second, rest, expected in ((7, 7, "both[0].join()", 2), (7, 8, "both[0].join()", 2),
                                              (0, 7, "both[0].join()", 1), (0, 7, "", 1), (0, 0, "", 0)):
            with self.subTest(first=first, second=second, rest=rest):
                findings = self.check(text.format(first, second, rest), code=1 if expected else 0)
                self.assertEqual(sum(f["count"] for f in findings if f["kind"] == "exit-status"), expected)
                self.assertEqual(json.loads(self.read("r.json"))["executions"], 2 if rest else 3)

    def test_the_last_status_is_the_programs(self):
        """main waits for threads after sys.exit()."""
        findings = self.check("import os, sys, threading\nthreading.Thread(target=lambda: os._exit(7)).start()\nsys.exit(3)\n", code=1)
        self.assertEqual([f["title"] for f in findings], ["7"])

    def test_strict_and_comment(self):
        text = SETUP.format(attempt=CATCHES, body="lock.release()")
        self.assertEqual([f["severity"] for f in self.check(text, "--strict", code=1)], ["error"])
        quiet = text.replace("    lock.release()", "    lock.release()  # raddle: ignore[misuse]")
        self.check(quiet, "--strict", code=0)


support.main()
