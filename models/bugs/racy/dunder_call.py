"""An object with __call__ counts its calls."""
import threading



class Counter:
    calls = 0

    def __call__(self):
        self.calls += 1


count = Counter()
threads = [threading.Thread(target=count) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert count.calls == 2
