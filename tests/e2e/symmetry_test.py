"""--symmetric: of executions that differ in which of several threads that are alike did what, one is explored."""
import json
import re

import support

START = """
threads = [threading.Thread(target=f{arguments}) for i in range({n})]
for thread in threads: thread.start()
{between}
for thread in threads: thread.join()
{behind}
"""
COUNTER = """import threading
import random
counter = 0
lock = threading.Lock()
def f(*arguments, **keywords):
    global counter
    {first}
    {body}
"""
PLAIN = "counter += 1"
LOCKED = "with lock: counter += 1"


class Symmetry(support.Test):
    def program(self, body=LOCKED, first="pass", arguments="", n=3, between="", behind="", before=""):
        text = COUNTER.format(body=body, first=first) + before + START.format(arguments=arguments, n=n, between=between, behind=behind)
        return self.write("model.py", text)

    def explored(self, path, *options):
        """The result and its document."""
        result = self.raddle("check", "--all", "--report", "r.json", *options, path)
        self.assertIn(result.code, (0, 1), result)
        return result, json.loads(self.read("r.json"))

    def both(self, path, *options):
        full = self.explored(path, *options)[1]
        result, reduced = self.explored(path, "--symmetric", *options)
        self.assertEqual(full["coverage"]["kind"], "complete")
        self.assertEqual(reduced["coverage"]["kind"], "complete")
        self.assertEqual(result.code, 1 if full["verdict"] == "findings" else 0, result)
        findings = [sorted((f["kind"], f["severity"], str(f["location"])) for f in r["findings"]) for r in (full, reduced)]
        self.assertEqual(*findings)
        self.result = result
        return full["executions"], reduced["executions"]

    def are_alike(self, *options, **program):
        full, reduced = self.both(self.program(**program), *options)
        self.assertLess(reduced, full, self.result)
        self.assertIn("up to exchanging t1, t2", self.result.stdout)

    def are_told_apart(self, why, **program):
        full, reduced = self.both(self.program(**program))
        self.assertEqual(full, reduced, self.result)
        self.assertIn(why, " ".join(self.result.stdout.split()))
        self.assertNotIn("exchanging", self.result.stdout)

    def test_turns_have_one_order(self):
        self.assertEqual(self.both(self.program(n=4)), (24, 1))
        self.assertRegex(self.result.last_line, r"^1 of 1 execution explored \(complete: up to exchanging t1, t2, t3 and t4\)")

    def test_updates(self):
        full, reduced = self.both(self.program(body=PLAIN))
        self.assertEqual(full, 6 * reduced)
        self.assertIn("LOST UPDATE", self.result.stdout)

    def test_in_several_processes(self):
        self.are_alike("-j", "2", "--alone", "1ms", body=PLAIN)

    def test_the_same_arguments(self):
        for arguments in (", args=(1, 'a', (2, None))", ", kwargs={'n': 3}", ", args=(lock,)", ", args=(lock.acquire,)", ", daemon=True"):
            with self.subTest(arguments):
                self.are_alike(arguments=arguments)

    def test_other_arguments(self):
        for arguments in (", args=(i,)", ", kwargs={'n': i}", ", args=([],)", ", daemon=i == 0", ", name=f'worker {i}'", ", args=(i / 2,)"):
            with self.subTest(arguments):
                self.are_told_apart("no threads are alike", arguments=arguments, n=2)

    def test_keywords_that_change(self):
        self.are_told_apart("no threads are alike", before="keywords = {'n': 1}\n", arguments=", kwargs=keywords")

    def test_other_functions(self):
        self.are_told_apart("no threads are alike", before="def g(i):\n    return lambda: f(i)\n", body="with lock: counter += arguments[0]",
                            arguments=" and g(i)")

    def test_some_of_them(self):
        full, reduced = self.both(self.program(n=4, arguments=", args=(i // 2,)"))
        self.assertEqual((full, reduced), (24, 6))
        self.assertIn("up to exchanging t1 and t2, and t3 and t4", self.result.stdout)

    def test_names(self):
        which = "the program asks which of them it is"
        for first in ("threading.current_thread()", "threading.get_ident()", "threading.get_native_id()", "threading.current_thread().name"):
            with self.subTest(first):
                self.are_told_apart(which, first=first)
        for behind in ("threads[1].name", "threads[1].ident", "repr(threads[1])", "str(threads[2])", "threads[0].native_id", "threads[0].getName()"):
            with self.subTest(behind):
                self.are_told_apart(which, behind=behind)

    def test_printing_the_name(self):
        path = self.program(first="print(threading.current_thread().name)", n=2)
        full, reduced = self.explored(path, "--outcomes")[1], self.explored(path, "--outcomes", "--symmetric")[1]
        outputs = [sorted(o["output"] for o in r["outcomes"]) for r in (full, reduced)]
        self.assertEqual(*outputs)
        self.assertGreater(len(outputs[0]), 1)

    def test_the_same_outputs(self):
        path = self.program(body="counter += 1\n    print(counter)", n=2)
        full, reduced = self.explored(path, "--outcomes")[1], self.explored(path, "--outcomes", "--symmetric")[1]
        outputs = [sorted(o["output"] for o in r["outcomes"]) for r in (full, reduced)]
        self.assertEqual(*outputs)
        self.assertLess(reduced["executions"], full["executions"])

    def test_a_name_before_the_start_tells_nobody_anything(self):
        self.are_alike(body=PLAIN, before="threading.Thread(target=f).name\n")

    def test_lives(self):
        why = "somebody asks whether one of them has ended"
        self.are_told_apart(why, between="threads[1].is_alive()", n=2)
        self.are_told_apart(why, between="threads[0].join(1)", n=2)
        self.are_told_apart("the program asks which threads there are", between="threading.active_count()", n=2)

    def test_joins(self):
        self.are_told_apart("they are not all waited for at once", body=PLAIN, n=2, between="threads[0].join()\ncounter = counter")

    def test_identities(self):
        why = "the identity of something that one of them has made is used"
        before = "made = []\n"
        self.are_told_apart(why, before=before, first="made.append(id([]))", n=2)
        self.are_told_apart(why, before=before, first="made.append(object())", behind="for x in set(made): print(x is made[0])", n=2)
        self.are_alike(before=before, first="made.append([])")

    def test_random_numbers(self):
        for first in ("random.random()", "import os; os.urandom(4)"):
            with self.subTest(first):
                full, reduced = self.both(self.program(first=first, n=2))
                self.assertEqual(full, reduced)

    def test_an_exception(self):
        self.are_alike(body="with lock: counter += 1\n    if counter > 1: raise ValueError(counter)")

    def test_traces_are_ordinary_ones(self):
        path = self.program(body=PLAIN)
        self.raddle("check", "--symmetric", path, code=1)
        trace = next(f for f in self.files() if f.endswith("model-1.json"))
        replayed = self.raddle("replay", trace, code=1)
        self.assertIn("LOST UPDATE", replayed.stdout)

    def test_a_search_is_gone_on_with(self):
        path = self.program(body="counter += 1\n    counter += 1")
        self.raddle("check", "--all", "--symmetric", "--runs", "20", "--checkpoint", "c.raddle", path)
        self.raddle("resume", "--report", "r.json", "c.raddle")
        resumed = json.loads(self.read("r.json"))
        whole = self.explored(path, "--symmetric")[1]
        for key in ("executions", "class_checksum"):
            self.assertEqual(resumed[key], whole[key])
        self.assertEqual(resumed["coverage"], whole["coverage"])

    def test_shards(self):
        path = self.program(body="counter += 1\n    counter += 1")
        for i in (1, 2):
            self.raddle("check", "--all", "--symmetric", "--shard", f"{i}/2", "--report", f"s{i}.json", path)
        self.raddle("merge", "--report", "r.json", "s1.json", "s2.json")
        merged = json.loads(self.read("r.json"))
        whole = self.explored(path, "--symmetric")[1]
        for key in ("executions", "class_checksum"):
            self.assertEqual(merged[key], whole[key])
        self.assertEqual(merged["coverage"], whole["coverage"])

    def test_what_it_does_not_go_with(self):
        path = self.program()
        self.bad_input("check", "--symmetric", "--strategy", "pct", path, says="--symmetric: only the exhaustive search")
        self.bad_input("check", "--symmetric", "--preemptions", "2", path, says="--symmetric: only the exhaustive search")
        self.bad_input("check", "--symmetric", "--atomicity", "gil", path, says="--symmetric does not go together with --atomicity gil")

    def test_resumed_behind_its_end(self):
        """Then nothing is executed, and it says all the same what was left out."""
        self.raddle("check", "--symmetric", "--checkpoint", "state", self.program(), code=0)
        self.assertIn("(complete: up to exchanging t1, t2 and t3)", self.raddle("resume", "state", code=0).last_line)


if __name__ == "__main__":
    support.main()
