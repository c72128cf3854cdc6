"""A subclass of list counts what its append() does."""
import threading



class Log(list):
    appended = 0

    def append(self, item):
        super().append(item)
        self.appended += 1


log = Log()


def work():
    log.append("line")


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert log.appended == len(log)
