"""Lost updates in Python: an error where the value written depends on the value read, a note where it may come from
elsewhere, and nothing where nothing is lost."""
import support

THREADS = """
threads = [threading.Thread(target=f) for f in ({functions},)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


class LostUpdates(support.Test):
    def verdict(self, text, functions):
        """"error", "note" or "clean"."""
        path = self.write("model.py", "import array, collections, threading, time\n" + text + THREADS.format(functions=functions))
        result = self.raddle("check", "--all", path)
        self.assertIn("(complete)", result.last_line, result)
        if result.code == 1:
            self.assertIn("LOST UPDATE", result.stdout, result)
            return "error"
        self.assertEqual(result.code, 0, result)
        return "note" if "1 note" in result.last_line else "clean"

    def test_the_value_depends_on_the_one_read(self):
        self.assertEqual(self.verdict("x = 0\ndef f():\n    global x\n    v = x\n    time.sleep(1)\n    x = v + 1\n", "f, f"), "error")

    def test_items_that_reading_creates(self):
        for made in ("int", "int, k=0", "lambda: 0"):
            count = f"count = collections.defaultdict({made})\n"
            self.assertEqual(self.verdict(count + "def f(): count['k'] += 1\n", "f, f"), "error", made)
            self.assertEqual(self.verdict(count + "def f(): count['k'] = count['k'] + 1\n", "f, f"), "error", made)
            self.assertEqual(self.verdict(count + "lock = threading.Lock()\ndef f():\n    with lock: count['k'] += 1\n", "f, f"),
                             "clean", made)
        default = "d = {}\ndef f():\n    n = d.setdefault('k', 0)\n    d['k'] = n + 1\n"
        self.assertEqual(self.verdict(default, "f, f"), "error")

    def test_items_of_all_sorts(self):
        """Read and written back: an error whatever holds it; nothing under a lock, nothing in items of one's own."""
        for made, change in (("collections.Counter()", "o['k'] += 1"), ("collections.Counter(k=1)", "o['k'] += 1"),
                             ("collections.OrderedDict(k=1)", "o['k'] += 1"), ("collections.deque([0])", "o[0] += 1"),
                             ("array.array('i', [0])", "o[0] += 1"), ("array.array('d', [0])", "o[0] += 1"),
                             ("bytearray(1)", "o[0] += 1"), ("memoryview(bytearray(1))", "o[0] += 1"), ("[0]", "o[-1] += 1"),
                             ("dict(k=1)", "o.update(k=o['k'] + 1)"), ("dict(k=1)", "o.update({'k': o['k'] + 1})")):
            with self.subTest(f"{made}: {change}"):
                text = f"o, lock = {made}, threading.Lock()\ndef f():\n    "
                self.assertEqual(self.verdict(text + change + "\n", "f, f"), "error")
                self.assertEqual(self.verdict(text + f"with lock: {change}\n", "f, f"), "clean")
        for made, one, two in (("collections.Counter()", "o['k'] += 1", "o['l'] += 1"),
                               ("collections.deque([0, 0])", "o[0] += 1", "o[1] += 1"),
                               ("dict(k=1, l=1)", "o.update(k=o['k'] + 1)", "o.update(l=o['l'] + 1)")):
            self.assertEqual(self.verdict(f"o = {made}\ndef f(): {one}\ndef g(): {two}\n", "f, g"), "clean", one)

    def test_what_is_written_does_not_depend_on_the_item(self):
        for made, change in (("collections.deque([0])", "o[0]; o[0] = time.time()"), ("bytearray(1)", "o[0]; o[0] = 7"),
                             ("dict(k=1)", "o['k']; o.update(k=7)")):
            self.assertEqual(self.verdict(f"o = {made}\ndef f(): {change}\ndef g(): {change.split(';')[1].replace('7', '8')}\n",
                                          "f, g"), "note", change)

    def test_it_comes_from_the_clock(self):
        self.assertEqual(self.verdict("x = 0\ndef f():\n    global x\n    v = x\n    time.sleep(1)\n    x = time.time()\n", "f, f"), "note")

    def test_it_comes_from_a_container(self):
        for container, take in (("[1, 2]", "items.pop()"), ("collections.deque([1, 2])", "items.popleft()"),
                                ("[1, 2]", "len(items); items.append(3)")):
            self.assertEqual(self.verdict(f"items = {container}\nx = 0\ndef f():\n    global x\n    v = x\n    x = {take}\n", "f, f"), "note")

    def test_it_goes_elsewhere(self):
        """What is read of one list is written to another."""
        self.assertEqual(self.verdict("a, b = [0], [5, 5]\ndef f(): b[0] = a[0]\ndef g(): a.extend(b)\ndef h(): a[0] = 9\n", "f, g, h"), "clean")

    def test_what_changes_nothing_is_not_lost(self):
        for method, expected in (("setdefault('k', 7)", "clean"), ("pop('other', 7)", "clean"), ("update(k=7)", "error")):
            self.assertEqual(self.verdict(f"d = dict(k=0)\ndef f(): d['k'] = d['k'] + 1\ndef g(): d.{method}\n", "f, g"), expected)

    def test_it_comes_from_a_future(self):
        """Whose inside is not visible: the value may be the one that another thread had computed."""
        for written, expected in (("found", "note"), ("old", "error")):
            self.assertEqual(self.verdict(
                "from concurrent.futures import Future\nfuture, x, y = Future(), 0, 0\n"
                "def writer():\n    global y\n    y = 1\n"
                "def producer(): future.set_result(y)\n"
                f"def consumer():\n    global x\n    old = x\n    found = future.result()\n    x = {written}\n"
                "def other():\n    global x\n    x = 7\n", "writer, producer, consumer, other"), expected)


support.main()
