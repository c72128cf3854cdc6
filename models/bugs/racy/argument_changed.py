"""The list that a thread was given is changed after the start."""
import threading

results = []


def work(batch):
    results.append(sum(batch))


batch = [1, 2]
t = threading.Thread(target=work, args=(batch,))
t.start()
batch.clear()
t.join()
assert results == [3]
