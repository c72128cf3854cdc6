"""Programs that run on without an operation that raddle could see are interrupted, wherever they do so."""
import resource
import time

import support


class Endless(support.Test):
    def test_loops(self):
        for name, text, thread in (
                ("module", "while True: pass\n", "main"),
                ("function", "def f():\n    while True: pass\nf()\n", "main"),
                ("thread", "import threading\ndef f():\n    try:\n        while True: pass\n    finally: print('never')\n"
                 "t = threading.Thread(target=f)\nt.start()\nt.join()\n", "t1")):
            with self.subTest(name):
                path = self.write(name + ".py", text)
                result = self.raddle("check", "--watchdog", "1s", path, code=1)
                self.assertTrue(result.stdout.startswith(f"DIVERGENCE  {thread} "), result)
                self.assertNotIn("never", self.read(f".raddle/{name}-1.json"))

    def test_other_processes_wait_meanwhile(self):
        """Who has nothing to explore, since somebody else takes long, does not stand still."""
        path = self.write("long.py", "import threading\nn = 0\ndef add():\n    global n\n    for _ in range(4): n += 1\n"
                          "threads = [threading.Thread(target=add) for _ in range(2)]\nfor t in threads: t.start()\n"
                          "for t in threads: t.join()\n"
                          "def last():\n    global n\n    for i in range(20):\n        for _ in range(3 * 10**6): pass\n        n = i\n"
                          "if n == 2: last()\n")
        for asked, lost in (((), "3,264"), (("--preemptions", "4"), "884")):
            result = self.raddle("check", "--all", "-j", "3", "--alone", "1ms", "--watchdog", "1s", *asked, path, code=1)
            self.assertRegex(result.last_line, rf"\), {lost} lose an update, \d")

    def test_what_it_tells_on_the_way(self):
        """Sleeps are no operations. They are shown in traces, but not all of millions."""
        path = self.write("sleeps.py", "import time\nwhile True: time.sleep(1)\n")
        result = self.raddle("check", "--watchdog", "1s", path, code=1)
        self.assertTrue(result.stdout.startswith("DIVERGENCE  main "), result)
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 200_000)  # KB
        self.assertLess(len(self.read(".raddle/sleeps-1.json")), 10_000_000)

    def test_what_went_wrong_before_the_time_was_over(self):
        text = "import threading\ndef f(): {}\nt = threading.Thread(target=f)\nt.start()\nt.join()\nwhile True: pass\n"
        path = self.write("failed.py", text.format("assert False, 'before'"))
        begun = time.monotonic()
        result = self.raddle("check", "--time", "500ms", "--watchdog", "20s", path, code=1)
        self.assertLess(time.monotonic() - begun, 15)  # also for the trace
        self.assertTrue(result.stdout.startswith("ASSERTION  before"), result)
        self.assertIn("the time budget ran out", result.stdout)
        result = self.raddle("check", "--time", "500ms", "--watchdog", "20s", self.write("fine.py", text.format("pass")), code=3)
        self.assertIn("nothing found", result.stdout)

    def test_the_time_is_shorter(self):
        """It ends at about the time given, not when the watchdog is sure, with what was found until then."""
        spin = "import threading\ndef f():\n    while True: pass\nt = threading.Thread(target=f)\nt.start()\nt.join()\n"
        path = self.write("spin.py", spin)
        for watchdog in ("1m", "off"):
            start = time.monotonic()
            result = self.raddle("check", "--time", "1s", "--watchdog", watchdog, path, code=3)
            self.assertLess(time.monotonic() - start, 8)
            self.assertIn("0 executions explored (cut: the time budget ran out), nothing found", result.stdout)
        # The 60th time it spins.
        path = self.write("late.py", "import threading\nx = 0\ndef add():\n    global x\n    x += 1\n"
                          "with open('count', 'a+') as file:\n    file.write('x')\n    count = file.tell()\n"
                          "threads = [threading.Thread(target=add) for _ in range(2)]\nfor t in threads: t.start()\n"
                          "for t in threads: t.join()\nif count == 60:\n    while True: pass\n")
        result = self.raddle("check", "--all", "--strategy", "random", "--time", "2s", "--watchdog", "1m", path, code=1)
        self.assertIn("LOST UPDATE", result.stdout)
        self.assertRegex(result.last_line, r"^\d\d executions sampled \(sampled\(\d\d\): the time budget ran out\), .*\d+ loses? an update")


support.main()
