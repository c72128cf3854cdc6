"""A thread that finds nothing to do does not come to the barrier."""
import threading

gate = threading.Barrier(2)
jobs = [1]


def work():
    try:
        jobs.pop()
    except IndexError:
        return
    gate.wait()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
