"""The mistakes that raddle selftest seeds: where they are found in a program, and what becomes of it."""
import ast
import sys
import textwrap

import support

sys.path.insert(0, str(support.SOURCE / "checker/python/lib"))
import mutations  # noqa: E402


def mutants(source):
    """(kind, line, mutated text) of each, sorted."""
    path = "program.py"
    with open(path, "w", encoding="utf-8") as file:
        file.write(source)
    return sorted((kind, line, ast.unparse(mutations.mutated(source.encode(), path, number)))
                  for number, (kind, line, _, _) in enumerate(mutations.mutations(path)))


class Mutations(support.Test):
    def check(self, source, *expected):
        source = textwrap.dedent(source)
        expected = sorted((kind, line, ast.unparse(ast.parse(textwrap.dedent(text)))) for kind, line, text in expected)
        self.assertEqual(mutants(source), expected)

    def test_with_lock(self):
        self.check("""
            with lock:
                f()
            """, ("drop-lock", 2, "f()"))
        self.check("""
            guards = make(Lock())
            with guards[0], open('x') as f:
                f()
            """, ("drop-lock", 3, "guards = make(Lock())\nwith open('x') as f:\n    f()"))

    def test_what_is_no_lock(self):
        self.check("with executor: f()")
        self.check("with open_lock(): f()")
        self.check("', '.join(names)\n[].set(1)\nvalue = thread.join()\nq.put(1)")

    def test_acquire_and_release(self):
        self.check("""
            def f():
                lock.acquire()
                try:
                    g()
                finally:
                    lock.release()
            """, ("drop-lock", 3, "def f():\n    None\n    try:\n        g()\n    finally:\n        None"))

    def test_order(self):
        self.check("""
            with lock_a:
                with lock_b:
                    f()
            """, ("drop-lock", 2, "with lock_b:\n    f()"), ("drop-lock", 3, "with lock_a:\n    f()"),
                   ("swap-locks", 2, "with lock_b:\n    with lock_a:\n        f()"))
        self.check("""
            with lock_a, lock_b:
                f()
            """, ("drop-lock", 2, "with lock_b:\n    f()"), ("drop-lock", 2, "with lock_a:\n    f()"),
                   ("swap-locks", 2, "with lock_b, lock_a:\n    f()"))
        self.check("""
            a.acquire()
            b.acquire()
            """, ("swap-locks", 2, "b.acquire()\na.acquire()"))

    def test_rlock(self):
        self.check("lock = threading.RLock()", ("rlock-to-lock", 1, "lock = threading.Lock()"))
        self.check("def f():\n    return RLock()", ("rlock-to-lock", 2, "def f():\n    return __import__('threading').Lock()"))

    def test_calls_that_are_left_out(self):
        for call, kind in (("ready.notify()", "drop-notify"), ("ready.notify_all()", "drop-notify"), ("done.set()", "drop-set"),
                           ("q.task_done()", "drop-task-done"), ("t.join()", "drop-join"), ("t.join(5)", "drop-join"),
                           ("q.put(None)", "drop-sentinel"), ("q.put(STOP)", "drop-sentinel")):
            with self.subTest(call):
                self.check(f"if x:\n    f()\nelse:\n    {call}", (kind, 4, "if x:\n    f()\nelse:\n    pass"))

    def test_regions(self):
        def split(source, text):
            found = [m for m in mutants(textwrap.dedent(source)) if m[0] == "split-region"]
            self.assertEqual([m[2] for m in found], [ast.unparse(ast.parse(textwrap.dedent(text)))] if text else [])
        split("""
            with lock:
                f()
                self.n += g()
                h()
            """, """
            with lock:
                f()
                _raddle_stale = self.n
            with lock:
                self.n = _raddle_stale + g()
                h()
            """)
        split("""
            def f():
                global n
                with lock:
                    n = max(n, 3)
            """, """
            def f():
                global n
                with lock:
                    _raddle_stale = n
                with lock:
                    n = max(_raddle_stale, 3)
            """)
        split("""
            def f(self):
                with lock:
                    x = self.n
                    self.n = x + 1
            """, """
            def f(self):
                with lock:
                    x = self.n
                with lock:
                    self.n = x + 1
            """)
        split("def f():\n    with lock:\n        local = 1\n        local += 1\n", None)

    def test_lines_stay(self):
        source = "import threading\nlock = threading.Lock()\n\nwith lock:\n    a = 1\n\nb = 2\n"
        with open("program.py", "w", encoding="utf-8") as file:
            file.write(source)
        tree = mutations.mutated(source.encode(), "program.py", 0)
        self.assertEqual([(type(n).__name__, n.lineno) for n in tree.body], [("Import", 1), ("Assign", 2), ("Assign", 5), ("Assign", 7)])

    def test_the_first_are_of_all_kinds(self):
        source = "with lock: pass\n" * 5 + "done.set()\nt.join()\n"
        with open("program.py", "w", encoding="utf-8") as file:
            file.write(source)
        self.assertEqual([m[0] for m in mutations.mutations("program.py")][:4], ["drop-lock", "drop-set", "drop-join", "drop-lock"])


support.main()
