"""__iadd__ in Python is as many steps as it has."""
import threading



class Tally:
    n = 0

    def __iadd__(self, amount):
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
