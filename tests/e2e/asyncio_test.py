"""asyncio: one thread that runs its tasks in the usual order, and others that hand it callbacks."""
import json

import support

RUN = """
import asyncio, threading, time
x, lock = 0, threading.Lock()
def add():
    global x
    v = x
    time.sleep(0.1)
    x = v + 1
def add_locked():
    with lock: add()
async def main():
{body}
asyncio.run(main())
"""


class Asyncio(support.Test):
    def check(self, body, *options, code):
        text = RUN.format(body="".join(f"    {line}\n" for line in body.split("\n")))
        result = self.raddle("check", *options, "--report", "r.json", self.write("model.py", text), code=code)
        coverage = json.loads(self.read("r.json"))["coverage"]
        self.assertNotIn("partial", coverage, result)
        if code == 0:
            self.assertEqual(coverage["kind"], "complete", result)
        return result

    def executions(self, body, *options):
        self.check(body, *options, code=0)
        return json.loads(self.read("r.json"))["executions"]

    def test_time_is_the_models(self):
        self.assertEqual(self.executions(
            "begin = time.monotonic()\nassert await asyncio.gather(asyncio.sleep(3600, 1), asyncio.sleep(7200, 2)) == [1, 2]\n"
            "assert 7200 <= time.monotonic() - begin < 7201"), 1)
        self.assertEqual(self.executions(
            "try: await asyncio.wait_for(asyncio.sleep(9), 1)\nexcept asyncio.TimeoutError: return\nassert False"), 1)

    def test_threads_of_the_loop(self):
        two = "await asyncio.gather(asyncio.to_thread({0}), asyncio.to_thread({0}))"
        result = self.check(two.format("add"), code=1)
        self.assertTrue(result.stdout.startswith("LOST UPDATE  x "), result)
        replay = self.raddle("replay", ".raddle/model-1.json", code=1)
        self.assertIn("reproduced: ", replay.stdout)
        self.check("await asyncio.to_thread(add_locked)\nassert x == 1", code=0)
        self.check("added = asyncio.create_task(asyncio.to_thread(add_locked))\nawait asyncio.sleep(0)\nadd_locked()\nawait added\n"
                   "assert x == 2", code=0)

    def test_results_come_back(self):
        body = ("async def seven(): return 7\ndef other():\n"
                "    assert asyncio.run_coroutine_threadsafe(seven(), loop).result() == {}\n"
                "loop = asyncio.get_running_loop()\nawait asyncio.to_thread(other)")
        self.assertGreater(self.executions(body.format(7)), 1)
        self.assertIn("AssertionError", self.check(body.format(8), code=1).stdout)

    def test_a_loop_is_woken_by_what_is_safe_for_threads_only(self):
        body = "end = asyncio.Event()\nloop = asyncio.get_running_loop()\nthreading.Timer(1, {}).start()\nawait end.wait()"
        self.check(body.format("loop.call_soon_threadsafe, (end.set,)"), code=0)
        text = RUN.format(body="".join(f"    {line}\n" for line in body.format("end.set").split("\n")))
        result = self.raddle("check", self.write("model.py", text), code=1)
        self.assertTrue(result.stdout.startswith("DEADLOCK  the asyncio loop"), result)
        self.assertIn("partial control: call_soon of another thread's loop", result.last_line)

    def test_tasks_that_wait_for_one_another(self):
        body = ("a, b = asyncio.Lock(), asyncio.Lock()\nasync def both(l, m):\n    async with l:\n        await asyncio.sleep(0)\n"
                "        async with m: pass\nawait asyncio.gather(both(a, b), both({}))")
        self.check(body.format("a, b"), code=0)
        self.assertTrue(self.check(body.format("b, a"), code=1).stdout.startswith("DEADLOCK  the asyncio loop"))


support.main()
