"""The thread is given a copy of the list."""
import threading

results = []


def work(batch):
    results.append(sum(batch))


batch = [1, 2]
t = threading.Thread(target=work, args=(batch.copy(),))
t.start()
batch.clear()
t.join()
assert results == [3]
