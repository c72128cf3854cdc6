"""A model that does not do the same again under the same schedule is named as such, with the value and the line."""
import os

import support

TWO = """
a, b = threading.Thread(target=f), threading.Thread(target=f)
a.start(); b.start(); a.join(); b.join()
"""


class Nondeterminism(support.Test):
    def check(self, text, code):
        return self.raddle("check", "--all", self.write("model.py", text), code=code)

    def test_a_value_from_outside(self):
        result = self.check("import threading\nx = 0\ndef f():\n    global x\n"
                            "    x = open('/proc/sys/kernel/random/uuid').read()\n" + TWO, code=3)
        self.assertIn("INCONCLUSIVE  The model did not do the same again: once", result.stdout)
        self.assertRegex(" ".join(result.stdout.split()), r't\d write x = .* \(model.py:5\)", then "t\d write x = ')
        self.assertIn("comes from outside", " ".join(result.stdout.split()))

    def test_a_file_that_stays(self):
        text = ("import os, threading\nx = 0\ndef f():\n    global x\n    x = os.path.exists('flag')\n"
                "    open('flag', 'w').close()\n")
        result = self.check(text + TWO, code=None)
        self.assertIn(result.code, (0, 3), result)  # it settles before it is looked at, or is noticed

    def test_an_error_that_does_not_show_again(self):
        """It is no finding."""
        unrepeated = 0
        for calls in range(2, 18, 2):
            text = ("import os, threading\nx = 0\ndef f():\n    global x\n"
                    "    n = len(open('calls').read()) if os.path.exists('calls') else 0\n"
                    "    open('calls', 'a').write('.')\n"
                    f"    if n < {calls}:\n        x += 1\n")
            if os.path.exists("calls"):
                os.remove("calls")
            result = self.check(text + TWO, code=None)
            self.assertIn(result.code, (0, 3), result)
            unrepeated += "has shown an error (lost-update)" in " ".join(result.stdout.split())
        self.assertGreater(unrepeated, 0)

    def test_what_is_written_only(self):
        self.check("import threading\ndef f():\n    print(open('/proc/sys/kernel/random/uuid').read())\n" + TWO, code=0)

    def test_a_deterministic_one(self):
        self.check("import threading, random, time\nx = 0\ndef f():\n    global x\n"
                   "    x = (random.random(), time.time())\n" + TWO, code=0)

    def test_threads_as_keys(self):
        """To name the entry, nothing of the program may run: repr() of a thread asks whether it is alive."""
        for key in ("me()", "(1, me())", "frozenset([me()])"):
            self.check("import threading\nme = threading.current_thread\nx = {}\ndef f():\n    x[" + key + "] = len(x)\n" +
                       TWO + "assert len(x) < 2, 'both'\n", code=1)
            self.raddle("replay", ".raddle/model-1.json", code=1)


support.main()
