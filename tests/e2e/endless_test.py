"""Programs that run on without an operation that raddle could see are interrupted, wherever they do so."""
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


support.main()
