"""Two threads set the result of one future."""
import threading
from concurrent.futures import Future

answer = Future()


def first():
    if not answer.done():
        answer.set_result(1)


threads = [threading.Thread(target=first) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
