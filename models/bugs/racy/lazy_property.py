"""A property that computes its value once does so twice."""
import threading

computed = []


class Report:
    _text = None

    @property
    def text(self):
        if self._text is None:
            computed.append(1)
            self._text = "long"
        return self._text


report = Report()


def show():
    assert report.text == "long"


threads = [threading.Thread(target=show) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(computed) == 1
