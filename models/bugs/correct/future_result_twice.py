"""One thread sets the result of the future, the other reads it."""
import threading
from concurrent.futures import Future

answer = Future()


def first():
    if not answer.done():
        answer.set_result(1)


threads = [threading.Thread(target=f) for f in (first, answer.result)]
for t in threads:
    t.start()
for t in threads:
    t.join()
