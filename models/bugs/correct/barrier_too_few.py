"""Every thread comes to the barrier, whether it has something to do or not."""
import threading

gate = threading.Barrier(2)
jobs = [1]


def work():
    try:
        jobs.pop()
    except IndexError:
        pass
    gate.wait()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
