"""The second thread deletes an item that is gone."""
import threading

pending = {"job": 1}


def done():
    if "job" in pending:
        del pending["job"]


threads = [threading.Thread(target=done) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
