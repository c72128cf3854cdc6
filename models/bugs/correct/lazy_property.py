"""functools.cached_property of Python 3.11 has a lock of its own."""
import functools
import threading

computed = []


class Report:
    @functools.cached_property
    def text(self):
        computed.append(1)
        return "long"


report = Report()


def show():
    assert report.text == "long"


threads = [threading.Thread(target=show) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(computed) == 1
