"""dict.pop with a default tests and deletes in one step."""
import threading

pending = {"job": 1}


def done():
    pending.pop("job", None)


threads = [threading.Thread(target=done) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
