"""Two readers want to write and wait until the other one has stopped reading (upgrading a read lock).

Correct: who finds another upgrade gives up its own and starts again as a writer.
"""
import sys
import threading

correct = "correct" in sys.argv


class ReadWriteLock:
    def __init__(self):
        self.changed, self.readers, self.upgrading = threading.Condition(), 0, False

    def read(self):
        with self.changed:
            self.readers += 1

    def write_instead(self):
        """From reading to writing. False: what was read may have changed."""
        with self.changed:
            alone = not (correct and self.upgrading)
            if alone:
                self.upgrading = True
                self.changed.wait_for(lambda: self.readers == 1)
            else:
                self.readers -= 1
                self.changed.notify_all()
                self.changed.wait_for(lambda: self.readers == 0)
                self.readers += 1
            return alone

    def done(self):
        with self.changed:
            self.readers, self.upgrading = self.readers - 1, False
            self.changed.notify_all()


lock = ReadWriteLock()


def work():
    lock.read()
    lock.write_instead()
    lock.done()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("done")
