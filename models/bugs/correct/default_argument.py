"""Each call makes a list of its own."""
import threading

numbers = []


def register(name, known=None):
    known = known or []
    known.append(name)
    numbers.append(name)


threads = [threading.Thread(target=register, args=(n,)) for n in ("a", "b")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(set(numbers)) == 2
