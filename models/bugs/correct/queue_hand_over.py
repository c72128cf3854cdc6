"""An object that goes through a queue belongs to one thread at a time."""
import queue
import threading

channel = queue.Queue()
done = queue.Queue()


def produce():
    item = {"n": 1}
    item["n"] += 1
    channel.put(item)


def consume():
    item = channel.get()
    item["n"] += 1
    done.put(item)


threads = [threading.Thread(target=f) for f in (produce, consume)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert done.get()["n"] == 3
