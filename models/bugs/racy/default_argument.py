"""The default value of an argument is one list for all calls."""
import threading

numbers = []


def register(name, known=[]):
    number = len(known)
    known.append(name)
    numbers.append(number)


threads = [threading.Thread(target=register, args=(n,)) for n in ("a", "b")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(set(numbers)) == 2
