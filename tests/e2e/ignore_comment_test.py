"""`# raddle: ignore[kind]` in a model."""
import json

import support

MODEL = """import threading
x = 0
def f():
    global x
    y = x{read}
    x = y + 1{write}
a, b = threading.Thread(target=f), threading.Thread(target=f)
a.start(); b.start(); a.join(); b.join()
"""


class IgnoreComment(support.Test):
    def check(self, read="", write="", code=0, text=MODEL):
        path = self.write("model.py", text.format(read=read, write=write))
        result = self.raddle("check", "--report", "r.json", path, code=code)
        self.report = json.loads(self.read("r.json"))
        return result

    def suppressed(self):
        return {f["kind"]: f["suppressed"] for f in self.report["findings"] if "suppressed" in f}

    def test_without_and_with(self):
        self.check(code=1)
        self.assertEqual(self.suppressed(), {})
        result = self.check(write="  # raddle: ignore[lost-update]")
        self.assertEqual(self.suppressed(), {"lost-update": "the comment at model.py:6"})
        self.assertIn("1 finding ignored", result.stdout)

    def test_at_any_of_its_lines_and_above_it(self):
        self.check(read="  # counter  # raddle: ignore[lost-update]")
        self.assertIn("lost-update", self.suppressed())
        self.check(read="\n    # raddle: ignore[lost-update]")
        self.assertIn("lost-update", self.suppressed())
        self.check(read="\n    pass  # raddle: ignore[lost-update]", code=1)  # above, but not by itself

    def test_kinds(self):
        self.check(write="  # raddle: ignore[data-race]", code=1)
        self.check(write="  # raddle: ignore[data-race, lost-update]")
        self.assertEqual(set(self.suppressed()), {"lost-update", "data-race"})
        self.check(write="  # raddle: ignore")
        self.assertEqual(set(self.suppressed()), {"lost-update", "data-race"})
        self.check(write="  # raddle: ignored", code=1)

    def test_what_is_ignored_does_not_end_the_search(self):
        text = MODEL + "assert x == 2\n"
        result = self.check(write="  # raddle: ignore[lost-update]", text=text, code=1)
        self.assertTrue(result.stdout.startswith("ASSERTION"), result)

    def test_unknown_kind(self):
        result = self.check(write="  # raddle: ignore[lost-updates]", code=1)
        self.assertIn('model.py:6: the comment ignores "lost-updates", which is no kind of finding',
                      " ".join(result.stdout.split()))


support.main()
