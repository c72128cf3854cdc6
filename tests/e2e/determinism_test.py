"""The same program and options give the same bytes: result and traces do not depend on environment, folder, hash seed,
address layout or run."""
import json
import os
import shutil

import support

# Whatever could let addresses, hashes, times or the machine through.
PRYING = """
import datetime
import logging
import os
import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor, wait

logging.basicConfig(format="%(asctime)s %(levelname)s %(threadName)s %(thread)d %(message)s", level=logging.INFO)


class Thing:
    pass


things = {Thing() for _ in range(8)}
lock = threading.Lock()
shared = Thing()
shared.count = 0


def work(number):
    mine = Thing()
    logging.info("works on %r with %r", mine, sorted({"a", "b", "c", str(number)}, key=id))
    print(mine, work, lock, print, (x for x in "ab"), id(mine), hash(mine), {mine, work, lock, Thing, int, len})
    seen = shared.count
    time.sleep(0.1)
    shared.count = seen + 1
    return mine


with ThreadPoolExecutor(max_workers=2) as pool:
    futures = [pool.submit(work, n) for n in range(2)]
    done = wait(futures).done
print([hash(t) for t in things], list(things), done, threading.enumerate(), pool)
print(random.random(), uuid.uuid4(), os.urandom(4), time.time(), time.localtime(), time.strftime("%c %Z"))
print(datetime.datetime.now(), datetime.datetime.now().astimezone(), time.perf_counter(), threading.get_ident())
print(vars(), {Thing: 1, lock: 2}, repr(logging.getLogger("x")), [type(t) for t in things])
assert shared.count == 2, shared
"""

MODELS = ("tutorial/lost_update.py", "tutorial/fake_database.py", "tutorial/pipeline_late_return.py",
          "tutorial/double_acquire.py", "classic/philosophers.py")


class Determinism(support.Test):
    def setUp(self):
        super().setUp()
        os.mkdir("models")
        for name in MODELS:
            shutil.copy(support.model(name), "models")
        self.write("models/prying.py", PRYING)
        self.models = sorted(os.listdir("models"))

    def results(self, number, wrapper=(), options=(), **environment):
        """{file: content} of what `check` leaves, without its timings; run in a folder of its own."""
        folder = f"run-{number}"
        os.mkdir(folder)
        env = {**os.environ, **environment}
        env = {name: value for name, value in env.items() if value is not None}
        for name in self.models:
            report = name.replace(".py", ".report")
            self.raddle("check", "--all", "--report", report, *options, os.path.abspath("models/" + name), cwd=folder, env=env,
                        wrapper=wrapper, code=1)
        files = {}
        for name, content in self.files().items():
            if name.startswith(folder + "/"):
                files[name[len(folder) + 1:]] = support.without_seconds(content.decode("utf-8"))
        shutil.rmtree(folder)
        return files

    def same(self, first, second):
        self.assertEqual(sorted(first), sorted(second))
        for name, content in first.items():
            self.assertEqual(content, second[name], name)

    def test_environment_and_folder(self):
        first = self.results(1)
        self.assertGreaterEqual(len(first), 2 * len(self.models))
        self.assertIn("2023-11-14 22:13:20", first[".raddle/prying-1.json"])
        self.same(first, self.results(2))
        self.same(first, self.results(3, PYTHONHASHSEED="0", TZ="Asia/Tokyo", LANG="C", LC_ALL="C", EXTRA="x" * 5000))
        self.same(first, self.results(44, PYTHONHASHSEED="4321", TZ="America/New_York", LANG="de_DE.UTF-8", HOME="/", USER=None,
                                      PYTHONMALLOC="malloc", PYTHONDONTWRITEBYTECODE=None, PYTHONUTF8="0"))

    def test_address_layout(self):
        if not shutil.which("setarch") or os.system("setarch -R true 2> /dev/null") != 0:
            self.skipTest("setarch -R is not allowed here")
        self.same(self.results(1), self.results(2, wrapper=("setarch", "-R")))

    def test_random_strategy(self):
        options = ("--strategy", "random", "--runs", "200", "--seed", "5")
        self.same(self.results(1, options=options), self.results(2, options=options, TZ="Asia/Tokyo", PYTHONHASHSEED="7"))

    def test_absolute_path_of_the_model(self):
        """How the program is named is part of a result; what is found is not affected by it."""
        self.raddle("check", "--all", "--report", "a.json", "models/prying.py", code=1)
        self.raddle("check", "--all", "--report", "b.json", os.path.abspath("models/prying.py"), code=1)
        a, b = json.loads(self.read("a.json")), json.loads(self.read("b.json"))
        for key in ("executions", "class_checksum", "program_hash"):
            self.assertEqual(a[key], b[key], key)


support.main()
