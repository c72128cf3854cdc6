"""__iadd__ in Python with a lock inside."""
import threading

lock = threading.Lock()


class Tally:
    n = 0

    def __iadd__(self, amount):
        with lock:
            self.n += amount
        return self


tally = Tally()


def work(mine):
    mine += 1


threads = [threading.Thread(target=work, args=(tally,)) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert tally.n == 2
